"""What a row rests on, as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import compact
from jhaan_kg.query.cite import Citation, CitationKind, Passage, RowCitations
from jhaan_kg.query.run import Answer, Row
from jhaan_kg.results.cells import in_words, readable

COLUMNS = ("sources", "sourceIris", "note")
"""The columns that citations add to an answer."""

Source = tuple[str, str]
"""Words for a source, and its IRI; empty where it has none."""


def with_columns(answer: Answer, citations: Sequence[RowCitations]) -> Answer:
    """Add the columns of citations to an answer.

    Raises:
        JhaanError: a column of that name is there already.
    """
    for name in COLUMNS:
        if name in answer.variables:
            raise JhaanError(f"The query has a column {name}, as the citations have. Give it another name.")
    rows: list[Row] = []
    for row, cited in zip(answer.rows, citations, strict=True):
        found = sources(cited)
        texts = [words for words, _ in found], [iri for _, iri in found if iri], notes(cited)
        rows.append((*row, *(Literal("; ".join(text)) for text in texts)))
    return Answer((*answer.variables, *COLUMNS), tuple(rows))


def sources(cited: RowCitations) -> list[Source]:
    """Give where a row's assertions come from, each source once; lead-ins follow what they introduce."""
    found: dict[Source, None] = {}
    for citation in (*cited.citations, *cited.searched):
        found.update(dict.fromkeys(_sources(citation)))
    return list(found)


def _sources(citation: Citation) -> Iterator[Source]:
    if citation.kind is not CitationKind.STATED and isinstance(citation.triple.subject, NamedNode):
        yield compact(citation.triple.subject.value), citation.triple.subject.value
    for source in citation.sources:
        yield readable(source), source.value if isinstance(source, NamedNode) else ""
    for passage in citation.passages:
        for part in (passage, *passage.lead_ins):
            yield part.locator, part.iri.value


def notes(cited: RowCitations) -> list[str]:
    """Give what a reader must know of a row: contradictions, absence, and who else but the report says it."""
    return [*contradictions(cited), *absences(cited), *origins(cited)]


def contradictions(cited: RowCitations) -> list[str]:
    """Say which other values the report gives for what a row rests on."""
    found: dict[str, None] = {}
    for citation in cited.citations:
        for side in citation.others:
            thing = readable(citation.triple.subject)
            what = in_words(_local_name(citation.triple.predicate))
            where = ", ".join(passage.locator for passage in side.passages)
            found[f"contested: the {what} of {thing} is {readable(side.value)} in {where}"] = None
    return list(found)


def absences(cited: RowCitations) -> list[str]:
    """Say what the absence means that a row is about, if it is about one."""
    return [f"not recorded: {cited.absence}"] if cited.searched else []


def origins(cited: RowCitations) -> list[str]:
    """Say if a row rests on what the curators or outside sources say, or on nothing."""
    kinds = {citation.kind for citation in cited.citations}
    said = []
    if CitationKind.CURATION in kinds:
        said.append("rests on a statement of the curators")
    if CitationKind.CONTEXT in kinds:
        said.append("rests on a source outside the report")
    return ["no source is recorded"] if cited.uncited else said


def lines(cited: RowCitations) -> list[str]:
    """Give a row's citations as lines for people, the sources grouped by how the row rests on them."""
    direct = [
        citation for citation in cited.citations if citation.kind is CitationKind.STATED and not citation.via
    ]
    inferred = [
        citation for citation in cited.citations if citation.kind is CitationKind.STATED and citation.via
    ]
    others = [citation for citation in cited.citations if citation.kind is not CitationKind.STATED]
    result = [
        *_line("stated in", (passage for citation in direct for passage in citation.passages)),
        *_line("follows from", (passage for citation in inferred for passage in citation.passages)),
    ]
    for citation in others:
        who = "curators" if citation.kind is CitationKind.CURATION else "outside source"
        where = "; ".join(dict.fromkeys(words for words, _ in _sources(citation)))
        result.append(f"{who}: {where}")
    result = list(dict.fromkeys(result))
    result += contradictions(cited)
    for absence in absences(cited):
        result.append(f"{absence} Searched: {_sections(cited.searched)}.")
    return [*result, *(["no source is recorded"] if cited.uncited else [])]


def _line(word: str, passages: Iterable[Passage]) -> list[str]:
    named = []
    for passage in passages:
        lead_ins = ", ".join(lead.locator for lead in passage.lead_ins)
        named.append(f"{passage.locator} (with {lead_ins})" if lead_ins else passage.locator)
    return [f"{word}: {'; '.join(dict.fromkeys(named))}"] if named else []


def _sections(searched: Iterable[Citation]) -> str:
    """Name the sections of what was searched; the passages are too many to read."""
    passages = {passage.iri.value: passage for citation in searched for passage in citation.passages}
    sections = [
        re.sub(r"^(.*: )?(?:section )?(\S+).*", r"\1\2", passage.locator) for passage in passages.values()
    ]
    count = f"{len(passages)} passage{'' if len(passages) == 1 else 's'}"
    return f"{count} of {', '.join(dict.fromkeys(sections))}"


def _local_name(predicate: NamedNode) -> str:
    return re.split(r"[/#]", predicate.value)[-1]

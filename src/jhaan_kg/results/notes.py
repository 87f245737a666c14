"""What a row rests on, as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import compact
from jhaan_kg.query.cite import Citation, CitationKind, Passage, RowCitations, reading_order
from jhaan_kg.query.engine import Answer, Row, Term
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
    """Give where a row's assertions come from, each source once.

    The passages come first, in reading order, each with its lead-ins behind it; then what the curators say, and
    sources from outside.
    """
    citations = (*_supporting(cited), *cited.searched)
    found: dict[Source, None] = {}
    for passage in _passages(citations):
        for part in (passage, *passage.lead_ins):
            found[part.locator, part.iri.value] = None
    for citation in citations:
        found.update(dict.fromkeys(_others(citation)))
    return list(found)


def _supporting(cited: RowCitations) -> list[Citation]:
    """Return the citations of a row without passages that contradict a value which it shows.

    A decision of the curators is based on the passages of both sides.
    """
    opposing = {
        passage for citation in cited.citations for side in citation.others for passage in side.passages
    }
    return [
        citation._replace(passages=tuple(each for each in citation.passages if each not in opposing))
        if citation.kind is CitationKind.CURATION
        else citation
        for citation in cited.citations
    ]


def _passages(citations: Iterable[Citation]) -> list[Passage]:
    return sorted({passage for citation in citations for passage in citation.passages}, key=reading_order)


def _others(citation: Citation) -> Iterator[Source]:
    """Give the sources of a citation that are no passages: outside ones, or the node that says it."""
    for source in citation.sources:
        yield readable(source), source.value if isinstance(source, NamedNode) else ""
    subject = citation.triple.subject
    if citation.kind is not CitationKind.STATED and not citation.sources and isinstance(subject, NamedNode):
        yield compact(subject.value), subject.value


def notes(cited: RowCitations, called: Callable[[Term], str] = readable) -> list[str]:
    """Give what a reader must know of a row: contradictions, absence, and who else but the report says it.

    Args:
        cited: what the row rests on.
        called: gives words for a thing or a value.
    """
    return [*contradictions(cited, called), *absences(cited), *origins(cited)]


def contradictions(cited: RowCitations, called: Callable[[Term], str] = readable) -> list[str]:
    """Say which other values the report gives for what a row rests on; see `notes`."""
    found: dict[str, None] = {}
    for citation in cited.citations:
        for side in citation.others:
            thing = called(citation.triple.subject)
            what = in_words(_local_name(citation.triple.predicate))
            where = ", ".join(passage.locator for passage in side.passages)
            found[f"contested: the {what} of {thing} is {called(side.value)} in {where}"] = None
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
    citations = _supporting(cited)
    stated = [citation for citation in citations if citation.kind is CitationKind.STATED]
    curated = [citation for citation in citations if citation.kind is CitationKind.CURATION]
    outside = [citation for citation in citations if citation.kind is CitationKind.CONTEXT]
    direct = _named(citation for citation in stated if not citation.via)
    groups = (
        ("stated in", direct),
        ("follows from", [words for words in _named(stated) if words not in direct]),
        ("curators", _named(curated)),
        ("outside the report", _named(outside)),
    )
    result = [f"{how}: {'; '.join(named)}" for how, named in groups if named]
    result += contradictions(cited)
    result += [f"{absence} Searched: {searched_in(cited.searched)}." for absence in absences(cited)]
    return [*result, *(["no source is recorded"] if cited.uncited else [])]


def _named(citations: Iterable[Citation]) -> list[str]:
    citations = list(citations)
    named = [words for citation in citations for words, _ in _others(citation)]
    for passage in _passages(citations):
        lead_ins = ", ".join(lead.locator for lead in passage.lead_ins)
        named.append(f"{passage.locator} (with {lead_ins})" if lead_ins else passage.locator)
    return list(dict.fromkeys(named))


def searched_in(searched: Iterable[Citation]) -> str:
    """Count the passages that were searched for a row about an absence, and name their sections."""
    passages = _passages(searched)
    sections = [re.sub(r"^(.*: )?(?:section )?(\S+).*", r"\1\2", passage.locator) for passage in passages]
    count = f"{len(passages)} passage{'' if len(passages) == 1 else 's'}"
    return f"{count} of {', '.join(dict.fromkeys(sections))}"


def _local_name(predicate: NamedNode) -> str:
    return re.split(r"[/#]", predicate.value)[-1]

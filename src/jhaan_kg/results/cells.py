"""Text for terms and citations, and the selection of columns for tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from jhaan_kg.days import write_day
from jhaan_kg.errors import STEERING, JhaanError
from jhaan_kg.graph import local_name
from jhaan_kg.namespaces import XSD, compact
from jhaan_kg.query.cite import Citation, CitationKind, CitedPassage, RowCitations, reading_order
from jhaan_kg.query.engine import Answer, Row, Term

COLUMNS: Final = ("sources", "sourceIris", "note", "quotations")
"""The columns that citations add to an answer.

The column `quotations` contains the words of the passages and is optional.
"""

_LONGEST: Final = 200
"""The maximum number of characters of a quotation in a table."""

Source: TypeAlias = tuple[str, str]
"""The name and the IRI of a source; the IRI is empty if the source has none."""

_LABEL: Final = "Label"
_SORT_KEYS: Final = frozenset(("position", "sortDay"))
"""The names of columns that only serve to sort rows."""

_INTEGERS: Final = frozenset(
    XSD + name
    for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger")
)
_DECIMALS: Final = frozenset(XSD + name for name in ("decimal", "double", "float"))


class Quotation(NamedTuple):
    """The words of a passage of the report.

    Attributes:
        locator: the place in the report, such as `Section 9.4, paragraph 3`.
        iri: the IRI of the passage.
        words: the whole text of the passage, without markup.
    """

    locator: str
    iri: str
    words: str

    @property
    def shortened(self) -> str:
        """The start of the words, for a table."""
        from textwrap import shorten  # imported here because only quotations need it

        return shorten(readable(Literal(self.words)), _LONGEST, placeholder=" …")


class Shown(NamedTuple):
    """A column of a table, with the columns of the answer that it shows.

    Attributes:
        title: the name of the column in words.
        text: the index of the answer's column with the shown text.
        iri: the index of the answer's column with the IRIs of these texts; None if there is none.
        is_label: whether the text is a label.
    """

    title: str
    text: int
    iri: int | None = None
    is_label: bool = False

    def cell(self, row: Row) -> str:
        """Return the text of the column in a row; for an entity without a label, the CURIE.

        Days are written in words.
        """
        term = row[self.text]
        if term is None and self.iri is not None and self.is_label:
            term = row[self.iri]
        return write_day(readable(term)) if kind_of(term) == "day" else readable(term)


def select_columns(answer: Answer) -> list[Shown]:
    """Return the columns of a table.

    For example, the columns `agency` and `agencyLabel` become one column `agency` with labels.

    >>> [column.title for column in select_columns(Answer(("agency", "agencyLabel", "planNumber"), ()))]
    ['agency', 'plan number']
    """
    places = {name: index for index, name in enumerate(answer.variables)}
    columns = []
    for name, index in places.items():
        if name + _LABEL in places:
            continue
        thing = name.removesuffix(_LABEL)
        is_label = thing != name
        columns.append(
            Shown(in_words(thing or name), index, places.get(thing) if is_label else None, is_label)
        )
    return columns


class Arrangement(NamedTuple):
    """The columns of the table for an answer to a question.

    Attributes:
        columns: the columns of the table.
        constant: the omitted columns that have the same text in all rows.
    """

    columns: list[Shown]
    constant: list[Shown] = []  # noqa: RUF012 - never changed


def arrange(answer: Answer) -> Arrangement:
    """Remove uninformative columns, and combine columns of IRIs with their texts.

    Uninformative columns are empty columns, constant columns, and sort keys.

    >>> outcome, day = NamedNode("https://w3id.org/jhaan/id/outcome/1"), Literal("4 May 2023")
    >>> rows = ((day, outcome, Literal("agreed"), None), (day, outcome, Literal("decided"), None))
    >>> columns, constant = arrange(Answer(("when", "outcome", "statement", "note"), rows))
    >>> columns, constant
    ([Shown(title='statement', text=2, iri=1, is_label=False)], [Shown(title='when', text=0, iri=None, is_label=False)])
    """
    texts = {column: {column.cell(row) for row in answer.rows} for column in _pair(answer)}
    filled = [column for column in texts if texts[column] != {""}]
    constant = [column for column in filled if len(answer.rows) > 1 and len(texts[column]) == 1]
    return Arrangement([column for column in filled if column not in constant], constant)


def _pair(answer: Answer) -> list[Shown]:
    """Return the columns without sort keys.

    A column of IRIs is combined with the column of text that follows it.
    """
    shown = [column for column in select_columns(answer) if answer.variables[column.text] not in _SORT_KEYS]
    bare = [
        column
        for column in shown
        if column.iri is None and all(isinstance(row[column.text], NamedNode | None) for row in answer.rows)
    ]
    for column in bare:
        place = shown.index(column)
        beside = next(iter(shown[place + 1 : place + 2]), None)
        if beside is not None and beside.iri is None and beside not in bare:
            shown[place : place + 2] = [beside._replace(iri=column.text)]
    return shown


def only_labels(answer: Answer) -> Answer:
    """Replace the columns of IRIs in an answer by columns of labels.

    The IRIs of sources are removed.

    >>> cepol = NamedNode("https://w3id.org/jhaan/id/agency/cepol")
    >>> answer = Answer(("agency", "agencyLabel", "sourceIris"), ((cepol, Literal("CEPOL"), Literal("")),))
    >>> only_labels(answer).variables, only_labels(answer).rows[0][0].value
    (('agency',), 'CEPOL')
    """
    columns = [column for column in _pair(answer) if answer.variables[column.text] != COLUMNS[1]]
    rows = tuple(tuple(_text_of(column, row) for column in columns) for row in answer.rows)
    names = (answer.variables[column.text] for column in columns)
    return Answer(tuple(name.removesuffix(_LABEL) or name for name in names), rows)


def _text_of(column: Shown, row: Row) -> Term | None:
    term = row[column.text]
    text = column.cell(row) if term is None or isinstance(term, NamedNode) else ""
    return Literal(text) if text else term


def in_words(name: str) -> str:
    """Convert a name in camel case to words.

    >>> in_words("workingGroup")
    'working group'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def readable(term: Term | None) -> str:
    """Return a term as one line of text.

    It is the CURIE of an IRI or the text of a literal, and empty for None.

    Control characters are removed, so that data cannot control the terminal.

    >>> readable(NamedNode("https://w3id.org/jhaan/id/agency/fra")), readable(None)
    ('agency:fra', '')
    """
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return compact(term.value)
    text = term.value if isinstance(term, Literal) else str(term)
    return " ".join(STEERING.sub(" ", text).split())


def is_integer(term: Term | None) -> bool:
    """Return whether a term is an integer literal."""
    return isinstance(term, Literal) and term.datatype.value in _INTEGERS


def is_number(term: Term | None) -> bool:
    """Return whether a term is a numeric literal."""
    return is_integer(term) or (isinstance(term, Literal) and term.datatype.value in _DECIMALS)


def kind_of(term: Term | None) -> str:
    """Return the type of a cell for its layout.

    It is `number`, `day`, or an empty string for other terms.
    """
    is_day = isinstance(term, Literal) and term.datatype.value == XSD + "date"
    return "day" if is_day else "number" if is_number(term) else ""


def explain_absence(meaning: str) -> str:
    """Return the note that explains rows about something not recorded."""
    return f'About "not recorded": {meaning}'


def describe_contested(answer: Answer, contested: Sequence[int], show: str) -> str:
    """Return a note that lists the rows with conflicting values, and how to show all values.

    >>> rows = ((Literal("May"), Literal("2")), (Literal("June"), Literal("7")))
    >>> describe_contested(Answer(("month", "events"), rows), [1], "--cite")
    'Note: passages disagree about row 2 (June). To see both values: --cite'
    """
    columns = arrange(answer).columns or select_columns(answer)
    cells = [column.cell(answer.rows[contested[0]]) for column in columns]
    # A rank does not say what the row is about.
    first = columns[next((at for at, cell in enumerate(cells) if cell and not cell.isdigit()), 0)]
    rows: dict[str, list[str]] = {}
    for index in contested:
        rows.setdefault(first.cell(answer.rows[index]), []).append(str(index + 1))
    places = ", ".join(f"{', '.join(numbers)} ({cell})" for cell, numbers in rows.items())
    several = "s" if len(contested) > 1 else ""
    return f"Note: passages disagree about row{several} {places}. To see both values: {show}"


# --- citations ------------------------------------------------------------------------------------------------------


def with_columns(answer: Answer, citations: Sequence[RowCitations], *, quotes: bool = False) -> Answer:
    """Add the columns of citations to an answer.

    Args:
        answer: the rows.
        citations: the citations of each row.
        quotes: whether to add the words of the passages.

    Raises:
        JhaanError: the answer already has a column with one of these names.
    """
    added = COLUMNS if quotes else COLUMNS[:-1]
    for name in added:
        if name in answer.variables:
            raise JhaanError(
                f'The column name "{name}" is reserved for sources. Rename the column in the query.'
            )
    rows: list[Row] = []
    for row, cited in zip(answer.rows, citations, strict=True):
        found = sources(cited)
        texts = [words for words, _ in found], [iri for _, iri in found if iri], notes(cited)
        terms = [Literal("; ".join(text)) for text in texts]
        if quotes:
            terms.append(Literal("\n".join(f"{each.locator}: {each.words}" for each in quotations(cited))))
        rows.append((*row, *terms))
    return Answer((*answer.variables, *added), tuple(rows))


_MOST_SOURCES: Final = 3
"""The maximum number of sources of a row that are shown first."""


def key_sources(cited: RowCitations) -> tuple[dict[Source, str], list[Source]]:
    """Return the sources of a row that are shown first, and the other sources.

    Each source that is shown first comes with its relation to the row.

    The first sources are the passages of the row's key statements, without lead-ins. For an inferred key statement,
    they are the passages that contain the most premises.
    """
    keys = _select_supporting(cited._replace(citations=cited.key or cited.citations))
    stated = [citation for citation in keys if citation.kind is CitationKind.STATED]
    groups = {
        "stated in": [citation for citation in stated if not citation.via],
        "inferred from": stated,
        "curators": [citation for citation in keys if citation.kind is CitationKind.CURATION],
        "external source": [citation for citation in keys if citation.kind is CitationKind.CONTEXT],
    }
    first: dict[Source, str] = {}
    for how, citations in groups.items():
        states = Counter(passage for citation in citations for passage in citation.passages)
        most = max(states.values(), default=0) if how == "inferred from" else 1
        passages = sorted((each for each in states if states[each] >= most), key=reading_order)
        named = [(passage.locator, passage.iri.value) for passage in passages]
        for source in (*(each for citation in citations for each in _others(citation)), *named):
            if len(first) < _MOST_SOURCES:
                first.setdefault(source, how)
    return first, [source for source in sources(cited._replace(searched=())) if source not in first]


def sources(cited: RowCitations) -> list[Source]:
    """Return the distinct sources of a row's assertions.

    Passages come first, in reading order, and each is followed by its lead-ins. Curators' statements and external
    sources come last.
    """
    citations = (*_select_supporting(cited), *cited.searched)
    found: dict[Source, None] = {}
    for passage in _passages(citations):
        for part in (passage, *passage.lead_ins):
            found[part.locator, part.iri.value] = None
    for citation in citations:
        found.update(dict.fromkeys(_others(citation)))
    return list(found)


def quotations(cited: RowCitations) -> list[Quotation]:
    """Return the words of the passages of a row, in the order of `sources`.

    Passages that contradict the row come last. Passages that were searched without result are excluded.
    """
    opposing = (side for citation in cited.citations for side in citation.others)
    passages = (
        *_passages(_select_supporting(cited)),
        *(passage for side in opposing for passage in side.passages),
    )
    parts = (part for passage in passages for part in (passage, *passage.lead_ins) if part.words)
    return list(dict.fromkeys(Quotation(part.locator, part.iri.value, part.words) for part in parts))


def _select_supporting(cited: RowCitations) -> list[Citation]:
    """Return the citations of a row, without passages that contradict the row.

    Only curators' decisions have such passages, because a decision is based on both sides of a contradiction.
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


def _passages(citations: Iterable[Citation]) -> list[CitedPassage]:
    return sorted({passage for citation in citations for passage in citation.passages}, key=reading_order)


def _others(citation: Citation) -> Iterator[Source]:
    """Yield the sources of a citation other than passages.

    They are external sources or the curators' statement.
    """
    for source in citation.sources:
        yield readable(source), source.value if isinstance(source, NamedNode) else ""
    subject = citation.triple.subject
    if citation.kind is not CitationKind.STATED and not citation.sources and isinstance(subject, NamedNode):
        yield compact(subject.value), subject.value


def notes(cited: RowCitations, called: Callable[[Term], str] = readable) -> list[str]:
    """Return notes on a row: contradictions, missing records, and sources other than the report.

    Args:
        cited: the citations of the row.
        called: function that returns the name of an entity, or the text of a value.
    """
    return [*describe_contradictions(cited, called), *describe_absences(cited), *describe_origins(cited)]


def describe_contradictions(cited: RowCitations, called: Callable[[Term], str] = readable) -> list[str]:
    """Return a note for each statement of a row with conflicting values.

    The report states these values; see also `notes`.
    """
    found: dict[str, None] = {}
    for citation in cited.citations:
        for side in citation.others:
            thing = called(citation.triple.subject)
            what = in_words(local_name(citation.triple.predicate.value))
            where = "; ".join(passage.locator for passage in side.passages)
            found[f"conflicting value: the {what} of {thing} is {called(side.value)} in {where}"] = None
    return list(found)


def describe_absences(cited: RowCitations) -> list[str]:
    """Return the explanation of a row about something not recorded; empty for other rows."""
    return [f"not recorded: {cited.absence}"] if cited.searched else []


def describe_origins(cited: RowCitations) -> list[str]:
    """Return notes on origins of a row other than the report.

    These are curators, external sources, or no source.
    """
    kinds = {citation.kind for citation in cited.citations}
    said = []
    if CitationKind.CURATION in kinds:
        said.append("based on a statement by the curators")
    if CitationKind.CONTEXT in kinds:
        said.append("based on an external source")
    return ["no source recorded"] if cited.uncited else said


def describe_sources(cited: RowCitations) -> list[str]:
    """Return a row's citations as lines of text.

    The lines contain the first sources, the number of other sources, and the notes.
    """
    first, others = key_sources(cited)
    result = [
        f"{how}: {'; '.join(words for (words, _), each in first.items() if each == how)}"
        for how in dict.fromkeys(first.values())
    ]
    if others:
        result[-1] += f" (+{len(others)})"
    result += describe_contradictions(cited)
    result += [
        f"{absence} Searched: {describe_search(cited.searched)}." for absence in describe_absences(cited)
    ]
    return [*result, *(["no source recorded"] if cited.uncited else [])]


def describe_search(searched: Iterable[Citation]) -> str:
    """Return the number and the sections of searched passages.

    They are for a row about something not recorded.
    """
    passages = _passages(searched)
    sections = [passage.locator.partition(",")[0] for passage in passages]
    count = f"{len(passages)} passage{'' if len(passages) == 1 else 's'}"
    return f"{count} of {', '.join(dict.fromkeys(sections))}"

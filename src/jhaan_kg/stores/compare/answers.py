"""Comparison of two answers to a question: the rows, as multisets, and the citations.

Terms are compared by value, less strictly than loaded data. Engines choose the type and precision of computed numbers,
so numbers of all types are compared after rounding. Virtuoso returns 1 and 0 for booleans, so booleans count as
numbers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, InvalidOperation
from enum import Enum
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.namespaces import XSD
from jhaan_kg.query.cite import Citation, CitedPassage, RowCitations
from jhaan_kg.query.engine import Answer, Row, Term
from jhaan_kg.stores.normal import normal

PLACES: Final = 6
"""The number of compared decimal places; engines return quotients with 15 to 28 digits."""

_BOOLEAN: Final = XSD + "boolean"
_NUMBERS: Final = frozenset({XSD + "integer", XSD + "decimal", XSD + "double", XSD + "float"})
"""The datatypes of numbers in normal form (see `stores.normal`)."""
_TRUTH: Final = {"true": "1", "false": "0"}
_DECIMAL: Final = NamedNode(XSD + "decimal")
_STEP: Final = Decimal(1).scaleb(-PLACES)


class How(Enum):
    """The type of difference between two forms of an equal value."""

    TRUTH = "truth value"
    TYPE = "type of number"
    FORM = "form"
    DIGITS = "digits behind the sixth place"


class Rewriting(NamedTuple):
    """A value that a store returns in another form than the built-in engine.

    Both forms count as equal.
    """

    how: How
    embedded: Term
    store: Term


class RowsComparison(NamedTuple):
    """A comparison of the rows of two answers.

    Attributes:
        columns: the columns of the built-in engine's answer.
        embedded: the number of rows of the built-in engine's answer.
        store: the number of rows of the store's answer.
        only_embedded: the rows that only the built-in engine returns, sorted.
        only_store: the rows that only the store returns, sorted, with the same columns; missing columns are unbound.
        columns_missing: the columns that the store's answer lacks.
        columns_more: the columns that only the store's answer has.
        rewritten: the values that the store returns in another form, with the number of cells for each.
    """

    columns: tuple[str, ...]
    embedded: int
    store: int
    only_embedded: tuple[Row, ...] = ()
    only_store: tuple[Row, ...] = ()
    columns_missing: tuple[str, ...] = ()
    columns_more: tuple[str, ...] = ()
    rewritten: tuple[tuple[Rewriting, int], ...] = ()

    @property
    def differ(self) -> bool:
        """Whether the answers differ."""
        return bool(self.only_embedded or self.only_store or self.columns_missing or self.columns_more)


class CitedRow(NamedTuple):
    """A row with one of its citations.

    Attributes:
        row: the row.
        citation: the citation.
        searched: whether the citation is a searched passage, for a row about something that is not recorded.
    """

    row: Row
    citation: Citation
    searched: bool


class CitationsComparison(NamedTuple):
    """A comparison of citations: the number in each answer, and the citations in only one."""

    embedded: int
    store: int
    only_embedded: tuple[CitedRow, ...]
    only_store: tuple[CitedRow, ...]

    @property
    def differ(self) -> bool:
        """Whether the citations differ."""
        return bool(self.only_embedded or self.only_store)


def compare_rows(embedded: Answer, store: Answer) -> RowsComparison:
    """Compare the rows of the built-in engine and of a store; the order of columns may differ.

    >>> one = Answer(("x",), ((Literal(True),), (Literal(2),)))
    >>> compare_rows(one, Answer(("x",), ((Literal(2),), (Literal(1),)))).differ
    False
    >>> compare_rows(one, Answer(("x",), ((Literal(2),), (Literal(2),)))).only_store
    ((<Literal value=2 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#integer>>,),)
    """
    columns = embedded.variables
    places = [store.variables.index(name) if name in store.variables else None for name in columns]
    theirs = _group_by_key(tuple(None if at is None else row[at] for at in places) for row in store.rows)
    ours = _group_by_key(embedded.rows)
    only_embedded: list[Row] = []
    only_store: list[Row] = []
    rewritten: Counter[Rewriting] = Counter()
    for key in ours.keys() | theirs.keys():
        first, second = ours.get(key, Counter()), theirs.get(key, Counter())
        here, there = _sort((first - second).elements()), _sort((second - first).elements())
        paired = min(len(here), len(there))
        only_embedded += here[paired:]
        only_store += there[paired:]
        for row, other_row in zip(here, there, strict=False):
            for one, other in zip(row, other_row, strict=True):
                if one != other and isinstance(one, Literal) and isinstance(other, Literal):
                    rewritten[Rewriting(_classify(one, other), one, other)] += 1
    return RowsComparison(
        columns,
        len(embedded.rows),
        len(store.rows),
        tuple(_sort(only_embedded)),
        tuple(_sort(only_store)),
        tuple(name for name in columns if name not in store.variables),
        tuple(name for name in store.variables if name not in columns),
        tuple(sorted(rewritten.items(), key=str)),
    )


def compare_citations(
    embedded: tuple[Answer, Sequence[RowCitations]], store: tuple[Answer, Sequence[RowCitations]]
) -> CitationsComparison:
    """Compare the citations of each row from the built-in engine and from a store.

    Args:
        embedded: the answer of the built-in engine, and the citations of its rows.
        store: the answer of the store with the same columns, and the citations of its rows.
    """
    order = [store[0].variables.index(name) for name in embedded[0].variables]
    ours = list(_pair_citations(*embedded))
    theirs = [cited._replace(row=tuple(cited.row[at] for at in order)) for cited in _pair_citations(*store)]
    sides: list[dict[object, list[CitedRow]]] = []
    for side in (ours, theirs):
        by_key: dict[object, list[CitedRow]] = defaultdict(list)
        for one in side:
            by_key[_citation_key(one)].append(one)
        sides.append(by_key)
    return CitationsComparison(
        len(ours), len(theirs), _find_additional(*sides), _find_additional(*sides[::-1])
    )


def comparable(term: Term) -> Term:
    """Return a term in the form for comparisons.

    Booleans become numbers, and numbers are rounded.

    >>> comparable(Literal(True)) == comparable(Literal(1)), comparable(Literal("1")) == comparable(Literal(1))
    (True, False)
    >>> print(comparable(Literal(2 / 3)))
    "0.666667"^^<http://www.w3.org/2001/XMLSchema#decimal>
    """
    found = normal(term)
    if not isinstance(found, Literal):
        return found
    datatype = found.datatype.value
    if datatype == _BOOLEAN and found.value in _TRUTH:
        return Literal(_TRUTH[found.value], datatype=_DECIMAL)
    if datatype in _NUMBERS:
        try:
            number = Decimal(found.value)
        except InvalidOperation:
            return found
        return Literal(_round(number), datatype=_DECIMAL) if number.is_finite() else found
    return found


def _round(number: Decimal) -> str:
    """Round a number to `PLACES`, and return its shortest decimal form.

    >>> [_round(Decimal(text)) for text in ("-0.0000001", "100", "2.50", "0.6666666666666667", "1E2")]
    ['0', '100', '2.5', '0.666667', '100']
    """
    exact = Context(
        prec=len(number.as_tuple().digits) + abs(number.adjusted()) + PLACES, Emax=MAX_EMAX, Emin=MIN_EMIN
    )
    rounded = number.quantize(_STEP, context=exact)
    return format(rounded.normalize(exact), "f") if rounded else "0"


def _classify(one: Literal, other: Literal) -> How:
    if _BOOLEAN in (one.datatype.value, other.datatype.value):
        return How.TRUTH
    if one.datatype == other.datatype:
        return How.FORM if normal(one) == normal(other) else How.DIGITS
    return How.TYPE


def _row_key(row: Row) -> Row:
    return tuple(None if term is None else comparable(term) for term in row)


def _group_by_key(rows: Iterable[Row]) -> dict[Row, Counter[Row]]:
    found: dict[Row, Counter[Row]] = defaultdict(Counter)
    for row in rows:
        found[_row_key(row)][row] += 1
    return found


def _sort(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: [str(term) for term in row])


def _pair_citations(answer: Answer, citations: Sequence[RowCitations]) -> Iterator[CitedRow]:
    for row, cited in zip(answer.rows, citations, strict=True):
        for citation in cited.citations:
            yield CitedRow(row, citation, searched=False)
        for citation in cited.searched:
            yield CitedRow(row, citation, searched=True)


def _find_additional(
    one: Mapping[object, list[CitedRow]], other: Mapping[object, list[CitedRow]]
) -> tuple[CitedRow, ...]:
    return tuple(row for key, cited in one.items() for row in cited[len(other.get(key, ())) :])


def _citation_key(cited: CitedRow) -> object:
    """Return the key by which citations are compared.

    The order of premises and of conflicting values is ignored.
    """
    citation = cited.citation
    return (
        _row_key(cited.row),
        cited.searched,
        _triple_key(citation.triple),
        citation.kind,
        _passage_keys(citation.passages),
        frozenset(citation.sources),
        frozenset(map(_triple_key, citation.via)),
        frozenset((normal(side.value), _passage_keys(side.passages)) for side in citation.others),
    )


def _triple_key(triple: Triple) -> tuple[Term, ...]:
    return triple.subject, triple.predicate, normal(triple.object)


def _passage_keys(passages: Iterable[CitedPassage]) -> tuple[object, ...]:
    return tuple((passage.iri, tuple(lead.iri for lead in passage.lead_ins)) for passage in passages)

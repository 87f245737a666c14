"""Two answers to one question, compared: typed terms, rows in any order, each as often as it is there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from pyoxigraph import Literal

from jhaan_kg.query.run import Answer, Row, Term
from jhaan_kg.stores.compare.values import BOOLEAN, compared
from jhaan_kg.stores.normal import normal


class How(Enum):
    """How a store writes a value otherwise than it was loaded."""

    TRUTH = "truth value"
    TYPE = "type of number"
    FORM = "form"
    DIGITS = "digits behind the sixth place"


class Rewriting(NamedTuple):
    """A value that a store writes otherwise, which is no difference.

    Attributes:
        how: what it does.
        embedded: the term as the embedded engine gives it.
        store: the term as the store gives it.
    """

    how: How
    embedded: Term
    store: Term


class RowsCompared(NamedTuple):
    """What tells the rows of two answers apart.

    Attributes:
        columns: the columns of the embedded engine's answer.
        embedded: how many rows the embedded engine gives.
        store: how many rows the store gives.
        only_embedded: the rows that only the embedded engine gives, sorted.
        only_store: the rows that only the store gives, sorted, with the same columns; one that it lacks is unbound.
        columns_missing: the columns that the store's answer lacks.
        columns_more: the columns that only the store's answer has.
        rewritten: what the store writes otherwise, with the number of cells.
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
        """Whether the answers are not the same."""
        return bool(self.only_embedded or self.only_store or self.columns_missing or self.columns_more)


def compare_rows(embedded: Answer, store: Answer) -> RowsCompared:
    """Compare the answers of the embedded engine and of a store.

    Args:
        embedded: what the embedded engine answers.
        store: what the store answers; its columns may have another order.

    >>> one = Answer(("x",), ((Literal(True),), (Literal(2),)))
    >>> compare_rows(one, Answer(("x",), ((Literal(2),), (Literal(1),)))).differ
    False
    >>> compare_rows(one, Answer(("x",), ((Literal(2),), (Literal(2),)))).only_store
    ((<Literal value=2 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#integer>>,),)
    """
    columns = embedded.variables
    places = [store.variables.index(name) if name in store.variables else None for name in columns]
    theirs = _by_key(tuple(None if at is None else row[at] for at in places) for row in store.rows)
    ours = _by_key(embedded.rows)
    only_embedded: list[Row] = []
    only_store: list[Row] = []
    rewritten: Counter[Rewriting] = Counter()
    for key in ours.keys() | theirs.keys():
        first, second = ours.get(key, Counter()), theirs.get(key, Counter())
        here, there = _sorted((first - second).elements()), _sorted((second - first).elements())
        paired = min(len(here), len(there))
        only_embedded += here[paired:]
        only_store += there[paired:]
        for one, other in zip(here, there, strict=False):
            rewritten.update(_rewritings(one, other))
    return RowsCompared(
        columns,
        len(embedded.rows),
        len(store.rows),
        tuple(_sorted(only_embedded)),
        tuple(_sorted(only_store)),
        tuple(name for name in columns if name not in store.variables),
        tuple(name for name in store.variables if name not in columns),
        tuple(sorted(rewritten.items(), key=str)),
    )


def row_key(row: Row) -> Row:
    """Give the form of a row in which it is compared."""
    return tuple(None if term is None else compared(term) for term in row)


def _by_key(rows: Iterable[Row]) -> dict[Row, Counter[Row]]:
    found: dict[Row, Counter[Row]] = defaultdict(Counter)
    for row in rows:
        found[row_key(row)][row] += 1
    return found


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: [str(term) for term in row])


def _rewritings(embedded: Row, store: Row) -> Iterator[Rewriting]:
    for one, other in zip(embedded, store, strict=True):
        if one != other and isinstance(one, Literal) and isinstance(other, Literal):
            yield Rewriting(_how(one, other), one, other)


def _how(one: Literal, other: Literal) -> How:
    first, second = normal(one), normal(other)
    if BOOLEAN in (one.datatype.value, other.datatype.value):
        return How.TRUTH
    if one.datatype == other.datatype:
        return How.FORM if first == second else How.DIGITS
    return How.TYPE

"""Answers that a store cuts, asked for in parts that it gives whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.query.bind import Value, Values, bind
from jhaan_kg.query.endpoint import CutAnswerError
from jhaan_kg.query.model import StoredQuery
from jhaan_kg.query.run import Answer, Engine

_MOST_VALUES: Final = 100
"""How many values of a parameter one request names at most; stores get slow by long lists, or refuse them."""


class Parts(NamedTuple):
    """An answer that came in parts.

    Attributes:
        answer: all of it.
        parts: how many requests it took.
    """

    answer: Answer
    parts: int


def in_parts(
    engine: Engine, query: StoredQuery, values: Values, embedded: Answer, cut: CutAnswerError
) -> Parts:
    """Ask for the rows of a question by the values of parameters that were left open, some at a time.

    Each parameter is a column, so the values are those in the rows of the embedded engine. That the parts are the
    whole, the number of rows shows that the store counts.

    Args:
        engine: asks the store.
        query: the question.
        values: of its parameters.
        embedded: the rows that the embedded engine gives.
        cut: what the store has cut.

    Raises:
        CutAnswerError: there are no such parameters, the parts are cut too, or they are not the whole.
        ServiceError: as for `Engine.select`.
    """
    most_rows = max(1, cut.given // 2)
    split = _split(query, values, embedded, most_rows)
    if split is None or cut.total is None:
        raise cut
    found = [engine.select(bind(query.text, {**values, **part})) for part in _parts(*split, most_rows)]
    rows = tuple(row for part in found for row in part.rows)
    if len(rows) != cut.total:
        raise CutAnswerError(f"{cut} Asked in parts, it gives {len(rows):,}.", cut.given, cut.total)
    return Parts(Answer(found[0].variables, rows), len(found))


def _split(
    query: StoredQuery, values: Values, embedded: Answer, most_rows: int
) -> tuple[tuple[str, ...], Counter[tuple[Value, ...]]] | None:
    """Give as few open parameters as will do for parts without too many rows, and how many rows each choice has."""
    columns: dict[str, list[Value]] = {}
    for parameter in query.parameters:
        if values.get(parameter.name) is None and parameter.name in embedded.variables:
            at = embedded.variables.index(parameter.name)
            terms = [term for row in embedded.rows if isinstance(term := row[at], NamedNode | Literal)]
            if len(terms) == len(embedded.rows) > 0:
                columns[parameter.name] = terms
    for number in range(1, len(columns) + 1):
        choices = {
            names: Counter(zip(*map(columns.get, names), strict=True))
            for names in combinations(columns, number)
        }
        enough = {names: rows_of for names, rows_of in choices.items() if max(rows_of.values()) <= most_rows}
        if enough:
            return min(enough.items(), key=lambda one: len(one[1]))
    return None


def _parts(
    names: tuple[str, ...], rows_of: Counter[tuple[Value, ...]], most_rows: int
) -> Iterator[dict[str, tuple[Value, ...]]]:
    """Give the values of parameters for each part: several of the last parameter, one of each other."""
    *first, last = names
    by_first: dict[tuple[Value, ...], Counter[Value]] = defaultdict(Counter)
    for choice, rows in rows_of.items():
        by_first[choice[:-1]][choice[-1]] = rows
    for one in sorted(by_first, key=str):
        for chosen in _chunks(by_first[one], most_rows):
            yield {**{name: (value,) for name, value in zip(first, one, strict=True)}, last: tuple(chosen)}


def _chunks(rows_of: Counter[Value], most_rows: int) -> Iterator[Sequence[Value]]:
    """Give values whose rows together are no more than a number."""
    chunk: list[Value] = []
    rows = 0
    for value in sorted(rows_of, key=str):
        if chunk and (rows + rows_of[value] > most_rows or len(chunk) == _MOST_VALUES):
            yield chunk
            chunk, rows = [], 0
        chunk.append(value)
        rows += rows_of[value]
    yield chunk

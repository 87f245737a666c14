"""Answers that a store cuts, asked for in parts that it gives whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
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
    """Ask for an answer by the values of a parameter that was left open, some at a time.

    Each parameter is a column, so the values are those in the answer of the embedded engine. That the parts are the
    whole, the number of rows shows that the store counts.

    Args:
        engine: asks the store.
        query: the question.
        values: of its parameters.
        embedded: the answer of the embedded engine.
        cut: what the store has cut.

    Raises:
        CutAnswerError: there is no such parameter, the parts are cut too, or they are not the whole.
        ServiceError: as for `Engine.select`.
    """
    most_rows = max(1, cut.given // 2)
    counts = _counts(query, values, embedded, most_rows)
    if counts is None or cut.total is None:
        raise cut
    name, rows_of = counts
    found = [
        engine.select(bind(query.text, {**values, name: chosen})) for chosen in _chunks(rows_of, most_rows)
    ]
    rows = tuple(row for part in found for row in part.rows)
    if len(rows) != cut.total:
        raise CutAnswerError(f"{cut} Asked in parts, it gives {len(rows):,}.", cut.given, cut.total)
    return Parts(Answer(found[0].variables, rows), len(found))


def _counts(
    query: StoredQuery, values: Values, embedded: Answer, most_rows: int
) -> tuple[str, Counter[Value]] | None:
    """Give the open parameter with the fewest values of which none has too many rows, and how many rows each has."""
    if query.measure:  # its rows are not those of the store
        return None
    found: list[tuple[str, Counter[Value]]] = []
    for parameter in query.parameters:
        if values.get(parameter.name) is None and parameter.name in embedded.variables:
            at = embedded.variables.index(parameter.name)
            cells = [row[at] for row in embedded.rows]
            terms = Counter(cell for cell in cells if isinstance(cell, NamedNode | Literal))
            if terms.total() == len(cells) > 0 and max(terms.values()) <= most_rows:
                found.append((parameter.name, terms))
    return min(found, key=lambda one: len(one[1]), default=None)


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

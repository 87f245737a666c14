"""The stored questions of two releases: which are new or gone, which are asked otherwise, and whose answers differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.answer import answer
from jhaan_kg.query.catalogue import Catalogue, StoredQuery
from jhaan_kg.query.engine import Answer, Engine
from jhaan_kg.query.names import resolve_parameters


class QuestionChange(NamedTuple):
    """A question that one of two releases has not, or has otherwise.

    Attributes:
        name: its name.
        old: what it was; None if it is new.
        new: what it is; None if it is gone.
    """

    name: str
    old: StoredQuery | None
    new: StoredQuery | None

    @property
    def sort(self) -> str:
        """In a word what became of it: new, gone or changed."""
        return "new" if self.old is None else "gone" if self.new is None else "changed"


class AnswerChange(NamedTuple):
    """A question whose answers differ, or can't be compared.

    Attributes:
        name: its name.
        summary: what it asks.
        before: how many rows the answer had.
        after: how many it has.
        gone: the rows that are gone, in the order of the old answer, with the columns that both have.
        new: the rows that are new, in the order of the new answer, with the same columns.
        columns_gone: the columns that are gone.
        columns_new: the columns that are new.
        problem: why the answers can't be compared; empty if they were.
    """

    name: str
    summary: str
    before: int = 0
    after: int = 0
    gone: Answer = Answer((), ())
    new: Answer = Answer((), ())
    columns_gone: tuple[str, ...] = ()
    columns_new: tuple[str, ...] = ()
    problem: str = ""

    @property
    def differs(self) -> bool:
        """Whether the answers were compared, and are not the same."""
        return bool(self.gone.rows or self.new.rows or self.columns_gone or self.columns_new)


def compare_questions(old: Catalogue, new: Catalogue) -> list[QuestionChange]:
    """Compare two catalogues.

    Returns:
        The questions that are not in both, and those whose SPARQL, header or parameters differ; sorted by name. Where a
        question stands doesn't matter.
    """
    before = {query.name: query for query in old}
    after = {query.name: query for query in new}
    return [
        QuestionChange(name, before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if name not in before or name not in after or _essence(before[name]) != _essence(after[name])
    ]


def _essence(query: StoredQuery) -> StoredQuery:
    """Leave out where a question stands, and the values that may be chosen, which follow from the data."""
    parameters = tuple(parameter._replace(enumeration=()) for parameter in query.parameters)
    return query._replace(path="", line=0, parameters=parameters)


def compare_answers(
    old: Engine, old_catalogue: Catalogue, new: Engine, new_catalogue: Catalogue
) -> Iterator[AnswerChange]:
    """Ask the questions that two releases share, each with its usual parameters and as the release has it.

    Args:
        old: the old release, with its evidence.
        old_catalogue: its questions.
        new: the new release, with its evidence.
        new_catalogue: its questions.

    Yields:
        The questions whose answers differ or can't be compared, sorted by name. The order of rows doesn't matter.
    """
    after = {query.name: query for query in new_catalogue}
    for query in old_catalogue:
        if query.name in after:
            change = _compared(old, query, new, after[query.name])
            if change.differs or change.problem:
                yield change


def _compared(old: Engine, old_query: StoredQuery, new: Engine, new_query: StoredQuery) -> AnswerChange:
    try:
        before, after = _usual(old, old_query), _usual(new, new_query)
    except JhaanError as error:
        return AnswerChange(new_query.name, new_query.summary, problem=str(error))
    shared = tuple(name for name in after.variables if name in before.variables)
    old_part, new_part = _columns(before, shared), _columns(after, shared)
    old_rows, new_rows = frozenset(old_part.rows), frozenset(new_part.rows)
    return AnswerChange(
        new_query.name,
        new_query.summary,
        len(before.rows),
        len(after.rows),
        Answer(shared, tuple(dict.fromkeys(row for row in old_part.rows if row not in new_rows))),
        Answer(shared, tuple(dict.fromkeys(row for row in new_part.rows if row not in old_rows))),
        tuple(name for name in before.variables if name not in shared),
        tuple(name for name in after.variables if name not in shared),
    )


def _usual(engine: Engine, query: StoredQuery) -> Answer:
    return answer(engine, query, resolve_parameters(engine, query, {}))


def _columns(given: Answer, names: tuple[str, ...]) -> Answer:
    places = [given.variables.index(name) for name in names]
    return Answer(names, tuple(tuple(row[place] for place in places) for row in given.rows))

"""What tells two releases apart: things, statements, contradictions, terms, passages, questions and their answers.

Facts are compared, not the nodes that describe them: the digests of evidence follow from the facts. What is inferred
is only counted, so that one change is not reported once for each of its consequences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, TypeVar

from pyoxigraph import NamedNode

from jhaan_kg.diff.release import Contested, ReleaseContent, StatedTriple
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import RDFS_LABEL
from jhaan_kg.query.catalogue import Catalogue, StoredQuery
from jhaan_kg.query.engine import Answer, Engine, StoreEngine, answer
from jhaan_kg.query.names import resolve_parameters

_Node = TypeVar("_Node")

Members: TypeAlias = Mapping[str, tuple[_Node, ...]]
"""What is `new`, `gone`, `deprecated` or `changed`: only the new release has it, only the old one has it, the new one
deprecates it and the old one did not, or both have it and state something else about it."""


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


@dataclass(frozen=True)
class Difference:
    """What tells two releases apart.

    Attributes:
        old: the old release.
        new: the new release.
        things: those of the register, of sections, of curation; what is changed has another label.
        terms: those of the ontology; a term is changed if something else is stated of it.
        passages: those of the reports; a passage is changed if its words are.
        contradictions: contested values and decisions.
        questions: stored questions that are new, gone or worded otherwise.
        answers: the questions of both releases whose answers differ.
        removed: the facts that only the old release states, sorted.
        added: the facts that only the new one states, sorted.
        cited: the facts that other passages state now, sorted.
        inferred: how many inferred facts are gone, and how many are new.
    """

    old: ReleaseContent
    new: ReleaseContent
    things: Members[NamedNode]
    terms: Members[NamedNode]
    passages: Members[NamedNode]
    contradictions: Members[Contested]
    questions: tuple[QuestionChange, ...]
    answers: tuple[AnswerChange, ...]
    removed: tuple[StatedTriple, ...]
    added: tuple[StatedTriple, ...]
    cited: tuple[StatedTriple, ...]
    inferred: tuple[int, int]

    def __bool__(self) -> bool:
        """Whether anything differs that was compared."""
        return bool(
            self.removed
            or self.added
            or self.cited
            or any(self.inferred)
            or any(self.contradictions.values())
            or self.questions
            or any(change.differs for change in self.answers)
        )


def compare(
    old: ReleaseContent,
    new: ReleaseContent,
    questions: Iterable[QuestionChange] = (),
    answers: Iterable[AnswerChange] = (),
) -> Difference:
    """Compare two releases.

    Args:
        old: the old release.
        new: the new release.
        questions: how their catalogues differ, as `compare_questions` finds it.
        answers: how their answers differ, as `compare_answers` finds it.
    """
    both = old.statements.keys() & new.statements.keys()
    removed, added, cited = (
        tuple(sorted(facts, key=lambda fact: fact.order))
        for facts in (
            old.statements.keys() - both,
            new.statements.keys() - both,
            {fact for fact in both if old.statements[fact].passages != new.statements[fact].passages},
        )
    )
    touched = {fact.subject for fact in (*removed, *added)}
    # A label that the build makes of other facts follows from these.
    renamed = {
        thing
        for thing in old.things & new.things
        if old.values(thing, RDFS_LABEL) != new.values(thing, RDFS_LABEL)
    }

    def members(
        before: Iterable[NamedNode], after: Iterable[NamedNode], changed: Iterable[NamedNode]
    ) -> Members[NamedNode]:
        before, after = set(before), set(after)
        deprecated = before & (new.deprecated.keys() - old.deprecated.keys())
        return _sort(
            new=after - before, gone=before - after - deprecated, deprecated=deprecated, changed=changed
        )

    return Difference(
        old,
        new,
        members(old.things, new.things, renamed),
        members(old.terms, new.terms, old.terms & new.terms & touched),
        members(old.passages, new.passages, _find_changed(old.passages, new.passages)),
        _sort(
            new=new.contradictions.keys() - old.contradictions.keys(),
            gone=old.contradictions.keys() - new.contradictions.keys(),
            changed=_find_changed(old.contradictions, new.contradictions),
        ),
        tuple(questions),
        tuple(answers),
        removed,
        added,
        cited,
        (len(old.inferred - new.inferred), len(new.inferred - old.inferred)),
    )


def _sort(**members: Iterable[_Node]) -> Members[_Node]:
    return {name: tuple(sorted(listed, key=str)) for name, listed in members.items()}


def _find_changed(old: Mapping[_Node, object], new: Mapping[_Node, object]) -> set[_Node]:
    return {node for node in old.keys() & new.keys() if old[node] != new[node]}


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
        if name not in before
        or name not in after
        or _without_place(before[name]) != _without_place(after[name])
    ]


def _without_place(query: StoredQuery) -> StoredQuery:
    """Leave out where a question stands, and the values that may be chosen, which follow from the data."""
    parameters = tuple(parameter._replace(enumeration=()) for parameter in query.parameters)
    return query._replace(path="", line=0, parameters=parameters)


def compare_answers(old: ReleaseContent, new: ReleaseContent) -> Iterator[AnswerChange]:
    """Ask the questions that two releases share, each with its usual parameters and as the release has it.

    Yields:
        The questions whose answers differ or can't be compared, sorted by name. The order of rows doesn't matter.
    """
    old_engine, new_engine = StoreEngine(old.graph.store), StoreEngine(new.graph.store)
    after = {query.name: query for query in new.catalogue}
    for query in old.catalogue:
        if query.name in after:
            change = compare_question(old_engine, query, new_engine, after[query.name])
            if change.differs or change.problem:
                yield change


def compare_question(
    old: Engine, old_query: StoredQuery, new: Engine, new_query: StoredQuery
) -> AnswerChange:
    """Ask a question of two releases, and compare the columns that both answers have."""
    try:
        before, after = _ask_with_defaults(old, old_query), _ask_with_defaults(new, new_query)
    except JhaanError as error:
        return AnswerChange(new_query.name, new_query.summary, problem=str(error))
    shared = tuple(name for name in after.variables if name in before.variables)
    old_part, new_part = _select_columns(before, shared), _select_columns(after, shared)
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


def _ask_with_defaults(engine: Engine, query: StoredQuery) -> Answer:
    return answer(engine, query, resolve_parameters(engine, query, {}))


def _select_columns(whole: Answer, names: tuple[str, ...]) -> Answer:
    indexes = [whole.variables.index(name) for name in names]
    return Answer(names, tuple(tuple(row[index] for index in indexes) for row in whole.rows))

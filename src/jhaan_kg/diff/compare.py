"""Comparison of two releases.

It covers entities, statements, contradictions, terms, passages, questions and answers.

Statements are compared, not the nodes of evidence that describe them. Inferred statements are only counted, so that a
change is not reported for each of its consequences.
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
"""Nodes by type of change.

`new` nodes are only in the new release, and `gone` ones only in the old one. `deprecated` ones are deprecated only in
the new release, and `changed` ones are in both, with different statements.
"""


class QuestionChange(NamedTuple):
    """A question that is new, gone or changed.

    Attributes:
        name: its name.
        old: the old question; None if it is new.
        new: the new question; None if it is gone.
    """

    name: str
    old: StoredQuery | None
    new: StoredQuery | None

    @property
    def sort(self) -> str:
        """The kind of change in one word: new, gone or changed."""
        return "new" if self.old is None else "gone" if self.new is None else "changed"


class AnswerChange(NamedTuple):
    """A question with different answers, or answers that cannot be compared.

    Attributes:
        name: its name.
        summary: the summary of the question.
        before: the number of rows of the old answer.
        after: the number of rows of the new answer.
        gone: the rows that are gone, in the order of the old answer, with the shared columns.
        new: the rows that are new, in the order of the new answer, with the same columns.
        columns_gone: the columns that are gone.
        columns_new: the columns that are new.
        problem: why the answers cannot be compared; empty if they were.
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
        """Whether the answers were compared and differ."""
        return bool(self.gone.rows or self.new.rows or self.columns_gone or self.columns_new)


@dataclass(frozen=True)
class Difference:
    """The difference between two releases.

    Attributes:
        old: the old release.
        new: the new release.
        things: the entities of register, sections and curation; they are changed if their label is.
        terms: the terms of the ontology; a term is changed if statements about it are.
        passages: the passages of the reports; a passage is changed if its words are.
        contradictions: conflicting values and decisions.
        questions: stored questions that are new, gone or changed.
        answers: the questions of both releases whose answers differ.
        removed: the statements of the old release only, sorted.
        added: the statements of the new release only, sorted.
        cited: the statements with changed passages, sorted.
        inferred: the numbers of inferred statements that are gone and new.
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
        """Return whether any compared part differs."""
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
        questions: the differences of their catalogues; see `compare_questions`.
        answers: the differences of their answers; see `compare_answers`.
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
    # Labels are compared, not statements: labels are generated from statements about other nodes too.
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
        The questions that are not in both, and those whose SPARQL, header or parameters differ; sorted by name. The
        file of a question is ignored.
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
    """Return a question without its file and the choices of its parameters.

    The choices depend on the data.
    """
    parameters = tuple(parameter._replace(enumeration=()) for parameter in query.parameters)
    return query._replace(path="", line=0, parameters=parameters)


def compare_answers(old: ReleaseContent, new: ReleaseContent) -> Iterator[AnswerChange]:
    """Yield the changed answers to the questions that both releases have.

    Each release uses its own query and default parameters.

    Yields:
        The questions whose answers differ or cannot be compared, sorted by name. The order of rows is ignored.
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
    """Compare the answers of two releases to a question, in the columns that both have."""
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

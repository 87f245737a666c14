"""What tells two releases apart: things, statements, contradictions, terms, passages, questions and their answers.

Facts are compared, not the nodes that describe them: the digests of evidence follow from the facts. What is inferred
is only counted, so that one change isn't told once for each of its consequences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from jhaan_kg.diff.answers import AnswerChange, QuestionChange
from jhaan_kg.diff.release import Contested, Fact, Release
from jhaan_kg.namespaces import RDFS_LABEL


@dataclass(frozen=True)
class Members:
    """What is new, gone, deprecated or changed among things of one sort.

    Attributes:
        new: what only the new release has.
        gone: what only the old one has.
        deprecated: what the new one deprecates and the old one didn't.
        changed: what both have and say otherwise.
    """

    new: tuple[NamedNode, ...] = ()
    gone: tuple[NamedNode, ...] = ()
    deprecated: tuple[NamedNode, ...] = ()
    changed: tuple[NamedNode, ...] = ()

    def __iter__(self) -> Iterator[tuple[str, tuple[NamedNode, ...]]]:
        """Return each list with its name."""
        yield from (("new", self.new), ("gone", self.gone))
        yield from (("deprecated", self.deprecated), ("changed", self.changed))

    def __bool__(self) -> bool:
        return any(listed for _, listed in self)


@dataclass(frozen=True)
class Contradictions:
    """What is contested in one release only, or decided otherwise; sorted."""

    new: tuple[Contested, ...] = ()
    gone: tuple[Contested, ...] = ()
    changed: tuple[Contested, ...] = ()

    def __iter__(self) -> Iterator[tuple[str, tuple[Contested, ...]]]:
        """Return each list with its name."""
        yield from (("new", self.new), ("gone", self.gone), ("changed", self.changed))

    def __bool__(self) -> bool:
        return any(listed for _, listed in self)


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

    old: Release
    new: Release
    things: Members
    terms: Members
    passages: Members
    contradictions: Contradictions
    questions: tuple[QuestionChange, ...]
    answers: tuple[AnswerChange, ...]
    removed: tuple[Fact, ...]
    added: tuple[Fact, ...]
    cited: tuple[Fact, ...]
    inferred: tuple[int, int]

    def __bool__(self) -> bool:
        """Whether anything differs that was compared."""
        return bool(
            self.removed
            or self.added
            or self.cited
            or any(self.inferred)
            or self.contradictions
            or self.questions
            or any(change.differs for change in self.answers)
        )


def compare(
    old: Release, new: Release, questions: Iterable[QuestionChange] = (), answers: Iterable[AnswerChange] = ()
) -> Difference:
    """Compare two releases.

    Args:
        old: the old release.
        new: the new release.
        questions: how their catalogues differ, as `answers.compare_questions` says.
        answers: how their answers differ, as `answers.compare_answers` says.
    """
    removed = _sorted_facts(old.statements.keys() - new.statements.keys())
    added = _sorted_facts(new.statements.keys() - old.statements.keys())
    both = old.statements.keys() & new.statements.keys()
    cited = (fact for fact in both if old.statements[fact].passages != new.statements[fact].passages)
    touched = {fact.subject for fact in (*removed, *added)}
    return Difference(
        old,
        new,
        _members(
            old, new, old.things, new.things, (t for t in old.things & new.things if _renamed(t, old, new))
        ),
        _members(old, new, old.terms, new.terms, old.terms & new.terms & touched),
        _members(
            old,
            new,
            old.passages.keys(),
            new.passages.keys(),
            (p for p in old.passages.keys() & new.passages.keys() if old.passages[p] != new.passages[p]),
        ),
        _contradictions(old, new),
        tuple(questions),
        tuple(answers),
        removed,
        added,
        _sorted_facts(cited),
        (len(old.inferred - new.inferred), len(new.inferred - old.inferred)),
    )


def _sorted_facts(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=lambda fact: fact.order))


def _renamed(thing: NamedNode, old: Release, new: Release) -> bool:
    """Whether another label is stated; one that the build makes of other facts follows from these."""
    return old.values(thing, RDFS_LABEL) != new.values(thing, RDFS_LABEL)


def _members(
    old: Release,
    new: Release,
    before: Iterable[NamedNode],
    after: Iterable[NamedNode],
    changed: Iterable[NamedNode],
) -> Members:
    before, after = set(before), set(after)
    deprecated = before & (new.deprecated.keys() - old.deprecated.keys())
    lists = (after - before, before - after - deprecated, deprecated, changed)
    return Members(*(tuple(sorted(members, key=str)) for members in lists))


def _contradictions(old: Release, new: Release) -> Contradictions:
    before, after = old.contradictions, new.contradictions
    lists = (
        after.keys() - before.keys(),
        before.keys() - after.keys(),
        (about for about in before.keys() & after.keys() if before[about] != after[about]),
    )
    return Contradictions(*(tuple(sorted(listed, key=str)) for listed in lists))

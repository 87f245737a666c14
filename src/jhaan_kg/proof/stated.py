"""What the passages of a report state, and what the proof must know of the graph to find it in their text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Triple

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.namespaces import DCAT, GRAPH, ID, ONTOLOGY, RDF, RDF_TYPE, RDFS, SCHEMA, jhaan

_SUBJECT: Final = NamedNode(RDF + "subject")
_PREDICATE: Final = NamedNode(RDF + "predicate")
_OBJECT: Final = NamedNode(RDF + "object")
_EVIDENCE_IN: Final = jhaan("evidenceIn")
_PARTS: Final = frozenset((_SUBJECT, _PREDICATE, _OBJECT, _EVIDENCE_IN))
_SUBCLASS: Final = NamedNode(RDFS + "subClassOf")
_WORDING: Final = jhaan("wording")
_CURATION: Final = f"{GRAPH}curation/"
_LEXICON: Final = f"{GRAPH}lexicon/"
_EVIDENCE: Final = f"{GRAPH}evidence/"
_OF_CONTEXT: Final = f"{_EVIDENCE}context"
START: Final = NamedNode(SCHEMA + "startDate")
END: Final = NamedNode(SCHEMA + "endDate")
_PERIOD_START: Final = NamedNode(DCAT + "startDate")
_PERIOD_END: Final = NamedNode(DCAT + "endDate")

Term: TypeAlias = NamedNode | Literal


class Fact(NamedTuple):
    """A triple without blank nodes, as passages state them."""

    subject: NamedNode
    predicate: NamedNode
    object: Term


@dataclass(frozen=True)
class Stated:
    """What the passages of a report state.

    Attributes:
        by_passage: the triples that each passage states, by the IRI of the passage.
        known: all triples that the proof may look at: ontology, register, sections, curation and lexicon.
    """

    by_passage: Mapping[str, tuple[Fact, ...]]
    known: Mapping[NamedNode, Mapping[NamedNode, tuple[Term, ...]]] = field(repr=False)

    @staticmethod
    def of(statements: Iterable[tuple[Fact, Iterable[str]]], background: Iterable[Fact]) -> Stated:
        """Bring together what is stated.

        Args:
            statements: each fact that passages state, with the IRIs of those passages.
            background: the other facts: ontology, register, curation, lexicon.
        """
        by_passage: dict[str, list[Fact]] = defaultdict(list)
        known: dict[NamedNode, dict[NamedNode, dict[Term, None]]] = defaultdict(lambda: defaultdict(dict))
        for fact, passages in statements:
            known[fact.subject][fact.predicate][fact.object] = None
            for passage in passages:
                by_passage[passage].append(fact)
        for fact in background:
            known[fact.subject][fact.predicate][fact.object] = None
        return Stated(
            {passage: tuple(facts) for passage, facts in by_passage.items()},
            {
                subject: {predicate: tuple(values) for predicate, values in about.items()}
                for subject, about in known.items()
            },
        )

    @staticmethod
    def read(quads: Iterable[Quad], report: str) -> Stated:
        """Read what a report states from a snapshot with its evidence.

        Curation has evidence too, the passages on which it rests; but it is not what they state. Of the lexicons of
        other reports only words for things count that this report mentions: other words may mean another thing here.

        Args:
            quads: the snapshot, in any order.
            report: the id of the report.
        """
        own_passages, own = f"{ID}report/{report}/", (f"{_CURATION}{report}/", f"{_LEXICON}{report}")
        parts: dict[NamedNode, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        background: list[Fact] = []
        words: list[Fact] = []
        curated: set[Fact] = set()
        for quad in quads:
            graph = graph_name(quad)
            if graph.startswith(_EVIDENCE) and graph != _OF_CONTEXT:
                if quad.predicate in _PARTS and (fact := fact_of(quad.triple)):
                    parts[fact.subject][fact.predicate].append(fact.object)
            elif not graph.startswith(f"{GRAPH}inferred/") and (fact := fact_of(quad.triple)):
                if graph.startswith(_CURATION):
                    curated.add(fact)
                if graph.startswith(own) or not graph.startswith((_CURATION, _LEXICON)):
                    background.append(fact)
                elif fact.predicate == _WORDING:
                    words.append(fact)
        statements = [
            (fact, passages)
            for part in parts.values()
            if (passages := [p.value for p in part[_EVIDENCE_IN] if p.value.startswith(own_passages)])
            for subject, predicate in [(part[_SUBJECT][0], part[_PREDICATE][0])]
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode)
            for fact in [Fact(subject, predicate, part[_OBJECT][0])]
            if fact not in curated
        ]
        told = {term for fact, _ in statements for term in (fact.subject, fact.object)}
        return Stated.of(statements, [*background, *(fact for fact in words if fact.subject in told)])

    @cached_property
    def passages_of(self) -> Mapping[NamedNode, Mapping[Fact, frozenset[str]]]:
        """What passages state of each subject, with the passages that state it."""
        found: dict[NamedNode, dict[Fact, set[str]]] = defaultdict(lambda: defaultdict(set))
        for passage, facts in self.by_passage.items():
            for fact in facts:
                found[fact.subject][fact].add(passage)
        return {
            subject: {fact: frozenset(passages) for fact, passages in about.items()}
            for subject, about in found.items()
        }

    def values(self, subject: NamedNode, predicate: NamedNode) -> tuple[Term, ...]:
        """Give the values of a property of a thing, from whatever layer."""
        return self.known.get(subject, {}).get(predicate, ())

    def things(self, subject: NamedNode, predicate: NamedNode) -> tuple[NamedNode, ...]:
        """Give those values that are things."""
        return tuple(value for value in self.values(subject, predicate) if isinstance(value, NamedNode))

    @cached_property
    def kinds(self) -> Mapping[NamedNode, frozenset[str]]:
        """The classes of each registered thing, with their superclasses; local names of the ontology only."""
        above = {subject: self._above(subject) for subject, about in self.known.items() if _SUBCLASS in about}
        return {
            subject: frozenset(
                name
                for kind in about[RDF_TYPE]
                if isinstance(kind, NamedNode)
                for name in above.get(kind, _local(kind))
            )
            for subject, about in self.known.items()
            if RDF_TYPE in about
        }

    def _above(self, kind: NamedNode) -> frozenset[str]:
        found: dict[NamedNode, None] = {}
        waiting = [kind]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = None
                waiting += self.things(one, _SUBCLASS)
        return frozenset(name for one in found for name in _local(one))

    def is_a(self, thing: NamedNode, *kinds: str) -> bool:
        """Tell whether a thing is registered as one of some classes, or of their subclasses."""
        return not self.kinds.get(thing, frozenset()).isdisjoint(kinds)

    def interval(self, period: NamedNode) -> tuple[date, date] | None:
        """Give the first and the last day of a period; None if it is none."""
        return _interval(self.values(period, _PERIOD_START), self.values(period, _PERIOD_END))

    def intervals(self, about: Iterable[Fact]) -> set[tuple[date, date]]:
        """Give the days that facts about one thing state: its start with its end, and its periods."""
        facts = list(about)
        starts = [fact.object for fact in facts if fact.predicate == START]
        ends = [fact.object for fact in facts if fact.predicate == END]
        found = [_interval(starts, ends or starts)]
        found += [self.interval(fact.object) for fact in facts if isinstance(fact.object, NamedNode)]
        return {days for days in found if days}


def fact_of(triple: Triple) -> Fact | None:
    """Give a triple as a fact; None if it has a blank node."""
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
        return Fact(subject, predicate, value)
    return None


def days_of(value: Term) -> tuple[date, date] | None:
    """Give the day that a literal means, as its first and last; None if it is no day of the calendar."""
    return _interval([value], [value])


def _local(kind: NamedNode) -> tuple[str, ...]:
    return (kind.value.removeprefix(ONTOLOGY),) if kind.value.startswith(ONTOLOGY) else ()


def _interval(starts: Iterable[object], ends: Iterable[object]) -> tuple[date, date] | None:
    first = next((one for one in starts if isinstance(one, Literal)), None)
    last = next((one for one in ends if isinstance(one, Literal)), None)
    try:
        return (date.fromisoformat(first.value), date.fromisoformat(last.value)) if first and last else None
    except ValueError:
        return None

"""The statements of a report's passages, and the graph with which they are verified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import DCAT, GRAPH, ID, ONTOLOGY, RDF_TYPE, REIFIED_PARTS, SCHEMA, jhaan

EVIDENCE_IN: Final = jhaan("evidenceIn")
_CURATION: Final = f"{GRAPH}curation/"
_LEXICON: Final = f"{GRAPH}lexicon/"
_OF_CONTEXT: Final = NamedNode(f"{GRAPH}evidence/context")
_LEFT_OUT: Final = (f"{GRAPH}evidence/", f"{GRAPH}inferred/")
START: Final = NamedNode(SCHEMA + "startDate")
END: Final = NamedNode(SCHEMA + "endDate")
_PERIOD_START: Final = NamedNode(DCAT + "startDate")
_PERIOD_END: Final = NamedNode(DCAT + "endDate")

Term: TypeAlias = NamedNode | Literal


class Fact(NamedTuple):
    """A triple without blank nodes, as stated by passages."""

    subject: NamedNode
    predicate: NamedNode
    object: Term


class Statements:
    """The statements of a report's passages.

    Attributes:
        by_passage: the triples that each passage states, by the IRI of the passage.
        graph: the input of the verification: ontology, register, sections, curation and lexicon.
    """

    def __init__(self, by_passage: Mapping[str, tuple[Fact, ...]], graph: Graph) -> None:
        self.by_passage, self.graph = by_passage, graph
        self._kinds: dict[NamedNode, frozenset[str]] = {}

    @classmethod
    def of(cls, statements: Iterable[tuple[Fact, Iterable[str]]], background: Iterable[Triple]) -> Statements:
        """Combine statements and background.

        Args:
            statements: each statement of passages, with the IRIs of those passages.
            background: the other triples: ontology, register, curation, lexicon.
        """
        by_passage: dict[str, list[Fact]] = defaultdict(list)
        triples = list(background)
        for fact, passages in statements:
            triples.append(Triple(*fact))
            for passage in passages:
                by_passage[passage].append(fact)
        return cls({passage: tuple(facts) for passage, facts in by_passage.items()}, Graph.of(triples))

    @classmethod
    def read(cls, snapshot: Graph, report: str) -> Statements:
        """Read the statements of a report from a snapshot with its evidence.

        The evidence of curation is left out: its passages do not state it. From the lexicons of other reports, only
        words for entities in this report are used: other words may have another meaning here.

        Args:
            snapshot: the snapshot.
            report: the id of the report.
        """
        background: list[Triple] = []
        curated: set[Triple] = set()
        words: list[Triple] = []
        own_graphs = (f"{_CURATION}{report}/", f"{_LEXICON}{report}")
        for graph in snapshot.store.named_graphs():
            name = graph.value if isinstance(graph, NamedNode) else ""
            if name.startswith(_LEFT_OUT):
                continue
            triples = [quad.triple for quad in snapshot.store.quads_for_pattern(None, None, None, graph)]
            if name.startswith(_CURATION):
                curated.update(triples)
            if name.startswith(own_graphs) or not name.startswith((_CURATION, _LEXICON)):
                background += triples
            else:
                words += (triple for triple in triples if triple.predicate == jhaan("wording"))
        passages: dict[NamedNode, list[str]] = defaultdict(list)
        for assertion, _, passage, graph in snapshot.store.quads_for_pattern(None, EVIDENCE_IN, None):
            if graph != _OF_CONTEXT and isinstance(assertion, NamedNode) and isinstance(passage, NamedNode):
                passages[assertion].append(passage.value)
        statements: list[tuple[Fact, list[str]]] = []
        for assertion in sorted(passages, key=lambda node: node.value):
            own = sorted(one for one in passages[assertion] if one.startswith(f"{ID}report/{report}/"))
            subject, predicate, value = (snapshot.value(assertion, part) for part in REIFIED_PARTS)
            if (
                own
                and isinstance(subject, NamedNode)
                and isinstance(predicate, NamedNode)
                and value is not None
            ):
                triple = Triple(subject, predicate, value)
                if triple not in curated and (fact := fact_of(triple)):
                    statements.append((fact, own))
        mentioned = {term for fact, _ in statements for term in (fact.subject, fact.object)}
        background += (triple for triple in words if triple.subject in mentioned)
        return cls.of(statements, background)

    def kinds(self, thing: NamedNode) -> frozenset[str]:
        """Return the classes of an entity, with their superclasses.

        Classes of the ontology are local names, others are IRIs.
        """
        if thing not in self._kinds:
            self._kinds[thing] = frozenset(
                above.value.removeprefix(ONTOLOGY)
                for kind in self.graph.nodes(thing, RDF_TYPE)
                for above in self.graph.superclasses(kind)
            )
        return self._kinds[thing]

    def is_a(self, thing: NamedNode, *kinds: str) -> bool:
        """Return whether an entity is an instance of one of the classes or a subclass."""
        return not self.kinds(thing).isdisjoint(kinds)

    def interval(self, period: NamedNode) -> tuple[date, date] | None:
        """Return the first and the last day of a period; None for other entities."""
        return _interval(self.graph.values(period, _PERIOD_START), self.graph.values(period, _PERIOD_END))

    def intervals(self, about: Iterable[Fact]) -> set[tuple[date, date]]:
        """Return the first and last days in statements about an entity.

        They are those of its start and end dates, and of its periods.
        """
        facts = list(about)
        starts = [fact.object for fact in facts if fact.predicate == START]
        ends = [fact.object for fact in facts if fact.predicate == END]
        found = [_interval(starts, ends or starts)]
        found += [self.interval(fact.object) for fact in facts if isinstance(fact.object, NamedNode)]
        return {days for days in found if days}


def fact_of(triple: Triple) -> Fact | None:
    """Return a triple as a `Fact`; None if it has a blank node."""
    subject, predicate, value = triple
    if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
        return Fact(subject, predicate, value)
    return None


def days_of(value: Term) -> tuple[date, date] | None:
    """Return the first and the last day of a date literal; None for other values."""
    return _interval([value], [value])


def _interval(starts: Iterable[object], ends: Iterable[object]) -> tuple[date, date] | None:
    first = next((one for one in starts if isinstance(one, Literal)), None)
    last = next((one for one in ends if isinstance(one, Literal)), None)
    try:
        return (date.fromisoformat(first.value), date.fromisoformat(last.value)) if first and last else None
    except ValueError:
        return None

"""A release as it is compared: what it states and where, what it contests, what is called what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias, TypeGuard

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.graphs import graph_name, is_apart, is_evidence, report_of
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import (
    BASE,
    CONTESTED_PARTS,
    DCTERMS,
    GRAPH,
    ID,
    ONTOLOGY,
    OWL,
    RDF,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SKOS,
    jhaan,
)
from jhaan_kg.query.catalogue import Catalogue, load_catalogue
from jhaan_kg.reports import report_of_iri

Value: TypeAlias = NamedNode | Literal

DEPRECATED: Final = NamedNode(OWL + "deprecated")
REPLACED_BY: Final = NamedNode(DCTERMS + "isReplacedBy")
CHANGE_NOTE: Final = NamedNode(SKOS + "changeNote")
DEFINITION: Final = NamedNode(SKOS + "definition")

_REIFIED: Final = tuple(NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
_PARTS: Final = {prop: part for props in (_REIFIED, CONTESTED_PARTS) for part, prop in enumerate(props)}
"""The properties by which nodes describe a triple. Contested statements of version 0.1 have those of RDF Schema."""
_ASSERTION: Final = jhaan("Assertion")
_EVIDENCE_IN: Final = jhaan("evidenceIn")
_CONTESTED: Final = jhaan("ContestedStatement")
_RANK: Final = jhaan("rank")
_PREFERRED: Final = jhaan("PreferredRank")
_DECIDED_BY: Final = jhaan("decidedBy")
_REASON: Final = jhaan("reason")
_DIGEST: Final = jhaan("textDigest")
_VERSION: Final = NamedNode(OWL + "versionInfo")
_SUB_CLASS: Final = NamedNode(RDFS + "subClassOf")
_HEADER: Final = NamedNode(BASE + "ontology")
_DOCUMENT: Final = GRAPH + "document/"
_OF_ONTOLOGY: Final = GRAPH + "ontology"


class Fact(NamedTuple):
    """A triple of a snapshot, which has no blank nodes."""

    subject: NamedNode
    predicate: NamedNode
    object: Value

    @property
    def order(self) -> tuple[str, str, str]:
        """What facts are sorted by."""
        return str(self.subject), str(self.predicate), str(self.object)


class Statement(NamedTuple):
    """Where a fact is stated.

    Attributes:
        graph: the IRI of the first graph that states it.
        passages: the IRIs of the passages that state it, sorted; none outside of reports.
    """

    graph: str
    passages: tuple[str, ...]


class Contested(NamedTuple):
    """What is contested: a property of a thing, in one report."""

    subject: NamedNode
    property: NamedNode
    report: str


class Contradiction(NamedTuple):
    """A property of a thing for which the passages of a report give several values.

    Attributes:
        used: the value that is used; several where one contains the other; sorted.
        others: the values that are not, sorted.
        decision: the decision on it.
        reason: why.
    """

    used: tuple[Value, ...]
    others: tuple[Value, ...]
    decision: NamedNode
    reason: str


@dataclass(frozen=True)
class Release:
    """What is compared of a release.

    Attributes:
        key: the SHA-256 of its manifest.
        statements: each stated fact, contested values with all sides, and where it is stated.
        inferred: what follows from them, and what the build adds.
        labels: what each thing and term is called.
        contradictions: by subject, property and report.
        catalogue: the stored questions.
    """

    key: str
    statements: Mapping[Fact, Statement]
    inferred: frozenset[Fact]
    labels: Mapping[NamedNode, str]
    contradictions: Mapping[Contested, Contradiction]
    catalogue: Catalogue

    @cached_property
    def version(self) -> str:
        """The version of its ontology; empty if that names none."""
        return next((value.value for value in self.values(_HEADER, _VERSION)), "")

    @cached_property
    def things(self) -> frozenset[NamedNode]:
        """What it describes and has not deprecated: all things but passages, and decisions on what is contested."""
        subjects = {
            fact.subject
            for fact, statement in self.statements.items()
            if not is_document(statement.graph) and _is_named(fact.subject, ID)
        }
        return frozenset(subjects - self.deprecated.keys() - self.decisions)

    @cached_property
    def decisions(self) -> frozenset[NamedNode]:
        """The decisions on what is contested."""
        return frozenset(contradiction.decision for contradiction in self.contradictions.values())

    @cached_property
    def terms(self) -> frozenset[NamedNode]:
        """The terms of its ontology that it has not deprecated."""
        described = {fact.subject for fact in self.statements if fact.predicate == RDF_TYPE}
        return frozenset(
            {subject for subject in described if _is_named(subject, ONTOLOGY)} - self.deprecated.keys()
        )

    @cached_property
    def passages(self) -> Mapping[NamedNode, str]:
        """The passages of all reports, with the digests of their words."""
        return {
            subject: value.value
            for subject, predicate, value in self.statements
            if predicate == _DIGEST and isinstance(value, Literal) and "/section/" in subject.value
        }

    @cached_property
    def deprecated(self) -> Mapping[NamedNode, tuple[str, str]]:
        """What it deprecates: the IRI of the successor and the reason, either of which may be empty."""
        return {
            fact.subject: (
                next(
                    (
                        value.value
                        for value in self.values(fact.subject, REPLACED_BY)
                        if isinstance(value, NamedNode)
                    ),
                    "",
                ),
                next((value.value for value in self.values(fact.subject, CHANGE_NOTE)), ""),
            )
            for fact in self.statements
            if fact.predicate == DEPRECATED
            and isinstance(fact.object, Literal)
            and fact.object.value in ("true", "1")
        }

    def values(self, subject: NamedNode, predicate: NamedNode) -> list[Value]:
        """Return the stated values of a property, sorted."""
        return self._values.get((subject, predicate), [])

    @cached_property
    def _values(self) -> dict[tuple[NamedNode, NamedNode], list[Value]]:
        found: dict[tuple[NamedNode, NamedNode], list[Value]] = defaultdict(list)
        for fact in sorted(self.statements, key=lambda fact: fact.order):
            found[fact.subject, fact.predicate].append(fact.object)
        return found

    def kind(self, thing: NamedNode) -> NamedNode | None:
        """Return the narrowest class of our ontology that a thing has; None if it has none."""
        types = self._types.get(thing, set())
        narrowest = [
            kind
            for kind in types
            if not any(kind in self._wider.get(other, ()) for other in types if other != kind)
        ]
        return min(narrowest, key=str, default=None)

    @cached_property
    def _types(self) -> dict[NamedNode, set[NamedNode]]:
        found: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for fact in (*self.statements, *self.inferred):
            if fact.predicate == RDF_TYPE and _is_named(fact.object, ONTOLOGY):
                found[fact.subject].add(fact.object)
        return found

    @cached_property
    def _wider(self) -> dict[NamedNode, set[NamedNode]]:
        """The classes right above each class, which is enough, since a thing has all its types."""
        found: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for fact in (*self.statements, *self.inferred):
            if fact.predicate == _SUB_CLASS and _is_named(fact.object, ONTOLOGY):
                found[fact.subject].add(fact.object)
        return found


def is_document(graph: str) -> bool:
    """Whether a graph holds a tree of passages."""
    return graph.startswith(_DOCUMENT)


def is_ontology(graph: str) -> bool:
    """Whether a graph holds the ontology or the terms that it reuses."""
    return graph.startswith(_OF_ONTOLOGY)


def _is_named(term: object, namespace: str) -> TypeGuard[NamedNode]:
    return isinstance(term, NamedNode) and term.value.startswith(namespace)


def read_release(snapshot: Snapshot) -> Release:
    """Read what is compared.

    Args:
        snapshot: the release.

    Raises:
        JhaanError: it is damaged, or its questions are of another version.
    """
    graphs: dict[Fact, str] = {}
    derived: set[Fact] = set()
    evidence: list[Fact] = []
    for quad in snapshot.quads(evidence=True, context=True):
        graph, fact = graph_name(quad), _fact(quad.triple)
        if is_evidence(graph):
            evidence.append(fact)
        elif report_of(NamedNode(graph)) is not None:
            derived.add(fact)
        elif not is_apart(graph):
            graphs.setdefault(fact, graph)
    cited = _passages(evidence)
    contested = _described(derived, _CONTESTED)
    for node, fact in contested.items():
        graphs.setdefault(fact, f"{GRAPH}report/{report_of_iri(node.value)}")
    return Release(
        snapshot.key,
        {fact: Statement(graph, cited.get(fact, ())) for fact, graph in graphs.items()},
        frozenset(derived),
        _labels((*graphs, *derived)),
        _contradictions(contested, derived, graphs),
        load_catalogue(snapshot.catalogue_path),
    )


def _fact(triple: Triple) -> Fact:
    subject, predicate, value = triple
    if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
        raise JhaanError(f"The snapshot has a node without IRI: {triple}. Build it again: jhaan build")
    return Fact(subject, predicate, value)


def _described(facts: Iterable[Fact], kind: NamedNode) -> dict[NamedNode, Fact]:
    """Return the triples that the nodes of a class describe, sorted by node."""
    parts: dict[NamedNode, dict[int, Value]] = defaultdict(dict)
    nodes = set()
    for subject, predicate, value in facts:
        if predicate in _PARTS:
            parts[subject][_PARTS[predicate]] = value
        elif predicate == RDF_TYPE and value == kind:
            nodes.add(subject)
    return {
        node: _fact(Triple(*(parts[node][part] for part in range(3))))  # type: ignore[arg-type]
        for node in sorted(nodes, key=str)
    }


def _passages(evidence: Iterable[Fact]) -> dict[Fact, tuple[str, ...]]:
    """Return the passages that state each fact."""
    evidence = list(evidence)
    cited: dict[NamedNode, list[str]] = defaultdict(list)
    for subject, predicate, value in evidence:
        if predicate == _EVIDENCE_IN:
            cited[subject].append(value.value)
    return {
        fact: tuple(sorted(cited[node]))
        for node, fact in _described(evidence, _ASSERTION).items()
        if node in cited
    }


def _labels(facts: Iterable[Fact]) -> dict[NamedNode, str]:
    found: dict[NamedNode, str] = {}
    for subject, predicate, value in facts:
        if predicate == RDFS_LABEL:
            found[subject] = min(value.value, found.get(subject, value.value))
    return found


def _contradictions(
    contested: Mapping[NamedNode, Fact], derived: Iterable[Fact], stated: Iterable[Fact]
) -> dict[Contested, Contradiction]:
    preferred: set[NamedNode] = set()
    decisions: dict[NamedNode, NamedNode] = {}
    for subject, predicate, value in derived:
        if predicate == _RANK and value == _PREFERRED:
            preferred.add(subject)
        elif predicate == _DECIDED_BY and isinstance(value, NamedNode):
            decisions[subject] = value
    reasons = {subject: value.value for subject, predicate, value in stated if predicate == _REASON}
    sides: dict[Contested, list[NamedNode]] = defaultdict(list)
    for node, fact in contested.items():
        sides[Contested(fact.subject, fact.predicate, report_of_iri(node.value))].append(node)
    return {
        about: Contradiction(
            _sorted(contested[node].object for node in nodes if node in preferred),
            _sorted(contested[node].object for node in nodes if node not in preferred),
            decisions[nodes[0]],
            reasons.get(decisions[nodes[0]], ""),
        )
        for about, nodes in sides.items()
    }


def _sorted(values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(sorted(set(values), key=str))

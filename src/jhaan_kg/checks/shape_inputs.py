"""What the result of each shape depends on, so that one that conformed runs again only when that has changed.

A shape reads the triples of the properties that it names, and the types that it names with their subclasses. One that
has a SPARQL constraint, or is closed, may read anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple

from jhaan_kg.cache_folder import PassedChecks
from jhaan_kg.graph import Graph, Node
from jhaan_kg.namespaces import RDF_TYPE, RDFS, SH

TARGETS: Final = frozenset(
    NamedNode(SH + name) for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)
_READ_ANYTHING: Final = frozenset(NamedNode(SH + name) for name in ("sparql", "closed"))
_SUBCLASS: Final = NamedNode(RDFS + "subClassOf")


class Inputs(NamedTuple):
    """The inputs of a shape that has a target.

    Attributes:
        key: a digest of the shape and of all triples that it may read.
        parts: the nodes of which the shape consists.
    """

    key: str
    parts: frozenset[Node]


def shape_inputs(shapes: Graph, data: Iterable[Triple]) -> Mapping[Node, Inputs]:
    """Return the inputs of each shape that has a target."""
    uses: dict[NamedNode, list[str]] = defaultdict(list)
    hierarchy = []
    for triple in data:
        if triple.predicate == _SUBCLASS:
            hierarchy.append(triple)
        used = triple.object if triple.predicate == RDF_TYPE else triple.predicate
        if isinstance(used, NamedNode):
            uses[used].append(str(triple))
    digests = {used: sha256("\n".join(sorted(texts)).encode()).hexdigest() for used, texts in uses.items()}
    superclasses = Graph.of(hierarchy).superclasses
    above = {used: superclasses(used) for used in digests}
    found: dict[Node, Inputs] = {}
    targeted = {triple.subject for target in TARGETS for triple in shapes.triples(None, target)}
    for shape in (node for node in targeted if isinstance(node, NamedNode | BlankNode)):
        own, parts = _description(shapes, shape)
        named = {triple.object for triple in own}
        everything = RDF_TYPE in named or any(triple.predicate in _READ_ANYTHING for triple in own)
        read = sorted(
            digest
            for used, digest in digests.items()
            if everything or used == _SUBCLASS or not above[used].isdisjoint(named)
        )
        found[shape] = Inputs(PassedChecks.key(*sorted(map(str, own)), *read), parts)
    return found


def _description(shapes: Graph, shape: Node) -> tuple[list[Triple], frozenset[Node]]:
    """Return the triples of a shape and of all nodes that it leads to, and these nodes."""
    own: list[Triple] = []
    parts, ahead = {shape}, [shape]
    while ahead:
        for triple in shapes.triples(ahead.pop()):
            own.append(triple)
            if isinstance(triple.object, NamedNode | BlankNode) and triple.object not in parts:
                parts.add(triple.object)
                ahead.append(triple.object)
    return own, frozenset(parts)

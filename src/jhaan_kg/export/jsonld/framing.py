"""Framing: documents cut out of the graph by a frame.

What comes out is what the framing algorithm gives for our frames
(https://www.w3.org/TR/json-ld11-framing/#framing-algorithm), without passing over all nodes for each property that is
read backwards. Tests compare it with PyLD for every frame.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.jsonld.frame import Frame, Part
from jhaan_kg.namespaces import RDF_TYPE
from jhaan_kg.natural import Natural, natural


class Framed(NamedTuple):
    """A node as it stands in a document.

    Attributes:
        iri: of the node.
        types: the IRIs of its classes; None where nothing but the IRI stands there.
        values: what stands there for each property, in the order of the frame; nothing for those without.
    """

    iri: str
    types: tuple[str, ...] | None
    values: tuple[tuple[Part, list[Framed | Literal]], ...]


class Graph:
    """The triples of a graph, to be followed in both directions."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Index the triples.

        Args:
            triples: of a graph without blank nodes.

        Raises:
            JhaanError: there is a blank node.
        """
        self.types: dict[str, list[str]] = defaultdict(list)
        self.instances: dict[str, list[str]] = defaultdict(list)
        self.objects: dict[tuple[str, str], list[NamedNode | Literal]] = defaultdict(list)
        self.subjects: dict[tuple[str, str], list[NamedNode | Literal]] = defaultdict(list)
        for triple in triples:
            subject, predicate, value = triple
            if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
                raise JhaanError(f"{triple}: only IRIs and literals can be framed.")
            if predicate == RDF_TYPE:
                self.types[subject.value].append(value.value)
                self.instances[value.value].append(subject.value)
            else:
                self.objects[subject.value, predicate.value].append(value)
                if isinstance(value, NamedNode):
                    self.subjects[value.value, predicate.value].append(subject)


def framed(graph: Graph, frame: Frame) -> Iterator[Framed]:
    """Give the nodes that a frame asks for, each once, sorted by IRI.

    Args:
        graph: where they are.
        frame: what of them goes out.
    """
    found = {iri for kind in frame.types for iri in graph.instances.get(kind, ())}
    for iri in sorted(found, key=natural):
        yield _node(graph, frame, iri, ())


def _node(graph: Graph, frame: Frame, iri: str, around: tuple[str, ...]) -> Framed:
    """Frame a node; `around` are the nodes in which it is embedded."""
    path = (*around, iri)
    values = []
    for part in frame.parts:
        linked = graph.subjects if part.backwards else graph.objects
        found = list(_values(graph, part.frame, linked.get((iri, part.iri), ()), path))
        if found:
            values.append((part, sorted(found, key=_order)))
    return Framed(iri, tuple(graph.types.get(iri, ())), tuple(values))


def _values(
    graph: Graph, frame: Frame, values: Iterable[NamedNode | Literal], path: tuple[str, ...]
) -> Iterator[Framed | Literal]:
    for value in values:
        if isinstance(value, Literal):
            yield value
        elif frame.embed is None:
            raise ValueError(f"{path[-1]}: a frame for literals meets {value}")
        elif _matches(graph, frame, value.value):
            # A node within itself would have no end, so only its IRI stands there.
            if frame.embed and value.value not in path:
                yield _node(graph, frame, value.value, path)
            else:
                yield Framed(value.value, None, ())


def _matches(graph: Graph, frame: Frame, iri: str) -> bool:
    """Whether a frame means a node: by its class, or else by having one of the properties (frame matching)."""
    if frame.types:
        return not set(frame.types).isdisjoint(graph.types.get(iri, ()))
    forward = [part.iri for part in frame.parts if not part.backwards]
    return not forward or any((iri, key) in graph.objects for key in forward)


def _order(value: Framed | Literal) -> tuple[bool, Natural]:
    return isinstance(value, Literal), natural(value.iri if isinstance(value, Framed) else str(value))

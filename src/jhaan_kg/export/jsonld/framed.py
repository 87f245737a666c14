"""Framed documents: for each thing of one class, all that belongs to it, in one JSON object.

A document is what the framing algorithm makes of our frames (https://www.w3.org/TR/json-ld11-framing/#framing-algorithm),
without passing over all nodes for each property that is read backwards. Tests compare it with PyLD for every frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.jsonld.frame import JsonLdFrame, check_frame_name, frame_document, parse_frame
from jhaan_kg.export.request import Request
from jhaan_kg.graph import Graph, Term
from jhaan_kg.namespaces import RDF_TYPE
from jhaan_kg.natural import Natural, natural
from jhaan_kg.results.jsonld import Compaction, Context, context_of, lay_out, load_context

_Object = dict[str, Any]


def write(request: Request) -> bytes:
    """Write the document of a class: in `@graph` its things, sorted by IRI, with what the frame names of them.

    Raises:
        JhaanError: there is no such frame; or what is inferred is left out, without which things have no classes.
    """
    name = check_frame_name(request.frame)
    if not request.inferred:
        raise JhaanError(
            "A framed document is about a class, and classes are inferred. Leave out --no-inferred."
        )
    context = load_context()
    # A thing names its passages by statedIn; no frame asks for the evidence of single triples.
    framer = Framer(Graph.of(request._replace(evidence=False).quads()), context)
    things = framer.frame(parse_frame(frame_document(name), context))
    used = context_of(context, framer.compaction.used, by_reference=request.by_reference)
    return lay_out({"@context": used, "@graph": things})


class Framer:
    """Frames the nodes of a graph as JSON, with the keys of a context in the order of the frame."""

    def __init__(self, graph: Graph, context: Context) -> None:
        self._graph, self._context = graph, context
        self.compaction = Compaction(context)

    def frame(self, frame: JsonLdFrame) -> list[_Object]:
        """Return the nodes that a frame asks for, each once, sorted by IRI."""
        nodes = {node for kind in frame.types for node in self._graph.instances(NamedNode(kind))}
        return [self._node(frame, node, ()) for node in sorted(nodes, key=_order)]

    def _node(self, frame: JsonLdFrame, node: NamedNode, around: tuple[NamedNode, ...]) -> _Object:
        """Frame a node; `around` are the nodes in which it is embedded."""
        framed = {"id": node.value, **self._compact(node, RDF_TYPE, self._graph.values(node, RDF_TYPE))}
        for part in frame.parts:
            predicate = NamedNode(part.iri)
            linked: Iterable[Term] = (
                self._graph.subjects(predicate, node)
                if part.backwards
                else self._graph.values(node, predicate)
            )
            found = list(self._embed(part.frame, sorted(linked, key=_order), (*around, node)))
            if all(embedded is None for _, embedded in found):
                framed |= self._compact(node, predicate, [value for value, _ in found])
                continue
            written: list[Any] = []
            for value, embedded in found:
                if embedded is not None:
                    written.append(embedded)
                else:
                    (single,) = self._compact(node, predicate, [value]).values()
                    written += single if isinstance(single, list) else [single]
            definition = self._context.keys[part.iri]
            key = part.key if part.backwards else definition.name
            self.compaction.used.add(key)
            framed[key] = written if part.backwards or definition.many or len(written) > 1 else written[0]
        return framed

    def _embed(
        self, frame: JsonLdFrame, values: Iterable[Term], path: tuple[NamedNode, ...]
    ) -> Iterator[tuple[Term, _Object | None]]:
        """Yield each value that a frame means, and the node to embed; None for a literal or an IRI."""
        for value in values:
            if isinstance(value, Literal):
                yield value, None
            elif frame.embed is None or not isinstance(value, NamedNode):
                raise ValueError(f"{path[-1].value}: a frame for literals meets {value}")
            elif self._matches(frame, value):
                # A node within itself would have no end, so it is an IRI there.
                embeds = frame.embed and value not in path
                yield value, self._node(frame, value, path) if embeds else None

    def _matches(self, frame: JsonLdFrame, node: NamedNode) -> bool:
        """Whether a frame means a node: by its class, or else by having one of the properties (frame matching)."""
        if frame.types:
            return not set(frame.types).isdisjoint(self._graph.texts(node, RDF_TYPE))
        forward = [NamedNode(part.iri) for part in frame.parts if not part.backwards]
        return not forward or any(self._graph.values(node, predicate) for predicate in forward)

    def _compact(self, node: NamedNode, predicate: NamedNode, values: Iterable[Term]) -> _Object:
        """Write the values of one property: under its key, or those that the key can't hold under its IRI."""
        objects = self.compaction.nodes(Triple(node, predicate, value) for value in values)
        return {key: value for entry in objects for key, value in entry.items() if key != "id"}


def _order(value: Term) -> tuple[bool, Natural]:
    return isinstance(value, Literal), natural(value.value if isinstance(value, NamedNode) else str(value))

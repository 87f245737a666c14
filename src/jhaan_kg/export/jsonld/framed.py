"""Framed documents: of each thing of one class all that belongs to it, in one JSON object."""

from __future__ import annotations

from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.jsonld.frame import Part, frame_document, known_frame, parse_frame
from jhaan_kg.export.jsonld.framing import Framed, Graph, framed
from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import RDF_TYPE
from jhaan_kg.results.jsonld import Compaction, Context, context_of, lay_out, load_context


def write(request: Request) -> bytes:
    """Write the document of a class: in `@graph` its things, sorted by IRI, with what the frame names of them.

    Args:
        request: what is to be written; `frame` is the name of the frame.

    Returns:
        The file's bytes, in UTF-8; they depend on the request only.

    Raises:
        JhaanError: there is no such frame; or what is inferred is left out, without which things have no classes.
    """
    name = known_frame(request.frame)
    if not request.inferred:
        raise JhaanError(
            "A framed document is about a class, and classes are inferred. Leave out --no-inferred."
        )
    context = load_context()
    frame = parse_frame(frame_document(name), context)
    writer = _Writer(context)
    # A thing names its passages by statedIn; no frame asks for the evidence of single triples.
    graph = Graph(request._replace(evidence=False).triples())
    things = [writer.node(thing) for thing in framed(graph, frame)]
    used = context_of(context, writer.compaction.used, by_reference=request.by_reference)
    return lay_out({"@context": used, "@graph": things})


class _Writer:
    """Writes framed nodes as JSON, with the keys of the context in the order of the frame."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.compaction = Compaction(context)

    def node(self, node: Framed) -> dict[str, Any]:
        made = self._own(node.iri, RDF_TYPE, [NamedNode(iri) for iri in node.types or ()])
        for part, values in node.values:
            nodes = [value for value in values if isinstance(value, Framed) and value.types is not None]
            if nodes:
                made[self._key(part)] = self._embedded(node.iri, part, values)
            else:
                terms = [NamedNode(value.iri) if isinstance(value, Framed) else value for value in values]
                made |= self._own(node.iri, NamedNode(part.iri), terms)
        return {"id": node.iri, **made}

    def _embedded(self, iri: str, part: Part, values: list[Framed | Literal]) -> Any:
        written = []
        for value in values:
            if isinstance(value, Framed) and value.types is not None:
                written.append(self.node(value))
            else:
                term = NamedNode(value.iri) if isinstance(value, Framed) else value
                (single,) = self._own(iri, NamedNode(part.iri), [term]).values()
                written += single if isinstance(single, list) else [single]
        many = part.backwards or self._context.keys[part.iri].many
        return written if many or len(written) > 1 else written[0]

    def _own(self, iri: str, predicate: NamedNode, values: list[NamedNode | Literal]) -> dict[str, Any]:
        """Write the values of one property: under its key, or those that the key can't hold under its IRI."""
        nodes = self.compaction.nodes(Triple(NamedNode(iri), predicate, value) for value in values)
        return {key: held for node in nodes for key, held in node.items() if key != "id"}

    def _key(self, part: Part) -> str:
        key = part.key if part.backwards else self._context.keys[part.iri].name
        self.compaction.used.add(key)
        return key

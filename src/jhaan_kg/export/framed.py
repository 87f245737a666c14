"""Framed documents: one JSON object for each entity of a class.

The related entities are embedded.

A document is the result of the framing algorithm (https://www.w3.org/TR/json-ld11-framing/#framing-algorithm). This
implementation is faster, because it does not search all nodes for each reverse property.

A frame selects the nodes of a document and their properties. It is a hand-written JSON-LD 1.1 Framing file in
`frames/`, which may only use these keywords:

- `@type` selects nodes.
- `@explicit: true` restricts the output to the properties in the frame.
- `@embed: "@always"` embeds linked nodes, and `@embed: "@never"` outputs only their IRIs. A frame without `@embed` is
  for literals.
- `@omitDefault: true` omits missing properties.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.request import Request
from jhaan_kg.graph import Graph, Term
from jhaan_kg.namespaces import RDF_TYPE
from jhaan_kg.near import Natural, natural, suggest
from jhaan_kg.results.jsonld import Compaction, Context, context_of, lay_out, load_context

_FOLDER: Final = Path(__file__).parent / "frames"


class FrameProperty(NamedTuple):
    """A property of a frame.

    Attributes:
        key: the key in the frame.
        iri: the IRI of the property.
        backwards: whether the property is reversed: the output contains its subjects instead of its values.
        frame: the frame for the values or subjects.
    """

    key: str
    iri: str
    backwards: bool
    frame: JsonLdFrame


class JsonLdFrame(NamedTuple):
    """A frame for a document, or for the values of a property.

    Attributes:
        types: the IRIs of the classes of nodes; empty for any class.
        embed: whether nodes are embedded with their properties instead of as IRIs; None for literals.
        parts: the properties in the output, in the order of the file.
    """

    types: tuple[str, ...]
    embed: bool | None
    parts: tuple[FrameProperty, ...]


def frame_names() -> list[str]:
    """Return the names of all frames, sorted."""
    return sorted(file.stem for file in _FOLDER.glob("*.jsonld"))


def check_frame_name(name: str | None) -> str:
    """Check the name of a frame, and return it.

    Raises:
        JhaanError: the frame does not exist; the message lists all frames.
    """
    if name not in frame_names():
        if name is None:
            raise JhaanError(f"Missing option --class. Choose one of: {', '.join(frame_names())}.")
        raise JhaanError(f'Unknown class "{name}".{suggest(name, frame_names())}')
    return name


def frame_document(name: str) -> dict[str, Any]:
    """Read the file of a frame; `name` is one of `frame_names()`."""
    document: dict[str, Any] = json.loads((_FOLDER / f"{name}.jsonld").read_bytes())
    return document


def parse_frame(document: Mapping[str, Any], context: Context) -> JsonLdFrame:
    """Parse a frame, with the terms of a context."""
    named, embed = document.get("@type", []), document.get("@embed")
    types = [context.definitions[name] for name in ([named] if isinstance(named, str) else named)]
    parts = [
        FrameProperty(key, *_resolve_key(key, context), parse_frame(value, context))
        for key, value in document.items()
        if not key.startswith("@")
    ]
    return JsonLdFrame(tuple(types), None if embed is None else embed == "@always", tuple(parts))


def _resolve_key(key: str, context: Context) -> tuple[str, bool]:
    """Return the IRI of a property, and whether it is reversed.

    Frames use the IRI of a property with language maps instead of its key, because a frame is not a language map.
    """
    definition = context.definitions.get(key, key)
    if isinstance(definition, str):
        return definition, False
    backwards = "@reverse" in definition
    return definition["@reverse" if backwards else "@id"], backwards


_Object = dict[str, Any]


def write(request: Request) -> bytes:
    """Return the framed document of a class, with the entities sorted by IRI in `@graph`.

    Raises:
        JhaanError: the frame does not exist, or the request excludes inferred statements.
    """
    name = check_frame_name(request.frame)
    if not request.inferred:
        raise JhaanError("Format jsonld-framed needs inferred statements. Remove --no-inferred.")
    context = load_context()
    # Without the evidence, entities still link to their passages (`statedIn`), and frames use nothing else.
    framer = Framer(Graph.of(request._replace(evidence=False).quads()), context)
    things = framer.frame(parse_frame(frame_document(name), context))
    used = context_of(context, framer.compaction.used, by_reference=request.by_reference)
    return lay_out({"@context": used, "@graph": things})


class Framer:
    """Framing of the nodes of a graph as JSON.

    The keys are those of a context, in the order of the frame.
    """

    def __init__(self, graph: Graph, context: Context) -> None:
        self._graph, self._context = graph, context
        self.compaction = Compaction(context)

    def frame(self, frame: JsonLdFrame) -> list[_Object]:
        """Return the distinct nodes that match a frame, sorted by IRI."""
        nodes = {node for kind in frame.types for node in self._graph.instances(NamedNode(kind))}
        return [self._node(frame, node, ()) for node in sorted(nodes, key=_order)]

    def _node(self, frame: JsonLdFrame, node: NamedNode, around: tuple[NamedNode, ...]) -> _Object:
        """Return a framed node; `around` are the nodes in which it is embedded."""
        framed = {"id": node.value, **self._compact(node, RDF_TYPE, self._graph.values(node, RDF_TYPE))}
        for part in frame.parts:
            predicate = NamedNode(part.iri)
            linked: Iterable[Term] = (
                self._graph.subjects(predicate, node)
                if part.backwards
                else self._graph.values(node, predicate)
            )
            pairs = list(self._embed(part.frame, sorted(linked, key=_order), (*around, node)))
            if all(embedded is None for _, embedded in pairs):
                framed |= self._compact(node, predicate, [value for value, _ in pairs])
                continue
            written: list[Any] = []
            for value, embedded in pairs:
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
        """Yield each value that matches a frame, and the node to embed.

        The node is None for a literal or an IRI.
        """
        for value in values:
            if isinstance(value, Literal):
                yield value, None
            elif frame.embed is None or not isinstance(value, NamedNode):
                raise ValueError(f"{path[-1].value}: a frame for literals meets {value}")
            elif self._matches(frame, value):
                # Do not embed a node within itself, which would be an infinite recursion.
                embeds = frame.embed and value not in path
                yield value, self._node(frame, value, path) if embeds else None

    def _matches(self, frame: JsonLdFrame, node: NamedNode) -> bool:
        """Return whether a frame matches a node by class, or by a property if the frame has no class."""
        if frame.types:
            return not set(frame.types).isdisjoint(self._graph.texts(node, RDF_TYPE))
        forward = [NamedNode(part.iri) for part in frame.parts if not part.backwards]
        return not forward or any(self._graph.values(node, predicate) for predicate in forward)

    def _compact(self, node: NamedNode, predicate: NamedNode, values: Iterable[Term]) -> _Object:
        """Return the values of a property by key.

        If the key cannot represent them, they are under the IRI of the property.
        """
        objects = self.compaction.nodes(Triple(node, predicate, value) for value in values)
        return {key: value for entry in objects for key, value in entry.items() if key != "id"}


def _order(value: Term) -> tuple[bool, Natural]:
    return isinstance(value, Literal), natural(value.value if isinstance(value, NamedNode) else str(value))

"""Nested JSON: one object for each entity of a class, with the nodes that belong to it.

An object has the statements about its entity, with the labels of linked entities. Under the inverse keys of the
context it lists the nodes that refer to the entity. A node without a name of its own, such as a participation, belongs
to the entity that it refers to, so it is nested with its own statements. Other entities only have their label.

The document is JSON-LD 1.1, and all its statements are in the graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.request import Request
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import ID, RDF_TYPE, RDFS_LABEL, jhaan
from jhaan_kg.near import natural, suggest
from jhaan_kg.results.jsonld import Compaction, context_of, lay_out, load_context

_LABEL_TEMPLATE: Final = jhaan("labelTemplate")
_STATED_IN: Final = jhaan("statedIn")

_Object = dict[str, Any]


def write(request: Request) -> bytes:
    """Return the nested entities of a class, sorted by IRI in `@graph`.

    Raises:
        JhaanError: the class is missing or unknown, or the request excludes inferred statements.
    """
    request.refuse_without_inferred()
    # Without the evidence, entities still link to their passages (`statedIn`).
    nesting = Nesting(Graph.of(request._replace(evidence=False).quads()))
    things = nesting.entities(nesting.find_class(request.frame))
    used = context_of(load_context(), nesting.compaction.used, by_reference=request.by_reference)
    return lay_out({"@context": used, "@graph": things})


class Nesting:
    """The nodes of a graph as nested JSON, with the keys of the context."""

    def __init__(self, graph: Graph) -> None:
        self._graph, self._context = graph, load_context()
        self.compaction = Compaction(self._context)
        self._inverse = {
            key: NamedNode(definition["@reverse"])
            for key, definition in self._context.definitions.items()
            if isinstance(definition, dict) and "@reverse" in definition
        }
        self._links = {key.name for key in self._context.keys.values() if key.type == "@id"}
        self._parts = {node for kind in graph.subjects(_LABEL_TEMPLATE) for node in graph.instances(kind)}

    def find_class(self, name: str | None) -> NamedNode:
        """Return the class with a name, such as `Event` or `working-group`.

        Raises:
            JhaanError: there is no name, or no entity of such a class.
        """
        kinds = {kind for thing in self._things() for kind in self._graph.nodes(thing, RDF_TYPE)}
        names = {self._context.names[kind.value]: kind for kind in kinds if kind.value in self._context.names}
        if name is None:
            raise JhaanError("Missing option --class. Name a class of the ontology, such as Event.")
        for known, kind in names.items():
            if known.casefold() == name.replace("-", "").casefold():
                return kind
        raise JhaanError(f'Unknown class "{name}".{suggest(name, sorted(names))}')

    def entities(self, kind: NamedNode) -> list[_Object]:
        """Return the entities of a class, sorted by IRI."""
        return [self._nest(node, ()) for node in _sorted(self._graph.instances(kind))]

    def _things(self) -> Iterable[NamedNode]:
        return (thing for thing in self._graph.subjects(RDF_TYPE) if thing.value.startswith(ID))

    def _nest(self, node: NamedNode, around: tuple[NamedNode, ...]) -> _Object:
        """Return a node with its statements and its parts; `around` are the nodes in which it is nested."""
        (own,) = self.compaction.nodes(self._graph.triples(node))
        nested = {key: self._link(value) if key in self._links else value for key, value in own.items()}
        for key, predicate in self._inverse.items():
            if (
                predicate == _STATED_IN and around
            ):  # a part of a section would repeat all statements of the section
                continue
            subjects = [
                thing for thing in _sorted(self._graph.subjects(predicate, node)) if thing not in around
            ]
            if subjects:
                self.compaction.used.add(key)
                nested[key] = [
                    self._nest(thing, (*around, node)) if thing in self._parts else self._link(thing.value)
                    for thing in subjects
                ]
        return nested

    def _link(self, value: Any) -> Any:
        """Return the links of a key, each with the label of the linked entity."""
        if isinstance(value, list):
            return [self._link(entry) for entry in value]
        labels = self._graph.triples(NamedNode(value), RDFS_LABEL)
        return next(self.compaction.nodes(labels), {"id": value})


def _sorted(nodes: Iterable[NamedNode]) -> list[NamedNode]:
    return sorted(nodes, key=lambda node: natural(node.value))

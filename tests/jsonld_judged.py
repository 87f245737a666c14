"""The project's JSON-LD and that of PyLD, in comparable forms."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from pyld import jsonld
from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export
from jhaan_kg.export.framed import frame_document
from jhaan_kg.namespaces import RDF_TYPE, XSD
from jhaan_kg.results.jsonld import load_context
from readers import PYLD


def comparable(value: Any) -> Any:
    """Sort arrays, which are sets in JSON-LD, and write the type of a value under the keyword.

    Processors write it under the name of `@type`. rdflib 7.6.0 reads it only under the keyword, so we write that.
    """
    if isinstance(value, dict):
        typed = "@value" in value
        return {
            "@type" if typed and key == "type" else key: comparable(entry) for key, entry in value.items()
        }
    if isinstance(value, list):
        return sorted(map(comparable, value), key=lambda entry: json.dumps(entry, sort_keys=True))
    return value


def compacted(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return nodes as PyLD writes them after expanding and compacting them."""
    document = {"@context": load_context().definitions, "@graph": nodes}
    made = jsonld.compact(jsonld.expand(document, PYLD), document, PYLD | {"graph": True})
    return {node["id"]: comparable(node) for node in made["@graph"]}


def flat(snapshot: Snapshot) -> frozenset[Triple]:
    """Return the flat graph without evidence."""
    return frozenset(quad.triple for quad in snapshot.quads(evidence=False, context=True))


def expanded(triples: Iterable[Triple]) -> list[dict[str, Any]]:
    """Return a graph in JSON-LD's expanded form, converted from its triples without the program."""
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in triples:
        node = nodes.setdefault(subject.value, {"@id": subject.value})
        if predicate == RDF_TYPE:
            node.setdefault("@type", []).append(value.value)
        else:
            node.setdefault(predicate.value, []).append(_expanded(value))
    return [nodes[iri] for iri in sorted(nodes)]


def _expanded(value: NamedNode | Literal) -> dict[str, Any]:
    if isinstance(value, NamedNode):
        return {"@id": value.value}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype.value == XSD + "integer":
        return {"@value": int(value.value), "@type": value.datatype.value}
    if value.datatype.value == XSD + "string":
        return {"@value": value.value}
    return {"@value": value.value, "@type": value.datatype.value}


def without_empty(value: Any) -> Any:
    """Remove the empty lists that processors write for inverse properties without an entity of the framed class."""
    if isinstance(value, dict):
        return {key: without_empty(entry) for key, entry in value.items() if entry != []}
    return list(map(without_empty, value)) if isinstance(value, list) else value


def framed_by_pyld(graph: list[dict[str, Any]], name: str) -> Any:
    """Return the result of PyLD's framing of a graph in expanded form."""
    framed = jsonld.frame(graph, frame_document(name), {**PYLD, "omitGraph": False})
    return comparable(without_empty(framed["@graph"]))


@cache
def framed_bytes(name: str) -> bytes:
    """Return a framed document of the real graph."""
    return export(open_snapshot(), "jsonld-framed", frame=name)


def framed_document(name: str) -> Any:
    """Return a new copy of a framed document of the real graph."""
    return json.loads(framed_bytes(name))


@cache
def schema(name: str) -> Any:
    """Return the JSON Schema of a framed document."""
    return json.loads(export(open_snapshot(), "jsonld-schema", frame=name))


def labels(nodes: list[dict[str, Any]]) -> list[str]:
    """Return the English labels of nodes."""
    return [node["label"]["en"] for node in nodes]

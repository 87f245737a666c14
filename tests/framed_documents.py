"""The graph, and the framed documents of it, for tests."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export
from jhaan_kg.namespaces import ID, RDF_TYPE, XSD


@cache
def flat() -> frozenset[Triple]:
    """The flat graph without evidence."""
    return frozenset(quad.triple for quad in open_snapshot().quads(evidence=False, context=True))


@cache
def expanded() -> list[dict[str, Any]]:
    """The flat graph in JSON-LD's expanded form, made from its triples without the program."""
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in flat():
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


@cache
def framed_bytes(name: str) -> bytes:
    return export(open_snapshot(), "jsonld-framed", frame=name)


def framed_document(name: str) -> Any:
    """A framed document; whoever changes it changes a copy."""
    return json.loads(framed_bytes(name))


def thing(name: str, path: str) -> Any:
    """A thing out of a framed document, by what follows https://w3id.org/jhaan/id/ in its IRI."""
    (found,) = [node for node in framed_document(name)["@graph"] if node["id"] == ID + path]
    return found


def labels(nodes: list[dict[str, Any]]) -> list[str]:
    return [node["label"]["en"] for node in nodes]


def unordered(value: Any) -> Any:
    """JSON with its arrays sorted, since those of JSON-LD are sets."""
    if isinstance(value, dict):
        return {key: unordered(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return sorted(map(unordered, value), key=lambda entry: json.dumps(entry, sort_keys=True))
    return value

"""The snapshot as a file in one of the common formats, the same bytes for the same snapshot.

Nothing goes through a store, which would rewrite lexical forms: what is written are the quads that the snapshot holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from jhaan_kg.namespaces import GRAPH, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot

FLAT: Final = {
    "ntriples": RdfFormat.N_TRIPLES,
    "turtle": RdfFormat.TURTLE,
    "rdfxml": RdfFormat.RDF_XML,
}
DATASET: Final = {"nquads": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG}
INFERRED: Final = GRAPH + "inferred/"


def export(
    snapshot: Snapshot, form: str, *, inferred: bool = True, context: bool = True, evidence: bool = True
) -> bytes:
    """Write the graph.

    Args:
        snapshot: what is written.
        form: ntriples, turtle, rdfxml or jsonld for the flat graph, which is the union of the named graphs less the
            evidence; nquads or trig for the dataset.
        inferred: whether to keep what follows from what is stated.
        context: whether to keep facts from outside the report.
        evidence: whether a dataset keeps its evidence.

    Returns:
        The file's bytes, in UTF-8; sorted, so that they depend on the snapshot only.
    """
    dataset = form in DATASET
    quads = [
        quad
        for quad in snapshot.quads(evidence=evidence and dataset, context=context)
        if inferred or not str(quad.graph_name.value).startswith(INFERRED)
    ]
    if dataset:
        return _serialized(sorted(quads, key=_reading_order), DATASET[form])
    triples = sorted({quad.triple for quad in quads}, key=_reading_order)
    return _jsonld(triples) if form == "jsonld" else _serialized(triples, FLAT[form])


def _reading_order(statement: Quad | Triple) -> tuple[str, ...]:
    """Sort by graph and subject, types first: so serializers that write as they read group by subject."""
    graph = str(statement.graph_name) if isinstance(statement, Quad) else ""
    predicate = "" if statement.predicate == RDF_TYPE else str(statement.predicate)
    return graph, str(statement.subject), predicate, str(statement.object)


def _serialized(statements: Iterable[Quad | Triple], form: RdfFormat) -> bytes:
    prefixes = PREFIXES if form in (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML) else None
    data = serialize(statements, format=form, prefixes=prefixes)
    return data or b""


def _jsonld(triples: list[Triple]) -> bytes:
    """Write one document of `@context` and `@graph`; an `@id` beside them would make it a named graph."""
    from rdflib import Graph

    graph = Graph().parse(data=_serialized(triples, RdfFormat.N_TRIPLES), format="nt")
    text = graph.serialize(format="json-ld", context=dict(PREFIXES), auto_compact=False, sort_keys=True)
    document = json.loads(text)
    nodes = (
        document["@graph"]
        if "@graph" in document
        else [{k: v for k, v in document.items() if k != "@context"}]
    )
    sorted_nodes = [_sorted_values(node) for node in sorted(nodes, key=lambda node: str(node["@id"]))]
    result = {"@context": document["@context"], "@graph": sorted_nodes}
    return (json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _sorted_values(node: dict[str, Any]) -> dict[str, Any]:
    """Sort the values of each property: they are sets, and rdflib gives them in the order of its hash tables."""
    return {
        key: sorted(value, key=lambda item: json.dumps(item, sort_keys=True))
        if isinstance(value, list)
        else value
        for key, value in node.items()
    }

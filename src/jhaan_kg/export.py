"""The snapshot as a file in one of the common formats, the same bytes for the same snapshot.

Nothing goes through a store, which would rewrite lexical forms: what is written are the quads that the snapshot holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import RdfFormat, Triple, serialize

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.namespaces import GRAPH, PREFIXES
from jhaan_kg.results.graphs import in_reading_order, render_graph

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot

FLAT: Final = {"ntriples": "ntriples", "turtle": "ttl", "jsonld": "jsonld"}
"""The formats of the flat graph that the answers of CONSTRUCT queries have too, and their names there."""
DATASET: Final = {"nquads": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG}
FORMATS: Final = (*FLAT, "rdfxml", *DATASET)
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
        if inferred or not graph_name(quad).startswith(INFERRED)
    ]
    if dataset:
        quads.sort(key=lambda quad: (graph_name(quad), in_reading_order(quad.triple)))
        prefixes = PREFIXES if form == "trig" else None
        return serialize(quads, format=DATASET[form], prefixes=prefixes) or b""
    triples: set[Triple] = {quad.triple for quad in quads}
    if form == "rdfxml":
        ordered = sorted(triples, key=in_reading_order)
        return serialize(ordered, format=RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
    return render_graph(triples, FLAT[form])

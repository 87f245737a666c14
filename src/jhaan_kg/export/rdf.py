"""The graph in the languages of RDF."""

from __future__ import annotations

from typing import Final

from pyoxigraph import RdfFormat, serialize

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.results.graphs import in_reading_order, render_graph

_DATASET: Final = {"nquads": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG}
_FLAT: Final = {"ntriples": "ntriples", "turtle": "ttl"}


def write(request: Request) -> bytes:
    """Write the graph: ntriples, turtle or rdfxml the flat graph, nquads or trig the dataset.

    Args:
        request: what is to be written.

    Returns:
        The file's bytes, in UTF-8; sorted, so that they depend on the request only.
    """
    if request.form in _DATASET:
        quads = sorted(request.quads(), key=lambda quad: (graph_name(quad), in_reading_order(quad.triple)))
        prefixes = PREFIXES if request.form == "trig" else None
        return serialize(quads, format=_DATASET[request.form], prefixes=prefixes) or b""
    triples = request.triples()
    if request.form == "rdfxml":
        ordered = sorted(triples, key=in_reading_order)
        return serialize(ordered, format=RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
    return render_graph(triples, _FLAT[request.form])

"""The stored questions as files of SPARQL, as authored, with a catalogue of them in RDF."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import RdfFormat, parse

from jhaan_kg.build.graphs import QUERIES_GRAPH
from jhaan_kg.export.authored import authored
from jhaan_kg.export.request import Request
from jhaan_kg.results.graphs import render_graph


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Return the stored questions by topic, and the catalogue that describes them to SPARQL editors.

    Args:
        request: of which snapshot.

    Yields:
        The path of each file within the folder `queries`, and its bytes.

    Raises:
        JhaanError: the files as authored are not at hand.
    """
    for path, data in authored(request.snapshot, "queries").items():
        yield path.removeprefix("queries/"), data
    graph = next((file for file in request.snapshot.graphs if file.graph == QUERIES_GRAPH.value), None)
    if graph:
        triples = {quad.triple for quad in parse(graph.read(), format=RdfFormat.N_QUADS)}
        yield "catalogue.ttl", render_graph(triples, "ttl")

"""The graph from Python, as a whole: the views of rdflib, and an endpoint that has all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib

from jhaan_kg import KnowledgeGraph
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.namespaces import PREFIXES
from servers.oxigraph import oxigraph, saved


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open()


def test_the_views_hold_the_graph_as_it_was_written(graph: KnowledgeGraph) -> None:
    snapshot = open_snapshot()
    flat, dataset = graph.graph, graph.dataset
    assert graph.graph is flat
    assert graph.dataset is dataset
    assert len(flat) == snapshot.triples(evidence=False)
    assert len(dataset) == snapshot.triples(evidence=True)
    named = {graph.identifier for graph in dataset.graphs()} - {rdflib.graph.DATASET_DEFAULT_GRAPH_ID}
    assert {str(name) for name in named} == set(snapshot.graph_names)
    assert dict(flat.namespaces()).items() >= {p: rdflib.URIRef(n) for p, n in PREFIXES.items()}.items()
    written = {
        line.rsplit(" <", 1)[0] + " ."
        for quads in snapshot.files(evidence=False, context=True)
        for line in quads.read().decode().splitlines()
    }
    plain = [
        triple for triple in flat if not re.search(r'["\\\n\r\t]', triple[2])
    ]  # no escapes: two ways to write them
    assert len(plain) > 30_000
    assert {f"{s.n3()} {p.n3()} {o.n3()} ." for s, p, o in plain} <= written
    agencies = "SELECT ?a { ?a a <https://w3id.org/jhaan/ontology#Agency> }"
    assert len(flat.query(agencies)) == len(dataset.query(agencies)) == 9
    assert len(dataset.graph(rdflib.URIRef("https://w3id.org/jhaan/graph/register/agencies"))) > 9


ASKED: list[tuple[str, dict[str, str]]] = [
    ("contradictions", {}),
    ("empact-co-run", {}),
    ("event-participants", {"event": "JHAAN Heads of Agencies meeting 2023"}),
    ("agency-profile", {"agency": "frontex"}),
    ("pairs-that-meet-without-highlight", {"agency": "europol"}),
    ("what-the-report-cannot-tell", {}),
    ("members-and-observers", {}),
    ("most-central-agencies", {"rule": "meeting"}),
]


@pytest.mark.parametrize("union", [True, False])
def test_an_endpoint_gives_the_rows_and_passages_of_the_embedded_engine(
    union: bool, graph: KnowledgeGraph, tmp_path: Path
) -> None:
    quads = open_snapshot().quads(evidence=True, context=True)
    with oxigraph(saved(tmp_path, quads), union=union) as server:
        endpoint = KnowledgeGraph.open(server.query)
        for name, given in ASKED:
            first, second = graph.query(name, cite=True, **given), endpoint.query(name, cite=True, **given)
            assert first.rows, name
            assert first.rows == second.rows, name
            assert first.cited == second.cited, name
            assert first.contested == second.contested, name
        assert graph.explain("Europol") == endpoint.explain("Europol")

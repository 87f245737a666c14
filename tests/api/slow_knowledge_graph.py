"""The graph from Python, as a whole: the views of rdflib, and an endpoint that has all of it."""

from __future__ import annotations

import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import rdflib

from jhaan_kg import JhaanError, KnowledgeGraph, Resource
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
    ("agency-events", {"agency": "frontex"}),
    ("pairs-that-meet-without-highlight", {"agency": "europol"}),
    ("what-the-report-cannot-tell", {}),
    ("members-and-observers", {}),
    ("most-central-agencies", {"rule": "meeting"}),
]


def test_an_endpoint_gives_the_rows_and_passages_of_the_embedded_engine(
    graph: KnowledgeGraph, tmp_path: Path
) -> None:
    quads = open_snapshot().quads(evidence=True, context=True)
    with oxigraph(saved(tmp_path, quads), union=False) as server:
        endpoint = KnowledgeGraph.open(server.query)
        for name, given in ASKED:
            first, second = graph.query(name, cite=True, **given), endpoint.query(name, cite=True, **given)
            assert first.rows, name
            assert first.rows == second.rows, name
            assert first.cited == second.cited, name
            assert first.contested == second.contested, name
        assert graph.explain("Europol") == endpoint.explain("Europol")


# --- threads -------------------------------------------------------------------------------------------------------


def test_many_threads_ask_at_once(graph: KnowledgeGraph) -> None:
    """All begin at once on a graph that has opened nothing yet."""
    expected = {
        (name, cite): graph.query(name, cite=cite)
        for name in ("contradictions", "renamings")
        for cite in (False, True)
    }
    fresh, start = KnowledgeGraph.open(), Barrier(12)

    def ask(number: int) -> bool:
        start.wait()
        name, cite = asked = list(expected)[number % len(expected)]
        table = fresh.query(name, cite=cite)
        return (table.rows, table.cited) == (expected[asked].rows, expected[asked].cited)

    with ThreadPoolExecutor(12) as threads:
        assert all(threads.map(ask, range(12)))


EUROPOL = "https://w3id.org/jhaan/id/agency/europol"


def test_a_parameter_takes_texts_resources_values_and_nothing(graph: KnowledgeGraph) -> None:
    europol = Resource(EUROPOL, "Europol")
    by_name = graph.query("organisers", agency="Europol").rows
    assert {row["agency"] for row in by_name} == {europol}
    assert graph.query("organisers", agency=europol).rows == by_name
    assert graph.query("organisers", agency=[europol]).rows == by_name
    both = graph.query("organisers", agency=["europol", "eu-LISA"]).rows
    assert {str(row["agency"]) for row in both} == {"Europol", "eu-LISA"}
    usual = graph.query("priorities-that-continue").rows
    assert len(graph.query("priorities-that-continue", period=None).rows) > len(usual)


def test_an_export_takes_the_options_of_its_format(graph: KnowledgeGraph, tmp_path: Path) -> None:
    assert gzip.decompress(graph.export("ntriples", gzip=True)) == graph.export("ntriples")
    assert b'"Survey"' in graph.export("jsonld-framed", frame="survey")
    graph.export("ontology", tmp_path / "ontology")
    assert (tmp_path / "ontology" / "empact.ttl").is_file()
    with pytest.raises(JhaanError, match=r"ontology needs an output folder: export\('ontology', FOLDER\)"):
        graph.export("ontology")
    with pytest.raises(JhaanError, match=r"Option --gzip does not apply to ontology\.$"):
        graph.export("ontology", tmp_path / "ontology", gzip=True)
    with pytest.raises(JhaanError, match="Format ontology always has the whole graph"):
        graph.export("ontology", tmp_path / "ontology", inferred=False)


def test_without_context_nothing_asks_it(graph: KnowledgeGraph) -> None:
    without = KnowledgeGraph.open(context=False)
    query = "ASK { ?agency jhaan:authorityEntry ?entry }"
    assert (graph.sparql(query), without.sparql(query)) == (True, False)


# --- where it is opened from ---------------------------------------------------------------------------------------


def test_a_path_is_a_snapshot_or_a_checkout(graph: KnowledgeGraph, root: Path) -> None:
    expected = graph.query("renamings", cite=True)
    for source in (open_snapshot().path, str(open_snapshot().path), root):
        table = KnowledgeGraph.open(source).query("renamings", cite=True)
        assert (table.rows, table.cited) == (expected.rows, expected.cited)

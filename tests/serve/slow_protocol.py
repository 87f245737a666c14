"""The protocols of SPARQL for the whole graph: all of it comes, in each format, with the default memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import requests
from protocol_read import VOID, Said, triples_of
from pyoxigraph import NamedNode, Triple
from raw_http import answered, head
from serving import Serving, serving

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.serve.protocol import GRAPHS, ROWS


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that takes its time, with the default memory."""
    with serving(tmp_path_factory.mktemp("patient"), "--timeout", "300") as running:
        yield running


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_all_triples_come(snapshot: Snapshot, patient: Serving, version: str) -> None:
    query = quote("SELECT * { ?s ?p ?o }")
    answer = answered(patient, head(f"GET /sparql?query={query} HTTP/{version}", "Host: x"))
    assert ("content-length" in answer.headers) is (version == "1.0")
    assert len(answer.body) > 40 * 10**6
    rows = json.loads(answer.body)["results"]["bindings"]
    assert len(rows) == snapshot.triples(evidence=True)
    assert len({tuple(row[name]["value"] for name in "spo") for row in rows}) > 160_000


@pytest.fixture(scope="module")
def everything(snapshot: Snapshot) -> set[Triple]:
    """All triples that are served."""
    return {quad.triple for quad in snapshot.quads(evidence=True, context=True)}


@pytest.mark.parametrize("media", {form: media for media, form in GRAPHS.items()}.values())
def test_the_default_graph_in_each_format(everything: set[Triple], patient: Serving, media: str) -> None:
    """JSON-LD takes some ten seconds of a processor that has nothing else to do."""
    answer = requests.get(f"{patient.url}/graphs?default", headers={"Accept": media}, timeout=300)
    assert answer.status_code == 200, answer.text
    assert triples_of(answer.content, GRAPHS[media]) == everything


def test_void_of_the_release_is_true(snapshot: Snapshot, patient: Serving) -> None:
    answer = requests.get(f"{patient.url}/.well-known/void", headers={"Accept": "text/turtle"}, timeout=60)
    assert answer.headers["Jhaan-Release"] == snapshot.key[:16]
    void = Said(triples_of(answer.content, "turtle"))
    (dataset,) = void.subjects(VOID + "sparqlEndpoint")
    assert void.the(dataset, VOID + "sparqlEndpoint") == NamedNode(patient.sparql)
    graphs = {graph for graph in void.objects(dataset, VOID + "subset") if graph.value.startswith(GRAPH)}
    sizes = {file.graph: file.triples for file in snapshot.graphs}
    assert {graph.value: int(void.the(graph, VOID + "triples").value) for graph in graphs} == sizes
    assert int(void.the(dataset, VOID + "triples").value) == sum(sizes.values())


def test_a_triple_as_a_value_ends_no_worker(server: Serving) -> None:
    """SPARQL 1.1 has none, but the engine does."""
    for media in ROWS:
        answer = server.ask("SELECT (<<( <urn:a> <urn:b> 1 )>> AS ?x) {}", media)
        assert answer.status_code in (200, 400, 406), answer.text
        assert "has ended" not in answer.text

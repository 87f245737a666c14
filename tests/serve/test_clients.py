"""The server and the programs that people ask SPARQL endpoints with."""

from __future__ import annotations

from typing import Any, Final

import pytest
import rdflib
from pyoxigraph import Literal
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serving import Serving
from SPARQLWrapper import GET, JSON, POST, POSTDIRECTLY, URLENCODED, XML, SPARQLWrapper

from jhaan_kg.build.cache import open_snapshot, store_for
from jhaan_kg.namespaces import GRAPH, ID, ONTOLOGY
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.query.endpoint import EndpointEngine
from jhaan_kg.query.engine import StoreEngine, answer
from jhaan_kg.query.names import resolve_parameters
from servers.comunica import comunica

pytestmark = pytest.mark.slow


LABELS: Final = f"""
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?agency ?label {{ ?agency a <{ONTOLOGY}Agency> ; rdfs:label ?label }} ORDER BY ?label
"""
CLASSES: Final = f"CONSTRUCT {{ ?agency a ?class }} {{ ?agency a <{ONTOLOGY}Agency>, ?class }}"
REGISTER: Final = GRAPH + "register/agencies"


@pytest.fixture(scope="module")
def engine() -> StoreEngine:
    """The embedded engine, which holds what is served."""
    return StoreEngine(store_for(open_snapshot(), evidence=True, context=True))


@pytest.fixture(scope="module")
def labels(engine: StoreEngine) -> list[str]:
    """What the agencies are called, in the order of `LABELS`."""
    return [str(label.value) for _, label in engine.select(LABELS).rows if isinstance(label, Literal)]


@pytest.mark.parametrize("way", [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)], ids=" ".join)
def test_sparqlwrapper_gets_rows_and_graphs(
    server: Serving, engine: StoreEngine, labels: list[str], way: tuple[str, str]
) -> None:
    assert len(labels) == 9

    def wrapped(query: str, form: str) -> Any:
        client = SPARQLWrapper(server.sparql, returnFormat=form)
        client.setMethod(way[0])
        client.setRequestMethod(way[1])
        client.setQuery(query)
        return client.queryAndConvert()

    assert [row["label"]["value"] for row in wrapped(LABELS, JSON)["results"]["bindings"]] == labels
    found = {tuple(node.n3() for node in triple) for triple in wrapped(CLASSES, XML)}
    assert found == {tuple(map(str, triple)) for triple in engine.construct(CLASSES)}


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_has_the_graph_as_one_of_its_own(server: Serving, labels: list[str], method: str) -> None:
    graph = rdflib.Graph(store=SPARQLStore(server.sparql, method=method))
    agency, europol = rdflib.URIRef(ONTOLOGY + "Agency"), rdflib.URIRef(ID + "agency/europol")
    assert len(list(graph.triples((None, rdflib.RDF.type, agency)))) == len(labels)
    assert str(graph.value(europol, rdflib.RDFS.label)) == "Europol"
    assert (europol, rdflib.RDF.type, agency) in graph
    assert len(graph) == open_snapshot().triples(evidence=True)
    assert [str(row.label) for row in graph.query(LABELS)] == labels  # type: ignore[union-attr]
    constructed = graph.query(CLASSES).graph
    assert constructed is not None
    assert len(constructed) >= len(labels)


def test_rdflib_has_a_named_graph(server: Serving) -> None:
    """rdflib names it as the default graph of each request."""
    graph = rdflib.Graph(store=SPARQLStore(server.sparql), identifier=rdflib.URIRef(REGISTER))
    (expected,) = (file.triples for file in open_snapshot().graphs if file.graph == REGISTER)
    assert len(graph) == len(list(graph)) == expected


def test_comunica_gets_the_same(server: Serving, engine: StoreEngine) -> None:
    """It looks at the service description first, and may then send the query in parts."""
    queries = [
        LABELS,
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        f"SELECT ?g {{ GRAPH ?g {{ <{ID}agency/europol> a <{ONTOLOGY}Agency> }} }} ORDER BY ?g",
    ]
    with comunica(server.sparql) as client:
        for query in queries:
            assert client.select(query).rows == engine.select(query).rows, query


def test_the_server_answers_each_question_as_the_embedded_engine_does(
    server: Serving, engine: StoreEngine
) -> None:
    """With the default parameters; the tests for a release have them open too, and all citations."""
    endpoint = EndpointEngine(server.sparql, timeout=60)
    for query in load_catalogue(open_snapshot().catalogue_path):
        values = resolve_parameters(engine, query, {})
        assert answer(endpoint, query, values).rows == answer(engine, query, values).rows, query.name

"""The server and the programs that people ask SPARQL endpoints with."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serving import Serving
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    POST,
    POSTDIRECTLY,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from bad_input import Run
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
COUNT: Final = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
REGISTER: Final = GRAPH + "register/agencies"


@pytest.fixture(scope="module")
def engine() -> StoreEngine:
    """The embedded engine, which holds what is served."""
    return StoreEngine(store_for(open_snapshot(), evidence=True, context=True))


@pytest.fixture(scope="module")
def labels(engine: StoreEngine) -> list[str]:
    """What the agencies are called, in the order of `LABELS`."""
    return [str(label.value) for _, label in engine.select(LABELS).rows if isinstance(label, Literal)]


# --- SPARQLWrapper -------------------------------------------------------------------------------------------------

WAYS: Final = {"GET": (GET, URLENCODED), "a form": (POST, URLENCODED), "direct": (POST, POSTDIRECTLY)}


def wrapped(server: Serving, query: str, form: str, way: str = "GET", **settings: Sequence[str]) -> Any:
    """Ask by SPARQLWrapper; a setting is the name of one of its methods, and what it is called with."""
    client = SPARQLWrapper(server.sparql, returnFormat=form)
    client.setTimeout(60)
    method, request_method = WAYS[way]
    client.setMethod(method)
    client.setRequestMethod(request_method)
    for name, values in settings.items():
        for value in values:
            getattr(client, name)(value)
    client.setQuery(query)
    return client.queryAndConvert()


@pytest.mark.parametrize("way", WAYS)
def test_sparqlwrapper_gets_rows(server: Serving, labels: list[str], way: str) -> None:
    assert len(labels) == 9
    bindings = wrapped(server, LABELS, JSON, way)["results"]["bindings"]
    assert [row["label"]["value"] for row in bindings] == labels
    document = wrapped(server, LABELS, XML, way)
    assert [node.firstChild.data for node in document.getElementsByTagName("literal")] == labels
    header, *rows = csv.reader(io.StringIO(wrapped(server, LABELS, CSV, way).decode("utf-8")))
    assert header == ["agency", "label"]
    assert [label for _, label in rows] == labels
    lines = wrapped(server, LABELS, TSV, way).decode("utf-8").splitlines()
    assert [line.partition("\t")[2] for line in lines[1:]] == [f'"{label}"@en' for label in labels]


@pytest.mark.parametrize("way", WAYS)
def test_sparqlwrapper_gets_graphs(server: Serving, engine: StoreEngine, way: str) -> None:
    for query in (CLASSES, f"DESCRIBE <{ID}agency/europol>"):
        expected = {tuple(map(str, triple)) for triple in engine.construct(query)}
        for form in (XML, JSONLD):
            found = wrapped(server, query, form, way)
            assert {tuple(node.n3() for node in triple) for triple in found} == expected
        turtle = parse(wrapped(server, query, TURTLE, way), format=RdfFormat.TURTLE)
        assert {tuple(map(str, quad.triple)) for quad in turtle} == expected


def test_sparqlwrapper_tells_what_is_wrong(server: Serving) -> None:
    with pytest.raises(QueryBadFormed, match="Syntax error at line 1, column "):
        wrapped(server, "ASK {", JSON)


# --- rdflib --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_has_the_graph_as_one_of_its_own(server: Serving, labels: list[str], method: str) -> None:
    graph = rdflib.Graph(store=SPARQLStore(server.sparql, method=method))
    found = graph.triples((None, rdflib.RDF.type, rdflib.URIRef(ONTOLOGY + "Agency")))
    assert len(list(found)) == len(labels)
    europol = rdflib.URIRef(ID + "agency/europol")
    assert str(graph.value(europol, rdflib.RDFS.label)) == "Europol"
    assert (europol, rdflib.RDF.type, rdflib.URIRef(ONTOLOGY + "Agency")) in graph
    assert len(graph) == open_snapshot().triples(evidence=True)
    assert [str(row.label) for row in graph.query(LABELS)] == labels  # type: ignore[union-attr]
    assert graph.query("ASK {}").askAnswer is True
    constructed = graph.query(CLASSES).graph
    assert constructed is not None
    assert len(constructed) >= len(labels)


@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_has_a_named_graph(server: Serving, form: str) -> None:
    """rdflib names it as the default graph of each request."""
    file = next(file for file in open_snapshot().graphs if file.graph == REGISTER)
    graph = rdflib.Graph(
        store=SPARQLStore(server.sparql, returnFormat=form), identifier=rdflib.URIRef(REGISTER)
    )
    assert len(graph) == file.triples
    subjects = {str(subject) for subject in graph.subjects()}
    assert subjects == {
        quad.subject.value
        for quad in parse(file.read(), format=RdfFormat.N_QUADS)
        if isinstance(quad.subject, NamedNode)
    }


# --- Comunica ------------------------------------------------------------------------------------------------------


def test_comunica_gets_the_same(server: Serving, engine: StoreEngine) -> None:
    """It looks at the service description first, and may then send the query in parts."""
    queries = [
        LABELS,
        COUNT,
        f"SELECT ?g {{ GRAPH ?g {{ <{ID}agency/europol> a <{ONTOLOGY}Agency> }} }} ORDER BY ?g",
        f"SELECT ?x ?label {{ ?x a <{ONTOLOGY}Agency> . OPTIONAL {{ ?x <urn:nothing> ?label }} }} ORDER BY ?x",
    ]
    with comunica(server.sparql) as client:
        for query in queries:
            assert client.select(query).rows == engine.select(query).rows, query


# --- our own commands ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["query empact-co-run --cite", "explain Eurojust"])
def test_our_commands_print_the_same(run: Run, server: Serving, command: str) -> None:
    embedded = run(*command.split())
    assert embedded[0] == 0
    assert run(*command.split(), "--endpoint", server.sparql) == embedded


def test_the_server_answers_each_question_as_the_embedded_engine_does(
    server: Serving, engine: StoreEngine
) -> None:
    """With the default parameters; the tests for a release have them open too, and all citations."""
    endpoint = EndpointEngine(server.sparql, timeout=60)
    for query in load_catalogue(open_snapshot().catalogue_path):
        values = resolve_parameters(engine, query, {})
        assert answer(endpoint, query, values).rows == answer(engine, query, values).rows, query.name

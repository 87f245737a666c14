"""A user's own query: what is rejected, and advice."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Store

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.query.adhoc import explain_empty, find_undefined_terms, guard
from jhaan_kg.query.engine import StoreEngine

GRAPH = """
jhaan:Agency rdfs:isDefinedBy jhaan: . jhaan:Harbour rdfs:isDefinedBy jhaan: ; rdfs:subClassOf jhaan:Place .
jhaan:knows rdfs:isDefinedBy jhaan: . jhaan:knew rdfs:isDefinedBy jhaan: ; rdfs:domain jhaan:Agency .
agency:nora a jhaan:Agency ; jhaan:knows agency:sund .
"""
TOGETHER = "The graph knows each name"


@pytest.fixture(scope="module")
def engine() -> StoreEngine:
    store = Store()
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    store.load((head + GRAPH).encode(), format=RdfFormat.TURTLE)
    return StoreEngine(store, PREFIXES)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT ?x { ?x a jhaan:Agncy }", ["The ontology has no term jhaan:Agncy. Did you mean Agency?"]),
        ("SELECT ?x { ?x jhaan:zzz ?y }", ["The ontology has no term jhaan:zzz."]),
        ("SELECT ?x { ?x a jhaan:Agency ; jhaan:knows agency:atlantis }", []),
        ("SELECT ?x { ?x ?y 'jhaan:Agncy' } # jhaan:Agncy", []),
        (
            "PREFIX j: <https://w3id.org/jhaan/ontology#> SELECT ?x { ?x a j:Agncy }",
            ["jhaan:Agncy. Did you mean Agency?"],
        ),
    ],
)
def test_terms_that_the_ontology_does_not_have(query: str, said: list[str], engine: StoreEngine) -> None:
    found = list(find_undefined_terms(query, engine))
    assert len(found) == len(said)
    assert all(sentence.endswith(end) for sentence, end in zip(found, said, strict=True))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "SELECT ?x { ?x a jhaan:Agency ; jhaan:knows agency:atlantis }",
            "agency:atlantis occurs nowhere in the graph.",
        ),
        ("SELECT ?x { ?x a jhaan:Harbour }", "jhaan:Harbour is defined, but no statement uses it."),
        ("SELECT ?x { ?x jhaan:knew ?y }", "jhaan:knew is defined, but no statement uses it."),
        ("SELECT ?x { ?x jhaan:knows agency:nora }", TOGETHER),
        ("SELECT ?x { ?x a rdfs:Class ; rdf:type owl:Class }", TOGETHER),
        (
            "SELECT ?x { ?x jhaan:evidenceIn ?y }",
            "jhaan:evidenceIn is used by the evidence, which is asked with --evidence only.",
        ),
        ("SELECT ?x { ?a rdf:subject ?x }", "rdf:subject is used by the evidence"),
    ],
)
def test_why_an_answer_is_empty(query: str, said: str, engine: StoreEngine) -> None:
    assert engine.select(query).rows == ()
    (sentence,) = explain_empty(query, engine, evidence=False)
    assert sentence.startswith(said)


def test_the_evidence_is_not_blamed_where_it_was_asked(engine: StoreEngine) -> None:
    (sentence,) = explain_empty("SELECT ?x { ?x jhaan:evidenceIn ?y }", engine, evidence=True)
    assert sentence == "jhaan:evidenceIn occurs nowhere in the graph."


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("PREFIX service: <http://e.org/>\nSELECT ?x { ?x a service:x, 'FROM' } # SERVICE", "SELECT"),
        ("# SERVICE\nSELECT ?x { ?x <http://e.org/SERVICE> ' FROM <x> ' }", "SELECT"),
        ("BASE <http://e.org/> PREFIX a: <b> ASK { ?from ?service a:service }", "ASK"),
        ("construct { } where { }", "CONSTRUCT"),
        ("DESCRIBE <urn:a>", "DESCRIBE"),
    ],
)
def test_harmless_queries_pass(query: str, form: str) -> None:
    assert guard(query) == form


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?x { SERVICE <http://e.org/> { } }", "Line 1: SERVICE is refused"),
        ("SELECT ?x {\nservice silent ?y { } }", "Line 2: SERVICE is refused"),
        ("SELECT ?x { SERVICESILENT<http://e.org/> { } }", "SERVICE is refused"),
        ("SELECT ?x { ?a ?b trueSERVICE<http://e.org/> { } }", "SERVICE is refused"),
        ("SELECT ?x FROM <file:///etc/passwd> { ?x ?y ?z }", "FROM is refused"),
        ("SELECT ?x FROM NAMED <http://e.org/> { ?x ?y ?z }", "FROM is refused"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "INSERT is an update"),
        ("PREFIX a: <b> LOAD <http://e.org/>", "LOAD is an update"),
        ("hello", "This is no query"),
        ("", "This is no query"),
    ],
)
def test_what_would_reach_out_or_change_data_is_refused(query: str, message: str) -> None:
    with pytest.raises(JhaanError, match=message):
        guard(query)


GRAPHS = {"urn:a", "https://w3id.org/jhaan/graph/report/jhaan-2023/1"}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <urn:a> { ?s ?p ?o }",
        "select * from named <urn:a> { graph ?g { ?s ?p ?o } }",
        "PREFIX g: <urn:> ASK FROM g:a FROM NAMED g:a { }",
        "PREFIX : <urn:> ASK FROM :a { }",
        "PREFIX g: <https://w3id.org/jhaan/graph/> ASK FROM g:report\\/jhaan-2023\\/1 { }",
        "ASK FROM # a comment\n <urn:a> { }",
    ],
)
def test_a_graph_of_ours_may_be_chosen(query: str) -> None:
    assert guard(query, GRAPHS) in ("SELECT", "ASK")
    with pytest.raises(JhaanError, match="FROM is refused"):
        guard(query)


@pytest.mark.parametrize(
    "query",
    [
        "ASK FROM <urn:b> { }",
        "ASK FROM <urn:a> FROM NAMED <file:///etc/passwd> { }",
        "PREFIX g: <urn:b> PREFIX g: <urn:> ASK FROM g:b { }",
        "BASE <urn:> ASK FROM <a> { }",
        "ASK FROM <a> { }",
        "ASK FROM g:a { }",
        "ASK FROM",
        "ASK FROM NAMED",
        "ASK FROM ?g { }",
    ],
)
def test_no_other_graph_may_be_chosen(query: str) -> None:
    with pytest.raises(JhaanError, match="there is no such graph here"):
        guard(query, GRAPHS)

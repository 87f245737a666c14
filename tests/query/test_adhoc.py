"""A user's own query: what is rejected, and advice."""

from __future__ import annotations

import pytest
from meetings_graph import turtle_engine

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.adhoc import explain_empty, find_undefined_terms, guard
from jhaan_kg.query.engine import StoreEngine

GRAPH = """
jhaan:Agency rdfs:isDefinedBy jhaan: . jhaan:Harbour rdfs:isDefinedBy jhaan: ; rdfs:subClassOf jhaan:Place .
jhaan:evidenceIn rdfs:isDefinedBy jhaan: .
jhaan:knows rdfs:isDefinedBy jhaan: . jhaan:knew rdfs:isDefinedBy jhaan: ; rdfs:domain jhaan:Agency .
agency:nora a jhaan:Agency ; jhaan:knows agency:sund .
"""
TOGETHER = "All names in the query exist"


@pytest.fixture(scope="module")
def engine() -> StoreEngine:
    return turtle_engine(GRAPH)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "PREFIX j: <https://w3id.org/jhaan/ontology#> SELECT ?x { ?x a j:Agncy }",
            ['Unknown name "jhaan:Agncy" at line 1, column 63. Did you mean "jhaan:Agency"?'],
        ),
        *(
            (f"SELECT ?x {{ ?x jhaan:zzz {value} }}", ['Unknown name "jhaan:zzz" at line 1, column 16.'])
            for value in ("?y", "'y'", "9", "-1.5", "true")
        ),
        ("SELECT ?x { ?x a jhaan:Agency ; jhaan:knows agency:atlantis }", []),
        ("SELECT ?x { ?x ?y 'jhaan:Agncy' } # jhaan:Agncy", []),
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
            'Unknown name "agency:atlantis" at line 1, column 45.',
        ),
        ("SELECT ?x { ?x a jhaan:Harbour }", "jhaan:Harbour is defined, but no statement uses it."),
        ("SELECT ?x { ?x jhaan:knows agency:nora }", TOGETHER),
        (
            "SELECT ?x { ?x jhaan:evidenceIn ?y }",
            "jhaan:evidenceIn is part of the evidence. Add --evidence to query it.",
        ),
        ("SELECT ?x { ?a rdf:subject ?x }", "rdf:subject is part of the evidence"),
    ],
)
def test_why_an_answer_is_empty(query: str, said: str, engine: StoreEngine) -> None:
    assert engine.select(query).rows == ()
    (sentence,) = explain_empty(query, engine, evidence=False)
    assert sentence.startswith(said)
    if "evidence" in said:  # it is not blamed where it was asked
        (sentence,) = explain_empty(query, engine, evidence=True)
        assert "evidence" not in sentence.replace("evidenceIn", "")


HARMLESS = """PREFIX p: <urn:p:> SELECT * { # SERVICE <urn:x> { }
    ?s ?p "SERVICE <urn:x> { ?a ?b ?c }", '\\u0053ERVICE', '''FROM <urn:b>\n' SERVICE''' #'''
    ; <urn:SERVICE> <urn:x:FROM>, ?SERVICE, ?from, $service, p:service, p:from FILTER(?s != "\\"SERVICE\\"") }"""
GRAPHS = ("urn:a", "https://w3id.org/jhaan/graph/report/jhaan-2023/1")
OTHER = "Unknown graph"


@pytest.mark.parametrize(
    ("query", "result"),
    [
        (HARMLESS, "SELECT"),
        ("construct { } where { }", "CONSTRUCT"),
        ("DESCRIBE <urn:a>", "DESCRIBE"),
        ("SELECT ?x {\nservice silent ?y { } }", "Line 2: SERVICE is not allowed"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "INSERT is an update"),
        ("PREFIX a: <b> LOAD <http://e.org/>", "LOAD is an update"),
        ("hello", 'unknown word "HELLO"'),
        ("SELECT * FROM <urn:a> { ?s ?p ?o }", "SELECT"),
        ("select * from named <urn:a> { graph ?g { ?s ?p ?o } }", "SELECT"),
        ("PREFIX g: <urn:> ASK FROM g:a FROM NAMED g:a { }", "ASK"),
        ("PREFIX : <urn:> ASK FROM :a { }", "ASK"),
        ("PREFIX g: <https://w3id.org/jhaan/graph/> ASK FROM g:report\\/jhaan-2023\\/1 { }", "ASK"),
        ("ASK FROM # a comment\n <urn:a> { }", "ASK"),
        ("ASK FROM <urn:b> { }", OTHER),
        ("ASK FROM <urn:a> FROM NAMED <file:///etc/passwd> { }", OTHER),
        ("PREFIX g: <urn:b> PREFIX g: <urn:> ASK FROM g:b { }", OTHER),
        ("BASE <urn:> ASK FROM <a> { }", OTHER),
        ("ASK FROM g:a { }", OTHER),
        ("ASK FROM", OTHER),
        ("ASK FROM NAMED", OTHER),
        ("ASK FROM ?g { }", OTHER),
    ],
)
def test_a_query_is_of_a_form_or_refused(query: str, result: str) -> None:
    """Calls of other servers, however they are spelled, are in `tests/test_bad_queries.py`."""
    if result.isupper():
        assert guard(query, GRAPHS) == result
    else:
        with pytest.raises(JhaanError, match=result):
            guard(query, GRAPHS)

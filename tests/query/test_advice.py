"""Advice on queries of a user's own."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Store

from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.query.advice import undefined_terms, why_empty
from jhaan_kg.query.run import StoreEngine

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
    found = list(undefined_terms(query, engine))
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
    (sentence,) = why_empty(query, engine, evidence=False)
    assert sentence.startswith(said)


def test_the_evidence_is_not_blamed_where_it_was_asked(engine: StoreEngine) -> None:
    (sentence,) = why_empty("SELECT ?x { ?x jhaan:evidenceIn ?y }", engine, evidence=True)
    assert sentence == "jhaan:evidenceIn occurs nowhere in the graph."

"""Terms of the ontology that nothing uses."""

from __future__ import annotations

import pytest
from checks_support import DATA, ONTOLOGY, reused, stated

from jhaan_kg.checks.stated import SourceText
from jhaan_kg.checks.usage import check_usage
from jhaan_kg.errors import Finding


def findings(text: str = ONTOLOGY, data: str = DATA, others: str = "", query: str = "") -> list[Finding]:
    queries = [SourceText("queries/t/q.rq", query)] if query else []
    return list(check_usage(stated(text, "ontology/jhaan.ttl"), reused(others), stated(data), [], queries))


def test_the_small_ontology_is_in_use() -> None:
    assert findings() == []


KIND, PROPERTY = "jhaan:Kind a owl:Class . ", "jhaan:p a owl:ObjectProperty . "


def test_a_term_without_use_is_found() -> None:
    (finding,) = findings(ONTOLOGY + KIND)
    assert (finding.code, finding.subject) == ("unused-term", "jhaan:Kind")


@pytest.mark.parametrize(
    ("more", "use"),
    [
        (KIND, "<https://w3id.org/jhaan/id/x/y> a jhaan:Kind ."),
        (KIND + "jhaan:near rdfs:domain jhaan:Kind .", ""),
        (KIND + "jhaan:Meeting rdfs:subClassOf jhaan:Kind .", ""),
        (PROPERTY + "jhaan:p owl:inverseOf jhaan:near .", ""),
        (PROPERTY + "jhaan:p owl:propertyChainAxiom ( jhaan:near jhaan:role ) .", ""),
        (PROPERTY + "jhaan:near rdfs:subPropertyOf jhaan:p .", ""),
        (PROPERTY + 'jhaan:Role jhaan:labelTemplate "{jhaan:p}" .', ""),
    ],
)
def test_a_term_is_used_where_data_or_axioms_give_it_an_instance(more: str, use: str) -> None:
    assert findings(ONTOLOGY + more, DATA + use) == []


def test_a_query_is_a_use() -> None:
    more = ONTOLOGY + KIND
    assert findings(more, query="SELECT ?x { ?x a <https://w3id.org/jhaan/ontology#Kind> }") == []
    assert findings(more, query="#+ evidence: ?x a jhaan:Kind .\nSELECT ?x { ?x ?y ?z }") == []
    assert len(findings(more, query="SELECT ?x { ?x ?y ?z } # jhaan:Kind")) == 1


def test_a_reused_term_without_use_is_found() -> None:
    (finding,) = findings(others='org:Role a owl:Class ; rdfs:label "Role"@en .')
    assert str(finding) == (
        "ontology/reused-terms.ttl:11: error [unused-term] org:Role: a reused term must be in use. "
        "Run `python -m jhaan_kg.reused_terms`."
    )


def test_the_class_of_a_reused_individual_is_used_by_it() -> None:
    others = (
        "schema:Online a owl:NamedIndividual, schema:Mode . schema:Mode a owl:Class .\n"
        "<https://w3id.org/jhaan/ontology/reused-terms> a owl:Ontology ."
    )
    use = DATA + "<https://w3id.org/jhaan/id/event/a> jhaan:near schema:Online ."
    assert findings(data=use, others=others) == []

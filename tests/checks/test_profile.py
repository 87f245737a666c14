"""What is outside OWL 2 DL or OWL 2 RL: each rule has an ontology that breaks it and nothing else."""

from __future__ import annotations

import pytest
from checks_support import ontology, reused, term

from jhaan_kg.checks.hierarchy import check_hierarchy
from jhaan_kg.checks.profile import check_profile
from jhaan_kg.errors import Finding


def findings(axioms: str, others: str = "") -> list[Finding]:
    own, foreign = ontology(axioms), reused(others)
    return check_profile(own, foreign) + check_hierarchy(own, foreign)


def prop(name: str, more: str = "") -> str:
    return term(name, "owl:ObjectProperty", name, "Relates.", more)


# Constructs of OWL 2 RL, each in a place where it may stand.
ALLOWED = """
jhaan:Event owl:disjointWith jhaan:Place .
[] a owl:AllDisjointClasses ; owl:members ( jhaan:Role jhaan:Place ) .
[] a owl:Restriction ; owl:onProperty jhaan:inEvent ; owl:someValuesFrom jhaan:Event ; rdfs:subClassOf jhaan:Role .
[] a owl:Restriction ; owl:onProperty jhaan:inEvent ; owl:someValuesFrom owl:Thing ; rdfs:subClassOf jhaan:Role .
[] a owl:Class ; owl:unionOf ( jhaan:Meeting jhaan:Event ) ; rdfs:subClassOf jhaan:Event .
[] a owl:Class ; owl:oneOf ( jhaan:Chair ) ; rdfs:subClassOf jhaan:Role .
jhaan:Meeting rdfs:subClassOf [ a owl:Restriction ; owl:onProperty jhaan:near ; owl:allValuesFrom jhaan:Place ] ,
    [ a owl:Restriction ; owl:onProperty jhaan:role ; owl:maxCardinality 1 ] ,
    [ a owl:Restriction ; owl:onProperty jhaan:count ; owl:allValuesFrom xsd:integer ] ,
    [ a owl:Class ; owl:complementOf jhaan:Place ] ,
    [ a owl:Class ; owl:intersectionOf ( jhaan:Event [ a owl:Restriction ; owl:onProperty jhaan:role ; owl:hasValue jhaan:Chair ] ) ] .
jhaan:near a owl:SymmetricProperty ; rdfs:domain jhaan:Place ; owl:propertyDisjointWith jhaan:role .
jhaan:role a owl:FunctionalProperty , owl:IrreflexiveProperty , owl:AsymmetricProperty .
jhaan:Event owl:hasKey ( jhaan:role ) .
"""  # noqa: E501
CHAINS = (
    prop("a")
    + prop("b", "; owl:inverseOf jhaan:a")
    + prop("c", "; owl:propertyChainAxiom ( jhaan:a jhaan:within )")
    + prop("d", "; owl:propertyChainAxiom ( jhaan:d jhaan:c ) , ( jhaan:d jhaan:d ) , ( jhaan:near jhaan:d )")
)


def test_what_owl_2_rl_allows_gives_nothing() -> None:
    assert findings(ALLOWED + CHAINS) == []


@pytest.mark.parametrize(
    ("axiom", "code", "subject", "part"),
    [
        (
            "jhaan:near a owl:ReflexiveProperty .",
            "owl-construct",
            "owl:ReflexiveProperty",
            "OWL 2 RL has no such construct",
        ),
        (
            "[] owl:onProperty jhaan:near ; owl:hasSelf true ; rdfs:subClassOf jhaan:Place .",
            "owl-construct",
            "owl:hasSelf",
            "",
        ),
        (
            "jhaan:Event owl:disjointUnionOf ( jhaan:Meeting jhaan:Place ) .",
            "owl-construct",
            "owl:disjointUnionOf",
            "",
        ),
        ("jhaan:count rdfs:range [ owl:onDatatype xsd:integer ] .", "owl-construct", "owl:onDatatype", ""),
        (
            "jhaan:Event rdfs:subClassOf [ a owl:Restriction ; owl:onProperty jhaan:role ; owl:minCardinality 1 ] .",
            "owl-construct",
            "owl:minCardinality",
            "",
        ),
        (
            "jhaan:Meeting a jhaan:Role .",
            "owl-punning",
            "jhaan:Meeting",
            "is declared as a class and an individual",
        ),
        (
            "jhaan:near a owl:DatatypeProperty .",
            "owl-punning",
            "jhaan:near",
            "a datatype property and an object property",
        ),
        (
            "jhaan:Event a owl:ObjectProperty .",
            "owl-punning",
            "jhaan:Event",
            "a class and an object property",
        ),
        (
            "jhaan:Event rdfs:subClassOf "
            "[ a owl:Restriction ; owl:onProperty jhaan:role ; owl:someValuesFrom jhaan:Role ] .",
            "owl-rl-position",
            "jhaan:Event",
            "owl:someValuesFrom stands in a superclass",
        ),
        (
            "jhaan:inEvent rdfs:range [ a owl:Class ; owl:unionOf ( jhaan:Event jhaan:Place ) ] .",
            "owl-rl-position",
            "jhaan:inEvent",
            "owl:unionOf stands in a superclass",
        ),
        (
            "jhaan:Event rdfs:subClassOf "
            "[ a owl:Class ; owl:intersectionOf ( jhaan:Role [ owl:oneOf ( jhaan:Chair ) ] ) ] .",
            "owl-rl-position",
            "jhaan:Event",
            "owl:oneOf stands in a superclass",
        ),
        (
            "[] a owl:Class ; owl:complementOf jhaan:Event ; rdfs:subClassOf jhaan:Place .",
            "owl-rl-position",
            "",
            "owl:complementOf stands in a subclass",
        ),
        (
            "jhaan:Event owl:equivalentClass [ a owl:Class ; owl:unionOf ( jhaan:Meeting jhaan:Place ) ] .",
            "owl-rl-position",
            "jhaan:Event",
            "owl:unionOf stands in an equivalent class",
        ),
        (
            "jhaan:Event rdfs:subClassOf [ a owl:Restriction ; owl:onProperty jhaan:role ; owl:maxCardinality 2 ] .",
            "owl-rl-position",
            "jhaan:Event",
            "another value than 0 and 1",
        ),
        (
            "jhaan:Event rdfs:subClassOf owl:Thing .",
            "owl-rl-position",
            "jhaan:Event",
            "owl:Thing stands as a superclass",
        ),
        (
            "jhaan:Event rdfs:subClassOf jhaan:role .",
            "owl-mixed-kinds",
            "jhaan:Event",
            "but it is an object property",
        ),
        (
            "jhaan:role rdfs:domain jhaan:near .",
            "owl-mixed-kinds",
            "jhaan:role",
            "jhaan:near stands as a superclass",
        ),
        (
            "[] a owl:AllDisjointClasses ; owl:members ( jhaan:Event jhaan:role ) .",
            "owl-mixed-kinds",
            "",
            "jhaan:role stands as a subclass",
        ),
        (
            "jhaan:count rdfs:range jhaan:Event .",
            "owl-mixed-kinds",
            "jhaan:count",
            "its range jhaan:Event is a class",
        ),
        ("jhaan:role rdfs:range xsd:string .", "owl-mixed-kinds", "jhaan:role", "but it is a datatype"),
        (
            "jhaan:count rdfs:subPropertyOf jhaan:role .",
            "owl-mixed-kinds",
            "jhaan:count",
            "to which the axiom relates it",
        ),
        (
            "jhaan:role rdfs:subPropertyOf dcterms:title .",
            "owl-mixed-kinds",
            "jhaan:role",
            "is an annotation property",
        ),
        (
            "jhaan:count a owl:InverseFunctionalProperty .",
            "owl-mixed-kinds",
            "jhaan:count",
            "only object properties may be",
        ),
        (
            "jhaan:note a owl:FunctionalProperty .",
            "owl-mixed-kinds",
            "jhaan:note",
            "only object properties may be",
        ),
        (
            "jhaan:day a owl:FunctionalProperty .",
            "functional-datatype-property",
            "jhaan:day",
            "two dates of one thing",
        ),
        (
            "jhaan:count rdfs:range xsd:gYear .",
            "owl-datatype",
            "jhaan:count",
            "xsd:gYear, which is no datatype of OWL 2 RL",
        ),
        (
            "jhaan:count rdfs:range xsd:date .",
            "owl-datatype",
            "jhaan:count",
            "xsd:date, which is no datatype of OWL 2 RL",
        ),
        (
            "jhaan:Event rdfs:subClassOf rdf:Statement .",
            "owl-reserved",
            "jhaan:Event",
            "rdf:Statement stands as a superclass",
        ),
        ("jhaan:count rdfs:range rdf:langString .", "owl-datatype", "jhaan:count", "rdf:langString"),
        ("jhaan:Event jhaan:count 3 .", "owl-annotation", "jhaan:Event", "is described by jhaan:count"),
        (
            "<https://w3id.org/jhaan/ontology> jhaan:near jhaan:Chair .",
            "owl-annotation",
            "<https://w3id.org/jhaan/ontology>",
            "jhaan:near",
        ),
        (
            "jhaan:within a owl:AsymmetricProperty .",
            "owl-composite-property",
            "jhaan:within",
            "stands in owl:AsymmetricProperty",
        ),
        (
            "jhaan:within rdfs:subPropertyOf jhaan:near . jhaan:near a owl:FunctionalProperty .",
            "owl-composite-property",
            "jhaan:near",
            "",
        ),
        (
            "jhaan:near owl:propertyChainAxiom ( jhaan:role jhaan:role ) ; a owl:IrreflexiveProperty .",
            "owl-composite-property",
            "jhaan:near",
            "",
        ),
        (
            "jhaan:within owl:propertyDisjointWith jhaan:near .",
            "owl-composite-property",
            "jhaan:within",
            "owl:propertyDisjointWith",
        ),
        (
            "jhaan:near owl:propertyDisjointWith jhaan:within .",
            "owl-composite-property",
            "jhaan:within",
            "owl:propertyDisjointWith",
        ),
        (
            "[] a owl:AllDisjointProperties ; owl:members ( jhaan:near jhaan:within ) .",
            "owl-composite-property",
            "jhaan:within",
            "",
        ),
        (
            "jhaan:Event rdfs:subClassOf [ a owl:Restriction ; owl:onProperty jhaan:within ; owl:maxCardinality 1 ] .",
            "owl-composite-property",
            "jhaan:within",
            "owl:maxCardinality",
        ),
        (
            "jhaan:near owl:inverseOf jhaan:within ; a owl:FunctionalProperty .",
            "owl-composite-property",
            "jhaan:near",
            "",
        ),
        (
            "jhaan:near owl:propertyChainAxiom ( jhaan:role jhaan:near jhaan:role ) .",
            "owl-irregular-chain",
            "jhaan:near",
            "follows from a chain with jhaan:near",
        ),
        (
            "jhaan:near owl:propertyChainAxiom ( jhaan:role jhaan:inEvent ) ; rdfs:subPropertyOf jhaan:role .",
            "owl-irregular-chain",
            "jhaan:near",
            "follows from a chain with jhaan:role",
        ),
        (
            "jhaan:near owl:propertyChainAxiom ( [ owl:inverseOf jhaan:role ] jhaan:inEvent ) ; "
            "rdfs:subPropertyOf jhaan:role .",
            "owl-irregular-chain",
            "jhaan:near",
            "follows from a chain with jhaan:role",
        ),
    ],
)
def test_an_axiom_outside_the_profile_gives_one_finding(
    axiom: str, code: str, subject: str, part: str
) -> None:
    found = findings(axiom)
    assert {(finding.code, finding.subject) for finding in found if finding.subject == subject} == {
        (code, subject)
    }
    assert {finding.code for finding in found} == {code}
    assert any(part in finding.message for finding in found)
    assert all(finding.path.startswith("ontology/") and finding.fix for finding in found)


def test_a_circle_of_two_chains_is_found_on_both() -> None:
    found = findings(
        "jhaan:near owl:propertyChainAxiom ( jhaan:role jhaan:inEvent ) .\n"
        "jhaan:role owl:propertyChainAxiom ( jhaan:near jhaan:inEvent ) ."
    )
    assert sorted((finding.code, finding.subject) for finding in found) == [
        ("owl-irregular-chain", "jhaan:near"),
        ("owl-irregular-chain", "jhaan:role"),
    ]

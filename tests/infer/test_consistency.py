"""Checks: each kind finds its clash, and only that."""

from __future__ import annotations

import pytest
from owlrl_oracle import turtle

from jhaan_kg.infer import Clash, close, compile_rules, contradictions

# The check, an ontology, consistent data, and what added to them clashes.
KINDS = {
    "cax-dw": (":A owl:disjointWith :B .", ":a a :A . :b a :B .", ":a a :A , :B ."),
    "cax-adc": (
        "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) .",
        ":a a :A . :b a :B . :c a :C .",
        ":a a :A , :C .",
    ),
    "cls-com": (
        ":A rdfs:subClassOf [ owl:complementOf :B ] .",
        ":a a :A . :b a :B .",
        ":a a :A , :B .",
    ),
    "cls-nothing2": (":A rdfs:subClassOf owl:Nothing .", ":a a :B .", ":a a :A ."),
    "prp-asyp": (":p a owl:AsymmetricProperty .", ":a :p :b . :b :p :c .", ":a :p :b . :b :p :a ."),
    "prp-irp": (":p a owl:IrreflexiveProperty .", ":a :p :b . :a :q :a .", ":a :p :a ."),
    "prp-pdw": (
        ":p owl:propertyDisjointWith :q .",
        ":a :p :b ; :q :c .",
        ":a :p :b ; :q :b .",
    ),
    "prp-adp": (
        "[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) .",
        ":a :p :b ; :q :c ; :r :d .",
        ":a :q :c ; :r :c .",
    ),
    "prp-fp": (
        ":p a owl:ObjectProperty , owl:FunctionalProperty .",
        ":a :p :b . :c :p :b .",
        ":a :p :b , :c .",
    ),
    "prp-ifp": (
        ":p a owl:ObjectProperty , owl:InverseFunctionalProperty .",
        ":a :p :b , :c .",
        ":a :p :b . :c :p :b .",
    ),
    "cls-maxc1": (
        ":p a owl:ObjectProperty . :A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 0 ] .",
        ":a a :A . :b :p :c .",
        ":a a :A ; :p :b .",
    ),
    "cls-maxc2": (
        """:p a owl:ObjectProperty .
        :A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .""",
        ":a a :A ; :p :b . :b :p :c , :d .",
        ":a a :A ; :p :b , :c .",
    ),
    "cls-maxqc1": (
        """:p a owl:ObjectProperty .
        :A rdfs:subClassOf [ owl:onProperty :p ; owl:maxQualifiedCardinality 0 ; owl:onClass :B ] .""",
        ":a a :A ; :p :c . :c a :C .",
        ":a a :A ; :p :b . :b a :B .",
    ),
    "cls-maxqc3": (
        """:p a owl:ObjectProperty .
        :A rdfs:subClassOf [ owl:onProperty :p ; owl:maxQualifiedCardinality 1 ; owl:onClass :B ] .""",
        ":a a :A ; :p :b , :c . :b a :B . :c a :C .",
        ":a a :A ; :p :b , :d . :b a :B . :d a :B .",
    ),
    "eq-diff1": ("", ":a owl:differentFrom :b .", ":a owl:differentFrom :a ."),
}


def clashes(ontology: str, *layers: str) -> list[Clash]:
    rules = compile_rules(turtle(ontology))
    return contradictions(rules, close(rules, [turtle(layer) for layer in layers]))


@pytest.mark.parametrize(("name", "kind"), KINDS.items(), ids=KINDS)
def test_finds_a_seeded_clash_once(name: str, kind: tuple[str, str, str]) -> None:
    ontology, _, faulty = kind
    (clash,) = clashes(ontology, ":x :y :z . " + faulty)
    assert clash.rule.name == name
    assert set(clash.triples) == set(clash.leaves) == turtle(faulty)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_is_silent_on_consistent_data(kind: tuple[str, str, str]) -> None:
    ontology, consistent, _ = kind
    assert clashes(ontology, consistent) == []
    everything = " ".join(text for text, _, _ in KINDS.values())
    assert clashes(everything, ":x :y :z .") == []


def test_clash_of_what_is_inferred_names_where_it_comes_from() -> None:
    ontology = ":A owl:disjointWith :B . :p rdfs:domain :C . :C rdfs:subClassOf :A . :q rdfs:range :B ."
    (clash,) = clashes(ontology, ":a :p :b .", ":c :q :a .")
    assert set(clash.triples) == turtle(":a a :A , :B .")
    assert set(clash.leaves) == turtle(":a :p :b . :c :q :a .")
    assert str(clash).replace("http://example.org/", ":") == (
        "<:a> rdf:type <:A> and <:a> rdf:type <:B>: this contradicts the axiom <:A> owl:disjointWith <:B>. "
        "It follows from: <:a> <:p> <:b> and <:c> <:q> <:a>."
    )


def test_clash_of_two_names_says_that_names_are_unique() -> None:
    (clash,) = clashes(":p a owl:ObjectProperty , owl:FunctionalProperty .", ":a :p :b , :c .")
    assert str(clash).endswith("owl:FunctionalProperty (two names are taken to name two things).")


def test_three_values_of_a_functional_property_are_three_clashes() -> None:
    found = clashes(":p a owl:ObjectProperty , owl:FunctionalProperty .", ":a :p :b , :c , :d .")
    assert [clash.triples for clash in found] == sorted((c.triples for c in found), key=str)
    assert len(found) == 3


def test_disjointness_of_expressions() -> None:
    ontology = """[ owl:intersectionOf ( :A [ owl:onProperty :p ; owl:someValuesFrom :B ] ) ]
        owl:disjointWith [ owl:unionOf ( :C [ owl:onProperty :q ; owl:hasValue :v ] ) ] ."""
    assert clashes(ontology, ":a a :A ; :p :b . :c a :C , :A .") == []
    (clash,) = clashes(ontology, ":a a :A ; :p :b ; :q :v , :w . :b a :B .")
    assert set(clash.triples) == turtle(":a a :A ; :p :b ; :q :v . :b a :B .")


def test_no_sameas_comes_out_of_functional_properties() -> None:
    rules = compile_rules(turtle(":p a owl:ObjectProperty , owl:FunctionalProperty ."))
    assert close(rules, [turtle(":a :p :b , :c . :b :q :d .")]).inferred(0) == ()

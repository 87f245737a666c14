"""Checks: each kind finds its clash, and only that."""

from __future__ import annotations

import pytest
from owlrl_oracle import turtle

from jhaan_kg.infer import Clash, close, compile_rules, find_contradictions

FUNCTIONAL = ":p a owl:ObjectProperty , owl:FunctionalProperty ."

# The check, an ontology, consistent data, and what added to them clashes.
KINDS = {
    "disjoint classes": ("cax-dw", ":A owl:disjointWith :B .", ":a a :A . :b a :B .", ":a a :A , :B ."),
    "all disjoint classes": (
        "cax-dw",
        "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) .",
        ":a a :A . :b a :B . :c a :C .",
        ":a a :A , :C .",
    ),
    "asymmetric": (
        "prp-asyp",
        ":p a owl:AsymmetricProperty .",
        ":a :p :b . :b :p :c .",
        ":a :p :b . :b :p :a .",
    ),
    "asymmetric, to itself": ("prp-asyp", ":p a owl:AsymmetricProperty .", ":a :p :b .", ":a :p :a ."),
    "disjoint properties": (
        "prp-pdw",
        ":p owl:propertyDisjointWith :q .",
        ":a :p :b ; :q :c .",
        ":a :p :b ; :q :b .",
    ),
    "functional": ("prp-fp", FUNCTIONAL, ":a :p :b . :c :p :b .", ":a :p :b , :c ."),
}


def clashes(ontology: str, *layers: str) -> list[Clash]:
    rules = compile_rules(turtle(ontology))
    return find_contradictions(rules, close(rules, [turtle(layer) for layer in layers]))


@pytest.mark.parametrize(("name", "ontology", "_", "faulty"), KINDS.values(), ids=KINDS)
def test_finds_a_seeded_clash_once(name: str, ontology: str, _: str, faulty: str) -> None:
    (clash,) = clashes(ontology, ":x :y :z . " + faulty)
    assert clash.rule.name == name
    assert set(clash.triples) == set(clash.leaves) == turtle(faulty)


@pytest.mark.parametrize(("_", "ontology", "consistent", "__"), KINDS.values(), ids=KINDS)
def test_is_silent_on_consistent_data(_: str, ontology: str, consistent: str, __: str) -> None:
    assert clashes(ontology, consistent) == []
    assert clashes(" ".join(text for _, text, _, _ in KINDS.values()), ":x :y :z .") == []


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
    (clash,) = clashes(FUNCTIONAL, ":a :p :b , :c .")
    assert str(clash).endswith("owl:FunctionalProperty (two names are taken to name two things).")


def test_three_values_of_a_functional_property_are_three_clashes() -> None:
    found = clashes(FUNCTIONAL, ":a :p :b , :c , :d .")
    assert [clash.triples for clash in found] == sorted((c.triples for c in found), key=str)
    assert len(found) == 3


def test_no_sameas_comes_out_of_functional_properties() -> None:
    rules = compile_rules(turtle(FUNCTIONAL))
    assert close(rules, [turtle(":a :p :b , :c . :b :q :d .")]).inferred(0) == ()

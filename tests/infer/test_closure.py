"""The closure: stages, and what never comes out."""

from __future__ import annotations

import pytest
from owlrl_oracle import turtle

from jhaan_kg.errors import JhaanError
from jhaan_kg.infer import Closure, close, compile_rules

ONTOLOGY = """
:p rdfs:subPropertyOf :q .
:q rdfs:domain :A .
:A rdfs:subClassOf :B .
:t a owl:TransitiveProperty .
:r owl:propertyChainAxiom ( :t :q ) .
"""


def closed(*layers: str, ontology: str = ONTOLOGY) -> Closure:
    return close(compile_rules(turtle(ontology)), [turtle(layer) for layer in layers])


def one(text: str):
    (triple,) = turtle(text)
    return triple


def test_nothing_follows_from_nothing() -> None:
    closure = closed("", "")
    assert closure.stages == 2
    assert closure.inferred(0) == closure.inferred(1) == ()


def test_each_stage_has_what_its_layer_adds() -> None:
    closure = closed(":a :t :b .", ":b :t :c .", ":c :q :d . :a :t :c .")
    assert closure.inferred(0) == ()
    assert set(closure.inferred(1)) == turtle(":a :t :c .")
    # What the third layer states too stays where it was entailed first.
    assert set(closure.inferred(2)) == turtle(":c a :A , :B . :a :r :d . :b :r :d .")


def test_what_a_layer_states_is_not_inferred_at_its_stage_nor_later() -> None:
    closure = closed(":a :p :b ; :q :b .", ":a a :B .")
    assert set(closure.inferred(0)) == turtle(":a a :A , :B .")
    assert closure.inferred(1) == ()
    closure = closed(":a a :B .", ":a :p :b .")
    assert closure.inferred(0) == ()
    assert set(closure.inferred(1)) == turtle(":a :q :b ; a :A .")


def test_stages_together_entail_what_one_layer_does_sorted_and_in_whatever_order_it_is_stated() -> None:
    layers = ":a :t :b . :x :q :a .", ":b :t :c ; :p :c , 'x' .", ":c :q :a . :c :t :x ."
    apart, stated = closed(*layers), sorted(turtle(" ".join(layers)), key=str)
    whole = list(closed(" ".join(layers)).inferred(0))
    assert whole == sorted(whole, key=lambda triple: [str(term) for term in triple])
    assert list(close(compile_rules(turtle(ONTOLOGY)), [stated[::-1]]).inferred(0)) == whole
    assert [closed(*layers[:2]).inferred(k) for k in (0, 1)] == [apart.inferred(k) for k in (0, 1)]
    assert {t for k in range(3) for t in apart.inferred(k)} == set(whole)


def test_knows_what_is_stated_or_inferred() -> None:
    closure = closed(":a :p :b .")
    assert one(":a :p :b .") in closure
    assert one(":a :q :b .") in closure
    assert one(":a :p :c .") not in closure
    assert one(":b :p :a .") not in closure
    assert ":a :q :b" not in closure


@pytest.mark.parametrize(
    "ontology", [":d a owl:SymmetricProperty .", ":d owl:inverseOf :e .", ":d rdfs:range :A ."]
)
def test_a_literal_never_becomes_a_subject(ontology: str) -> None:
    assert closed(":a :d 'x' , 1 ; a :B .", ontology=ontology).inferred(0) == ()


def test_literals_keep_their_lexical_forms() -> None:
    closure = closed(":a :p '007'^^xsd:integer , '0.50'^^xsd:decimal .")
    assert [str(t.object) for t in closure.inferred(0) if t.predicate.value.endswith("q")] == [
        '"0.50"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"007"^^<http://www.w3.org/2001/XMLSchema#integer>',
    ]


def test_ontology_among_the_layers_adds_its_individuals_only() -> None:
    ontology = ":A rdfs:subClassOf :B . :A a owl:Class ; rdfs:label 'A' . :code a :A , owl:NamedIndividual ."
    assert set(closed(ontology, ontology=ontology).inferred(0)) == turtle(":code a :B .")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (":a owl:sameAs :b .", "owl:sameAs"),
        (":C rdfs:subClassOf :D .", "rdfs:subClassOf"),
        (":u a owl:TransitiveProperty .", "owl:TransitiveProperty"),
        (":p rdfs:domain :C .", "rdfs:domain"),
    ],
)
def test_an_axiom_in_the_data_is_refused(data: str, what: str) -> None:
    with pytest.raises(JhaanError, match=what) as caught:
        closed(":a :p :b .", data)
    subject = str(next(iter(turtle(data))).subject)
    assert subject in str(caught.value)

"""The closure: stages, derivations, leaves, and what never comes out."""

from __future__ import annotations

import random

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


def test_earlier_stages_don_t_change_when_layers_follow() -> None:
    first, second, third = ":a :t :b .", ":b :t :c ; :p :c .", ":c :q :a ."
    assert [closed(first, second).inferred(k) for k in (0, 1)] == [
        closed(first, second, third).inferred(k) for k in (0, 1)
    ]


def test_stages_together_entail_what_one_layer_does() -> None:
    layers = ":a :t :b . :x :q :a .", ":b :t :c ; :p :c .", ":c :q :a . :c :t :x ."
    apart = closed(*layers)
    assert {t for k in range(3) for t in apart.inferred(k)} == set(closed(" ".join(layers)).inferred(0))


def test_inferred_triples_are_sorted_by_their_text() -> None:
    inferred = closed(":c :p 'x' , 'a' , :d , 'b'@en . :a :p :b . :b :t :c .").inferred(0)
    assert list(inferred) == sorted(inferred, key=lambda triple: [str(term) for term in triple])


def test_derivation_names_rule_and_premises() -> None:
    closure = closed(":a :t :b . :b :p :c .")
    derivation = closure.derivation(one(":a :r :c ."))
    assert derivation is not None
    assert derivation.rule.name == "prp-spo2"
    assert derivation.premises == (one(":a :t :b ."), one(":b :q :c ."))
    assert closure.derivation(one(":a :t :b .")) is None


def test_each_derivation_is_an_instance_of_its_rule() -> None:
    closure = closed(":a :t :b . :b :t :c ; :p :d . :c :t :a .")
    for triple in closure.inferred(0):
        derivation = closure.derivation(triple)
        assert derivation is not None
        bound: dict = {}
        patterns = (*derivation.rule.body, derivation.rule.head)
        for pattern, fact in zip(patterns, (*derivation.premises, triple), strict=True):
            assert pattern.predicate == fact.predicate
            for term, value in ((pattern.subject, fact.subject), (pattern.object, fact.object)):
                assert bound.setdefault(str(term), value) == value if str(term)[0] == "?" else term == value


def test_leaves_are_stated_and_entail_the_triple() -> None:
    data = ":a :t :b . :b :t :c ; :p :d . :x :p :y ."
    closure = closed(data)
    assert set(closure.leaves(one(":a :r :d ."))) == turtle(":a :t :b . :b :p :d .")
    for triple in closure.inferred(0):
        leaves = closure.leaves(triple)
        assert set(leaves) <= turtle(data)
        assert triple in close(compile_rules(turtle(ONTOLOGY)), [leaves])


def test_a_stated_triple_is_its_own_leaf() -> None:
    closure = closed(":a :q :b ; :p :b .")
    assert closure.leaves(one(":a :q :b .")) == (one(":a :q :b ."),)


def test_what_is_unknown_has_neither_derivation_nor_leaves() -> None:
    closure = closed(":a :p :b .")
    for text in (":a :p :c .", ":b :p :a ."):
        assert one(text) not in closure
        with pytest.raises(KeyError, match="neither stated nor inferred"):
            closure.leaves(one(text))
        with pytest.raises(KeyError, match="neither stated nor inferred"):
            closure.derivation(one(text))
    assert one(":a :q :b .") in closure
    assert ":a :q :b" not in closure


def test_a_derivation_of_ten_thousand_steps_is_followed() -> None:
    ontology = ":a rdfs:subClassOf :b . :next owl:propertyChainAxiom ( :next :link ) ."
    data = ":n0 :next :n1 . " + "".join(f":n{i} :link :n{i + 1} . " for i in range(1, 10_000))
    closure = closed(data, ontology=ontology)
    assert len(closure.leaves(one(":n0 :next :n10000 ."))) == 10_000


@pytest.mark.parametrize(
    "ontology",
    [
        ":d a owl:SymmetricProperty .",
        ":d owl:inverseOf :e .",
        ":d rdfs:range :A .",
        ":B rdfs:subClassOf [ owl:onProperty :d ; owl:allValuesFrom :A ] .",
    ],
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


def test_names_of_rules_that_the_data_lack_do_no_harm() -> None:
    closure = closed(
        ":a :p :b .", ontology=ONTOLOGY + "[ owl:onProperty :z ; owl:hasValue :v ] rdfs:subClassOf :Z ."
    )
    assert set(closure.inferred(0)) == turtle(":a :q :b ; a :A , :B .")


def test_the_order_of_triples_within_a_layer_has_no_meaning() -> None:
    layer = sorted(turtle(":a :t :b . :b :t :c , :d . :c :t :d ; :p :a . :d :q :b ."), key=str)
    rules = compile_rules(turtle(ONTOLOGY))
    expected = [close(rules, [layer]).derivation(triple) for triple in close(rules, [layer]).inferred(0)]
    for seed in range(5):
        shuffled = random.Random(seed).sample(layer, len(layer))
        closure = close(rules, [shuffled])
        assert [closure.derivation(triple) for triple in closure.inferred(0)] == expected

"""Each axiom on its own, by the rules of OWL 2 Profiles: what follows from it, what contradicts it, what is refused."""

from __future__ import annotations

import pytest
from owlrl_oracle import AXIOM_CASES, turtle

from case_tables import cases
from jhaan_kg.errors import JhaanError
from jhaan_kg.infer import Clash, close, compile_rules, find_contradictions

FUNCTIONAL = ":p a owl:ObjectProperty , owl:FunctionalProperty ."
Case = dict[str, str]


@cases(AXIOM_CASES, "entailments")
def test_entails(case: Case) -> None:
    closure = close(compile_rules(turtle(case["ontology"])), [turtle(case["data"])])
    assert set(closure.inferred(0)) == turtle(case["entailed"])


@cases(AXIOM_CASES, "without effect")
def test_has_no_effect(case: Case) -> None:
    ontology = turtle(case["ontology"])
    data = turtle(":a a :A , :B ; :p :b ; :d 'x' ; :n :c ; :e :b ; :f 'x'@en .")
    assert close(compile_rules(ontology), [ontology | data]).inferred(0) == ()


@cases(AXIOM_CASES, "not covered")
def test_what_is_not_covered_is_an_error(case: Case) -> None:
    with pytest.raises(JhaanError) as caught:
        compile_rules(turtle(case["ontology"]))
    message = str(caught.value).partition("Covered are")[0]
    assert case["term"] in message.replace("<http://example.org/", ":").replace(">", "")
    assert any(name in message for name in case["construct"].split("|"))


def test_rules_don_t_depend_on_the_order_of_triples_nor_on_names_of_blank_nodes() -> None:
    text = (
        "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :p owl:inverseOf :q . :q owl:inverseOf :r ."
    )
    one, other = compile_rules(turtle(text)), compile_rules(sorted(turtle(text), key=str, reverse=True))
    assert (one.rules, one.checks) == (other.rules, other.checks)


def test_rule_names_its_axiom_as_turtle_has_it() -> None:
    (rule,) = compile_rules(turtle(":p rdfs:range :A .")).rules
    assert (rule.name, rule.axiom) == ("prp-rng", "<http://example.org/p> rdfs:range <http://example.org/A>")


# --- contradictions --------------------------------------------------------------------------------------------


def clashes(ontology: str, *layers: str) -> list[Clash]:
    rules = compile_rules(turtle(ontology))
    return find_contradictions(rules, close(rules, [turtle(layer) for layer in layers]))


@cases(AXIOM_CASES, "contradictions")
def test_a_contradiction_is_found_once_and_no_other(case: Case) -> None:
    (clash,) = clashes(case["ontology"], ":x :y :z . " + case["faulty"])
    assert clash.rule.name == case["rule"]
    assert set(clash.triples) == set(clash.leaves) == turtle(case["faulty"])
    assert clashes(case["ontology"], case["consistent"]) == []


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
    assert str(clash).endswith(
        "owl:FunctionalProperty (different IRIs are taken to name different entities)."
    )


def test_three_values_of_a_functional_property_are_three_clashes() -> None:
    found = clashes(FUNCTIONAL, ":a :p :b , :c , :d .")
    assert [clash.triples for clash in found] == sorted((c.triples for c in found), key=str)
    assert len(found) == 3


def test_no_sameas_comes_out_of_functional_properties() -> None:
    rules = compile_rules(turtle(FUNCTIONAL))
    assert close(rules, [turtle(":a :p :b , :c . :b :q :d .")]).inferred(0) == ()

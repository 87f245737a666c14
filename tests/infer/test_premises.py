"""Premises: enough, minimal, from the right layers, and always the same."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from every_axiom import AXIOMS, statements
from hypothesis import given
from hypothesis import strategies as st
from owlrl_oracle import turtle

from jhaan_kg.infer import RuleSet, close, compile_rules, find_premises


def found(ontology: str, layers: list[str], background: str = "") -> dict:
    """Return the premises of what follows from some cited layers; the background is part of the first layer."""
    rules = compile_rules(turtle(ontology))
    free, first, *more = (turtle(text) for text in (background, *layers))
    return find_premises(close(rules, [free | first, *more]), lambda triple: triple not in free)


def single(text: str):
    (triple,) = turtle(text)
    return triple


CHAIN = ":r owl:propertyChainAxiom ( :p :q ) ."
NEAR = ":p rdfs:domain :A . :A rdfs:subClassOf :B . :B rdfs:subClassOf :C ."
LONGER = CHAIN + ":s rdfs:subPropertyOf :t . :t rdfs:subPropertyOf :u . :u rdfs:subPropertyOf :r ."
LINKS = "".join(f":n{i:02} :t :n{i + 1:02} . " for i in range(12))

# The ontology, what a layer states, what the background states, what follows, and its premises.
PREMISES = {
    "one premise": (":p rdfs:domain :A .", ":a :p :b .", "", ":a a :A .", ":a :p :b ."),
    "both links of a chain": (CHAIN, ":a :p :b . :b :q :c .", "", ":a :r :c .", ":a :p :b . :b :q :c ."),
    "all links of a long chain": (":t a owl:TransitiveProperty .", LINKS, "", ":n00 :t :n12 .", LINKS),
    "a link in the background is free": (CHAIN, ":a :p :b .", ":b :q :c .", ":a :r :c .", ":a :p :b ."),
    "all links in the background are": (CHAIN, "", ":x :p :b . :b :q :c .", ":x :r :c .", ""),
    "what the background states too is": (":p rdfs:domain :A .", ":a :p :b .", ":a :p :b .", ":a a :A .", ""),
    "one rather than two, even if the way is longer": (
        *(LONGER, ":a :p :b . :b :q :c . :a :s :c .", "", ":a :r :c ."),
        ":a :s :c .",
    ),
    "of as many the nearer": (NEAR, ":a :p :b ; a :B .", "", ":a a :C .", ":a a :B ."),
    "of as many and as near the first in order": (
        *(":p rdfs:domain :A . :q rdfs:domain :A .", ":a :q :a ; :p :z , :c .", "", ":a a :A ."),
        ":a :p :c .",
    ),
}


@pytest.mark.parametrize(
    ("ontology", "layer", "background", "triple", "expected"), PREMISES.values(), ids=PREMISES
)
def test_premises(ontology: str, layer: str, background: str, triple: str, expected: str) -> None:
    leaves = found(ontology, [layer], background)[single(triple)]
    assert set(leaves) == turtle(expected)
    assert len(leaves) == len(set(leaves))


def test_a_premise_that_another_makes_needless_is_left_out() -> None:
    # :m follows from :g or from :k; the former is nearer. And :k entails the rest of the chain too.
    ontology = """
        :g rdfs:subPropertyOf :m . :k rdfs:subPropertyOf :l . :l rdfs:subPropertyOf :m .
        :r owl:propertyChainAxiom ( :m :l ) .
    """
    result = found(ontology, [":a :g :a ; :k :a ."])
    assert result[single(":a :m :a .")] == (single(":a :g :a ."),)
    assert result[single(":a :r :a .")] == (single(":a :k :a ."),)


def test_premises_come_from_the_layers_of_the_stage() -> None:
    # The third layer would give a single premise for what follows from two of the first.
    result = found(CHAIN, [":a :p :b . :b :q :c .", ":a :r :c .", ":b :q :d ."])
    assert set(result[single(":a :r :c .")]) == turtle(":a :p :b . :b :q :c .")
    assert set(result[single(":a :r :d .")]) == turtle(":a :p :b . :b :q :d .")


def test_background_of_a_later_layer_is_free_from_then_on() -> None:
    rules = compile_rules(turtle(":p rdfs:domain :A . :A rdfs:subClassOf :B . " + CHAIN))
    layers = [turtle(":a :p :b ."), turtle(":a :p :x . :b :q :c . :x :q :c .")]
    cited = {single(":a :p :b .")}
    result = find_premises(close(rules, layers), cited)
    assert result[single(":a a :B .")] == (single(":a :p :b ."),)
    assert result[single(":a :r :c .")] == ()


def test_what_an_earlier_layer_entails_becomes_free_with_a_later_background() -> None:
    rules = compile_rules(
        turtle(":p rdfs:subPropertyOf :q . :o rdfs:subPropertyOf :q . :r owl:propertyChainAxiom ( :q :s ) .")
    )
    layers = [turtle(":a :p :b ."), turtle(":a :o :b . :b :s :c .")]
    result = find_premises(close(rules, layers), {single(":a :p :b .")})
    assert result[single(":a :q :b .")] == (single(":a :p :b ."),)
    assert result[single(":a :r :c .")] == ()


def test_asserted_triples_may_be_given_as_a_collection_or_a_test() -> None:
    rules = compile_rules(turtle(CHAIN))
    cited = list(turtle(":a :p :b ."))
    closure = close(rules, [turtle(":a :p :b . :b :q :c .")])
    assert (
        find_premises(closure, cited)
        == find_premises(closure, cited.__contains__)
        == {single(":a :r :c ."): tuple(cited)}
    )


def test_what_an_earlier_layer_entails_is_free_once_the_background_states_it() -> None:
    rules = compile_rules(turtle(":p rdfs:subPropertyOf :q . :r owl:propertyChainAxiom ( :q :q ) ."))
    layers = [turtle(":a :p :b ."), turtle(":a :q :b . :b :q :c .")]
    result = find_premises(close(rules, layers), layers[0])
    assert result == {single(":a :q :b ."): (single(":a :p :b ."),), single(":a :r :c ."): ()}


def test_of_premises_that_make_each_other_needless_the_first_in_order_stays() -> None:
    # The nearest way to :a starts from :p, the nearest to :b from :q, but either leads to both.
    ontology = """
        :p rdfs:subPropertyOf :a , :pp . :pp rdfs:subPropertyOf :b .
        :q rdfs:subPropertyOf :b , :qq . :qq rdfs:subPropertyOf :a .
        :r owl:propertyChainAxiom ( :a :b ) .
    """
    assert found(ontology, [":x :p :x ; :q :x ."])[single(":x :r :x .")] == (single(":x :p :x ."),)


def proper_subsets(triples: tuple) -> chain:
    return chain.from_iterable(combinations(triples, size) for size in range(len(triples)))


def check_by_brute_force(rules: RuleSet, layers: list[frozenset], cited: frozenset) -> int:
    """Check that all premises are enough and that no proper subset is; return how many sets have several."""
    closure = close(rules, layers)
    result = find_premises(closure, cited)
    assert list(result) == [triple for stage in range(closure.stages) for triple in closure.inferred(stage)]
    several = 0
    for stage in range(closure.stages):
        stated = frozenset().union(*layers[: stage + 1])
        background = stated - cited
        for triple in closure.inferred(stage):
            leaves = result[triple]
            assert set(leaves) <= stated & cited
            assert len(set(leaves)) == len(leaves)
            assert triple in close(rules, [background | set(leaves)])
            assert not any(
                triple in close(rules, [background | set(part)]) for part in proper_subsets(leaves)
            )
            several += len(leaves) > 1
    return several


_triples = statements(with_values=True).map(turtle)
_axioms = st.sets(st.sampled_from(AXIOMS), min_size=4)


@given(axioms=_axioms, layers=st.lists(st.tuples(_triples, _triples), min_size=1, max_size=3))
def test_premises_are_minimal_by_brute_force(axioms: set[str], layers: list[tuple]) -> None:
    rules = compile_rules(turtle("\n".join(sorted(axioms))))
    # The second part of each layer is background, also where another layer states the same.
    stated = [cited | free for cited, free in layers]
    cited = frozenset().union(*(cited for cited, _ in layers)) - frozenset().union(
        *(free for _, free in layers)
    )
    check_by_brute_force(rules, stated, cited)


def test_brute_force_meets_sets_of_several_premises() -> None:
    data = ":a :p :b . :b :t :c ; :q :a . :c :s :e . :e :t :a ; :q :b . :c a :A . :b a :G ; :d 'x' ."
    rules = compile_rules(turtle("\n".join(AXIOMS)))
    assert check_by_brute_force(rules, [turtle(data + ":a :s :a .")], turtle(data)) > 10

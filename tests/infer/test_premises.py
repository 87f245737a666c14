"""Premises: enough, minimal, from the right layers, and always the same."""

from __future__ import annotations

from itertools import chain, combinations

from every_axiom import AXIOMS, statements
from hypothesis import given
from hypothesis import strategies as st
from owlrl_oracle import AXIOM_CASES, turtle

from case_tables import cases
from jhaan_kg.infer import RuleSet, close, compile_rules, find_premises


def found(ontology: str, layers: list[str], background: str = "") -> dict:
    """Return the premises of what follows from some cited layers; the background is part of the first layer."""
    rules = compile_rules(turtle(ontology))
    free, first, *more = (turtle(text) for text in (background, *layers))
    return find_premises(close(rules, [free | first, *more]), lambda triple: triple not in free)


def single(text: str):
    (triple,) = turtle(text)
    return triple


@cases(AXIOM_CASES, "premises")
def test_premises(case: dict[str, str]) -> None:
    leaves = found(case["ontology"], [case["layer"]], case.get("background", ""))[single(case["entailed"])]
    assert set(leaves) == turtle(case["premises"])
    assert len(leaves) == len(set(leaves))


def test_a_layer_that_states_what_an_earlier_one_entails_makes_it_free() -> None:
    """From then on, where it is background."""
    rules = compile_rules(turtle(":p rdfs:subPropertyOf :q . :r owl:propertyChainAxiom ( :q :q ) ."))
    layers = [turtle(":a :p :b ."), turtle(":a :q :b . :b :q :c .")]
    result = find_premises(close(rules, layers), layers[0].__contains__)
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
    result = find_premises(closure, cited.__contains__)
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

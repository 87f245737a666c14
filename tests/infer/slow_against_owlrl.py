"""The engine against owlrl, on more examples; see `against_owlrl`."""

from __future__ import annotations

import pytest
from against_owlrl import try_all
from every_axiom import AXIOMS
from owlrl_oracle import owlrl_entailments, turtle
from single_axioms import ENTAILMENTS

from jhaan_kg.infer import close, compile_rules, find_premises


def test_the_engine_agrees_with_owlrl() -> None:
    try_all(few=0, many=60, every=10, checks=60)


@pytest.mark.parametrize(("ontology", "data", "expected"), ENTAILMENTS.values(), ids=ENTAILMENTS)
def test_owlrl_entails_the_same(ontology: str, data: str, expected: str) -> None:
    assert owlrl_entailments(turtle(ontology), turtle(data)) == turtle(expected)


def test_owlrl_agrees_that_the_premises_entail() -> None:
    ontology = turtle("\n".join(AXIOMS))
    data = turtle(":a :p :b . :b :t :c . :c :s :e . :e :t :a .")
    result = find_premises(close(compile_rules(ontology), [data]), data)
    for leaves in {leaves for leaves in result.values() if len(leaves) == 2}:
        entailed = owlrl_entailments(ontology, leaves)
        assert {triple for triple, own in result.items() if own == leaves} <= entailed

"""The engine against owlrl, on more examples; see `against_owlrl`."""

from __future__ import annotations

from against_owlrl import try_all
from every_axiom import AXIOMS
from owlrl_oracle import owlrl_entailments, turtle

from jhaan_kg.infer import close, compile_rules, premises


def test_the_engine_agrees_with_owlrl() -> None:
    try_all(few=0, many=60, every=10, checks=60)


def test_owlrl_agrees_that_the_premises_entail() -> None:
    ontology = turtle("\n".join(AXIOMS))
    data = turtle(":a :p :b . :b :t :c . :c :s :e . :e :t :a .")
    result = premises(close(compile_rules(ontology), [data]), data)
    for leaves in {leaves for leaves in result.values() if len(leaves) == 2}:
        entailed = owlrl_entailments(ontology, leaves)
        assert {triple for triple, own in result.items() if own == leaves} <= entailed

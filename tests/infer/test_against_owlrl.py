"""The engine against owlrl, on random axioms and data: the same entailments and the same contradictions."""

from __future__ import annotations

import pytest
from every_axiom import AXIOMS, CHECKS, statements
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from owlrl_oracle import AXIOM_CASES, complaints, owlrl_closure, owlrl_entailments, turtle

from case_tables import cases
from jhaan_kg.infer import close, compile_rules, find_contradictions

pytestmark = pytest.mark.slow


_some_axioms = st.sets(st.sampled_from(AXIOMS), min_size=1)
_few_axioms = st.sets(st.sampled_from(AXIOMS), min_size=1, max_size=8)


def agree(axioms: set[str], data: str) -> None:
    """Assert that the engine and owlrl infer the same triples."""
    ontology = turtle("\n".join(sorted(axioms)))
    triples = turtle(data)
    ours = close(compile_rules(ontology), [triples]).inferred(0)
    assert set(ours) == owlrl_entailments(ontology, triples)


def same_complaints(checks: set[str], data: str) -> None:
    """Assert that the engine and owlrl both find contradictions, or both find none."""
    ontology = turtle("\n".join(sorted(checks)))
    rules = compile_rules(ontology)
    clashes = find_contradictions(rules, close(rules, [turtle(data)]))
    assert bool(clashes) == bool(complaints(owlrl_closure(ontology, turtle(data))))


def try_all(few: int, many: int, every: int, checks: int) -> None:
    """Compare the engine with owlrl on random examples.

    owlrl takes up to a second per example. The numbers are therefore independent of the Hypothesis profile, and failing
    examples are not minimised.

    Args:
        few: the number of examples with few axioms.
        many: the number of examples with any number of axioms.
        every: the number of examples with all axioms.
        checks: the number of examples with constructs that forbid something.
    """
    data, plain = statements(with_values=True), statements(with_values=False)
    forbidding = st.sets(st.sampled_from(CHECKS), min_size=1)
    trials = (
        (few, given(axioms=_few_axioms, data=data)(agree)),
        (many, given(axioms=_some_axioms, data=data)(agree)),
        (every, given(axioms=st.just(set(AXIOMS)), data=data)(agree)),
        (checks, given(checks=forbidding, data=plain)(same_complaints)),
    )
    for examples, trial in trials:
        if examples:
            settings(
                max_examples=examples,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=[HealthCheck.too_slow],
            )(trial)()


def test_the_engine_agrees_with_owlrl() -> None:
    try_all(few=0, many=60, every=10, checks=60)


@cases(AXIOM_CASES, "entailments")
def test_owlrl_entails_the_same(case: dict[str, str]) -> None:
    assert owlrl_entailments(turtle(case["ontology"]), turtle(case["data"])) == turtle(case["entailed"])

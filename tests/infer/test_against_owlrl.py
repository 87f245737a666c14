"""The engine against owlrl: the same entailments, and complaints about the same data."""

from __future__ import annotations

import pytest
from every_axiom import AXIOMS, CHECKS, statements
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from owlrl_oracle import owlrl_complaints, owlrl_entailments, turtle

from jhaan_kg.infer import close, compile_rules, contradictions


def inferred(ontology: str, data: str) -> set:
    triples = turtle(data)
    closure = close(compile_rules(turtle(ontology)), [triples])
    return set(closure.inferred(0))


def agree(ontology: str, data: str) -> None:
    assert inferred(ontology, data) == owlrl_entailments(turtle(ontology), turtle(data))


# owlrl takes a good part of a second each time, so a failing example isn't made smaller.
_SETTINGS = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow],
    "derandomize": True,
    "phases": [Phase.generate],
}


@settings(max_examples=6, **_SETTINGS)
@given(data=statements(with_values=True))
def test_all_axioms_entail_what_owlrl_entails(data: str) -> None:
    agree("\n".join(AXIOMS), data)


@settings(max_examples=20, **_SETTINGS)
@given(axioms=st.sets(st.sampled_from(AXIOMS), min_size=1, max_size=8), data=statements(with_values=True))
def test_some_axioms_entail_what_owlrl_entails(axioms: set[str], data: str) -> None:
    agree("\n".join(sorted(axioms)), data)


@pytest.mark.slow
@settings(max_examples=400, **_SETTINGS)
@given(axioms=st.sets(st.sampled_from(AXIOMS), min_size=1), data=statements(with_values=True))
def test_many_axioms_entail_what_owlrl_entails(axioms: set[str], data: str) -> None:
    agree("\n".join(sorted(axioms)), data)


@settings(max_examples=15, **_SETTINGS)
@given(checks=st.sets(st.sampled_from(CHECKS), min_size=3), data=statements(with_values=False))
def test_contradictions_are_found_where_owlrl_finds_some(checks: set[str], data: str) -> None:
    same_complaints(checks, data)


@pytest.mark.slow
@settings(max_examples=400, **_SETTINGS)
@given(checks=st.sets(st.sampled_from(CHECKS), min_size=1), data=statements(with_values=False))
def test_contradictions_are_found_where_owlrl_finds_some_in_many_data(checks: set[str], data: str) -> None:
    same_complaints(checks, data)


def same_complaints(checks: set[str], data: str) -> None:
    ontology = turtle("\n".join(sorted(checks)))
    rules = compile_rules(ontology)
    clashes = contradictions(rules, close(rules, [turtle(data)]))
    assert bool(clashes) == bool(owlrl_complaints(ontology, turtle(data)))

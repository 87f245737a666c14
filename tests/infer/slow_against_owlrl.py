"""The engine against owlrl, on more examples; see `against_owlrl`."""

from __future__ import annotations

from against_owlrl import try_all
from owlrl_oracle import AXIOM_CASES, owlrl_entailments, turtle

from case_tables import cases


def test_the_engine_agrees_with_owlrl() -> None:
    try_all(few=0, many=60, every=10, checks=60)


@cases(AXIOM_CASES, "entailments")
def test_owlrl_entails_the_same(case: dict[str, str]) -> None:
    assert owlrl_entailments(turtle(case["ontology"]), turtle(case["data"])) == turtle(case["entailed"])

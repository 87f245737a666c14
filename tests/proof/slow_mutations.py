"""The mutation trial with one falsified source of each second kind; `trial_mutations.py` has all."""

from __future__ import annotations

import pytest
from mutation_trial import MOST, PAGE, Bench, noticed
from mutations import OPERATORS, TEXT_OPERATORS

TRIED = 1


@pytest.fixture(scope="module")
def bench(report_text: str) -> Bench:
    return Bench(report_text)


def test_unchanged_sources_are_proven(bench: Bench) -> None:
    assert not bench.proof.not_proven
    assert not bench.proof.not_taken
    assert not bench.proof.unneeded


@pytest.mark.parametrize("operator", list(OPERATORS)[::2])
def test_falsified_sources_are_noticed(operator: str, bench: Bench) -> None:
    """Nothing may escape that the page doesn't name."""
    trial = bench.try_operator(operator, TRIED)
    assert trial.tried == min(TRIED, noticed()[operator][1]) > 0
    text = PAGE.read_text("utf-8")
    assert all(f"- {operator}: `{what}`\n" in text for what in trial.escaped)


def test_changed_texts_are_listed_for_curators(bench: Bench) -> None:
    """Agencies that are swapped don't count: a passage often names both."""
    trials = [bench.try_operator(operator, MOST) for operator in TEXT_OPERATORS if "agency" not in operator]
    assert sum(trial.caught for trial in trials) >= 0.80 * sum(trial.tried for trial in trials) > 0

"""The mutation trial: the proof notices falsified sources, and docs/proof.md says how many."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutation_trial import PAGE, Bench, page, trials
from mutations import Mutator

WHO_WHEN_HOW_MANY = (
    "agency swapped for a sibling in the passage",
    "participant dropped",
    "participant added",
    "date moved by a day",
    "year changed",
    "number changed",
    "contested side removed",
)
ROLES = ("role swapped", "participation moved to another event")


@pytest.mark.slow
def test_falsified_sources_are_noticed(report_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JHAAN_REPORT", str(report_path))
    found = {trial.operator: trial for trial in trials()}
    too_few = {
        operator: (trial.caught, trial.tried)
        for operators, share in ((WHO_WHEN_HOW_MANY, 0.98), (ROLES, 0.80))
        for operator in operators
        for trial in [found[operator]]
        if not trial.tried or trial.caught < share * trial.tried
    }
    assert not too_few
    table = "".join(page(list(found.values())))
    assert table in PAGE.read_text("utf-8"), "Run: python tests/proof/mutation_trial.py"


@pytest.mark.slow
def test_some_of_each_kind_are_noticed(report_text: str) -> None:
    bench = Bench(report_text)
    for operator in WHO_WHEN_HOW_MANY:
        mutants = Mutator(bench.sources).mutants(operator, 1)
        assert mutants, operator
        for mutant in mutants:
            changed = bench.prove(mutant.apply(bench.sources))
            assert changed.not_proven or changed.not_taken, mutant.what


def test_unchanged_sources_are_proven(report_text: str) -> None:
    proof = Bench(report_text).proof
    assert not proof.not_proven
    assert not proof.not_taken
    assert not proof.unneeded

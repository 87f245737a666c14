"""The mutation trial: the proof notices falsified sources, and docs/proof.md says how many."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from mutation_trial import MOST, PAGE, Bench, page, trials
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


TRIED = int(os.environ.get("JHAAN_MUTANTS", "4"))
"""How many mutants of each kind are tried again; `make test-mutants` tries all."""


def noticed() -> dict[str, tuple[int, int]]:
    """Give the numbers of the page: of each kind how many were noticed, and how many were tried."""
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \| (\d+) \| [\d.]+ % \|", PAGE.read_text("utf-8"), re.MULTILINE)
    return {operator: (int(caught), int(tried)) for operator, tried, caught in rows}


@pytest.mark.parametrize(("operators", "share"), [(WHO_WHEN_HOW_MANY, 0.98), (ROLES, 0.80)])
def test_the_page_says_that_enough_is_noticed(operators: tuple[str, ...], share: float) -> None:
    found = noticed()
    for operator in operators:
        caught, tried = found[operator]
        assert caught >= share * tried > 0, operator


@pytest.mark.slow
def test_falsified_sources_are_noticed(report_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the trial must be as the page says; of a part of it nothing may escape that the page doesn't name."""
    monkeypatch.setenv("JHAAN_REPORT", str(report_path))
    found, told, text = trials(TRIED), noticed(), PAGE.read_text("utf-8")
    again = "Run: python tests/proof/mutation_trial.py"
    if TRIED >= MOST:
        assert "".join(page(found)) in text, again
    for trial in found:
        assert trial.tried == min(TRIED, told[trial.operator][1])
        assert all(f"- {trial.operator}: `{what}`\n" in text for what in trial.escaped), again


@pytest.mark.slow
def test_some_of_each_kind_are_noticed(report_text: str) -> None:
    bench = Bench(report_text)
    for operator in WHO_WHEN_HOW_MANY:
        mutants = Mutator(bench.sources).mutants(operator, 1)
        assert mutants, operator
        for mutant in mutants:
            changed = bench.prove(mutant.apply(bench.sources))
            assert changed.not_proven or changed.not_taken, mutant.what


@pytest.mark.slow
def test_unchanged_sources_are_proven(report_text: str) -> None:
    proof = Bench(report_text).proof
    assert not proof.not_proven
    assert not proof.not_taken
    assert not proof.unneeded

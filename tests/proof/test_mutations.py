"""The results of the mutation trial in docs/verification.md; `mutation_trial.py` tries all mutants again."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutation_trial import PAGE, noticed, page, trials
from mutations import TEXT_OPERATORS

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


@pytest.mark.parametrize(("operators", "share"), [(WHO_WHEN_HOW_MANY, 0.98), (ROLES, 0.80)])
def test_the_page_says_that_enough_is_noticed(operators: tuple[str, ...], share: float) -> None:
    found = noticed()
    for operator in operators:
        caught, tried = found[operator]
        assert caught >= share * tried > 0, operator


def test_the_page_says_that_enough_changed_texts_are_listed() -> None:
    """Agencies that are swapped don't count: a passage often names both."""
    found = [noticed()[operator] for operator in TEXT_OPERATORS if "agency" not in operator]
    assert sum(caught for caught, _ in found) >= 0.80 * sum(tried for _, tried in found) > 0


@pytest.mark.release
def test_the_page_has_what_the_trial_gives(report_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JHAAN_REPORT", str(report_path))
    assert "".join(page(trials())) in PAGE.read_text("utf-8"), "Run: python tests/proof/mutation_trial.py"

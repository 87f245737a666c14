"""The whole mutation trial gives the results in docs/verification.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutation_trial import PAGE, page, trials


def test_the_page_has_what_the_trial_gives(report_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JHAAN_REPORT", str(report_path))
    assert "".join(page(trials())) in PAGE.read_text("utf-8"), "Run: python tests/proof/mutation_trial.py"

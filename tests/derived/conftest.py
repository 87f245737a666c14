"""The report of 2023."""

from __future__ import annotations

import pytest

from jhaan_kg.passages import Report, split


@pytest.fixture(scope="session")
def report(report_text: str) -> Report:
    """The report of 2023."""
    return Report(split(report_text), report_text)

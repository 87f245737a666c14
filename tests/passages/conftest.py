"""The fictional report and the report of 2023, as texts and as trees."""

from __future__ import annotations

import pytest
from mini_report import MINI

from jhaan_kg.passages import Document, split


@pytest.fixture(scope="session")
def mini_text() -> str:
    """The text of the fictional report."""
    return MINI


@pytest.fixture(scope="session")
def mini() -> Document:
    """The tree of the fictional report."""
    return split(MINI, "https://example.org/report/1907")


@pytest.fixture(scope="session")
def report_tree(report_text: str) -> Document:
    """The tree of the report of 2023."""
    return split(report_text)

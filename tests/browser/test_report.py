"""The report as it is read where the server has its text: beside what each passage gave stand its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from serving import Serving, serving

from browser.table import SIZES
from browser.test_access import brief, findings
from browser.window import window

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory, report_path: Path) -> Iterator[Serving]:
    """A server with the report's text."""
    with serving(
        tmp_path_factory.mktemp("telling"), "--report", str(report_path), "--per-client", "50"
    ) as running:
        yield running


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "path", ["/read/jhaan-2023/9.4", "/read/jhaan-2023/11.2", "/contradictions", "/proof"]
)
def test_words_are_shown_and_nothing_keeps_people_out(
    browser: Browser, telling: Serving, axe: Path, path: str, size: str
) -> None:
    with window(browser, telling.url, size, bypass_csp=True) as opened:
        assert opened.open(path) == 200
        words = opened.tab.locator("pre" if path == "/proof" else "blockquote")
        assert words.filter(visible=True).count() > 1
        assert opened.said == []
        assert opened.run("document.documentElement.scrollWidth") == SIZES[size][0], opened.widest()
        assert brief(findings(opened, axe, {})) == []

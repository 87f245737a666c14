"""Pages on paper: what readers need, whole, and nothing that only a screen can do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, ViewportSize
from serving import Serving

from browser.table import MAIN, PAGES, Page, name
from browser.window import Window, window

pytestmark = pytest.mark.slow


PAPER: ViewportSize = {"width": 718, "height": 1047}
"""A4 without margins of 1 cm, in CSS pixels."""

ON_SCREENS = ("header", "nav", "form", ".skip", ".downloads", "details", "button")
HOLLOW = """() => [...document.querySelectorAll("h2, h3")].filter(heading => {
    const rest = heading.parentElement.innerText.replace(heading.innerText, "");
    return heading.checkVisibility() && !rest.trim();
}).map(heading => heading.innerText)"""
"""Headings below which nothing is printed."""

CUT = """() => [...document.querySelectorAll("body *")].filter(element =>
    element.checkVisibility() && getComputedStyle(element).overflowX !== "visible"
        && element.scrollWidth > element.clientWidth + 1
).map(element => element.cloneNode().outerHTML)"""
"""Elements that would have to be scrolled."""

PRINTED = [page for page in PAGES if page.status == 200]


def printed(opened: Window, path: str) -> None:
    """Open a page as it is printed."""
    opened.open(path)
    opened.tab.emulate_media(media="print", color_scheme="light")
    opened.tab.set_viewport_size(PAPER)


def check_print(browser: Browser, server: Serving, page: Page) -> None:
    """Make sure that on paper is what can be read."""
    with window(browser, server.url) as opened:
        printed(opened, page.path)
        for selector in ON_SCREENS:
            assert opened.tab.locator(selector).filter(visible=True).count() == 0, selector
        assert opened.tab.locator("h1").is_visible()
        assert opened.run(HOLLOW) == []
        assert opened.run(CUT) == []
        assert opened.run("document.documentElement.scrollWidth") <= PAPER["width"], opened.widest()
        assert opened.tab.pdf(format="A4").startswith(b"%PDF-")
        assert opened.said == []


@pytest.mark.parametrize("page", MAIN[1::3], ids=name)
def test_on_paper_is_what_can_be_read(browser: Browser, server: Serving, page: Page) -> None:
    check_print(browser, server, page)


def test_an_answer_is_printed_with_its_citations(browser: Browser, server: Serving) -> None:
    with window(browser, server.url) as opened:
        printed(opened, "/questions/empact-co-run")
        rows = opened.tab.locator("main tbody tr").filter(visible=True)
        assert rows.count() == 13
        assert "Section 9.4, paragraph 1" in rows.first.inner_text()
        after = "getComputedStyle(document.querySelector('td.source'), '::after').content"
        assert opened.run(after) == '" and others"'
        ink = opened.run("getComputedStyle(document.querySelector('td')).color")
        assert ink == "rgb(0, 0, 0)"

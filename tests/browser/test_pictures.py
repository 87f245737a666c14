"""Pictures in a browser: at three widths, in the light and in the dark, by keyboard, and for all people."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from serving import Serving

from browser.test_access import brief, findings
from browser.window import window

pytestmark = pytest.mark.release


WIDTHS = (1280, 768, 360)
PATHS = (
    "/timeline",
    "/questions/date-of-event",
    "/questions/events-by-month",
    "/questions/participation-ranking",
    "/questions/what-priorities-led-to",
    "/questions/empact-plan-agencies",
)
FILES = ("/network.svg", "/attendance.svg", "/timeline.svg", "/questions/organisers.svg")

OVERLAPPING = """() => {
    const picture = document.querySelector("svg.picture"), around = picture.getBoundingClientRect();
    const texts = [...picture.querySelectorAll("text")].filter(text => text.textContent.trim().length > 1)
        .map(text => ({words: text.textContent, box: text.getBoundingClientRect()}));
    const cut = texts.filter(({box}) => box.left < around.left - 1 || box.right > around.right + 1 ||
        box.top < around.top - 2 || box.bottom > around.bottom + 2).map(text => "cut: " + text.words);
    const meets = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 &&
        a.top < b.bottom - 5 && b.top < a.bottom - 5;
    const across = texts.flatMap((one, at) => texts.slice(at + 1).filter(other => meets(one.box, other.box))
        .map(other => one.words + " / " + other.words));
    return [...cut, ...across];
}"""
"""The texts that the edge of a picture cuts, and those that lie across each other."""

MARKS = """() => [...document.querySelectorAll("svg.picture a")].map(mark => ({
    name: mark.getAttribute("aria-label") || "", place: mark.getAttribute("href"),
    leads: !mark.getAttribute("href").startsWith("#") ||
        !!document.querySelector(mark.getAttribute("href") + " .source").textContent.trim(),
}))"""
"""The marks, and whether each leads to a row with its sources, if the row is on this page."""


@pytest.mark.parametrize("path", PATHS)
def test_pictures_are_whole_and_for_all(browser: Browser, server: Serving, axe: Path, path: str) -> None:
    with window(browser, server.url, bypass_csp=True) as opened:
        opened.open(path)
        for width in WIDTHS:
            opened.tab.set_viewport_size({"width": width, "height": 800})
            assert opened.run(OVERLAPPING) == [], width
            assert opened.run("document.documentElement.scrollWidth") <= width, opened.widest()
            for colours in ("light", "dark"):
                opened.tab.emulate_media(color_scheme=colours)
                assert brief(findings(opened, axe, {})) == [], (width, colours)
        assert all(asked.startswith(server.url) for asked in opened.asked)
        assert opened.said == []


@pytest.mark.parametrize("path", PATHS)
def test_each_mark_has_a_name_and_leads_to_its_passages(browser: Browser, server: Serving, path: str) -> None:
    with window(browser, server.url) as opened:
        opened.open(path)
        marks = opened.run(MARKS)
        assert marks
        assert all(mark["name"] and mark["leads"] for mark in marks)
        opened.tab.locator("svg.picture a").nth(2).focus()
        opened.tab.keyboard.press("Enter")
        opened.tab.wait_for_url("**#row-*")
        row = opened.tab.url.rpartition("#")[2]
        assert opened.tab.locator(f"tr[id={row}]").is_visible()


@pytest.mark.parametrize("path", FILES)
def test_files_are_whole(browser: Browser, server: Serving, path: str) -> None:
    with window(browser, server.url) as opened:
        opened.open(path)
        assert opened.run(OVERLAPPING) == []
        assert "Licence: CC BY 4.0." in opened.run("document.documentElement.textContent")

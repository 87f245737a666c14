"""The tables of attendance and network in a browser: at three widths, for all people, by keyboard, and on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize
from serving import Serving

from browser.colours import contrast
from browser.test_access import brief, findings
from browser.test_keyboard import REACHABLE, step
from browser.test_print import printed
from browser.window import Window, window

pytestmark = pytest.mark.release


WIDTHS = (1280, 768, 360)
PATHS = ("/attendance", "/network", "/attendance?month=September+2023", "/network?rule=joint-work")
HEAD = "main table thead th:nth-child(2)"
FIRST = "main table tbody tr:nth-child(3) th"

CELLS = """() => [...document.querySelectorAll("main tbody td a")].map(link => link.ariaLabel || "")"""
"""The names of all marks or numbers."""

HIDDEN = """() => {
    const element = document.activeElement, box = element.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return !element.contains(top);
}"""
"""Whether something covers what has the focus."""


def size(width: int) -> ViewportSize:
    return {"width": width, "height": 800}


def inside(opened: Window, selector: str) -> bool:
    """Return whether an element is within the region of the table, so that readers see it."""
    box = opened.tab.locator(selector).first.bounding_box()
    around = opened.tab.locator(".grid").bounding_box()
    assert box
    assert around
    return (
        around["x"] - 1 <= box["x"] < around["x"] + around["width"]
        and around["y"] - 1 <= box["y"] < around["y"] + around["height"]
    )


@pytest.mark.parametrize("path", PATHS)
def test_nothing_keeps_people_out_at_any_width(
    browser: Browser, server: Serving, axe: Path, path: str
) -> None:
    with window(browser, server.url, bypass_csp=True) as opened:
        opened.open(path)
        for width in WIDTHS:
            opened.tab.set_viewport_size(size(width))
            for colours in ("light", "dark"):
                opened.tab.emulate_media(color_scheme=colours)
                assert brief(findings(opened, axe, {})) == [], (width, colours)
            assert opened.run("document.documentElement.scrollWidth") <= width, opened.widest()
        assert [address for address in opened.asked if not address.startswith(f"{server.url}/")] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_names_of_rows_and_columns_stay_in_sight(browser: Browser, server: Serving, width: int) -> None:
    with window(browser, server.url, java_script_enabled=True) as opened:
        opened.tab.set_viewport_size(size(width))
        opened.open("/attendance")
        opened.run("() => { const grid = document.querySelector('.grid'); grid.scrollTop = 900; }")
        assert inside(opened, HEAD)
        opened.run(
            "() => { const grid = document.querySelector('.grid'); grid.scrollTop = 0; grid.scrollLeft = 500; }"
        )
        assert inside(opened, FIRST)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("path", "number"), [("/attendance?kind=seminar", 18), ("/network", 72)])
def test_each_cell_has_a_name_and_is_reached_by_keyboard(
    browser: Browser, server: Serving, path: str, number: int, width: int
) -> None:
    with window(browser, server.url) as opened:
        opened.tab.set_viewport_size(size(width))
        opened.open(path)
        names = opened.run(CELLS)
        assert len(names) == number
        assert all(": " in name for name in names)
        assert len(set(names)) == (number if path.startswith("/attendance") else number / 2)
        steps = []
        covered = []
        for _ in range(opened.run(REACHABLE)):
            steps.append(step(opened))
            if opened.run(HIDDEN):
                covered.append(steps[-1]["element"])
        reached = [name for name in names if any(f'aria-label="{name}"' in each["element"] for each in steps)]
        assert reached == names
        assert [each["element"] for each in steps if not each["seen"]] == []
        assert [each for each in covered if "aria-label=" in each and "href" in each] == []


def test_all_marks_can_have_the_focus(browser: Browser, server: Serving) -> None:
    with window(browser, server.url) as opened:
        opened.open("/attendance")
        assert len(opened.run(CELLS)) == 9 * 44
        assert opened.run("[...document.querySelectorAll('main td a')].every(link => link.tabIndex === 0)")


@pytest.mark.parametrize("path", PATHS)
def test_on_paper_the_whole_table_is_there(browser: Browser, server: Serving, path: str) -> None:
    with window(browser, server.url) as opened:
        printed(opened, path)
        heights = "[document.querySelector('.grid').clientHeight, document.querySelector('.grid table').clientHeight]"
        region, table = opened.run(heights)
        assert region >= table
        assert opened.run("document.documentElement.scrollWidth") <= 718
        assert opened.run("getComputedStyle(document.querySelector('thead th')).position") == "static"


def test_on_paper_numbers_can_be_read_in_the_dark_too(browser: Browser, server: Serving) -> None:
    with window(browser, server.url, color_scheme="dark") as opened:
        opened.open("/network")
        opened.tab.emulate_media(media="print")
        colours = opened.run(
            """() => [...document.querySelectorAll("[class^=level]")].map(cell =>
                [getComputedStyle(cell.firstChild).color, getComputedStyle(cell).backgroundColor])"""
        )
        assert len(colours) == 72
        assert min(contrast(ink, ground) for ink, ground in colours) > 7

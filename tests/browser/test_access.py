"""Pages for all people: what axe-core finds, on a desk, on a phone, and in the dark."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize
from serving import Serving

from browser.colours import luminance
from browser.table import MAIN, SIZES, Page, name
from browser.window import Window, window

pytestmark = pytest.mark.slow


ENLARGED: ViewportSize = {"width": 320, "height": 256}
"""What a window of 1280 by 1024 shows where all is enlarged fourfold, in CSS pixels."""


def findings(opened: Window, axe: Path, options: dict[str, Any]) -> list[dict[str, Any]]:
    """Run axe-core in a window: it gives what is wrong.

    The policy of the pages forbids its script, so the window must have been opened with `bypass_csp`.
    """
    if not opened.run("'axe' in window"):
        opened.tab.add_script_tag(path=axe)
    tried, found = opened.run(
        """options => axe.run(document, {resultTypes: ["violations"], ...options})
            .then(said => [said.passes.length, said.violations])""",
        options,
    )
    assert tried
    return list(found)


def ground(opened: Window) -> float:
    """Return how light the page is behind its texts."""
    return luminance(opened.run("getComputedStyle(document.body).backgroundColor"))


def brief(found: list[dict[str, Any]]) -> list[str]:
    """Return findings in one line each, with the first elements that have them."""
    return [
        f"{each['impact']} {each['id']}: {each['help']} ({len(each['nodes'])} times): "
        + " | ".join(f"{node['html'][:150]}" for node in each["nodes"][:3])
        for each in found
    ]


def check_access(browser: Browser, server: Serving, axe: Path, page: Page, sizes: Iterable[str]) -> None:
    """Make sure that nothing on a page keeps people out.

    By day all rules are tried, at each size; in the dark those on colours, which are the same at each.

    Enlarged fourfold, nothing must be scrolled sideways but tables (https://www.w3.org/TR/WCAG22/#reflow).
    """
    with window(browser, server.url, color_scheme="light", bypass_csp=True) as opened:
        opened.open(page.path)
        assert ground(opened) > 0.9
        for size in sizes:
            width, height = SIZES[size]
            opened.tab.set_viewport_size({"width": width, "height": height})
            assert brief(findings(opened, axe, {})) == [], size
        opened.tab.emulate_media(color_scheme="dark")
        assert ground(opened) < 0.05
        colours = {"runOnly": {"type": "tag", "values": ["cat.color"]}}
        assert brief(findings(opened, axe, colours)) == []

        opened.tab.set_viewport_size(ENLARGED)
        assert opened.run("document.documentElement.scrollWidth") <= ENLARGED["width"], opened.widest()


@pytest.mark.parametrize("page", MAIN, ids=name)
def test_nothing_keeps_people_out(browser: Browser, server: Serving, axe: Path, page: Page) -> None:
    check_access(browser, server, axe, page, SIZES)


def test_axe_finds_what_is_wrong(browser: Browser, server: Serving, axe: Path) -> None:
    """A grave fault of each kind that the other tests look for, so that they would find one."""
    with window(browser, server.url, bypass_csp=True) as opened:
        opened.open("/questions/empact-co-run")
        opened.run(
            """() => {
                document.querySelector("label[for=agency]").remove();
                document.querySelector("h1").style.color = "#ddd";
            }"""
        )
        found = {each["id"]: each["impact"] for each in findings(opened, axe, {})}
        assert (found.get("select-name"), found.get("color-contrast")) == ("critical", "serious")

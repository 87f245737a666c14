"""Pages without a mouse: all is reached with the keyboard, and where one is can be seen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser
from serving import Serving

from browser.colours import contrast
from browser.table import SIZES
from browser.window import Window, window

pytestmark = pytest.mark.slow


REACHED = """() => {
    const element = document.activeElement, style = getComputedStyle(element);
    let behind = element.parentElement;
    while (behind && /, 0\\)|transparent/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
    const box = element.getBoundingClientRect();
    return {
        element: element.cloneNode().outerHTML + element.textContent.trim().slice(0, 60),
        number: globalThis.reachable.indexOf(element),
        outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        colour: style.outlineColor,
        behind: getComputedStyle(behind).backgroundColor,
        seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0
            && box.left < innerWidth && box.top < innerHeight,
    };
}"""
"""What has the focus, as which of those that can have it, and how that is shown."""

REACHABLE = """() => {
    globalThis.reachable = [...document.querySelectorAll(
        "a[href], button, input, select, textarea, summary, [tabindex]"
    )].filter(element => element.tabIndex >= 0 && !element.disabled && element.checkVisibility());
    return reachable.length;
}"""
"""Marks what can have the focus, and counts it."""


def step(opened: Window, key: str = "Tab") -> dict[str, Any]:
    """Press a key, and give what has the focus now."""
    opened.tab.keyboard.press(key)
    return dict(opened.run(REACHED))


@pytest.mark.parametrize("size", SIZES)
def test_the_first_step_leads_past_the_navigation(browser: Browser, server: Serving, size: str) -> None:
    with window(browser, server.url, size) as opened:
        opened.open("/questions/empact-co-run")
        opened.run(REACHABLE)
        link = opened.tab.locator("a.skip")
        assert link.bounding_box()["x"] < 0  # type: ignore[index]
        first = step(opened)
        assert first["number"] == 0
        assert first["seen"]
        assert link.evaluate("element => element === document.activeElement")
        opened.tab.keyboard.press("Enter")
        opened.tab.wait_for_url("**#content")
        step(opened)
        inside = "document.activeElement === document.querySelector('main :is(a, button, input, select, textarea)')"
        assert opened.run(inside)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/questions/empact-co-run",
        "/search",
        "/sparql",
        "/id/event/2023/seminar-information-provision-what",
    ],
)
def test_all_is_reached_in_order_and_can_be_seen(browser: Browser, server: Serving, path: str) -> None:
    with window(browser, server.url) as opened:
        opened.open(path)
        number = opened.run(REACHABLE)
        assert number > 10
        steps = [step(opened) for _ in range(number)]
        assert [each["number"] for each in steps] == list(range(number))
        assert [each["element"] for each in steps if not each["seen"]] == []
        faint = [
            each["element"]
            for each in steps
            if each["outline"] < 2 or contrast(each["colour"], each["behind"]) < 3
        ]
        assert faint == []
        assert opened.said == []


def tab_to(opened: Window, name: str) -> None:
    """Press the tabulator until what has a name has the focus."""
    for _ in range(opened.run(REACHABLE)):
        opened.tab.keyboard.press("Tab")
        if opened.run("document.activeElement.id || document.activeElement.textContent.trim()") == name:
            return
    pytest.fail(f"{name} is not reached")


def test_a_question_is_narrowed_with_the_keyboard(browser: Browser, server: Serving) -> None:
    with window(browser, server.url) as opened:
        opened.open("/questions/empact-co-run")
        tab_to(opened, "agency")
        opened.tab.keyboard.type("Europol")
        tab_to(opened, "Apply")
        opened.tab.keyboard.press("Enter")
        opened.tab.wait_for_url(re.compile(r"[?&]agency=agency%3Aeuropol(&|$)"))
        partners = opened.tab.locator("main tbody tr td:nth-child(3)").all_inner_texts()
        assert set(partners) == {"Frontex", "Eurojust"}

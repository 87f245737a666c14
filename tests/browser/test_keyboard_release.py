"""Searching, asking and unfolding with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from serving import Serving

from browser.test_keyboard import step, tab_to
from browser.window import window

pytestmark = pytest.mark.release


def test_a_search_begins_with_the_keyboard(browser: Browser, server: Serving) -> None:
    with window(browser, server.url) as opened:
        opened.open("/")
        tab_to(opened, "search")
        opened.tab.keyboard.type("frontx")
        opened.tab.keyboard.press("Enter")
        opened.tab.wait_for_url("**/search?q=frontx")
        tab_to(opened, "Frontex")
        opened.tab.keyboard.press("Enter")
        opened.tab.wait_for_url("**/id/agency/frontex")


def test_a_query_is_asked_with_the_keyboard(browser: Browser, server: Serving) -> None:
    with window(browser, server.url) as opened:
        opened.open("/sparql")
        tab_to(opened, "query")
        opened.tab.keyboard.press("ControlOrMeta+A")
        opened.tab.keyboard.type("ASK { ?s ?p ?o }")
        tab_to(opened, "Run")
        opened.tab.keyboard.press("Enter")
        opened.tab.wait_for_url("**/sparql?query=*")
        assert opened.tab.get_by_role("region", name="Answer").get_by_text("yes").is_visible()


def test_what_is_folded_opens_with_the_keyboard(browser: Browser, server: Serving) -> None:
    with window(browser, server.url) as opened:
        opened.open("/questions/empact-co-run")
        shown = opened.tab.get_by_text("jhaan query empact-co-run --cite")
        assert not shown.is_visible()
        tab_to(opened, "Command line")
        opened.tab.keyboard.press("Enter")
        assert shown.is_visible()
        assert step(opened)["element"].startswith("<pre")

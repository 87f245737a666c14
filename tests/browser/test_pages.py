"""The main pages as a browser shows them, on a desk and on a phone, with scripts and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser
from serving import Serving

from browser.table import EMPACT, MAIN, SIZES, Page, name
from browser.window import Window, window

pytestmark = pytest.mark.slow


def check_page(browser: Browser, server: Serving, page: Page, size: str) -> None:
    """Make sure that a page shows what it must. On a desk the browser runs no scripts: it must show the same."""
    with window(browser, server.url, size, java_script_enabled=size == "phone") as opened:
        assert opened.open(page.path) == page.status
        assert opened.unseen(page) == []
        assert opened.said == []
        failed = [(address, why) for address, why in opened.failed if address != opened.tab.url]
        assert failed == []
        elsewhere = [address for address in opened.asked if not address.startswith(f"{server.url}/")]
        assert elsewhere == []
        assert f"{server.url}/style.css" in opened.asked
        # On a phone, a page that is too wide makes the window as wide as itself.
        width = opened.run("document.documentElement.scrollWidth")
        assert (width, opened.run("innerWidth")) == (SIZES[size][0], SIZES[size][0]), opened.widest()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", MAIN, ids=name)
def test_a_page_shows_what_it_must(browser: Browser, server: Serving, page: Page, size: str) -> None:
    check_page(browser, server, page, size)


def columns(opened: Window) -> list[list[str]]:
    """Return the cells of the table of an answer, row by row."""
    rows = opened.tab.locator("main tbody tr")
    return [row.locator("td").all_inner_texts() for row in rows.all()]


def test_a_question_is_narrowed_without_scripts(browser: Browser, server: Serving) -> None:
    with window(browser, server.url, "phone", java_script_enabled=False) as opened:
        opened.open("/questions/empact-co-run")
        assert {row[0] for row in columns(opened)} == {"Europol", "Eurojust", "Frontex"}
        opened.tab.get_by_role("combobox", name="agency Agency with the role").select_option("Europol")
        opened.tab.get_by_role("button", name="Apply").click()
        opened.tab.wait_for_url(re.compile(r"[?&]agency="))
        assert {row[2] for row in columns(opened)} == {"Frontex", "Eurojust"}
        assert opened.tab.get_by_text("agency: Europol").is_visible()
        assert (
            opened.tab.get_by_role("combobox", name="agency Agency with the role").input_value()
            == "agency:europol"
        )


def test_a_search_works_without_scripts(browser: Browser, server: Serving) -> None:
    with window(browser, server.url, java_script_enabled=False) as opened:
        opened.open("/questions")
        opened.tab.get_by_role("searchbox", name="Search", exact=True).fill("frontx")
        opened.tab.get_by_role("banner").get_by_role("button", name="Search").click()
        opened.tab.wait_for_url("**/search?q=frontx")
        opened.tab.get_by_role("link", name="Frontex", exact=True).click()
        opened.tab.wait_for_url("**/id/agency/frontex")


def test_three_clicks_to_a_passage_that_an_answer_cites(browser: Browser, server: Serving) -> None:
    """Question 13; that section 9.4 states who leads the actions is known from reading the report."""
    with window(browser, server.url) as opened:
        opened.open("/")
        opened.tab.get_by_role("link", name=EMPACT, exact=True).click()
        opened.tab.wait_for_url("**/questions/empact-co-run")
        row = opened.tab.get_by_role("row").filter(has_text="Migrant smuggling").first
        assert row.get_by_role("cell").first.inner_text() == "Europol"
        row.get_by_role("link", name="Section 9.4, paragraph 1", exact=True).click()
        opened.tab.wait_for_url("**/id/report/jhaan-2023/section/9.4/paragraph/1")
        stated = opened.tab.get_by_role("region", name="Section 9.4, paragraph 1")
        assert "Migrant smuggling" in stated.inner_text()
        assert opened.said == []

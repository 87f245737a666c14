"""Each page at each size, on paper, for all people, and with all attacks."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from serving import Serving

from browser.table import PAGES, SIZES, Page, name
from browser.test_access import check_access
from browser.test_attacks import check_typed, typed
from browser.test_pages import check_page
from browser.test_print import PRINTED, check_print

pytestmark = pytest.mark.release


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_shows_what_it_must(browser: Browser, server: Serving, page: Page, size: str) -> None:
    check_page(browser, server, page, size)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_nothing_keeps_people_out(browser: Browser, server: Serving, axe: Path, page: Page) -> None:
    check_access(browser, server, axe, page, SIZES)


@pytest.mark.parametrize("page", PRINTED, ids=name)
def test_on_paper_is_what_can_be_read(browser: Browser, server: Serving, page: Page) -> None:
    check_print(browser, server, page)


def test_what_is_typed_stays_text(browser: Browser, server: Serving) -> None:
    check_typed(browser, server, typed(browser, server, PAGES))

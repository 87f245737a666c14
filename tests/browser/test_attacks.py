"""Attacks by what is typed, and by what a graph says: it all stays text, with the policy of the pages and without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser
from serving import Serving, serving

from browser.attacks import ATTACKS, HARM, THING, hostile_snapshot
from browser.table import MAIN, Page
from browser.window import Window, window
from jhaan_kg.build.cache import open_snapshot

pytestmark = pytest.mark.slow


FIELDS = """() => [...document.forms].flatMap(form =>
    [...form.elements].filter(field => field.name).map(field => [new URL(form.action).pathname, field.name]))"""
"""The fields of all forms of a page, each with where it is sent."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with a graph, questions and a report whose every text is an attack."""
    made, report = hostile_snapshot(tmp_path_factory.mktemp("hostile"), open_snapshot())
    options = ("--snapshot", str(made), "--report", str(report), "--timeout", "60", "--per-client", "50")
    with serving(tmp_path_factory.mktemp("log"), *options) as running:
        yield running


@contextmanager
def shut_in(browser: Browser, address: str) -> Iterator[Window]:
    """Open a window without the policy of the pages, and which no other server answers or leads away."""
    with window(browser, address, bypass_csp=True) as opened:
        opened.tab.route(
            lambda url: not url.startswith((f"{address}/", "about:")), lambda route: route.fulfill(status=204)
        )
        yield opened


def harmed(opened: Window, paths: Iterable[str], address: str) -> list[str]:
    """Open pages, and give what attacks have done to them."""
    found = []
    for path in paths:
        opened.open(path)
        found += [f"{path}: {harm}" for harm in opened.run(HARM)]
    elsewhere = [f"asked for: {asked}" for asked in opened.asked if not asked.startswith(f"{address}/")]
    return found + elsewhere + opened.dialogs


def quoted(text: str) -> str:
    """Return a text as SPARQL has it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def asking(query: str) -> str:
    """Return the path at which a query is answered."""
    return f"/sparql?{urlencode({'query': query})}"


def typed(browser: Browser, server: Serving, pages: Iterable[Page]) -> list[str]:
    """Return a path for each attack in each field, and in each part of an address that a page may repeat."""
    fields = set[tuple[str, str]]()
    with window(browser, server.url) as opened:
        for page in pages:
            opened.open(page.path)
            fields |= {(path, field) for path, field in opened.run(FIELDS)}
    assert ("/search", "q") in fields
    paths = []
    for attack in ATTACKS:
        paths += [f"{path}?{urlencode({field: attack})}" for path, field in sorted(fields)]
        paths += [
            f"/{place}{quote(attack, safe='')}" for place in ("", "id/", "questions/", "read/", "search?")
        ]
        paths += [
            f"/sparql?{urlencode({'example': attack})}",
            f"/questions/empact-co-run?{urlencode({attack: 1})}",
        ]
        paths += [
            asking(query.format(quoted(attack)))
            for query in (
                "SELECT ({} AS ?x) (IRI('javascript:window.xss=1') AS ?y) {{}}",
                "CONSTRUCT {{ <javascript:window.xss=1> <urn:p> {} }} WHERE {{}}",
                "SELECT ({} AS x) {{}}",
            )
        ]
    return paths


def check_typed(browser: Browser, server: Serving, paths: Sequence[str]) -> None:
    """Make sure that what is typed stays text, with the policy of the pages and without."""
    with shut_in(browser, server.url) as opened:
        assert harmed(opened, paths, server.url) == []
    with window(browser, server.url) as opened:
        assert harmed(opened, paths[:: len(ATTACKS)], server.url) == []


def test_what_is_typed_stays_text(browser: Browser, server: Serving) -> None:
    """A part of it; `test_pages_release.py` types all."""
    check_typed(browser, server, typed(browser, server, MAIN)[::5])


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("query", ["SELECT ({} AS ?x) {{}}", "CONSTRUCT {{ <urn:s> <urn:p> {} }} WHERE {{}}"])
def test_what_a_query_gives_is_shown_as_it_is(
    browser: Browser, server: Serving, query: str, attack: str
) -> None:
    with shut_in(browser, server.url) as opened:
        assert opened.open(asking(query.format(quoted(attack)))) == 200
        given = attack if query.startswith("SELECT") else quoted(attack)
        assert given in opened.tab.get_by_role("region", name="Answer", exact=True).first.inner_text()
        assert (opened.run(HARM), opened.dialogs) == ([], [])


def test_what_the_graph_says_stays_text(browser: Browser, hostile: Serving) -> None:
    paths = [f"/{quote(THING)}", "/search?q=script", "/read/jhaan-2023/9.4"]
    paths += [page.path for page in MAIN]
    with shut_in(browser, hostile.url) as opened:
        assert harmed(opened, paths, hostile.url) == []
    with window(browser, hostile.url) as opened:
        assert harmed(opened, paths[::4], hostile.url) == []


def test_what_the_report_says_stays_text(browser: Browser, hostile: Serving) -> None:
    """Its words are shown where the server has them."""
    with shut_in(browser, hostile.url) as opened:
        opened.open("/read/jhaan-2023/9.4")
        words = opened.tab.locator("blockquote").all_inner_texts()
        assert any("<script class=xss>" in text for text in words)
        assert (opened.run(HARM), opened.dialogs) == ([], [])


def test_an_attack_that_succeeds_is_seen(browser: Browser, server: Serving) -> None:
    with shut_in(browser, server.url) as opened:
        opened.open("/")
        opened.tab.set_content(f"<p title='{ATTACKS[0]}")
        harms = " ".join(opened.run(HARM))
        for harm in ("a script has run", "an element", "a script: ", "a target: javascript:window.xss=1"):
            assert harm in harms
        assert opened.dialogs == ["1"]

"""A static site of the small graph: names of files, links between them, and what is left out."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pyoxigraph import NamedNode
from report_read import sentences

import bad_input
import programs
import small_graph
from bad_input import Run
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import export_files
from jhaan_kg.files import MARKER, SUMS, write_folder
from jhaan_kg.namespaces import GRAPH, ID
from jhaan_kg.pages.home import questions_page
from jhaan_kg.pages.loaded import load
from jhaan_kg.pages.static import search_page
from jhaan_kg.passages import split
from jhaan_kg.passages.document import document_triples
from jhaan_kg.site.addresses import Addresses
from jhaan_kg.site.files import search_files
from real_sources import ROOT
from static_site import broken_links, forms
from yearbook import LANTERN

QUESTIONS = ("cooperations", "event-agenda", "joint-products", "participation-ranking")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The small graph with the sections of the yearbook and some of the real questions."""
    text = (LANTERN / "lantern-2031.txt").read_text("utf-8")
    document = document_triples(split(text, f"{ID}report/lantern-2031"))
    graphs = {
        graph: triples
        for graph, triples in small_graph.graphs().items()
        if not graph.value.startswith(f"{GRAPH}document/")
    }
    graphs[NamedNode(f"{GRAPH}document/lantern-2031")] = list(document)
    real = json.loads(open_snapshot().catalogue_path.read_bytes())
    queries = [query for query in real["queries"] if query["name"] in QUESTIONS]
    folder = tmp_path_factory.mktemp("site") / "snapshot"
    return small_graph.snapshot(folder, graphs, {**real, "queries": queries})


@pytest.fixture(scope="module")
def site(snapshot: Snapshot) -> dict[str, bytes]:
    return dict(export_files(snapshot, "site"))


@pytest.fixture(scope="module")
def addresses(snapshot: Snapshot) -> Addresses:
    return Addresses(load(snapshot, with_search=False))


@pytest.mark.parametrize(
    ("file", "link", "expected"),
    [
        ("index.html", "/read/lantern-2031/2.1#paragraph-1", "read/lantern-2031/2.1.html#paragraph-1"),
        ("id/agency/alba.html", "/", "../../index.html"),
        ("id/agency/alba.html", "/id/agency/alba.jsonld", "../../id/agency/alba.jsonld"),
        ("index.html", "/ontology#Agency", "ontology.html#Agency"),
        ("index.html", "/questions/cooperations.csv", "questions/cooperations.csv"),
        ("questions.html", "/questions/cooperations?", "questions/cooperations.html"),
        (
            "questions.html",
            "/questions/participation-ranking?agency=agency%3Aalba",
            "questions/participation-ranking/agency-alba.html",
        ),
        (
            "questions.html",
            "/questions/participation-ranking?agency=agency%3Aalba&amp;from=101",
            "questions/participation-ranking/agency-alba-from-101.html",
        ),
        ("pair.html", "/pair?one=agency%3Aalba&amp;other=agency%3Abrig", "pair/one-alba-other-brig.html"),
        # An answer for one value is part of the answer for all; where that is not the default, it needs a server.
        ("index.html", "/questions/event-agenda?event=event2023%3Aa", "questions/event-agenda.html"),
        ("index.html", "/questions/joint-products?year=2022", "server.html"),
        ("index.html", "/sparql?query=ASK", "server.html"),
        ("index.html", "/id/assertion/0", "server.html"),
    ],
)
def test_where_links_lead(file: str, link: str, expected: str, addresses: Addresses) -> None:
    page = f'<p>href="{link}"</p><a class="a" href="{{}}">/</a>'
    text = "<p>href=&#34;/&#34;</p>"
    for kept in ("#part", "https://example.org/?a=b", "https://w3id.org/jhaan/ontology"):
        assert addresses.relative(page.format(kept), file) == page.format(kept)
    assert addresses.relative(text + page.format(link), file) == text + page.format(expected)


def test_each_entity_has_its_page_and_its_data(site: dict[str, bytes]) -> None:
    assert {"index.html", "404.html", ".nojekyll", "a-to-z.html", "by-type.html", "style.css"} <= set(site)
    for suffix in ("html", "ttl", "jsonld"):
        assert b"Alba" in site[f"id/agency/alba.{suffix}"]
    for page in ("a-to-z.html", "by-type.html"):
        assert b'<a href="id/agency/alba.html">' in site[page]
    assert not [path for path in site if path.startswith(("id/assertion/", "id/derivation/"))]
    # The small graph describes neither all of its terms nor the sections that it cites.
    assert [link for link in broken_links(site) if "#" not in link[1]] == []
    assert forms(site) == []
    assert b"<a" not in site["404.html"], "it may be shown at any address"


def test_the_same_graph_makes_the_same_bytes(site: dict[str, bytes], snapshot: Snapshot) -> None:
    assert dict(export_files(snapshot, "site")) == site


def test_a_sitemap_needs_an_address(site: dict[str, bytes], snapshot: Snapshot) -> None:
    base = "https://example.org/kg"
    more = dict(export_files(snapshot, "site", base=base))
    assert set(more) - set(site) == {"sitemap.xml"}
    assert f"<loc>{base}/id/agency/alba.html</loc>".encode() in more["sitemap.xml"]


def test_pages_of_a_server_keep_their_forms(site: dict[str, bytes]) -> None:
    assert site
    assert b"<form" in questions_page([], "")


def test_without_pagefind_it_is_said_how_to_install_it(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pagefind", None)
    with pytest.raises(JhaanError, match="pip install pagefind"):
        dict(export_files(snapshot, "site", search="pagefind"))


def test_with_pagefind_the_pages_link_to_the_search(snapshot: Snapshot) -> None:
    if find_spec("pagefind") is None:
        programs.missing("pagefind", "pip install pagefind")
    found = dict(export_files(snapshot, "site", search="pagefind"))
    assert b'<a href="../../search.html">Search</a>' in found["id/agency/alba.html"]
    assert [link for link in broken_links(found) if "#" not in link[1]] == []


def test_other_formats_take_no_search(run: Run) -> None:
    code, _, err = run("export", "turtle", "--search", "pagefind")
    assert (code, err) == (2, "jhaan: Option --search does not apply to turtle. It applies to: site.\n")


# --- reports on errors -------------------------------------------------------------------------------------


def test_each_page_is_called_unofficial(site: dict[str, bytes]) -> None:
    pages = {name: data for name, data in site.items() if name.endswith(".html") and name != "404.html"}
    assert [name for name, page in pages.items() if b"This site is unofficial." not in page] == []


def test_with_an_address_each_page_has_a_link_to_it(snapshot: Snapshot) -> None:
    files = dict(
        export_files(snapshot, "site", report_errors="data@example.org", base="https://example.org/kg/")
    )
    pages = {
        name: data.decode() for name, data in files.items() if name.endswith(".html") and name != "404.html"
    }
    assert [
        name for name, page in pages.items() if 'href="mailto:data@example.org?subject=' not in page
    ] == []
    assert (
        "Error%20in%20the%20data:%20https://w3id.org/jhaan/id/event/2023/autumn"
        in (pages["id/event/2023/autumn.html"])
    )
    assert "Error%20in%20the%20data:%20https://example.org/kg/a-to-z.html" in pages["a-to-z.html"]


def test_an_address_for_errors_must_be_one(snapshot: Snapshot) -> None:
    with pytest.raises(JhaanError, match="must be an e-mail address or a URL"):
        dict(export_files(snapshot, "site", report_errors="the editors"))


if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from browser.window import Window


MEGABYTE = 1_000_000


OPENED = (
    "index.html",
    "id/agency/frontex.html",
    "questions/agency-events/agency-fra.html",
    "read/jhaan-2023/5.2.2.html",
    "a-to-z.html",
)


class Built(NamedTuple):
    folder: Path
    seconds: float


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, report_path: Path) -> Built:
    """The site, as the command makes it for a user who has the report's text; how long two idle processors take."""
    open_snapshot()
    folder = tmp_path_factory.mktemp("site") / "site"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "jhaan_kg", "export", "site", "-o", folder],
        cwd=ROOT,
        env={**os.environ, "JHAAN_REPORT": str(report_path)},
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Built(folder, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 2)


@pytest.fixture(scope="module")
def files(built: Built) -> dict[str, bytes]:
    return {name: data for name, data in bad_input.contents(built.folder).items() if isinstance(data, bytes)}


@pytest.mark.slow
def test_each_link_leads_to_a_file(files: dict[str, bytes]) -> None:
    assert list(broken_links(files)) == []
    assert forms(files) == []


@pytest.mark.slow
def test_it_is_small_and_made_soon(files: dict[str, bytes], built: Built) -> None:
    assert sum(map(len, files.values())) < 60 * MEGABYTE
    assert built.seconds < 60


@pytest.mark.slow
def test_no_sentence_of_the_report_is_in_it(files: dict[str, bytes], report_text: str) -> None:
    own = sentences(split(report_text), report_text)
    assert len(own) > 200
    texts = {path: " ".join(unescape(data.decode()).split()) for path, data in files.items()}
    assert [(path, one) for path, text in texts.items() for one in own if one in text] == []


# --- in a browser --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from browser.window import chromium

    with chromium(programs.program("chromium", "chromium")) as started:
        yield started


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder below the root of a host, as a plain server of files does."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder.parent)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{folder.name}/"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


def failed(shown: Window) -> list[tuple[str, str]]:
    """Return what failed; a file that a browser has already (304) did not."""
    return [each for each in shown.failed if each[1] != "304"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["server", "folder"])
def test_a_browser_shows_its_pages(kind: str, built: Built, browser: Browser) -> None:
    from browser.window import window

    with served(built.folder) as address, window(browser, address) as shown:
        for page in OPENED:
            shown.tab.goto((address if kind == "server" else f"{built.folder.as_uri()}/") + page)
            shown.tab.wait_for_load_state("networkidle")
            assert shown.tab.locator("h1").is_visible()
            shown.tab.get_by_role("navigation", name="Main").get_by_role("link", name="The report").click()
            shown.tab.wait_for_load_state("networkidle")
            assert shown.tab.url.endswith("/read.html")
        assert (shown.said, failed(shown)) == ([], [])


@pytest.mark.slow
def test_pagefind_finds_an_entity(files: dict[str, bytes], browser: Browser, tmp_path: Path) -> None:
    """The only page with scripts; its policy allows those of the site."""
    from browser.window import window

    if find_spec("pagefind") is None:
        programs.missing("pagefind", "pip install pagefind")
    pages = {path: data for path, data in files.items() if path not in (SUMS, MARKER)}
    found = dict(search_files(pages.items()))
    assert found == dict(search_files(pages.items()))
    write_folder(tmp_path / "site", {**pages, **found, "search.html": search_page()}.items())
    with served(tmp_path / "site") as address, window(browser, address) as shown:
        shown.open("search.html")
        shown.tab.locator("input").fill("fundamental rights officers")
        shown.tab.locator("pagefind-results a").first.click()
        shown.tab.wait_for_url(re.compile(f"{address}(id|questions|read)/"))
        assert shown.tab.locator("h1").is_visible()
        assert (shown.said, failed(shown)) == ([], [])

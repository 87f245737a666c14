"""The static site of the whole graph: its links, its size, its bytes, and how a browser shows it."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

import pytest
from report_read import sentences

import bad_input
import programs
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export_files
from jhaan_kg.files import MARKER, SUMS, read_checksums, write_folder
from jhaan_kg.pages.static import search_page
from jhaan_kg.passages import split
from jhaan_kg.site.search import search_files
from real_sources import ROOT
from static_site import broken_links, forms

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


def test_each_link_leads_to_a_file(files: dict[str, bytes]) -> None:
    assert list(broken_links(files)) == []
    assert forms(files) == []


def test_it_is_small_and_made_soon(files: dict[str, bytes], built: Built) -> None:
    assert sum(map(len, files.values())) < 60 * MEGABYTE
    assert built.seconds < 60


def test_no_sentence_of_the_report_is_in_it(files: dict[str, bytes], report_text: str) -> None:
    own = sentences(split(report_text), report_text)
    assert len(own) > 200
    texts = {path: " ".join(unescape(data.decode()).split()) for path, data in files.items()}
    assert [(path, one) for path, text in texts.items() for one in own if one in text] == []


def test_the_same_graph_makes_the_same_bytes(built: Built) -> None:
    again = {path: sha256(data).hexdigest() for path, data in export_files(open_snapshot(), "site")}
    assert again == read_checksums(built.folder)


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

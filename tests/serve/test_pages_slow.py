"""Pages of the whole report, with its text, and what a server needs more time for."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from in_process import BROWSER, Site, site_of
from pages_read import links, unnamed, words
from report_read import SECTIONS, check_below, check_quotes, check_section, statements
from serving import Serving, serving

from html_tree import ids, read
from jhaan_kg.export.formats import FORMATS
from jhaan_kg.pages.loaded import Loaded, load
from jhaan_kg.pages.resources import DOWNLOADS, PAGES
from jhaan_kg.passages import Document

pytestmark = pytest.mark.slow


if TYPE_CHECKING:
    from httpx import Response


def test_all_links_lead_somewhere_and_each_question_has_its_page(site: Site, loaded: Loaded) -> None:
    """Files and the description of the graph, which take seconds, are tested with real servers."""
    targets: set[str] = set()
    for path in (*PAGES, "questions", "read/jhaan-2023/5.2.2", "search?q=frontex"):
        targets |= {target for target, _ in links(site.page(f"/{path}"))}
    found: dict[str, set[str]] = {}
    replies: dict[str, Response] = {}
    for target in sorted(target for target in targets if target[0] == "/"):
        if target.startswith(("/downloads/", "/.well-known/")):
            continue
        path, _, fragment = target.partition("#")
        if path not in found:
            reply = replies[path] = site.fetch(path, BROWSER)
            assert reply.status_code == 200, target
            is_page = reply.headers["Content-Type"].startswith("text/html")
            found[path] = ids(read(reply.content)) if is_page else set()
        assert not fragment or fragment in found[path], target
    assert len(found) > 500
    for query in loaded.catalogue:
        page = replies[f"/questions/{query.name}"].text
        assert query.summary in words(page), query.name
        assert unnamed(page) == [], query.name
        assert len(page.encode()) < 2**20, query.name


def test_below_another_address_all_links_stay_there(loaded: Loaded) -> None:
    below = site_of(loaded, "https://example.org/jhaan/kg")
    for path in (*PAGES, "questions/empact-co-run", "id/agency/fra"):
        check_below(below, f"/{path}", "/jhaan/kg/")


def test_each_passage_of_each_section_shows_what_its_block_states(site: Site, document: Document) -> None:
    for file in SECTIONS:
        check_section(site, document, statements(file))


# --- with the report's text ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compared_text(loaded: Loaded, report_path: Path) -> Site:
    """A client of an application that has the text, and has compared it with the graph."""
    return site_of(load(loaded.snapshot, [report_path]))


def test_with_the_text_each_passage_has_its_words(
    compared_text: Site, document: Document, report_text: str
) -> None:
    check_quotes(compared_text, document, report_text, [section.iri for section in document.sections])


def test_with_the_text_the_proof_is_made(compared_text: Site) -> None:
    """The account of `jhaan verify` and what the page asks the graph are made in different ways."""
    said = words(compared_text.page("/proof"))
    assert "matched in the text" in said
    assert "failed 0 0.0 %" in said
    (total,) = re.findall(r"Statements from passages: (\d+) ", said)
    (by_place,) = re.findall(r"linked to a passage (\d+) ", said)
    (findable,) = re.findall(r"([\d,]+) statements have a property with a matching method", said)
    (judged,) = re.findall(r"([\d,]+) statements are linked to a passage, and their", said)
    assert int(findable.replace(",", "")) + int(judged.replace(",", "")) == int(total)
    assert int(by_place) >= int(judged.replace(",", ""))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Another text.\n", "must be the text of a report in the graph: jhaan-2023 with 78,392"),
        (b"\xff", "not UTF-8 at line 1 (byte 0)"),
        (None, "Cannot open "),
    ],
)
def test_another_text_does_not_start_the_server(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "report.txt"
    if content is not None:
        file.write_bytes(content)
    command = [sys.executable, "-m", "jhaan_kg", "serve", "--port", "0", "--report", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


# --- real servers ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def default(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with its default limits."""
    with serving(tmp_path_factory.mktemp("default")) as running:
        yield running


@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_file_has_the_bytes_that_the_command_writes(tmp_path: Path, default: Serving, name: str) -> None:
    file = tmp_path / name
    command = [sys.executable, "-m", "jhaan_kg", "export", DOWNLOADS[name], "-o", file]
    subprocess.run(command, check=True)
    reply = requests.get(f"{default.url}/downloads/{name}", headers={"Accept": BROWSER}, timeout=60)
    assert reply.content == file.read_bytes()
    assert reply.headers["Content-Type"].partition(";")[0] == FORMATS[DOWNLOADS[name]].media_type


def test_a_query_that_takes_too_long_can_be_mended(server: Serving) -> None:
    query = {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"}
    reply = requests.get(server.sparql, query, headers={"Accept": BROWSER}, timeout=60)
    assert reply.status_code == 504
    made = read(reply.content)
    assert "more than 5 seconds" in made.text
    assert made.all("textarea")[0].raw.strip() == query["query"]

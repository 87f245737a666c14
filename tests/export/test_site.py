"""A static site of the small graph: names of files, links between them, and what is left out."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec

import pytest
from pyoxigraph import NamedNode

import programs
import small_graph
from bad_input import Run
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import export_files
from jhaan_kg.namespaces import GRAPH, ID
from jhaan_kg.pages.home import questions_page
from jhaan_kg.passages import split
from jhaan_kg.passages.document import document_triples
from jhaan_kg.serve.loading import load
from jhaan_kg.site.addresses import Addresses
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
    return Addresses(load(snapshot.path, with_search=False))


@pytest.mark.parametrize(
    ("file", "link", "expected"),
    [
        ("index.html", "/read/lantern-2031/2.1#paragraph-1", "read/lantern-2031/2.1.html#paragraph-1"),
        ("index.html", "/", "index.html"),
        ("index.html", "/style.css", "style.css"),
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


def test_without_an_address_each_page_has_a_text_to_copy(site: dict[str, bytes]) -> None:
    text = '<pre class="text" tabindex="0">About: https://w3id.org/jhaan/id/agency/alba'
    assert text in site["id/agency/alba.html"].decode()
    pages = {name: data for name, data in site.items() if name.endswith(".html") and name != "404.html"}
    assert [name for name, page in pages.items() if page.count(b"Report an error") != 1] == []


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

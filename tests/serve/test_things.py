"""Linked data: the statements about an entity, at the path of its IRI, in each RDF serialisation."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from in_process import Site
from pages_read import unnamed
from protocol_read import triples_of
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from jhaan_kg.namespaces import BASE, RDFS
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.pages.resources import SUFFIXES, describe_thing
from jhaan_kg.serve.protocol import GRAPHS

EUROPOL = "/id/agency/europol"


def test_what_is_said_of_an_agency(site: Site) -> None:
    document = site.fetch(f"{EUROPOL}.jsonld").json()
    assert document["id"] == BASE + EUROPOL[1:]
    assert document["called"]["en"] == ["EU Agency for Law Enforcement Cooperation", "Europol"]
    called = {thing["id"]: thing["label"]["en"] for thing in document["@included"]}
    assert called[f"{BASE}id/place/the-hague"] == "The Hague"


# --- conditions ------------------------------------------------------------------------------------------------


def test_what_is_known_is_not_sent_again(site: Site) -> None:
    first = site.fetch(EUROPOL)
    known = {"If-None-Match": f'"other", W/{first.headers["ETag"]}'}
    again = site.get(EUROPOL, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Content-Location", "Jhaan-Release", "Vary"):
        assert again.headers[name] == first.headers[name]
    assert site.get(f"{EUROPOL}.ttl", headers=known).status_code == 200
    changing = site.ask("SELECT (NOW() AS ?now) {}").headers
    assert ("ETag" in changing, changing["Cache-Control"]) == (False, "no-store")


# --- what is not there -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "id/agency/europol.pdf",
        "id/agency/europol/",
        "id",
        "id/assertion/0",
        "graph/nothing.ttl",
        "ontology/0.0.1",
        "id/agency/Europol",
        # an IRI and more of a line of N-Quads
        "id/agency/europol%3E%20%3Chttp://www.w3.org/2000/01/rdf-schema",
        "id/agency/europol%00",
        "id/agency/europ%FFl",
        "id/agency/europol%0Aid",
    ],
)
def test_there_is_nothing_else(site: Site, path: str) -> None:
    reply = site.fetch(f"/{path}")
    assert reply.status_code == 404
    assert reply.text.startswith(("No entry found for https://w3id.org/", "There is no page at this address"))


# --- pages -----------------------------------------------------------------------------------------------------


def test_a_page_has_the_document_for_programs(site: Site) -> None:
    text = site.page(EUROPOL)
    block = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(block) == site.fetch(f"{EUROPOL}.jsonld").json()
    assert text.count("<script") == 1


BAD = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"


def test_what_the_graph_says_stays_text(loaded: Loaded) -> None:
    thing, other = NamedNode(f"{BASE}id/x"), NamedNode("javascript:alert(1)")
    quads = [
        Quad(thing, NamedNode(f"{RDFS}label"), Literal(BAD, language="en"), NamedNode("urn:g")),
        Quad(thing, NamedNode("urn:p"), Literal(BAD), NamedNode("urn:g")),
        Quad(thing, NamedNode("urn:p"), other, NamedNode("urn:g")),
        Quad(other, NamedNode(f"{RDFS}label"), Literal(BAD, language="en"), NamedNode("urn:g")),
    ]
    store = Store()
    store.bulk_extend(quads)
    page = describe_thing(thing.value, "text/html", replace(loaded, store=store)).decode()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "{{ 7*7 }}" in page
    assert 'href="javascript' not in page
    assert page.count("</script>") == 1


# --- the same in each format -----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        EUROPOL,
        "/ontology",
        "/id/event/2023/wg-ict-and-cybersecurity",
        "/id/report/jhaan-2023/section/5.2.2/paragraph/1",
        "/graph/register/agencies",
        "/query/empact-co-run",
        "/prefixes",
    ],
)
def test_a_document_has_the_same_triples_in_each_format(site: Site, path: str) -> None:
    """By suffix and by the header Accept; one address of each kind."""
    states = set()
    for suffix, media in SUFFIXES.items():
        by_suffix, by_header = site.fetch(path + suffix, "image/png"), site.fetch(path, media)
        assert (by_suffix.status_code, by_header.status_code) == (200, 200), suffix
        assert by_suffix.content == by_header.content, suffix
        for reply in (by_suffix, by_header):
            assert reply.headers["Content-Type"].partition(";")[0] == media
            assert reply.headers["Content-Location"] == path + suffix
            assert reply.headers["Link"].partition(";")[0] == f"<{BASE}{path[1:]}>"
            assert "Accept" in reply.headers["Vary"]
        if suffix == ".json":  # a view of an entity, or the triples of a named graph
            assert by_suffix.json().get("iri", f"{BASE}{path[1:]}") == f"{BASE}{path[1:]}"
        elif suffix == ".html":
            assert unnamed(by_suffix.text) == []
        else:
            states.add(frozenset(triples_of(by_suffix.content, GRAPHS[media])))
    (stated,) = states
    assert stated


@pytest.mark.slow
def test_terms_and_version_of_the_ontology_share_its_document(site: Site, loaded: Loaded) -> None:
    turtle = site.fetch("/ontology.ttl").content
    terms = {str(triple.subject)[1:-1] for triple in triples_of(turtle, RdfFormat.TURTLE)}
    assert {f"{BASE}ontology", f"{BASE}ontology#Agency", f"{BASE}ontology#participant"} <= terms
    assert all(term.startswith(f"{BASE}ontology") for term in terms)
    (version,) = loaded.versions
    for suffix in (".ttl", ".html"):
        same = site.fetch(version.replace(BASE, "/") + suffix).content
        assert same == site.fetch(f"/ontology{suffix}").content

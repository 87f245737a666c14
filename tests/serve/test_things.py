"""Linked data: the statements about an entity, at the path of its IRI, in each RDF serialisation."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from in_process import BROWSER, Site
from pages_read import links, words
from pyoxigraph import Literal, NamedNode, Quad, Store
from things_read import check_document, triples

from jhaan_kg.namespaces import BASE, RDFS
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.pages.representation import HttpStatusError
from jhaan_kg.pages.resources import SUFFIXES, describe_thing, resolve_thing

EUROPOL = "/id/agency/europol"


def test_what_is_said_of_an_agency(site: Site) -> None:
    document = site.fetch(f"{EUROPOL}.jsonld").json()
    assert document["id"] == BASE + EUROPOL[1:]
    assert document["called"]["en"] == ["EU Agency for Law Enforcement Cooperation", "Europol"]
    called = {thing["id"]: thing["label"]["en"] for thing in document["@included"]}
    assert called[f"{BASE}id/place/the-hague"] == "The Hague"


def test_a_language_that_is_not_there(site: Site) -> None:
    reply = site.fetch(EUROPOL, "image/png")
    assert reply.status_code == 406
    assert all(media in reply.text for media in SUFFIXES.values())


# --- conditions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}', "*", '"a,b",{}'])
def test_what_is_known_is_not_sent_again(site: Site, known: str) -> None:
    first = site.fetch(EUROPOL)
    again = site.get(EUROPOL, headers={"If-None-Match": known.format(first.headers["ETag"])})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Content-Location", "Jhaan-Release"):
        assert again.headers[name] == first.headers[name]
    assert "Accept" in again.headers["Vary"]


def test_another_document_is_not_known(site: Site) -> None:
    tags = {site.fetch(EUROPOL + suffix).headers["ETag"] for suffix in SUFFIXES}
    assert len(tags) == len(SUFFIXES)
    turtle = site.fetch(f"{EUROPOL}.ttl").headers["ETag"]
    for path, later in ((".rdf", turtle), (".ttl", ""), (".ttl", '"x"')):
        assert site.get(EUROPOL + path, headers={"If-None-Match": later}).status_code == 200


# --- what is not there -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "id/agency/interpol",
        "id/agency/europol.pdf",
        "id/agency/europol/",
        "id/agency",
        "id/",
        "id",
        "ontology/",
        "graph/nothing.ttl",
        "id/agency/Europol",
        "id/agency/europol%2Ettl.ttl",
        "id/agency/../agency/europo",
        # an IRI and more of a line of N-Quads
        "id/agency/europol%3E%20%3Chttp://www.w3.org/2000/01/rdf-schema",
        "id/agency/europol%3E",
        "id/agency/europol%00",
        "id/agency/europ%C3%B6l",
        "id/agency/europ%FFl",
        "id/agency/europol%0Aid",
    ],
)
def test_there_is_nothing_else(site: Site, path: str) -> None:
    reply = site.fetch(f"/{path}")
    assert reply.status_code == 404
    assert reply.text.startswith(
        ("No entry found for https://w3id.org/jhaan/", "There is no page at this address")
    )


def test_evidence_has_addresses_too(loaded: Loaded) -> None:
    with pytest.raises(HttpStatusError):
        resolve_thing("id/assertion/0", "", loaded)
    file = next(file for graph, file in loaded.graphs.items() if "/graph/evidence/" in graph)
    subject = re.search(rb"^<https://w3id.org/jhaan/(id/assertion/\w+)>", file.read(), re.MULTILINE)
    assert subject
    iri = resolve_thing(f"{subject[1].decode()}.jsonld", "", loaded).iri
    assert json.loads(describe_thing(iri, "application/ld+json", loaded))["type"] == ["Assertion"]


# --- pages -----------------------------------------------------------------------------------------------------


def test_a_browser_gets_a_page(site: Site) -> None:
    reply = site.fetch(EUROPOL, BROWSER)
    assert reply.headers["Content-Location"] == f"{EUROPOL}.html"
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "no-referrer"


def test_a_page_brings_its_style(site: Site) -> None:
    style = site.fetch("/style.css")
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"
    assert 'href="/style.css"' in site.page(EUROPOL)
    assert site.get("/style.css", headers={"If-None-Match": style.headers["ETag"]}).status_code == 304


def test_a_page_has_the_document_for_programs(site: Site) -> None:
    text = site.page(EUROPOL)
    block = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(block) == site.fetch(f"{EUROPOL}.jsonld").json()
    assert text.count("<script") == 1


def test_a_contested_day_has_both_sides(site: Site) -> None:
    """Sections 3 and 4 have the seminar on 15 November, section 6.3.3 and the contents on the 16th."""
    page = site.page("/id/event/2023/seminar-information-provision-what")
    said = words(page)
    assert "<h1>Seminar on Information Provision (“What”) 2023</h1>" in page
    assert (
        "When 16 November 2023 Section 6.3.3, paragraph 1; Contents, entry 28 +1 more Section 6.3.3, heading"
        in said
    )
    assert (
        "Other passages state 15 November 2023 (not preferred): Section 3, paragraph 4; Section 4, entry 27. "
        "By convention" in said
    )
    assert ("/read/jhaan-2023/3#paragraph-4", "Section 3, paragraph 4") in links(page)


def test_a_participant_is_no_member_of_a_group_or_title(site: Site) -> None:
    """Section 5.1.1 names no agency as a participant: only "the Heads of Agencies" and "JHA Agencies" are."""
    said = words(site.page("/id/event/2023/heads-of-agencies"))
    by_name = said.partition("By name")[2].partition("Also took part")[0]
    assert "EU Agencies Network" in by_name
    assert "Europol" not in by_name
    assert "Europol" in said.partition("May have")[2].partition("Agenda")[0]


def test_a_passage_shows_what_it_states(site: Site) -> None:
    """Paragraph 1 of section 6.3.3 has the seminar on 16 November, and calls it the second one."""
    page = site.page("/id/report/jhaan-2023/section/6.3.3/paragraph/1")
    seminar = "Seminar on Information Provision (“What”) 2023"
    assert ("/id/event/2023/seminar-information-provision-what", seminar) in links(page)
    said = words(page).partition(seminar)[2]
    assert "edition second" in said
    assert "start date 16 November 2023" in said


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


@pytest.mark.slow
def test_the_ontology_is_the_same_in_each_language(site: Site) -> None:
    check_document(site, "/ontology")


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        EUROPOL,
        "/id/event/2023/wg-ict-and-cybersecurity",
        "/id/report/jhaan-2023/section/5.2.2/paragraph/1",
        "/graph/register/agencies",
        "/query/empact-co-run",
        "/prefixes",
    ],
)
def test_a_document_is_the_same_in_each_language(site: Site, path: str) -> None:
    """One address of each kind."""
    check_document(site, path)


@pytest.mark.slow
def test_terms_and_version_of_the_ontology_share_its_document(site: Site) -> None:
    turtle = site.fetch("/ontology.ttl").content
    terms = {str(triple.subject)[1:-1] for triple in triples(".ttl", turtle)}
    assert {f"{BASE}ontology", f"{BASE}ontology#Agency", f"{BASE}ontology#participant"} <= terms
    assert all(term.startswith(f"{BASE}ontology") for term in terms)
    (version,) = re.findall(rb"owl:versionIRI\s+<https://w3id.org/jhaan(/ontology/[^>]+)>", turtle)
    assert site.fetch(f"{version.decode()}.ttl").content == turtle
    assert site.fetch(f"{version.decode()}.html").content == site.fetch("/ontology.html").content
    assert site.fetch("/ontology/0.0.1").status_code == 404

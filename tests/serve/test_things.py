"""Linked data: what is said of a thing, at the path of its IRI, in each language of RDF."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import requests
from pages_read import links, words
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from serving import Serving, serving

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export_files
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.nursery import load
from jhaan_kg.serve.refusal import RefusalError
from jhaan_kg.serve.things import SUFFIXES, described, found

BASE = "https://w3id.org/jhaan/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
EUROPOL = "id/agency/europol"
READ_AS = {
    ".ttl": RdfFormat.TURTLE,
    ".jsonld": RdfFormat.JSON_LD,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
}
LANGUAGES = sorted(SUFFIXES.items())
PATHS = [
    EUROPOL,
    "id/event/2023/wg-ict-and-cybersecurity",
    "id/report/jhaan-2023/section/5.2.2/paragraph/1",
    "graph/register/agencies",
    "query/empact-co-run",
    "ontology",
    "prefixes",
]
"""One of each kind of address."""


def get(server: Serving, path: str, accept: str | None = None, **headers: str) -> requests.Response:
    return requests.get(
        f"{server.url}/{path}",
        headers={"Accept": accept or "*/*", **headers},
        timeout=60,
        allow_redirects=False,
    )


def triples(suffix: str, data: bytes) -> set[Triple]:
    return {quad.triple for quad in parse(data, format=READ_AS[suffix])}


@pytest.mark.parametrize(("suffix", "media"), LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_a_suffix_and_a_header_give_the_same_bytes(
    server: Serving, path: str, suffix: str, media: str
) -> None:
    by_suffix, by_header = get(server, path + suffix, "image/png"), get(server, path, media)
    assert (by_suffix.status_code, by_header.status_code) == (200, 200)
    assert by_suffix.content == by_header.content
    for reply in (by_suffix, by_header):
        assert reply.headers["Content-Type"].partition(";")[0] == media
        assert reply.headers["Content-Location"] == f"/{path}{suffix}"
        assert reply.headers["Link"].partition(";")[0] == f"<{BASE}{path}>"
        assert "Accept" in reply.headers["Vary"]


@pytest.mark.parametrize("path", PATHS)
def test_all_languages_say_the_same(server: Serving, path: str) -> None:
    said = [triples(suffix, get(server, path + suffix).content) for suffix in READ_AS]
    assert said[0]
    assert all(each == said[0] for each in said)


def test_what_is_said_of_an_agency(server: Serving) -> None:
    document = get(server, f"{EUROPOL}.jsonld").json()
    assert document["id"] == BASE + EUROPOL
    assert document["called"]["en"] == ["EU Agency for Law Enforcement Cooperation", "Europol"]
    called = {thing["id"]: thing["label"]["en"] for thing in document["@included"]}
    assert called[f"{BASE}id/place/the-hague"] == "The Hague"


def test_at_the_address_of_a_graph_is_the_graph(server: Serving) -> None:
    graph = f"{BASE}graph/register/agencies"
    stored = requests.get(
        f"{server.url}/graphs", {"graph": graph}, headers={"Accept": "text/turtle"}, timeout=60
    )
    assert triples(".ttl", get(server, "graph/register/agencies.ttl").content) == triples(
        ".ttl", stored.content
    )


def test_terms_of_the_ontology_share_a_document(server: Serving) -> None:
    terms = {str(triple.subject)[1:-1] for triple in triples(".ttl", get(server, "ontology.ttl").content)}
    assert {f"{BASE}ontology", f"{BASE}ontology#Agency", f"{BASE}ontology#participant"} <= terms
    assert all(term.startswith(f"{BASE}ontology") for term in terms)


def test_without_preference_it_is_turtle(server: Serving) -> None:
    assert get(server, EUROPOL).headers["Content-Type"] == "text/turtle; charset=utf-8"
    liked = get(server, EUROPOL, "text/turtle;q=0.5, application/rdf+xml")
    assert liked.headers["Content-Type"] == "application/rdf+xml"


@pytest.mark.parametrize(
    "known",
    ["{}", "W/{}", '"other", {}', "*", '"a,b",{}'],
)
def test_what_is_known_is_not_sent_again(server: Serving, known: str) -> None:
    first = get(server, EUROPOL)
    again = get(server, EUROPOL, **{"If-None-Match": known.format(first.headers["ETag"])})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Content-Location", "Last-Modified", "Jhaan-Release"):
        assert again.headers[name] == first.headers[name]
    assert "Accept" in again.headers["Vary"]


def test_another_document_is_not_known(server: Serving) -> None:
    tags = {get(server, EUROPOL + suffix).headers["ETag"] for suffix in SUFFIXES}
    assert len(tags) == len(SUFFIXES)
    turtle = get(server, f"{EUROPOL}.ttl").headers["ETag"]
    assert get(server, f"{EUROPOL}.rdf", **{"If-None-Match": turtle}).status_code == 200
    for later in ("", turtle.strip('"'), '"x"'):
        assert get(server, f"{EUROPOL}.ttl", **{"If-None-Match": later}).status_code == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("{}", 304),
        ("Fri, 31 Dec 2100 00:00:00 GMT", 304),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 200),
        ("yesterday", 200),
        ("Fri, 99 Dec 9999999999 00:00:00 GMT", 200),
    ],
)
def test_what_has_not_changed_since_is_not_sent_again(server: Serving, since: str, status: int) -> None:
    day = get(server, EUROPOL).headers["Last-Modified"]
    assert day.endswith(" 00:00:00 GMT")
    assert get(server, EUROPOL, **{"If-Modified-Since": since.format(day)}).status_code == status
    both = {"If-Modified-Since": day, "If-None-Match": '"another"'}
    assert get(server, EUROPOL, **both).status_code == 200


def test_the_day_is_that_of_the_release(server: Serving) -> None:
    query = f"SELECT ?day {{ <{BASE}ontology> <http://purl.org/dc/terms/issued> ?day }}"
    (row,) = server.ask(query).json()["results"]["bindings"]
    day = date.fromisoformat(row["day"]["value"])
    assert get(server, EUROPOL).headers["Last-Modified"] == f"{day:%a, %d %b %Y} 00:00:00 GMT"


def test_head_has_the_same_headers(server: Serving) -> None:
    got, head = get(server, EUROPOL), requests.head(f"{server.url}/{EUROPOL}", timeout=60)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Last-Modified", "Content-Location"):
        assert head.headers[name] == got.headers[name]


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
def test_there_is_nothing_else(server: Serving, path: str) -> None:
    reply = get(server, path)
    assert reply.status_code == 404
    assert reply.text.startswith(
        ("Nothing is said of https://w3id.org/jhaan/", "There is nothing at this address")
    )


def test_a_language_that_is_not_there(server: Serving) -> None:
    reply = get(server, EUROPOL, "image/png")
    assert reply.status_code == 406
    assert all(media in reply.text for media in SUFFIXES.values())


def test_a_browser_gets_a_page(server: Serving) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
    reply = get(server, EUROPOL, accept)
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Content-Location"] == f"/{EUROPOL}.html"
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (reply.headers["X-Content-Type-Options"], reply.headers["Referrer-Policy"]) == (
        "nosniff",
        "no-referrer",
    )


def test_a_page_brings_its_style(server: Serving) -> None:
    style = requests.get(f"{server.url}/style.css", timeout=60)
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"
    assert 'href="/style.css"' in get(server, f"{EUROPOL}.html").text
    known = {"If-None-Match": style.headers["ETag"]}
    assert requests.get(f"{server.url}/style.css", headers=known, timeout=60).status_code == 304


def test_a_page_lies_below_the_public_address(tmp_path: Path) -> None:
    with serving(tmp_path, "--public-url", "https://example.org/kg/") as behind:
        reply = get(behind, f"{EUROPOL}.html")
    assert reply.headers["Content-Location"] == f"/kg/{EUROPOL}.html"
    inner = [link for link, _ in links(reply.text) if link.startswith("/")]
    assert inner
    assert all(link.startswith("/kg/") for link in inner)
    assert 'href="/kg/style.css"' in reply.text


def test_a_page_has_the_document_for_programs(server: Serving) -> None:
    text = get(server, f"{EUROPOL}.html").text
    block = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(block) == get(server, f"{EUROPOL}.jsonld").json()
    assert text.count("<script") == 1


def test_a_contested_day_has_both_sides(server: Serving) -> None:
    """Sections 3 and 4 have the seminar on 15 November, section 6.3.3 and the contents on the 16th."""
    page = get(server, "id/event/2023/seminar-information-provision-what.html").text
    said = words(page)
    assert "<h1>Seminar on information provision (What) 2023</h1>" in page
    assert "2023-11-16 contested, preferred Stated in contents entry 28 under contents heading; " in said
    assert "2023-11-15 contested, not preferred Stated in 3 paragraph 4; 4 entry 27 under 4 heading. " in said
    assert "Another value, 2023-11-15, is stated in 3 paragraph 4; 4 entry 27." in said
    assert ("/id/report/jhaan-2023/section/3/paragraph/4", "3 paragraph 4") in links(page)


def test_a_passage_shows_what_it_states(server: Serving) -> None:
    """Paragraph 1 of section 6.3.3 has the seminar on 16 November, and calls it the second one."""
    page = get(server, "id/report/jhaan-2023/section/6.3.3/paragraph/1.html").text
    seminar = "Seminar on information provision (What) 2023"
    assert ("/id/event/2023/seminar-information-provision-what", seminar) in links(page)
    said = words(page).partition("What this passage states")[2].partition(seminar)[2]
    assert "edition second" in said
    assert "start date 2023-11-16" in said


def test_a_term_is_found_on_the_page_of_the_ontology(server: Serving) -> None:
    page = get(server, "ontology.html").text
    assert '<article id="Agency">' in page
    assert ("/ontology#Agency", "agency") in links(get(server, f"{EUROPOL}.html").text)


@pytest.mark.parametrize("path", [*PATHS, "id/agency/europol/../europol"])
def test_no_link_is_called_by_its_iri(server: Serving, path: str) -> None:
    shown = links(get(server, f"{path.replace('/../europol', '')}.html").text)
    assert shown
    assert [text for _, text in shown if not text or "://" in text or text.startswith("<")] == []


def test_the_version_of_the_ontology_has_its_page(server: Serving) -> None:
    turtle = get(server, "ontology.ttl").text
    (version,) = re.findall(r"owl:versionIRI\s+<https://w3id.org/jhaan/([^>]+)>", turtle)
    assert version.startswith("ontology/")
    assert get(server, f"{version}.ttl").text == turtle
    assert get(server, version, "text/html").content == get(server, "ontology.html").content
    assert get(server, "ontology/0.0.1").status_code == 404


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
    lines = "".join(sorted(f"{quad} .\n" for quad in quads)).encode()
    page = described(thing.value, "text/html", replace(loaded, store=store, lines={"urn:g": lines})).decode()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "{{ 7*7 }}" in page
    assert 'href="javascript' not in page
    assert page.count("</script>") == 1


def test_values_are_given_as_they_are_written(loaded: Loaded) -> None:
    """The store writes 0.50 as 0.5."""
    text = b'<%sid/x> <urn:p> "0.50"^^<http://www.w3.org/2001/XMLSchema#decimal> <urn:g> .\n' % BASE.encode()
    for suffix in READ_AS:
        assert b"0.50" in described(f"{BASE}id/x", SUFFIXES[suffix], replace(loaded, lines={"urn:g": text}))


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return open_snapshot()


@pytest.fixture(scope="module")
def loaded(snapshot: Snapshot) -> Loaded:
    return load(snapshot.path)


@pytest.mark.slow
def test_each_document_is_that_of_the_export(snapshot: Snapshot, loaded: Loaded) -> None:
    exported = dict(export_files(snapshot, "jsonld-things"))
    elsewhere = exported.pop("elsewhere.jsonld")
    assert elsewhere
    for path, document in exported.items():
        iri = BASE + path.removesuffix(".jsonld")
        assert described(iri, "application/ld+json", loaded) == document, path


@pytest.mark.slow
def test_evidence_has_addresses_too(snapshot: Snapshot, loaded: Loaded) -> None:
    with pytest.raises(RefusalError):
        found("id/assertion/0", None, loaded)
    assertions = [
        quad.subject.value.removeprefix(BASE)
        for quad in snapshot.quads(evidence=True, context=False)
        if f"{BASE}id/assertion/" in str(quad.subject)
    ]
    iri = found(f"{assertions[0]}.jsonld", None, loaded).iri
    assert json.loads(described(iri, "application/ld+json", loaded))["type"] == ["Assertion"]

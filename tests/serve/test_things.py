"""Linked data: what is said of a thing, at the path of its IRI, in each language of RDF."""

from __future__ import annotations

import json
from datetime import date

import pytest
import requests
from pyoxigraph import RdfFormat, Triple, parse
from serving import Serving

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export_files
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.nursery import load
from jhaan_kg.serve.refusal import RefusalError
from jhaan_kg.serve.things import SUFFIXES, described, found

BASE = "https://w3id.org/jhaan/"
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
    said = [triples(suffix, get(server, path + suffix).content) for suffix in SUFFIXES]
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
    assert reply.text.startswith(("Nothing is said of https://w3id.org/jhaan/", "There is nothing here"))


def test_a_language_that_is_not_there(server: Serving) -> None:
    reply = get(server, EUROPOL, "image/png")
    assert reply.status_code == 406
    assert all(media in reply.text for media in SUFFIXES.values())


def test_values_are_given_as_they_are_written(loaded: Loaded) -> None:
    """The store writes 0.50 as 0.5."""
    text = b'<%sid/x> <urn:p> "0.50"^^<http://www.w3.org/2001/XMLSchema#decimal> <urn:g> .\n' % BASE.encode()
    for suffix in SUFFIXES:
        assert b"0.50" in described(f"{BASE}id/x", SUFFIXES[suffix], Loaded(loaded.store, {"urn:g": text}))


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

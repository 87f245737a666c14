"""Documents about entities, read and compared."""

from __future__ import annotations

from collections.abc import Iterable

from in_process import Site
from pages_read import unnamed
from pyoxigraph import RdfFormat, Triple, parse

from jhaan_kg.namespaces import BASE
from jhaan_kg.pages.resources import SUFFIXES

READ_AS = {
    ".ttl": RdfFormat.TURTLE,
    ".jsonld": RdfFormat.JSON_LD,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
}


def triples(suffix: str, data: bytes) -> set[Triple]:
    """Return the triples of a document in the format of a suffix."""
    return {quad.triple for quad in parse(data, format=READ_AS[suffix])}


def check_document(site: Site, path: str, suffixes: Iterable[str] = SUFFIXES) -> None:
    """Check that a document has the same triples in each format, by suffix and by the header Accept."""
    states = set()
    for suffix in suffixes:
        by_suffix, by_header = site.fetch(path + suffix, "image/png"), site.fetch(path, SUFFIXES[suffix])
        assert (by_suffix.status_code, by_header.status_code) == (200, 200), suffix
        assert by_suffix.content == by_header.content, suffix
        for reply in (by_suffix, by_header):
            assert reply.headers["Content-Type"].partition(";")[0] == SUFFIXES[suffix]
            assert reply.headers["Content-Location"] == path + suffix
            assert reply.headers["Link"].partition(";")[0] == f"<{BASE}{path[1:]}>"
            assert "Accept" in reply.headers["Vary"]
        if suffix in READ_AS:
            states.add(frozenset(triples(suffix, by_suffix.content)))
        elif suffix == ".json":  # JSON is a view of an entity, or the triples of a named graph
            assert by_suffix.json().get("iri", f"{BASE}{path[1:]}") == f"{BASE}{path[1:]}"
        else:
            assert unnamed(by_suffix.text) == []
    (stated,) = states
    assert stated

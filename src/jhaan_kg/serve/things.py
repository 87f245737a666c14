"""What is said of one thing, in each language of RDF: at the path of its IRI, as linked data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.explain import explained, given_by
from jhaan_kg.export.jsonld.documents import document, linked
from jhaan_kg.export.rdf import rdfxml
from jhaan_kg.namespaces import BASE
from jhaan_kg.pages.thing import thing_page
from jhaan_kg.results.graphs import render_graph
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.protocol import HTML, RefusalError, Suffixes, is_iri

SUFFIXES: Final = Suffixes(
    {
        ".ttl": "text/turtle",
        ".jsonld": "application/ld+json",
        ".nt": "application/n-triples",
        ".rdf": "application/rdf+xml",
        ".html": HTML,
    }
)
"""The languages in which a thing is described."""

_RDF: Final = {media: suffix for suffix, media in SUFFIXES.items() if media != HTML}


class Found(NamedTuple):
    """What a path leads to.

    Attributes:
        iri: of the thing.
        media: the media type in which it is to be described.
        suffix: with which the path of the thing leads to the same.
    """

    iri: str
    media: str
    suffix: str


def found(path: str, accept: str | None, loaded: Loaded) -> Found:
    """Find the thing to which a path leads.

    Args:
        path: that of its IRI below https://w3id.org/jhaan/, with one of SUFFIXES or without.
        accept: the header Accept, which counts without suffix.
        loaded: the graph.

    Raises:
        RefusalError: nothing is said of such a thing (404), or the client takes none of the languages (406).
    """
    name, suffix = SUFFIXES.parted(path)
    iri = BASE + name
    iri = loaded.versions.get(iri, iri)
    if not (iri in loaded.lines or (is_iri(iri) and loaded.said_of(iri))):
        raise RefusalError(404, f"Nothing is said of {iri[:200]} here. What is where is said at /")
    media, suffix = SUFFIXES.chosen(suffix, accept)
    return Found(iri, media, suffix)


def described(iri: str, media: str, loaded: Loaded, root: str = "") -> bytes:
    """Say what is said of a thing, and how the things are called to which it links.

    Args:
        iri: of the thing.
        media: one of the values of SUFFIXES.
        loaded: the graph.
        root: what stands before the paths of the server.

    Returns:
        The same bytes for the same graph; in JSON-LD those of `jhaan export jsonld-things`.
    """
    triples = loaded.said_of(iri)
    labels = {thing: list(loaded.labels(thing)) for thing in linked(triples)}
    if media == "application/ld+json":
        return document(triples, labels)
    if media == HTML:
        return _page(NamedNode(iri), triples, document(triples, labels), loaded, root)
    if len({triple.subject for triple in triples}) == 1:
        triples = [*triples, *chain.from_iterable(labels.values())]
    if media == "application/rdf+xml":
        return rdfxml(triples)
    return render_graph(triples, "ttl" if media == "text/turtle" else "ntriples")


def _page(thing: NamedNode, triples: Sequence[Triple], document: bytes, loaded: Loaded, root: str) -> bytes:
    parts = [triple for triple in triples if triple.subject != thing]
    terms = {term for triple in parts for term in triple if isinstance(term, NamedNode)}
    called = ((term, label.object) for term in terms for label in loaded.labels(term))
    labels = {term: label.value for term, label in called if isinstance(label, Literal)}
    engine = loaded.engine
    return thing_page(
        explained(engine, thing), given_by(engine, [thing])[thing], root, _RDF, document, parts, labels
    )

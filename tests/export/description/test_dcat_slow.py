"""A release of the real graph under the official shapes of DCAT-AP 3.0.1, and the authority tables that it names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
import yaml
from rdflib.namespace import DCTERMS, RDF, SKOS

from dcat_ap import AUTHORED, AUTHORITY, DCAT, FILES, GRAPH
from jhaan_kg import __version__
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import Request
from jhaan_kg.export.dcat import REGISTERED, describe

pytestmark = pytest.mark.slow


RELEASE = f"https://w3id.org/jhaan/release/{__version__}"


@pytest.fixture(scope="module")
def described() -> rdflib.Graph:
    data = describe(Request(open_snapshot(), "description"), FILES)
    return rdflib.Graph().parse(data=data, format="turtle")


def node(path: str) -> rdflib.URIRef:
    return rdflib.URIRef(f"{RELEASE}#file/{path}")


def test_version_and_date_are_those_of_the_citation(described: rdflib.Graph, root: Path) -> None:
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(described.value(GRAPH, DCAT.version)) == str(citation["version"])
    assert str(described.value(GRAPH, DCTERMS.modified)) == str(citation["date-released"])
    assert described.value(GRAPH, DCTERMS.issued) <= described.value(GRAPH, DCTERMS.modified)
    assert str(described.value(node("tables.zip"), DCTERMS.issued)) == str(citation["date-released"])
    publisher = described.value(GRAPH, DCTERMS.publisher)
    assert str(described.value(publisher, rdflib.FOAF.name)) == citation["authors"][0]["name"]


def test_authority_terms_are_those_of_the_tables(vocab_dir: Path) -> None:
    """Each term that the program may use is one that was seen, under the label that it has there."""
    authored = rdflib.Graph().parse(AUTHORED)
    tables = rdflib.Graph()
    for file in ("eu-authority-labels-en.ttl", "eurovoc-en-labels-broader.ttl"):
        tables.parse(vocab_dir / "eu-authority" / file)
    terms = set(authored.subjects(RDF.type, SKOS.Concept))
    assert len(terms) > 20
    for term in terms:
        for predicate in (SKOS.prefLabel, SKOS.inScheme):
            assert set(authored.objects(term, predicate)) == set(tables.objects(term, predicate)), term
    schemes = set(authored.subjects(RDF.type, SKOS.ConceptScheme))
    assert {authored.value(term, SKOS.inScheme) for term in terms} - {None} <= schemes
    for scheme in schemes:
        labels = set(authored.objects(scheme, SKOS.prefLabel))
        assert labels == set(authored.objects(scheme, DCTERMS.title)), scheme
        assert set(tables.objects(scheme, SKOS.prefLabel)) <= labels, scheme
    used = {iri for iri in _iris(authored) if iri.startswith((AUTHORITY, "http://eurovoc.europa.eu/"))}
    assert used == set(map(str, terms | schemes))
    assert {f"{AUTHORITY}file-type/{code}" for code in REGISTERED.values()} <= set(map(str, terms))


def _iris(graph: Iterable[tuple[rdflib.term.Node, ...]]) -> set[str]:
    return {str(term) for triple in graph for term in triple if isinstance(term, rdflib.URIRef)}

"""A release of a small graph as catalogues see it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Triple
from rdflib.namespace import DCTERMS, RDF

from dcat_ap import DCAT, FILES, GRAPH, IANA, SPDX, authority, triples
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import Request
from jhaan_kg.export.dcat import ReleasedFile, describe, description
from jhaan_kg.results.graphs import render_graph

RELEASE = "https://w3id.org/jhaan/release/9.8.7"
HEADER = """
<https://w3id.org/jhaan/ontology> <http://www.w3.org/2002/07/owl#versionInfo> "3.2.1" ;
    <http://purl.org/dc/terms/issued> "2031-01-30"^^<http://www.w3.org/2001/XMLSchema#date> ."""
"""The ontology of a release, as far as it is needed here."""


@pytest.fixture(scope="module")
def written(world: Snapshot) -> bytes:
    return describe(Request(world, "description"), FILES)


@pytest.fixture(scope="module")
def described(written: bytes) -> rdflib.Graph:
    return rdflib.Graph().parse(data=written, format="turtle")


def node(path: str) -> rdflib.URIRef:
    return rdflib.URIRef(f"{RELEASE}#file/{path}")


def test_it_is_the_same_whatever_the_order_and_has_no_blank_node(written: bytes, world: Snapshot) -> None:
    assert describe(Request(world, "description"), reversed(FILES)) == written
    assert not [
        triple for triple in triples(written) if "_:" in str(triple.subject)[:2] + str(triple.object)[:2]
    ]


def test_a_file_has_its_address_type_size_and_digest(described: rdflib.Graph) -> None:
    file, address = node("rdf/jhaan.ttl"), rdflib.URIRef(f"{RELEASE}/rdf/jhaan.ttl")
    assert (GRAPH, DCAT.distribution, file) in described
    said = {
        DCAT.downloadURL: address,
        DCAT.accessURL: address,
        DCAT.mediaType: rdflib.URIRef(IANA + "text/turtle"),
        DCTERMS["format"]: authority("file-type/RDF_TURTLE"),
        DCAT.byteSize: rdflib.Literal("1234567", datatype=rdflib.XSD.nonNegativeInteger),
        DCTERMS.license: authority("licence/CC_BY_4_0"),
        DCTERMS.title: rdflib.Literal("The flat graph in Turtle", lang="en"),
    }
    assert {predicate: described.value(file, predicate) for predicate in said} == said
    checksum = described.value(file, SPDX.checksum)
    digest = described.value(checksum, SPDX.checksumValue)
    assert (str(digest), digest.datatype) == ("0a" * 32, rdflib.XSD.hexBinary)
    assert str(described.value(checksum, SPDX.algorithm)).endswith("checksumAlgorithm_sha256")


def test_wrapped_files_say_so_beside_the_type_of_what_they_hold(described: rdflib.Graph) -> None:
    for path, wrapped, media_type, wrapping in (
        ("rdf/jhaan.nq.gz", DCAT.compressFormat, "application/n-quads", "application/gzip"),
        ("tables.zip", DCAT.packageFormat, "text/csv", "application/zip"),
    ):
        assert described.value(node(path), DCAT.mediaType) == rdflib.URIRef(IANA + media_type)
        assert described.value(node(path), wrapped) == rdflib.URIRef(IANA + wrapping)
    assert described.value(node("rdf/jhaan.ttl"), DCAT.compressFormat) is None


def of_header(files: Iterable[ReleasedFile]) -> set[Triple]:
    return set(description(triples(HEADER.encode()), files))


def test_a_dataset_without_files_stays_out(described: rdflib.Graph) -> None:
    assert len(set(described.objects(None, DCAT.dataset))) == 2
    alone = of_header(file for file in FILES if file.dataset == "graph")
    subjects = {str(triple.subject).rpartition("/dataset/")[2] for triple in alone}
    assert "graph>" in subjects
    assert "ontology>" not in subjects


def test_a_dataset_has_the_version_date_and_period_of_the_release_and_its_page(
    described: rdflib.Graph,
) -> None:
    assert str(described.value(GRAPH, DCAT.version)) == "9.8.7"
    assert str(described.value(GRAPH, DCTERMS.modified)) == "2031-02-03"
    assert str(described.value(node("tables.zip"), DCTERMS.issued)) == "2031-02-03"
    (period,) = described.objects(GRAPH, DCTERMS.temporal)
    assert str(described.value(period, DCAT.startDate)) == "2023-01-01"
    assert str(described.value(period, DCAT.endDate)) == "2023-12-31"
    assert (GRAPH, rdflib.FOAF.page, rdflib.URIRef(f"{RELEASE}/README.md")) in described
    assert len(set(described.subjects(RDF.type, DCAT.Distribution))) == len(FILES) - 1, "a page is none"


TITLES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1)


@given(title=TITLES, name=st.text("aä %#?&<>\"'+", min_size=1))
def test_odd_titles_and_names_come_through(title: str, name: str) -> None:
    file = ReleasedFile(f"x/{name}.csv", "text/csv", 1, "ab" * 32, title)
    turtle = triples(render_graph(of_header([file]), "ttl"))
    assert pyoxigraph.Literal(title, language="en") in {triple.object for triple in turtle}
    (address,) = {triple.object for triple in turtle if triple.predicate.value == str(DCAT.downloadURL)}
    assert isinstance(address, pyoxigraph.NamedNode)
    assert rdflib.URIRef(address.value).n3() == str(address)
    assert unquote(urlsplit(address.value).path) == f"/jhaan/release/3.2.1/x/{name}.csv"

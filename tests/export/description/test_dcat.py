"""A release as catalogues see it, under the official shapes of DCAT-AP 3.0.1."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyoxigraph
import pytest
import rdflib
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple
from rdflib.namespace import DCTERMS, RDF, SKOS

from dcat_ap import results
from jhaan_kg import __version__
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import FORMATS, Request, export
from jhaan_kg.export.description import dataset
from jhaan_kg.export.description.dcat import ReleasedFile, describe, description
from jhaan_kg.export.description.dcat import written as written_as_files
from jhaan_kg.export.description.media_types import REGISTERED, registered
from jhaan_kg.turtle.format import is_formatted

AUTHORITY = "http://publications.europa.eu/resource/authority/"
IANA = "http://www.iana.org/assignments/media-types/"
RELEASE = f"https://w3id.org/jhaan/release/{__version__}"
GRAPH = rdflib.URIRef("https://w3id.org/jhaan/dataset/graph")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
FILES = [
    ReleasedFile(
        "rdf/jhaan.ttl", "text/turtle", 1_234_567, "0a" * 32, "The flat graph in Turtle", "For reading."
    ),
    ReleasedFile("rdf/jhaan.nq.gz", "application/n-quads", 345, "1b" * 32, "The dataset in N-Quads"),
    ReleasedFile(
        "jhaan.jsonld", "application/ld+json", 9, "2c" * 32, "JSON-LD", conforms_to=("http://example.org/c",)
    ),
    ReleasedFile("tables.zip", "text/csv", 0, "3d" * 32, "Tables"),
    ReleasedFile("network.gexf", "application/gexf+xml", 8, "4e" * 32, "Network"),
    ReleasedFile("events.jsonl", "application/x-ndjson", 7, "5f" * 32, "Events, one on a line"),
    ReleasedFile("ontology/jhaan.ttl", "text/turtle", 6, "6a" * 32, "The ontology", dataset="ontology"),
    ReleasedFile("README.md", "text/markdown", 5, "7b" * 32, "What the release holds", page=True),
]
AUTHORED = Path(dataset.__file__).with_name("dataset.ttl")
HEADER = """
<https://w3id.org/jhaan/ontology> <http://www.w3.org/2002/07/owl#versionInfo> "3.2.1" ;
    <http://purl.org/dc/terms/issued> "2031-01-30"^^<http://www.w3.org/2001/XMLSchema#date> ."""
"""The ontology of a release, as far as it is needed here."""


@pytest.fixture(scope="module")
def request_() -> Request:
    return Request(open_snapshot(), "dcat")


@pytest.fixture(scope="module")
def written(request_: Request) -> dict[str, bytes]:
    return describe(request_, FILES)


@pytest.fixture(scope="module")
def described(written: dict[str, bytes]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=written["dcat.ttl"], format="turtle")


def triples(data: bytes, form: RdfFormat = RdfFormat.TURTLE) -> set[Triple]:
    return {quad.triple for quad in pyoxigraph.parse(data, format=form)}


def authority(code: str) -> rdflib.URIRef:
    return rdflib.URIRef(AUTHORITY + code)


def node(path: str) -> rdflib.URIRef:
    return rdflib.URIRef(f"{RELEASE}#file/{path}")


def test_both_files_hold_the_same_triples_and_no_blank_node(
    written: dict[str, bytes], described: rdflib.Graph
) -> None:
    turtle = triples(written["dcat.ttl"])
    assert turtle == triples(written["dcat.rdf"], RdfFormat.RDF_XML)
    assert len(described) == len(turtle)
    assert not [triple for triple in turtle if "_:" in str(triple.subject)[:2] + str(triple.object)[:2]]


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
    quads, tables = node("rdf/jhaan.nq.gz"), node("tables.zip")
    assert described.value(quads, DCAT.mediaType) == rdflib.URIRef(IANA + "application/n-quads")
    assert described.value(quads, DCAT.compressFormat) == rdflib.URIRef(IANA + "application/gzip")
    assert described.value(tables, DCAT.mediaType) == rdflib.URIRef(IANA + "text/csv")
    assert described.value(tables, DCAT.packageFormat) == rdflib.URIRef(IANA + "application/zip")
    assert described.value(node("rdf/jhaan.ttl"), DCAT.compressFormat) is None


def test_a_type_that_nobody_registered_is_not_made_up(described: rdflib.Graph) -> None:
    assert described.value(node("network.gexf"), DCAT.mediaType) == rdflib.URIRef(IANA + "application/xml")
    assert described.value(node("events.jsonl"), DCAT.mediaType) is None
    assert described.value(node("events.jsonl"), DCTERMS["format"]) is None


def test_the_formats_of_rdf_have_a_registered_type() -> None:
    assert {registered(form.media_type) for name, form in FORMATS.items() if name in ("turtle", "nquads", "trig")} == {
        "text/turtle", "application/n-quads", "application/trig",
    }  # fmt: skip


def of_header(files: Iterable[ReleasedFile]) -> set[Triple]:
    return set(description(triples(HEADER.encode()), files))


def test_a_dataset_without_files_stays_out(described: rdflib.Graph) -> None:
    assert len(set(described.objects(None, DCAT.dataset))) == 2
    alone = of_header(file for file in FILES if file.dataset == "graph")
    assert "https://w3id.org/jhaan/dataset/graph" in {str(triple.subject)[1:-1] for triple in alone}
    assert "https://w3id.org/jhaan/dataset/ontology" not in {str(triple.subject)[1:-1] for triple in alone}


def test_a_page_is_no_distribution(described: rdflib.Graph) -> None:
    page = rdflib.URIRef(f"{RELEASE}/README.md")
    assert (GRAPH, rdflib.FOAF.page, page) in described
    assert len(set(described.subjects(RDF.type, DCAT.Distribution))) == len(FILES) - 1


def test_a_file_of_an_unknown_dataset_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a.csv: .*dataset/fish"):
        of_header([ReleasedFile("a.csv", "text/csv", 1, "ab" * 32, "Fish", dataset="fish")])


def test_version_and_date_are_those_of_the_citation(described: rdflib.Graph, root: Path) -> None:
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(described.value(GRAPH, DCAT.version)) == str(citation["version"])
    assert str(described.value(GRAPH, DCTERMS.modified)) == str(citation["date-released"])
    assert described.value(GRAPH, DCTERMS.issued) <= described.value(GRAPH, DCTERMS.modified)
    assert str(described.value(node("tables.zip"), DCTERMS.issued)) == str(citation["date-released"])
    publisher = described.value(GRAPH, DCTERMS.publisher)
    assert str(described.value(publisher, rdflib.FOAF.name)) == citation["authors"][0]["name"]


def test_the_period_is_the_year_of_the_report(described: rdflib.Graph) -> None:
    (period,) = described.objects(GRAPH, DCTERMS.temporal)
    assert [str(described.value(period, day)) for day in (DCAT.startDate, DCAT.endDate)] == [
        "2023-01-01",
        "2023-12-31",
    ]


def test_the_order_of_the_files_tells_nothing() -> None:
    assert written_as_files(of_header(reversed(FILES))) == written_as_files(of_header(FILES))


TITLES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1)


@given(title=TITLES, name=st.text("aä %#?&<>\"'+", min_size=1))
def test_odd_titles_and_names_come_through(title: str, name: str) -> None:
    file = ReleasedFile(f"x/{name}.csv", "text/csv", 1, "ab" * 32, title)
    files = written_as_files(of_header([file]))
    turtle = triples(files["dcat.ttl"])
    assert turtle == triples(files["dcat.rdf"], RdfFormat.RDF_XML)
    assert pyoxigraph.Literal(title, language="en") in {triple.object for triple in turtle}
    (address,) = {triple.object for triple in turtle if triple.predicate.value == str(DCAT.downloadURL)}
    assert isinstance(address, pyoxigraph.NamedNode)
    assert rdflib.URIRef(address.value).n3() == str(address)
    assert unquote(urlsplit(address.value).path) == f"/jhaan/release/3.2.1/x/{name}.csv"


# ---- Official shapes


def test_what_people_wrote_is_in_the_one_style() -> None:
    assert is_formatted(AUTHORED.read_text(encoding="utf-8"), trig=False, name="dataset.ttl")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dcat.ttl", "dcat.rdf"])
def test_jena_reads_the_same_triples(
    name: str, written: dict[str, bytes], riot: list[str], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(written[name])
    done = subprocess.run([*riot, "--output=ntriples", name], cwd=tmp_path, capture_output=True, check=True)
    assert triples(done.stdout, RdfFormat.N_TRIPLES) == triples(written["dcat.ttl"])


@pytest.mark.slow
def test_the_official_shapes_find_no_violation(described: rdflib.Graph, vocab_dir: Path) -> None:
    """What they warn of: the publisher stands in no authority table, and nobody may be credited who does not exist."""
    warned = results(described, vocab_dir)
    assert {severity for severity, _, _ in warned} == {"Warning"}
    assert {path for _, _, path in warned} == {str(DCTERMS.publisher)}
    assert len(warned) == 3


@pytest.mark.slow
def test_nor_do_they_with_the_other_descriptions(described: rdflib.Graph, vocab_dir: Path) -> None:
    """A portal may load them all; a source and a released file of one name must not become one."""
    graph = rdflib.Graph() + described
    for form in ("void", "provenance"):
        graph.parse(data=export(open_snapshot(), form), format="turtle")
    assert {severity for severity, _, _ in results(graph, vocab_dir)} == {"Warning"}


@pytest.mark.slow
def test_nor_do_they_with_the_labels_of_all_authority_tables(
    described: rdflib.Graph, vocab_dir: Path
) -> None:
    labels = rdflib.Graph().parse(vocab_dir / "eu-authority" / "eu-authority-labels-en.ttl")
    assert {severity for severity, _, _ in results(labels, vocab_dir)} == {"Violation"}
    assert {severity for severity, _, _ in results(labels + described, vocab_dir)} == {"Warning"}


def _without(predicate: rdflib.URIRef, subject: rdflib.URIRef = GRAPH) -> Callable[[rdflib.Graph], object]:
    return lambda graph: graph.remove((subject, predicate, None))


def _instead(predicate: rdflib.URIRef, value: rdflib.term.Node) -> Callable[[rdflib.Graph], object]:
    return lambda graph: graph.set((node("rdf/jhaan.ttl"), predicate, value))


FAULTS: dict[str, tuple[Callable[[rdflib.Graph], object], rdflib.URIRef]] = {
    "no title": (_without(DCTERMS.title), DCTERMS.title),
    "no description": (_without(DCTERMS.description), DCTERMS.description),
    "no name of the publisher": (
        _without(rdflib.FOAF.name, rdflib.URIRef("https://w3id.org/jhaan/contributors")),
        rdflib.FOAF.name,
    ),
    "no address": (_without(DCAT.accessURL, node("rdf/jhaan.ttl")), DCAT.accessURL),
    "a media type that is a word": (_instead(DCAT.mediaType, rdflib.Literal("text/turtle")), DCAT.mediaType),
    "a media type of nobody": (_instead(DCAT.mediaType, rdflib.URIRef("http://example.org/turtle")), DCAT.mediaType),
    "a licence that is none": (_instead(DCTERMS.license, authority("licence/CC_BY_40")), DCTERMS.license),
    "a file type that is none": (_instead(DCTERMS["format"], authority("file-type/TURTLE")), DCTERMS["format"]),
    "a size that is a word": (_instead(DCAT.byteSize, rdflib.Literal("big")), DCAT.byteSize),
    "a language without its table": (
        _without(SKOS.inScheme, authority("language/ENG")),
        DCTERMS.language,
    ),
    "a digest that is a string": (
        lambda graph: graph.set(
            (rdflib.URIRef(f"{RELEASE}#checksum/file/rdf/jhaan.ttl"), SPDX.checksumValue, rdflib.Literal("0a" * 32))
        ),
        SPDX.checksumValue,
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault: str, described: rdflib.Graph, vocab_dir: Path) -> None:
    seed, path = FAULTS[fault]
    graph = rdflib.Graph() + described
    seed(graph)
    assert path in {
        rdflib.URIRef(found) for severity, _, found in results(graph, vocab_dir) if severity == "Violation"
    }


@pytest.mark.slow
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

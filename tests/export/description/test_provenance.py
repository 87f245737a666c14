"""Where a small graph comes from: its sources with their digests, the build, the release."""

from __future__ import annotations

import pytest
import rdflib
from pyoxigraph import Literal, Triple
from rdflib.namespace import DCTERMS, PROV, RDF

from jhaan_kg import __version__
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import export
from jhaan_kg.export.request import ReleaseMetadata
from small_graph import graphs, iri, snapshot

RELEASE = "https://w3id.org/jhaan/release/9.8.7#"
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
BASE = "https://w3id.org/jhaan/"
INPUTS = {
    "data/reports/jhaan-2023/5.1-meetings.trig": "0a" * 32,
    "data/context/seats.ttl": "1b" * 32,
    "queries/events/events.rq": "2c" * 32,
    "queries/violations/bad.rq": "4e" * 32,
    "shapes/events.ttl": "3d" * 32,
}


@pytest.fixture(scope="module")
def sourced(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The small graph with its sources, and with the digest of the text that was read."""
    text = Triple(iri("report:jhaan-2023"), iri("jhaan:textDigest"), Literal("5f" * 32))
    named = graphs({"document/jhaan-2023": [text]})
    return snapshot(tmp_path_factory.mktemp("sourced") / "snapshot", named, inputs=INPUTS)


@pytest.fixture(scope="module")
def provenance(sourced: Snapshot) -> rdflib.Graph:
    return rdflib.Graph().parse(data=export(sourced, "provenance"), format="turtle")


def node(path: str) -> rdflib.URIRef:
    return rdflib.URIRef(BASE + path)


def release(name: str) -> rdflib.URIRef:
    return rdflib.URIRef(RELEASE + name)


def test_each_source_file_and_report_has_its_digest(provenance: rdflib.Graph) -> None:
    def digest(source: rdflib.term.Node) -> str:
        return str(provenance.value(provenance.value(source, SPDX.checksum), SPDX.checksumValue))

    used = provenance.objects(release("build"), PROV.used)
    assert {str(provenance.value(source, DCTERMS.title)): digest(source) for source in used} == INPUTS
    report = node("id/report/jhaan-2023")
    assert (release("graph-evidence"), PROV.wasDerivedFrom, report) in provenance
    assert digest(report) == "5f" * 32


def test_every_graph_was_made_by_the_build_and_the_program(
    provenance: rdflib.Graph, sourced: Snapshot
) -> None:
    members = set(provenance.objects(release("graph-evidence"), PROV.hadMember))
    assert {str(graph) for graph in members} == set(sourced.graph_names)
    assert members <= set(provenance.subjects(PROV.wasGeneratedBy, release("build")))
    (program,) = provenance.objects(release("build"), PROV.wasAssociatedWith)
    assert str(provenance.value(program, rdflib.RDFS.label)) == f"jhaan-kg {__version__}"
    assert (program, RDF.type, PROV.SoftwareAgent) in provenance


def test_a_named_graph_leads_to_its_file_and_the_file_to_what_it_rests_on(provenance: rdflib.Graph) -> None:
    led = {
        (graph, source): set(provenance.objects(source, PROV.wasDerivedFrom))
        for graph, source in provenance.subject_objects(PROV.wasDerivedFrom)
        if str(graph).startswith(BASE + "graph/")
    }
    assert led == {
        (node("graph/report/jhaan-2023/5.1"), release("source/data/reports/jhaan-2023/5.1-meetings.trig")): {
            node("id/report/jhaan-2023/section/5.1")
        },
        (node("graph/context/seats"), release("source/data/context/seats.ttl")): {
            rdflib.URIRef("https://example.org/seats")
        },
        (node("graph/queries"), release("source/queries/events/events.rq")): set(),
        (node("graph/queries"), release("source/queries/violations/bad.rq")): set(),
    }


def test_the_day_of_the_release_is_the_only_date_and_no_time_is_made_up(provenance: rdflib.Graph) -> None:
    dated = [
        (predicate, value.datatype)
        for _, predicate, value in provenance
        if isinstance(value, rdflib.Literal) and value.datatype in (rdflib.XSD.date, rdflib.XSD.dateTime)
    ]
    assert dated == [(DCTERMS.issued, rdflib.XSD.date)]


def test_a_selection_has_a_name_of_its_own_and_only_its_graphs(sourced: Snapshot) -> None:
    data = export(sourced, "provenance", context=False, inferred=False)
    graph = rdflib.Graph().parse(data=data, format="turtle")
    members = set(graph.objects(release("graph-no-inferred-no-context-evidence"), PROV.hadMember))
    assert members
    assert not [member for member in members if "/context" in member or "/inferred/" in member]
    assert (release("graph-evidence"), None, None) not in graph
    assert (node("graph/context/seats"), None, None) not in graph


def test_a_release_without_version_or_date_is_refused() -> None:
    with pytest.raises(JhaanError, match="Add owl:versionInfo and dcterms:issued"):
        ReleaseMetadata.of([])

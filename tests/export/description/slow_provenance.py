"""Where the real graph comes from, against the files of the checkout."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import DCTERMS, PROV, RDF

from jhaan_kg import __version__
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export

RELEASE = f"https://w3id.org/jhaan/release/{__version__}#"
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
BASE = "https://w3id.org/jhaan/"


def told(**choices: bool) -> rdflib.Graph:
    return rdflib.Graph().parse(data=export(open_snapshot(), "provenance", **choices), format="turtle")


@pytest.fixture(scope="module")
def provenance() -> rdflib.Graph:
    return told()


def digest_of(graph: rdflib.Graph, thing: rdflib.term.Node) -> str:
    return str(graph.value(graph.value(thing, SPDX.checksum), SPDX.checksumValue))


def test_each_source_file_has_its_digest(provenance: rdflib.Graph, root: Path) -> None:
    used = set(provenance.objects(rdflib.URIRef(RELEASE + "build"), PROV.used))
    names = {str(provenance.value(source, DCTERMS.title)): digest_of(provenance, source) for source in used}
    files = [
        path for folder, pattern in {"data": "*.t*", "ontology": "*.ttl", "shapes": "*.ttl", "queries": "*.rq"}.items()
        for path in (root / folder).rglob(pattern) if path.parent.name != "releases"
    ]  # fmt: skip
    expected = {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    assert len(expected) > 150
    assert {
        name: digest for name, digest in names.items() if not name.startswith("data/releases/")
    } == expected


def test_the_report_has_the_digest_of_its_text(provenance: rdflib.Graph, report_path: Path) -> None:
    report = rdflib.URIRef(BASE + "id/report/jhaan-2023")
    assert (rdflib.URIRef(RELEASE + "graph"), PROV.wasDerivedFrom, report) in provenance
    assert digest_of(provenance, report) == hashlib.sha256(report_path.read_bytes()).hexdigest()


def test_a_named_graph_leads_to_its_file_and_the_file_to_the_section(provenance: rdflib.Graph) -> None:
    graph = rdflib.URIRef(BASE + "graph/report/jhaan-2023/5.2.2")
    (source,) = provenance.objects(graph, PROV.wasDerivedFrom)
    name = str(provenance.value(source, DCTERMS.title))
    assert name.startswith("data/reports/jhaan-2023/5.2.2-")
    assert name.endswith(".trig")
    assert list(provenance.objects(source, PROV.wasDerivedFrom)) == [
        rdflib.URIRef(BASE + "id/report/jhaan-2023/section/5.2.2")
    ]
    queries = set(provenance.objects(rdflib.URIRef(BASE + "graph/queries"), PROV.wasDerivedFrom))
    assert len(queries) == len([name for name in open_snapshot().inputs if name.endswith(".rq")])


def test_facts_from_outside_lead_to_where_they_were_read(provenance: rdflib.Graph) -> None:
    (source,) = provenance.objects(rdflib.URIRef(BASE + "graph/context/renamings"), PROV.wasDerivedFrom)
    assert list(provenance.objects(source, PROV.wasDerivedFrom)) == [
        rdflib.URIRef("http://data.europa.eu/eli/reg/2023/1322/oj")
    ]


def test_every_graph_is_a_member_and_was_made_by_the_build(provenance: rdflib.Graph) -> None:
    members = set(provenance.objects(rdflib.URIRef(RELEASE + "graph"), PROV.hadMember))
    assert {str(graph) for graph in members} == {
        name for name in open_snapshot().graph_names if "/evidence/" not in name
    }
    assert members <= set(provenance.subjects(PROV.wasGeneratedBy, rdflib.URIRef(RELEASE + "build")))


def test_the_program_is_named_by_its_version(provenance: rdflib.Graph) -> None:
    (program,) = provenance.objects(None, PROV.wasAssociatedWith)
    assert str(provenance.value(program, rdflib.RDFS.label)) == f"jhaan-kg {__version__}"
    assert (program, RDF.type, PROV.SoftwareAgent) in provenance


def test_the_day_of_the_release_is_the_only_date_and_no_time_is_made_up(provenance: rdflib.Graph) -> None:
    dated = [
        (predicate, value.datatype)
        for _, predicate, value in provenance
        if isinstance(value, rdflib.Literal) and value.datatype in (rdflib.XSD.date, rdflib.XSD.dateTime)
    ]
    assert dated == [(DCTERMS.issued, rdflib.XSD.date)]


def test_a_selection_has_a_name_of_its_own_and_only_its_graphs() -> None:
    graph = told(context=False, inferred=False)
    members = set(graph.objects(rdflib.URIRef(RELEASE + "graph-no-inferred-no-context"), PROV.hadMember))
    assert members
    assert not [member for member in members if "/context" in member or "/inferred/" in member]
    assert (rdflib.URIRef(RELEASE + "graph"), None, None) not in graph
    assert (rdflib.URIRef(BASE + "graph/context/renamings"), None, None) not in graph

"""Where the real graph comes from, against the files of the checkout."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import DCTERMS, PROV

from jhaan_kg import __version__
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export

RELEASE = f"https://w3id.org/jhaan/release/{__version__}#"
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
BASE = "https://w3id.org/jhaan/"


@pytest.fixture(scope="module")
def provenance() -> rdflib.Graph:
    return rdflib.Graph().parse(data=export(open_snapshot(), "provenance"), format="turtle")


def digest_of(graph: rdflib.Graph, thing: rdflib.term.Node) -> str:
    return str(graph.value(graph.value(thing, SPDX.checksum), SPDX.checksumValue))


def test_each_source_file_has_its_digest(provenance: rdflib.Graph, root: Path) -> None:
    used = set(provenance.objects(rdflib.URIRef(RELEASE + "build"), PROV.used))
    names = {str(provenance.value(source, DCTERMS.title)): digest_of(provenance, source) for source in used}
    patterns = {"data": "*.t*", "ontology": "*.[tr]*", "shapes": "*.ttl", "queries": "*.rq"}
    files = [
        path for folder, pattern in patterns.items() for path in (root / folder).rglob(pattern)
        if path.parent.name != "releases"
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
    assert (rdflib.URIRef(RELEASE + "graph-evidence"), PROV.wasDerivedFrom, report) in provenance
    assert digest_of(provenance, report) == hashlib.sha256(report_path.read_bytes()).hexdigest()


def test_facts_from_outside_lead_to_where_they_were_read(provenance: rdflib.Graph) -> None:
    (source,) = provenance.objects(rdflib.URIRef(BASE + "graph/context/renamings"), PROV.wasDerivedFrom)
    assert list(provenance.objects(source, PROV.wasDerivedFrom)) == [
        rdflib.URIRef("http://data.europa.eu/eli/reg/2023/1322/oj")
    ]

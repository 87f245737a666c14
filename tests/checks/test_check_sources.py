"""All checks together, on small sources with a fault for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_sources import HEAD, ONTOLOGY, REGISTER, section, write

from jhaan_kg.build.pipeline import check
from jhaan_kg.build.progress import Progress
from jhaan_kg.build.read import read_sources
from jhaan_kg.checks import check_sources
from jhaan_kg.errors import Severity
from real_sources import copy_sources

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix jhsh: <https://w3id.org/jhaan/shapes#> .
jhsh:Seat a sh:PropertyShape ; sh:path jhaan:seat ; sh:targetSubjectsOf jhaan:seat ; sh:class jhaan:Agency ;
    sh:severity sh:Violation ; sh:message "No agency."@en .
"""
FAULTY = {
    "register": REGISTER + "agency:north a jhaan:Agnecy .\n",
    "ontology": ONTOLOGY + "jhaan:within a owl:ReflexiveProperty . jhaan:Novelty a owl:Class .\n",
    "later": section(
        "1/paragraph/1: <https://w3id.org/jhaan/id/participation/fbn-2021/1/moot> jhaan:role 'guest' .",
        report="fbn-2022",
    ),
    "data/curation/fbn-2021/coverage.ttl": HEAD
    + "<https://w3id.org/jhaan/id/note/fbn-2021/a> jhaan:givesNoFacts p21:1 .\n",
    "shapes/a.ttl": HEAD + SHAPES,
}


EXPECTED = {
    ("data/curation/fbn-2021/coverage.ttl", "note-on-section", "report:fbn-2021/section/1"),
    ("data/register/things.ttl", "undefined-term", "jhaan:Agnecy"),
    ("data/reports/fbn-2021/1-summary.trig", "grounding-missing", "event2023:moot"),
    ("data/reports/fbn-2021/1-summary.trig", "not-yet-read", "report:fbn-2021/section/1"),
    ("data/reports/fbn-2021/1-summary.trig", "shape", "agency:north"),
    (
        "data/reports/fbn-2022/1-summary.trig",
        "other-report",
        "<https://w3id.org/jhaan/id/participation/fbn-2021/1/moot>",
    ),
    ("ontology/jhaan.ttl", "axiom-not-covered", "jhaan:within"),
    ("ontology/jhaan.ttl", "ontology-style", "<https://w3id.org/jhaan/ontology>"),
    ("ontology/jhaan.ttl", "ontology-style", "jhaan:Novelty"),
}


def test_each_check_reports(tmp_path: Path) -> None:
    findings = check_sources(read_sources(write(tmp_path, **FAULTY)))
    assert EXPECTED - {(finding.path, finding.code, finding.subject) for finding in findings} == set()
    assert findings == sorted(findings)


INVENTED = '\ntopic:invented\n    a          jhaan:Topic ;\n    rdfs:label "invented"@en .\n'


@pytest.mark.slow
def test_the_sources_have_neither_errors_nor_warnings_but_the_one_that_is_added(tmp_path: Path) -> None:
    copy_sources(tmp_path)
    register = tmp_path / "data" / "register" / "topics.ttl"
    text = register.read_text("utf-8")
    register.write_text(text + INVENTED)
    findings = [finding for finding in check(tmp_path, Progress()) if finding.severity <= Severity.WARNING]
    assert [(finding.code, finding.path, finding.line, finding.subject) for finding in findings] == [
        ("thing-that-no-passage-tells-of", "data/register/topics.ttl", text.count("\n") + 3, "topic:invented")
    ]

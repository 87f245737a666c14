"""What a release has published stays: each kind of fault has sources that are found to have it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from checks_support import stated

from case_tables import cases
from jhaan_kg.checks.released import check_released, find_published
from jhaan_kg.checks.stated import SourceText

ID = "https://w3id.org/jhaan/id/"
RECORD = "data/releases/1.0.0.txt"
FILES = {
    "ontology": (
        "ontology/jhaan.ttl",
        "jhaan:Ship a owl:Class . jhaan:crew a owl:ObjectProperty . jhaan:Boat a owl:Class .",
    ),
    "shapes": ("shapes/ships.ttl", "jhsh:ShipShape a sh:NodeShape ; sh:targetClass jhaan:Ship ."),
    "things": (
        "data/register/things.ttl",
        "agency:north a jhaan:Ship . agency:south a jhaan:Ship . "
        "<https://w3id.org/jhaan/id/report/r/section/1> a jhaan:Ship .",
    ),
}
STATED = [statement for path, text in FILES.values() for statement in stated(text, path)]
QUESTION = SourceText(
    "queries/boards/who-sails.rq", "SELECT ?x { ?x a <https://w3id.org/jhaan/ontology#Ship> }"
)


def test_terms_shapes_things_passages_and_questions_are_published_and_no_fault() -> None:
    violation = SourceText("queries/violations/no-ship.rq", "SELECT ?x { ?x ?y ?z }")
    published = find_published(STATED, [QUESTION, violation])
    assert published == {
        "https://w3id.org/jhaan/ontology#Boat",
        "https://w3id.org/jhaan/ontology#Ship",
        "https://w3id.org/jhaan/ontology#crew",
        "https://w3id.org/jhaan/shapes#ShipShape",
        f"{ID}agency/north",
        f"{ID}agency/south",
        f"{ID}report/r/section/1",
        "https://w3id.org/jhaan/query/who-sails",
    }
    record = "".join(f"{iri}\n" for iri in sorted(published))
    assert list(check_released(STATED, [QUESTION], [SourceText(RECORD, record)])) == []


@cases(Path(__file__).with_name("released.yaml"))
def test_what_is_found(case: dict[str, Any]) -> None:
    statements = [
        statement
        for name, (path, text) in FILES.items()
        for statement in stated(f"{text}\n{case.get(name, '')}", path)
    ]
    question = QUESTION._replace(text=f"{QUESTION.text}\n{case.get('question', '')}")
    record = "".join(f"{iri if ':' in iri else ID + iri}\n" for iri in case.get("record", ()))
    found = check_released(statements, [question], [SourceText(RECORD, record)] if record else [])
    assert [f"{f.path}:{f.line}: {f.code} {f.subject}" for f in found] == case["findings"]


def test_the_fix_says_where_to_deprecate() -> None:
    (finding,) = check_released(STATED, [], [SourceText(RECORD, f"{ID}agency/east\n")])
    assert str(finding) == (
        "data/releases/1.0.0.txt:1: error [released-gone] agency:east: an IRI of a release must remain, "
        "but this one is gone. "
        "Restore it, or deprecate it in data/register/deprecated.ttl (curation records: "
        "data/curation/REPORT/deprecated.ttl). See docs/versioning.md."
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{ID}agency/south\n{ID}agency/north\n", 0),
        (f"{ID}agency/north\n{ID}agency/north\n", 0),
        (f"{ID}agency/north", 0),
        (f"{ID}agency/north\nurn:x\n", 2),
    ],
)
def test_a_record_that_was_tampered_with(text: str, line: int) -> None:
    found = check_released(STATED, [QUESTION], [SourceText(RECORD, text)])
    assert [(f.path, f.line, f.code) for f in found] == [(RECORD, line, "release-record")]

"""What a release has published stays: each kind of fault has sources that are found to have it."""

from __future__ import annotations

import pytest
from checks_support import stated

from jhaan_kg.build.read import Statement
from jhaan_kg.checks.released import check_released, find_published
from jhaan_kg.checks.stated import SourceText

ID = "https://w3id.org/jhaan/id/"
RECORD = "data/releases/1.0.0.txt"

ONTOLOGY = "jhaan:Ship a owl:Class . jhaan:crew a owl:ObjectProperty . jhaan:Boat a owl:Class ."
SHAPES = "jhsh:ShipShape a sh:NodeShape ; sh:targetClass jhaan:Ship ."
THINGS = (
    "agency:north a jhaan:Ship . agency:south a jhaan:Ship . "
    "<https://w3id.org/jhaan/id/report/r/section/1> a jhaan:Ship ."
)
OLD = 'agency:old a jhaan:DeprecatedThing ; rdfs:label "the old one (deprecated)"@en ; owl:deprecated true '
OF_NORTH = f"{OLD} ; dcterms:isReplacedBy agency:north ."
OLD_TERM = f"{ONTOLOGY} jhaan:Boat owl:deprecated true ; dcterms:isReplacedBy jhaan:Ship ."
QUESTION = SourceText(
    "queries/boards/who-sails.rq", "SELECT ?x { ?x a <https://w3id.org/jhaan/ontology#Ship> }"
)
VIOLATION = SourceText("queries/violations/no-ship.rq", "SELECT ?x { ?x ?y ?z }")


def sources(things: str = THINGS, ontology: str = ONTOLOGY, shapes: str = SHAPES) -> list[Statement]:
    return [
        *stated(ontology, "ontology/jhaan.ttl"),
        *stated(shapes, "shapes/ships.ttl"),
        *stated(things, "data/register/things.ttl"),
    ]


def record(*iris: str) -> SourceText:
    return SourceText(RECORD, "".join(f"{iri}\n" for iri in iris))


def codes(
    statements: list[Statement], *records: SourceText, queries: tuple[SourceText, ...] = (QUESTION,)
) -> list[tuple[str, int, str, str]]:
    return [(f.path, f.line, f.code, f.subject) for f in check_released(statements, queries, records)]


def test_terms_shapes_things_passages_and_questions_are_published() -> None:
    assert find_published(sources(), [QUESTION, VIOLATION]) == {
        "https://w3id.org/jhaan/ontology#Boat",
        "https://w3id.org/jhaan/ontology#Ship",
        "https://w3id.org/jhaan/ontology#crew",
        "https://w3id.org/jhaan/shapes#ShipShape",
        "https://w3id.org/jhaan/id/agency/north",
        "https://w3id.org/jhaan/id/agency/south",
        "https://w3id.org/jhaan/id/report/r/section/1",
        "https://w3id.org/jhaan/query/who-sails",
    }


@pytest.mark.parametrize(
    ("iri", "subject"),
    [
        ("https://w3id.org/jhaan/ontology#Raft", "jhaan:Raft"),
        ("https://w3id.org/jhaan/shapes#RaftShape", "jhsh:RaftShape"),
        ("https://w3id.org/jhaan/id/agency/east", "agency:east"),
        (
            "https://w3id.org/jhaan/id/participation/r/1/moot",
            "<https://w3id.org/jhaan/id/participation/r/1/moot>",
        ),
        ("https://w3id.org/jhaan/id/report/r/section/2", "report:r/section/2"),
        ("https://w3id.org/jhaan/query/who-swims", "query:who-swims"),
    ],
)
def test_what_is_gone_is_reported_at_its_line_of_the_record(iri: str, subject: str) -> None:
    lines = sorted([f"{ID}agency/north", iri])
    assert codes(sources(), record(*lines)) == [(RECORD, lines.index(iri) + 1, "released-gone", subject)]


def test_the_fix_says_where_to_deprecate() -> None:
    (finding,) = check_released(sources(), [], [record(f"{ID}agency/east")])
    assert str(finding) == (
        "data/releases/1.0.0.txt:1: error [released-gone] agency:east: was published by a release, and is gone. "
        "Put it back, or deprecate it in data/register/deprecated.ttl (in data/curation/REPORT/deprecated.ttl if "
        "curation said it, in ontology/jhaan.ttl if it is a term, in shapes/deprecated.ttl if it is a shape); "
        "see docs/releases.md."
    )


NO_FAULTS = {
    "what is there": (sources(), sorted(find_published(sources(), [QUESTION]))),
    "with a successor": (sources(f"{THINGS} {OF_NORTH}"), [f"{ID}agency/old"]),
    "with a reason": (
        sources(f'{THINGS} {OLD} ; skos:changeNote "It never sailed."@en .'),
        [f"{ID}agency/old"],
    ),
    "a deprecated term keeps its axioms": (
        sources(ontology=f"{OLD_TERM} jhaan:crew rdfs:domain jhaan:Boat ."),
        ["https://w3id.org/jhaan/ontology#Boat"],
    ),
    "a deprecated question may still be asked": (
        sources(
            f"{THINGS} <https://w3id.org/jhaan/query/who-sails> owl:deprecated true ; "
            'rdfs:label "x"@en ; skos:changeNote "Another asks more."@en .'
        ),
        ["https://w3id.org/jhaan/query/who-sails"],
    ),
}


@pytest.mark.parametrize(("statements", "released"), NO_FAULTS.values(), ids=NO_FAULTS)
def test_what_is_no_fault(statements: list[Statement], released: list[str]) -> None:
    assert codes(statements, record(*released)) == []


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (f"{OLD} .", "deprecated-without-successor"),
        (f"{OLD} ; dcterms:isReplacedBy agency:north, agency:south .", "deprecated-for-several"),
        (f"{OLD} ; dcterms:isReplacedBy agency:east .", "successor-missing"),
        (f"{OLD} ; dcterms:isReplacedBy <https://w3id.org/jhaan/query/who-swims> .", "successor-missing"),
    ],
)
def test_faults_of_an_entry(entry: str, code: str) -> None:
    things = f"{THINGS}\n{entry}"
    assert codes(sources(things)) == [("data/register/things.ttl", 2, code, "agency:old")]


OLDER = 'agency:older owl:deprecated true ; rdfs:label "x"@en ; dcterms:isReplacedBy agency:old .'


@pytest.mark.parametrize(
    ("things", "line", "code", "subject"),
    [
        (f"{THINGS}\n{OF_NORTH}\n{OLDER}", 3, "successor-deprecated", "agency:older"),
        (f"{THINGS} {OF_NORTH}\nagency:south jhaan:crew agency:old .", 2, "deprecated-used", "agency:old"),
        (f"{THINGS} {OF_NORTH}\nagency:old jhaan:crew agency:south .", 2, "deprecated-used", "agency:old"),
    ],
)
def test_a_deprecated_thing_that_is_still_used(things: str, line: int, code: str, subject: str) -> None:
    assert codes(sources(things)) == [("data/register/things.ttl", line, code, subject)]


@pytest.mark.parametrize(
    ("shapes", "things", "question", "place"),
    [
        (SHAPES, f"{THINGS}\nagency:south a jhaan:Boat .", QUESTION, ("data/register/things.ttl", 2)),
        (f"{SHAPES}\njhsh:BoatShape sh:targetClass jhaan:Boat .", THINGS, QUESTION, ("shapes/ships.ttl", 2)),
        (
            f'{SHAPES}\njhsh:BoatShape sh:select "SELECT $this {{ $this a jhaan:Boat }}" .',
            THINGS,
            QUESTION,
            ("shapes/ships.ttl", 2),
        ),
        (
            SHAPES,
            THINGS,
            QUESTION._replace(text="\nSELECT ?x { ?x a <https://w3id.org/jhaan/ontology#Boat> }"),
            (QUESTION.path, 2),
        ),
    ],
)
def test_a_deprecated_term_that_is_still_used(
    shapes: str, things: str, question: SourceText, place: tuple[str, int]
) -> None:
    found = codes(sources(things, OLD_TERM, shapes), queries=(question,))
    assert found == [(*place, "deprecated-used", "jhaan:Boat")]


def test_a_deprecated_property_that_is_still_used() -> None:
    ontology = f'{ONTOLOGY} jhaan:crew owl:deprecated true ; skos:changeNote "Nobody asks."@en .'
    found = codes(sources(f"{THINGS}\nagency:north jhaan:crew agency:south .", ontology))
    assert found == [("data/register/things.ttl", 2, "deprecated-used", "jhaan:crew")]


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
    found = codes(sources(), SourceText(RECORD, text))
    assert [(path, at, code) for path, at, code, _ in found] == [(RECORD, line, "release-record")]

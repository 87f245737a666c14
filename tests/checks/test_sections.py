"""Whose a node is, positions in lists, and faults of shapes that arise from two reports together only."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from tiny_sources import HEAD, section, write

from jhaan_kg.build.read import Statement, read_sources
from jhaan_kg.checks import check_sources
from jhaan_kg.checks.sections import check_owners, check_positions
from jhaan_kg.namespaces import PREFIXES

ID = "https://w3id.org/jhaan/id/"
FINDINGS = "data/curation/fbn-2022/findings.ttl"


def owners(folder: Path, later: str, curated: str = "") -> list[tuple[str, int, str]]:
    """Check the later of two reports, given what its first paragraph and its curation state."""
    changes = {FINDINGS: HEAD + curated} if curated else {}
    sources = read_sources(
        write(folder, later=section(f"1/paragraph/1: {later}", report="fbn-2022"), **changes)
    )
    return [(finding.path, finding.line, finding.code) for finding in check_owners(sources)]


LATER = "data/reports/fbn-2022/1-summary.trig"
OWN = f"<{ID}participation/fbn-2022/1/moot> jhaan:inEvent event2023:moot . report:fbn-2021 jhaan:called 'it'@en ."
FOREIGN = f"<{ID}participation/fbn-2021/1/moot> jhaan:inEvent event2023:moot ; jhaan:role 'host' ."


@pytest.mark.parametrize(
    ("later", "curated", "found"),
    [
        # own nodes and registered entities are fine, and a year in a name is no report
        (OWN, f"<{ID}finding/fbn-2022/a> jhaan:reason 'x'@en .", []),
        (f"<{ID}product/booklet-1999/part> jhaan:called 'x'@en .", "", []),
        # a node of another report is reported once
        (FOREIGN, "", [(LATER, HEAD.count("\n") + 2, "other-report")]),
        (
            "agency:north jhaan:seat place:port .",
            f"<{ID}finding/fbn-2021/a> jhaan:reason 'x'@en .",
            [(FINDINGS, HEAD.count("\n") + 1, "other-report")],
        ),
    ],
)
def test_nodes_belong_to_the_report_of_their_file(
    tmp_path: Path, later: str, curated: str, found: list[tuple[str, int, str]]
) -> None:
    assert owners(tmp_path, later, curated) == found


SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix jhsh: <https://w3id.org/jhaan/shapes#> .
jhsh:SeatShape a sh:PropertyShape ; sh:path jhaan:seat ; sh:targetSubjectsOf jhaan:seat ; sh:maxCount 1 ;
    sh:severity sh:Violation ; sh:message "Two seats."@en .
jhsh:PartnerShape a sh:PropertyShape ; sh:path jhaan:partner ; sh:targetSubjectsOf jhaan:seat ; sh:minCount 1 ;
    sh:severity sh:Violation ; sh:message "No partner."@en .
"""


def shape_findings(folder: Path, **changes: str) -> list[tuple[str, str]]:
    """Return the findings of the shapes on a seat and a partner."""
    sources = read_sources(
        write(folder, readings=None, context=None, **{"shapes/seats.ttl": HEAD + SHAPES}, **changes)
    )
    return [
        (finding.subject, finding.message) for finding in check_sources(sources) if finding.code == "shape"
    ]


def test_what_changes_from_report_to_report_is_no_fault(tmp_path: Path) -> None:
    """The report on 2021 has the seat on the isle, that on 2022 at the port; only the earlier names the partner."""
    partner = section("2/paragraph/1: agency:north jhaan:partner agency:south .")
    assert shape_findings(tmp_path / "a", detail=partner) == []


def test_what_one_report_has_twice_or_no_report_has_is_a_fault(tmp_path: Path) -> None:
    twice = section("2/paragraph/1: agency:north jhaan:seat place:quay .")
    assert shape_findings(tmp_path / "b", detail=twice) == [
        ("agency:north", "No partner."),
        ("agency:north", "Two seats."),
    ]


def positions(**blocks: str) -> list[str]:
    """Return what is wrong in blocks, by their passages: the last part of the subject, and the message."""
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    statements = [
        Statement(quad.triple, "x.trig", 1, NamedNode(f"{PREFIXES['section']}{passage.replace('_', '/')}"))
        for passage, text in blocks.items()
        for quad in parse(f"{prefixes}PREFIX x: <urn:x:>\n{text}", format=RdfFormat.TURTLE)
    ]
    return [
        f"{one.subject.rpartition(':')[2].rstrip('>')}: {one.message}" for one in check_positions(statements)
    ]


PROMISE = "jhaan:committedBy x:body"


def item(name: str, position: int, subject: str = "jhaan:atEvent x:meeting") -> str:
    return f"x:{name} {subject} ; jhaan:listPosition {position} . "


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        # each passage counts from one
        ({"1_paragraph_1": item("a", 1) + item("b", 2), "1_paragraph_2": item("a", 1) + item("b", 2)}, []),
        (
            {"1_paragraph_1": item("a", 1) + item("b", 3)},
            ["b: positions must count entries, but Section 1, paragraph 1 has 2 up to position 3."],
        ),
        # so does each subject, and each kind of list
        (
            {
                "1_paragraph_1": item("a", 1)
                + item("b", 1, "jhaan:outcomeOf x:meeting")
                + item("c", 1, "jhaan:atEvent x:seminar")
                + item("d", 2, "jhaan:about x:topic ; jhaan:about x:group")
                + item("e", 1, "jhaan:about x:group")
            },
            [],
        ),
        # the number of a list item is left to the text, but a list within it counts from one
        ({"1_item_2": item("a", 2)}, []),
        ({"1_item_2": item("a", 1) + item("b", 2)}, []),
        # the commitments of one body are a list
        (
            {"1_paragraph_1": item("a", 1, PROMISE) + item("b", 3, PROMISE)},
            ["b: positions must count entries, but Section 1, paragraph 1 has 2 up to position 3."],
        ),
    ],
)
def test_positions(blocks: dict[str, str], expected: list[str]) -> None:
    assert positions(**blocks) == expected


@pytest.mark.parametrize("place", ["1_paragraph_1", "1_item_2"])
def test_positions_that_do_not_begin_with_one(place: str) -> None:
    assert positions(**{place: item("a", 2) + item("b", 3)}) != []


def test_a_position_that_two_have() -> None:
    twice = positions(**{"1_paragraph_1": item("a", 1) + item("b", 1) + item("c", 2)})
    assert "a: positions must count entries, but Section 1, paragraph 1 has 2 up to position 1." in twice

"""What is derived against what curators wrote."""

from __future__ import annotations

import pytest
from small_derived import graph_of

from jhaan_kg.derived import Derived, DerivedKind, compare
from jhaan_kg.errors import Severity
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import PREFIXES, REPORT_ID

FIGURES = tuple(PREFIXES["section"] + f"11.2/figure/{number}" for number in (5, 6))
TWICE = Derived(929, DerivedKind.NUMBER_REPEATED, "Figure 5 is there twice.", FIGURES)
EVENT = PREFIXES["event2023"] + "a"
PASSAGES = tuple(PREFIXES["section"] + f"5/paragraph/{number}" for number in (1, 2))
MISSING = Derived(78, DerivedKind.MISSING_FROM_TIMELINE, "No entry has it.", PASSAGES, EVENT)
DATE = PREFIXES["schema"] + "startDate"
CONTESTED = Derived(87, DerivedKind.CONTESTED_VALUE, "Told differently.", PASSAGES, EVENT, DATE)


def codes(derived: list[Derived], graph: Graph) -> list[tuple[Severity, str]]:
    return [(finding.severity, finding.code) for finding in compare(derived, graph, REPORT_ID)]


NOT_CURATED = [(Severity.ERROR, "finding-not-curated")]
NOT_DERIVED = [(Severity.WARNING, "finding-not-derived")]
BOTH_FIGURES = "<s/11.2/figure/5>, <s/11.2/figure/6>"


@pytest.mark.parametrize(
    ("kind", "passages", "expected"),
    [
        ("NumberRepeated", BOTH_FIGURES, []),
        ("NumberRepeated", BOTH_FIGURES + ", <s/11.2>", []),
        # each of these has neither what was derived nor, where the kind is complete, anything that was
        ("NumberRepeated", "<s/11.2/figure/6>", NOT_CURATED + NOT_DERIVED),
        ("LostContent", BOTH_FIGURES, NOT_CURATED),
    ],
)
def test_finding_about_the_text_rests_on_all_passages(
    kind: str, passages: str, expected: list[tuple[Severity, str]]
) -> None:
    curated = graph_of(f"finding:a jhaan:findingKind jhaan:{kind} ; jhaan:basedOn {passages} .")
    assert sorted(codes([TWICE], curated)) == expected


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        ("jhaan:concernsThing event2023:a ; jhaan:basedOn <s/5/paragraph/2>, <s/4/heading>", []),
        ("jhaan:concernsThing event2023:b ; jhaan:basedOn <s/5/paragraph/2>", NOT_CURATED),
        ("jhaan:concernsThing event2023:a ; jhaan:basedOn <s/4/heading>", NOT_CURATED),
    ],
)
def test_finding_about_a_thing_names_it_and_shares_a_passage(
    finding: str, expected: list[tuple[Severity, str]]
) -> None:
    assert (
        codes([MISSING], graph_of(f"finding:a jhaan:findingKind jhaan:ScopeOfList ; {finding} .")) == expected
    )


@pytest.mark.parametrize(("prop", "expected"), [("schema:startDate", []), ("schema:location", NOT_CURATED)])
def test_decision_covers_its_property(prop: str, expected: list[tuple[Severity, str]]) -> None:
    decision = f"decision:a jhaan:onSubject event2023:a ; jhaan:onProperty {prop} ."
    assert codes([CONTESTED], graph_of(decision)) == expected


def test_uncurated_says_where_and_how() -> None:
    [finding] = compare([MISSING], graph_of(""), REPORT_ID)
    assert (finding.path, finding.subject) == ("data/curation/jhaan-2023/findings.ttl", "event2023:a")
    assert "line 78 of the report's text: [missing-from-timeline] No entry has it." in finding.message
    stub = (
        finding.fix.partition(": ")[2].replace("jhaan:…", "jhaan:Scope").replace("finding:NAME", "finding:a")
    )
    assert codes([MISSING], graph_of(stub)) == []


def test_stub_of_a_decision() -> None:
    [finding] = compare([CONTESTED], graph_of(""), REPORT_ID)
    assert finding.path == "data/curation/jhaan-2023/decisions.ttl"
    stub = finding.fix.partition(": ")[2].replace("decision:NAME", "decision:a")
    stub = stub.replace("jhaan:prefers …", "jhaan:prefers 1").replace("jhaan:…", "jhaan:FactsDisagree")
    assert codes([CONTESTED], graph_of(stub)) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("HeadingLost", NOT_DERIVED), ("NumberRepeated", NOT_DERIVED), ("Misprint", []), ("SeveralNames", [])],
)
def test_only_complete_kinds_go_stale(kind: str, expected: list[tuple[Severity, str]]) -> None:
    curated = graph_of(f"finding:a jhaan:findingKind jhaan:{kind} ; jhaan:basedOn <s/4> .")
    assert codes([], curated) == expected


LISTED = """
event2023:a jhaan:timelineEntry <s/4/entry/1> .
<s/4/entry/1> dcterms:isPartOf <s/4> .
<s/4/heading> dcterms:isPartOf <s/4> .
<s/5/paragraph/1> dcterms:isPartOf <s/5> .
"""


@pytest.mark.parametrize(
    ("passages", "event", "expected"),
    [
        ("<s/4/heading>, <s/5/paragraph/1>", "event2023:a", NOT_DERIVED),
        ("<s/4>", "event2023:a", NOT_DERIVED),
        ("<s/4/heading>", "event2023:b", []),  # no entry has it
        ("<s/4/heading>, <s/4/entry/1>", "event2023:a", []),  # the finding is about the entry
        ("<s/5/paragraph/1>", "event2023:a", []),  # the finding is about another list
    ],
)
def test_event_that_the_timeline_has_after_all(
    passages: str, event: str, expected: list[tuple[Severity, str]]
) -> None:
    parts = f"jhaan:concernsThing {event} ; jhaan:basedOn {passages}"
    finding = f"finding:a jhaan:findingKind jhaan:ScopeOfList ; {parts} ."
    assert codes([], graph_of(LISTED + finding)) == expected


def test_findings_and_decisions_of_another_report_are_left_aside() -> None:
    """A lost heading that the report of 2022 lacks is neither missed here nor does its decision settle anything."""
    other = "<https://w3id.org/jhaan/id/report/jhaan-2022/section/4>"
    curated = graph_of(
        f"finding:a jhaan:findingKind jhaan:HeadingLost ; jhaan:basedOn {other} . "
        "<https://w3id.org/jhaan/id/decision/jhaan-2022/a> jhaan:onSubject event2023:a ; "
        "jhaan:onProperty schema:startDate ."
    )
    assert codes([], curated) == []
    assert codes([CONTESTED], curated) == NOT_CURATED
    [finding] = compare([], curated, "jhaan-2022")
    assert (finding.path, finding.code) == ("data/curation/jhaan-2022/findings.ttl", "finding-not-derived")

"""What is derived against what curators wrote."""

from __future__ import annotations

import pytest
from small_derived import graph_of

from jhaan_kg.derived import Derived, DerivedKind, compare
from jhaan_kg.errors import Severity
from jhaan_kg.namespaces import PREFIXES, REPORT_ID

FIGURES = tuple(PREFIXES["section"] + f"11.2/figure/{number}" for number in (5, 6))
TWICE = Derived(929, DerivedKind.NUMBER_REPEATED, "Figure 5 is there twice.", FIGURES)
EVENT = PREFIXES["event2023"] + "a"
PASSAGES = tuple(PREFIXES["section"] + f"5/paragraph/{number}" for number in (1, 2))
MISSING = Derived(78, DerivedKind.MISSING_FROM_TIMELINE, "No entry has it.", PASSAGES, EVENT)
DATE = PREFIXES["schema"] + "startDate"
CONTESTED = Derived(87, DerivedKind.CONTESTED_VALUE, "Told differently.", PASSAGES, EVENT, DATE)

NOT_CURATED = [(Severity.ERROR, "finding-not-curated")]
NOT_DERIVED = [(Severity.WARNING, "finding-not-derived")]
BOTH_FIGURES = "<s/11.2/figure/5>, <s/11.2/figure/6>"
OTHER_REPORT = "<https://w3id.org/jhaan/id/report/jhaan-2022/section/4>"
LISTED = """
event2023:a jhaan:timelineEntry <s/4/entry/1> .
<s/4/entry/1> dcterms:isPartOf <s/4> .
<s/4/heading> dcterms:isPartOf <s/4> .
<s/5/paragraph/1> dcterms:isPartOf <s/5> .
"""


def finding(kind: str, passages: str, event: str = "") -> str:
    concerns = f"; jhaan:concernsThing event2023:{event}" if event else ""
    return f"finding:a jhaan:findingKind jhaan:{kind} ; jhaan:basedOn {passages} {concerns} ."


def decision(prop: str, node: str = "decision:a") -> str:
    return f"{node} jhaan:onSubject event2023:a ; jhaan:onProperty {prop} ."


def codes(derived: list[Derived], curated: str) -> list[tuple[Severity, str]]:
    return sorted((one.severity, one.code) for one in compare(derived, graph_of(curated), REPORT_ID))


@pytest.mark.parametrize(
    ("derived", "curated", "expected"),
    [
        # a finding about the text rests on all passages; each other kind or passage is neither derived nor curated
        (TWICE, finding("NumberRepeated", BOTH_FIGURES), []),
        (TWICE, finding("NumberRepeated", BOTH_FIGURES + ", <s/11.2>"), []),
        (TWICE, finding("NumberRepeated", "<s/11.2/figure/6>"), NOT_CURATED + NOT_DERIVED),
        # a finding about a thing names it and shares a passage
        (MISSING, finding("ScopeOfList", "<s/5/paragraph/2>, <s/4/heading>", "a"), []),
        (MISSING, finding("ScopeOfList", "<s/5/paragraph/2>", "b"), NOT_CURATED),
        (MISSING, finding("ScopeOfList", "<s/4/heading>", "a"), NOT_CURATED),
        # a decision covers its property, in its report
        (CONTESTED, decision("schema:startDate"), []),
        (
            CONTESTED,
            decision("schema:startDate", "<https://w3id.org/jhaan/id/decision/jhaan-2022/a>"),
            NOT_CURATED,
        ),
        # only complete kinds go stale
        (None, finding("NumberRepeated", "<s/4>"), NOT_DERIVED),
        (None, finding("Misprint", "<s/4>"), []),
        (None, finding("HeadingLost", OTHER_REPORT), []),
        # an event that the timeline has after all
        (None, LISTED + finding("ScopeOfList", "<s/4/heading>, <s/5/paragraph/1>", "a"), NOT_DERIVED),
        (None, LISTED + finding("ScopeOfList", "<s/4/heading>", "b"), []),  # no entry has it
        (
            None,
            LISTED + finding("ScopeOfList", "<s/4/heading>, <s/4/entry/1>", "a"),
            [],
        ),  # it is about the entry
        (None, LISTED + finding("ScopeOfList", "<s/5/paragraph/1>", "a"), []),  # it is about another list
    ],
)
def test_what_covers_what(
    derived: Derived | None, curated: str, expected: list[tuple[Severity, str]]
) -> None:
    assert codes([derived] if derived else [], curated) == expected


@pytest.mark.parametrize(
    ("derived", "file", "values"),
    [
        (MISSING, "findings", [("jhaan:…", "jhaan:Scope"), ("finding:NAME", "finding:a")]),
        (
            CONTESTED,
            "decisions",
            [
                ("jhaan:prefers …", "jhaan:prefers 1"),
                ("jhaan:…", "jhaan:Facts"),
                ("decision:NAME", "decision:a"),
            ],
        ),
    ],
)
def test_uncurated_says_where_and_how(derived: Derived, file: str, values: list[tuple[str, str]]) -> None:
    [difference] = compare([derived], graph_of(""), REPORT_ID)
    assert (difference.path, difference.subject) == (f"data/curation/jhaan-2023/{file}.ttl", "event2023:a")
    assert f"[{derived.kind.code}] {derived.message}" in difference.message
    stub = difference.fix.partition(": ")[2]
    for placeholder, value in values:
        stub = stub.replace(placeholder, value)
    assert codes([derived], stub) == []


def test_findings_of_another_report_are_in_its_folder() -> None:
    [difference] = compare([], graph_of(finding("HeadingLost", OTHER_REPORT)), "jhaan-2022")
    assert (difference.path, difference.code) == (
        "data/curation/jhaan-2022/findings.ttl",
        "finding-not-derived",
    )

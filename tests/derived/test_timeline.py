"""Events in the text and not in the timeline, and the reverse."""

from __future__ import annotations

import pytest
from small_derived import graph_of, report_of

from jhaan_kg.derived.statements import timeline_differences
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import PREFIXES, compact
from jhaan_kg.passages import Report

REPORT = (
    "# 1. Summary\n\nThe seminar took place on 4 May.\n",
    "# 2. Timeline\n\n**04**\nMAY\n\nSeminar\n\n**05**\nMAY\n\nBriefing\n",
)
YEAR = """
report:jhaan-2023 jhaan:reportOn period:2023 .
period:2023 dcat:startDate "2023-01-01" ; dcat:endDate "2023-12-31" .
"""
TIMELINE = """
event2023:seminar a jhaan:Event ; schema:startDate "2023-05-04" ; jhaan:timelineEntry <s/2/entry/1> ;
    jhaan:statedIn <s/2/entry/1>, <s/1/paragraph/1> .
"""
BRIEFING = """
event2023:briefing a jhaan:Event ; schema:startDate "2023-05-05" ; jhaan:timelineEntry <s/2/entry/2> ;
    jhaan:statedIn <s/2/entry/2>, <s/contents/entry/2> .
"""
NOTE = """
<http://x/note> jhaan:givesNoFacts <s/contents/heading>, <s/contents/entry/1>, <s/contents/entry/2>,
    <s/1/heading>, <s/2/heading> .
"""


def codes(graph: Graph, report: Report) -> list[tuple[int, str, str]]:
    return [
        (found.line, found.kind.code, compact(found.thing)) for found in timeline_differences(graph, report)
    ]


def coaching(day: str) -> str:
    return f"event2023:coaching a jhaan:Event ; {day} jhaan:statedIn <s/1/paragraph/1> ."


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ('schema:startDate "2023-05-06" ;', [(10, "missing-from-timeline", "event2023:coaching")]),
        ('schema:startDate "2024-05-06" ;', []),  # the timeline is of 2023
        ('schema:startDate "2022-05-06" ;', []),
        ("jhaan:inPeriod period:2023-05 ;", []),  # could be the seminar under another name
        ('schema:startDate "2023-05-06" ; jhaan:timelineEntry <s/2/entry/2> ;', []),
    ],
)
def test_dated_event_without_entry(
    day: str,
    expected: list[tuple[int, str, str]],
) -> None:
    assert codes(graph_of(YEAR + TIMELINE + coaching(day)), report_of(*REPORT)) == expected


def test_report_without_timeline_has_no_differences() -> None:
    graph = graph_of(YEAR + coaching('schema:startDate "2023-05-06" ;'))
    assert codes(graph, report_of(*REPORT)) == []


def test_entry_that_no_other_passage_names() -> None:
    # the contents list has the briefing too, but announces it only
    graph = graph_of(YEAR + TIMELINE + BRIEFING + NOTE)
    assert codes(graph, report_of(*REPORT)) == [(22, "only-in-timeline", "event2023:briefing")]


def test_unread_passage_may_name_the_event() -> None:
    graph = graph_of(YEAR + TIMELINE + BRIEFING + NOTE)
    assert codes(graph, report_of(f"{REPORT[0]}\nUnread.\n", REPORT[1])) == []


def test_passage_names_an_event_also_as_an_object() -> None:
    participation = """
    <http://x/part> jhaan:inEvent event2023:briefing ; jhaan:statedIn <s/1/paragraph/1> .
    <http://x/a> rdf:subject <http://x/part> ; rdf:object event2023:briefing ;
        jhaan:evidenceIn <s/1/paragraph/1> .
    """
    assert codes(graph_of(YEAR + TIMELINE + BRIEFING + NOTE + participation), report_of(*REPORT)) == []


def test_finding_of_curators_does_not_name_an_event() -> None:
    finding = """
    finding:a jhaan:concernsThing event2023:briefing .
    <http://x/a> rdf:subject finding:a ; rdf:object event2023:briefing ; jhaan:evidenceIn <s/1/paragraph/1> .
    """
    graph = graph_of(YEAR + TIMELINE + BRIEFING + NOTE + finding)
    assert [thing for *_, thing in codes(graph, report_of(*REPORT))] == ["event2023:briefing"]


def test_passages_of_the_report_only() -> None:
    [found] = timeline_differences(graph_of(YEAR + TIMELINE + BRIEFING + NOTE), report_of(*REPORT))
    assert found.passages == (PREFIXES["section"] + "2/entry/2",)


def test_an_entry_in_the_timeline_of_another_report_is_none_here() -> None:
    """The report of the year before announced the coaching in its timeline; and it dated it otherwise."""
    earlier = "<https://w3id.org/jhaan/id/report/jhaan-2022/section/4/entry/9>"
    day = f'schema:startDate "2022-12-30", "2023-05-06" ; jhaan:timelineEntry {earlier} ;'
    graph = graph_of(YEAR + TIMELINE + coaching(day))
    assert codes(graph, report_of(*REPORT)) == [(10, "missing-from-timeline", "event2023:coaching")]
    only_earlier = graph_of(YEAR + coaching(day))
    assert codes(only_earlier, report_of(*REPORT)) == [], "this report has no timeline"

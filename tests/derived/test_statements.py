"""What is derived from statements: contested values, numbers that differ from lists, the timeline."""

from __future__ import annotations

import pytest
from small_derived import graph_of, report_of

from jhaan_kg.derived.statements import compare_counts, compare_timeline, find_contested_values
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import PREFIXES, compact
from jhaan_kg.passages import Report

TWO_SECTIONS = ("# 1. Summary\n\nOn 15 May.\n", "# 2. Meeting\n\nOn 16 May.\n")
SIDES = """
<http://x/1> a jhaan:ContestedStatement ; jhaan:contestedSubject event2023:a ;
    jhaan:contestedProperty schema:startDate ; jhaan:contestedValue "2023-05-15" ; jhaan:statedIn <s/1/paragraph/1> .
<http://x/2> a jhaan:ContestedStatement ; jhaan:contestedSubject event2023:a ;
    jhaan:contestedProperty schema:startDate ; jhaan:contestedValue "2023-05-16" ; jhaan:statedIn <s/2/paragraph/1> .
"""


def test_both_sides_are_one_finding() -> None:
    [found] = find_contested_values(graph_of(SIDES), report_of(*TWO_SECTIONS))
    assert (found.line, found.kind.code) == (10, "contested-value")
    assert found.thing == PREFIXES["event2023"] + "a"
    assert found.property == PREFIXES["schema"] + "startDate"
    assert found.passages == tuple(PREFIXES["section"] + name for name in ("1/paragraph/1", "2/paragraph/1"))
    assert "2023-05-15 (1 paragraph 1); 2023-05-16 (2 paragraph 1)" in found.message


def test_two_properties_of_a_thing_are_two_findings() -> None:
    both = SIDES + SIDES.replace("http://x/", "http://y/").replace("schema:startDate", "jhaan:mode")
    assert len(list(find_contested_values(graph_of(both), report_of(*TWO_SECTIONS)))) == 2


def test_plain_values_are_not_contested() -> None:
    plain = (
        'event2023:a schema:startDate "2023-05-16" ; jhaan:statedIn <s/1/paragraph/1>, <s/2/paragraph/1> .'
    )
    assert not list(find_contested_values(graph_of(plain), report_of(*TWO_SECTIONS)))


def test_sides_of_another_report_are_not_told() -> None:
    """The report of 2022 contradicts itself about the same day; here only the contradiction of this one counts."""
    other = "<https://w3id.org/jhaan/id/report/jhaan-2022/section/1/paragraph/1>"
    theirs = (
        f"<http://x/other> a jhaan:ContestedStatement ; jhaan:contestedSubject event2023:a ; "
        f'jhaan:contestedProperty schema:startDate ; jhaan:contestedValue "2023-05-20" ; jhaan:statedIn {other} .'
    )
    assert not list(find_contested_values(graph_of(theirs), report_of(*TWO_SECTIONS)))
    [found] = find_contested_values(graph_of(SIDES + theirs), report_of(*TWO_SECTIONS))
    assert "2023-05-20" not in found.message


NETWORK = ("# 1. Network\n\nThe network has three agencies.\n",)
UNITS = """
jhaan:Agencies jhaan:countsObjectsOf org:hasMember, jhaan:participant .
jhaan:Seminars jhaan:countsSubjectsOf jhaan:inSeries .
"""
MEMBERS = "body:jhaan org:hasMember agency:fra, agency:eige ."


def quantity(of: str, unit: str, qualifier: str = "Exact", value: str = "jhaan:value 3") -> str:
    return (
        f"<http://x/n> jhaan:quantityOf {of} ; {value} ; jhaan:unit jhaan:{unit} ; "
        f"jhaan:qualifier jhaan:{qualifier} ; jhaan:statedIn <s/1/paragraph/1> ."
    )


def test_fewer_than_the_number() -> None:
    graph = graph_of(UNITS + MEMBERS + quantity("body:jhaan", "Agencies"))
    [found] = compare_counts(graph, report_of(*NETWORK))
    assert (found.line, found.kind.code) == (9, "count-differs")
    assert found.message == (
        "1 paragraph 1 counts 3 jhaan:Agencies of body:jhaan, but the graph lists 2: agency:eige, agency:fra."
    )


def test_more_than_the_number_in_the_other_direction() -> None:
    events = "event2023:a jhaan:inSeries concept:s . event2023:b jhaan:inSeries concept:s ."
    number = quantity("concept:s", "Seminars", value="jhaan:value 1")
    [found] = compare_counts(graph_of(UNITS + events + number), report_of(*NETWORK))
    assert "counts 1 jhaan:Seminars of concept:s, but the graph lists 2" in found.message


@pytest.mark.parametrize(
    "graph",
    [
        MEMBERS + "body:jhaan org:hasMember agency:cepol ." + quantity("body:jhaan", "Agencies"),
        # one member by each of two properties
        MEMBERS + "body:jhaan jhaan:participant agency:cepol ." + quantity("body:jhaan", "Agencies"),
        MEMBERS + quantity("body:jhaan", "Agencies", qualifier="Over"),
        MEMBERS + quantity("body:jhaan", "Agencies", value="jhaan:notStated jhaan:value"),
        MEMBERS + quantity("body:jhaan", "Plans"),  # nothing in the ontology counts plans
        MEMBERS + quantity("body:trio", "Agencies"),  # no list
    ],
)
def test_no_difference(graph: str) -> None:
    assert not list(compare_counts(graph_of(UNITS + graph), report_of(*NETWORK)))


def test_what_other_reports_alone_list_is_of_another_year() -> None:
    """The report has three members, of which it and a later report name two; the later one has two more."""

    def stated(name: str, agency: str, *passages: str) -> str:
        places = ", ".join(f"<{passage}>" for passage in passages)
        return (
            f"body:jhaan org:hasMember agency:{agency} . <http://x/{name}> rdf:subject body:jhaan ; "
            f"rdf:predicate org:hasMember ; rdf:object agency:{agency} ; jhaan:evidenceIn {places} ."
        )

    later = "https://w3id.org/jhaan/id/report/jhaan-2024/section/1/paragraph/1"
    graph = (
        stated("a", "fra", "s/1/paragraph/1", later)
        + stated("b", "eige", "s/1/paragraph/1")
        + stated("c", "cepol", later)
        + stated("d", "euaa", later)
    )
    [found] = compare_counts(
        graph_of(UNITS + graph + quantity("body:jhaan", "Agencies")), report_of(*NETWORK)
    )
    assert found.message.endswith("the graph lists 2: agency:eige, agency:fra.")


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
    return [(found.line, found.kind.code, compact(found.thing)) for found in compare_timeline(graph, report)]


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
def test_dated_event_without_entry(day: str, expected: list[tuple[int, str, str]]) -> None:
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
    [found] = compare_timeline(graph_of(YEAR + TIMELINE + BRIEFING + NOTE), report_of(*REPORT))
    assert found.passages == (PREFIXES["section"] + "2/entry/2",)


def test_an_entry_in_the_timeline_of_another_report_is_none_here() -> None:
    """The report of the year before announced the coaching in its timeline; and it dated it otherwise."""
    earlier = "<https://w3id.org/jhaan/id/report/jhaan-2022/section/4/entry/9>"
    day = f'schema:startDate "2022-12-30", "2023-05-06" ; jhaan:timelineEntry {earlier} ;'
    graph = graph_of(YEAR + TIMELINE + coaching(day))
    assert codes(graph, report_of(*REPORT)) == [(10, "missing-from-timeline", "event2023:coaching")]
    only_earlier = graph_of(YEAR + coaching(day))
    assert codes(only_earlier, report_of(*REPORT)) == [], "this report has no timeline"

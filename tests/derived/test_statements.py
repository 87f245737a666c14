"""What is derived from statements: contested values, numbers that differ from lists, the timeline."""

from __future__ import annotations

import pytest
from small_derived import graph_of, report_of

from jhaan_kg.derived.statements import compare_counts, compare_timeline, find_contested_values
from jhaan_kg.namespaces import PREFIXES, compact

EARLIER = "<https://w3id.org/jhaan/id/report/jhaan-2022/section/1/paragraph/1>"
LATER = "<https://w3id.org/jhaan/id/report/jhaan-2024/section/1/paragraph/1>"
TWO_SECTIONS = ("# 1. Summary\n\nOn 15 May.\n", "# 2. Meeting\n\nOn 16 May.\n")


def side(value: str, passage: str, prop: str = "schema:startDate") -> str:
    return (
        f"[] a jhaan:ContestedStatement ; jhaan:contestedSubject event2023:a ; jhaan:contestedProperty {prop} ; "
        f'jhaan:contestedValue "{value}" ; jhaan:statedIn {passage} . '
    ).replace("[]", f"<http://x/{value}>")


SIDES = side("2023-05-15", "<s/1/paragraph/1>") + side("2023-05-16", "<s/2/paragraph/1>")


def test_both_sides_are_one_finding() -> None:
    """What the report of the year before told of the same day is left aside."""
    graph = graph_of(SIDES + side("2023-05-20", EARLIER))
    [found] = find_contested_values(graph, report_of(*TWO_SECTIONS))
    assert (found.line, found.kind.code) == (10, "contested-value")
    assert found.thing == PREFIXES["event2023"] + "a"
    assert found.property == PREFIXES["schema"] + "startDate"
    assert found.passages == tuple(PREFIXES["section"] + name for name in ("1/paragraph/1", "2/paragraph/1"))
    assert found.message == (
        "schema:startDate of event2023:a differs between passages: "
        "2023-05-15 (Section 1, paragraph 1); 2023-05-16 (Section 2, paragraph 1)."
    )


@pytest.mark.parametrize(
    ("graph", "findings"),
    [
        (
            SIDES
            + side("on", "<s/1/paragraph/1>", "jhaan:mode")
            + side("off", "<s/2/paragraph/1>", "jhaan:mode"),
            2,
        ),
        (
            'event2023:a schema:startDate "2023-05-16" ; jhaan:statedIn <s/1/paragraph/1>, <s/2/paragraph/1> .',
            0,
        ),
        (side("2023-05-20", EARLIER), 0),
    ],
)
def test_number_of_contested_values(graph: str, findings: int) -> None:
    assert len(list(find_contested_values(graph_of(graph), report_of(*TWO_SECTIONS)))) == findings


UNITS = """
jhaan:Agencies jhaan:countsObjectsOf org:hasMember, jhaan:participant .
jhaan:Seminars jhaan:countsSubjectsOf jhaan:inSeries .
"""
MEMBERS = "body:jhaan org:hasMember agency:fra, agency:eige . "


def quantity(of: str, unit: str, more: str = "", value: str = "jhaan:value 3") -> str:
    return (
        f"<http://x/n> jhaan:quantityOf {of} ; {value} ; jhaan:unit jhaan:{unit} ; {more}"
        "jhaan:statedIn <s/1/paragraph/1> . "
    )


def stated(agency: str, passages: str) -> str:
    return (
        f"body:jhaan org:hasMember agency:{agency} . <http://x/{agency}> rdf:subject body:jhaan ; "
        f"rdf:predicate org:hasMember ; rdf:object agency:{agency} ; jhaan:evidenceIn {passages} . "
    )


OF_NETWORK = quantity("body:jhaan", "Agencies")
TOO_FEW = (
    "Section 1, paragraph 1 counts 3 jhaan:Agencies of body:jhaan, but the graph lists 2: "
    "agency:eige, agency:fra."
)


@pytest.mark.parametrize(
    ("graph", "messages"),
    [
        (MEMBERS + OF_NETWORK, [TOO_FEW]),
        (
            "event2023:a jhaan:inSeries concept:s . event2023:b jhaan:inSeries concept:s . "
            + quantity("concept:s", "Seminars", value="jhaan:value 1"),
            [
                "Section 1, paragraph 1 counts 1 jhaan:Seminars of concept:s, but the graph lists 2: "
                "event2023:a, event2023:b."
            ],
        ),
        # what other reports alone list is of another year
        (
            stated("fra", f"<s/1/paragraph/1>, {LATER}")
            + stated("eige", "<s/1/paragraph/1>")
            + stated("cepol", LATER)
            + OF_NETWORK,
            [TOO_FEW],
        ),
        (MEMBERS + "body:jhaan org:hasMember agency:cepol . " + OF_NETWORK, []),
        # one member by each of two properties
        (MEMBERS + "body:jhaan jhaan:participant agency:cepol . " + OF_NETWORK, []),
        (MEMBERS + quantity("body:jhaan", "Agencies", more="jhaan:qualifier jhaan:Over ; "), []),
        (MEMBERS + quantity("body:jhaan", "Agencies", value="jhaan:notStated jhaan:value"), []),
        (MEMBERS + quantity("body:jhaan", "Plans"), []),  # nothing in the ontology counts plans
    ],
)
def test_numbers_and_what_the_graph_lists(graph: str, messages: list[str]) -> None:
    report = report_of("# 1. Network\n\nThe network has three agencies.\n")
    found = list(compare_counts(graph_of(UNITS + graph), report))
    assert [(one.line, one.kind.code, one.message) for one in found] == [
        (9, "count-differs", message) for message in messages
    ]


SUMMARY = "# 1. Summary\n\nThe seminar took place on 4 May.\n"
REPORT = (SUMMARY, "# 2. Timeline\n\n**04**\nMAY\n\nSeminar\n\n**05**\nMAY\n\nBriefing\n")
YEAR = """
report:jhaan-2023 jhaan:reportOn period:2023 .
period:2023 dcat:startDate "2023-01-01" ; dcat:endDate "2023-12-31" .
"""
TIMELINE = """
event2023:seminar a jhaan:Event ; schema:startDate "2023-05-04" ; jhaan:timelineEntry <s/2/entry/1> ;
    jhaan:statedIn <s/2/entry/1>, <s/1/paragraph/1> .
"""
READ = """
event2023:briefing a jhaan:Event ; schema:startDate "2023-05-05" ; jhaan:timelineEntry <s/2/entry/2> ;
    jhaan:statedIn <s/2/entry/2>, <s/contents/entry/2> .
<http://x/note> jhaan:givesNoFacts <s/contents/heading>, <s/contents/entry/1>, <s/contents/entry/2>,
    <s/1/heading>, <s/2/heading> .
"""


def coaching(day: str) -> str:
    return f"event2023:coaching a jhaan:Event ; {day} ; jhaan:statedIn <s/1/paragraph/1> ."


def naming(subject: str, more: str) -> str:
    """Write an assertion about the briefing."""
    return (
        f"{subject} {more} event2023:briefing . <http://x/a> rdf:subject {subject} ; rdf:object event2023:briefing ; "
        "jhaan:evidenceIn <s/1/paragraph/1> ."
    )


MISSING = [(10, "missing-from-timeline", "event2023:coaching")]
ADDITIONAL = [(22, "only-in-timeline", "event2023:briefing")]
# the report of the year before announced the coaching in its timeline, and dated it otherwise
ANNOUNCED = 'schema:startDate "2022-12-30", "2023-05-06" ; jhaan:timelineEntry ' + EARLIER


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        (TIMELINE + coaching('schema:startDate "2023-05-06"'), MISSING),
        (TIMELINE + coaching('schema:startDate "2024-05-06"'), []),  # the timeline is of 2023
        (TIMELINE + coaching("jhaan:inPeriod period:2023-05"), []),  # may be the seminar under another name
        (TIMELINE + coaching('schema:startDate "2023-05-06" ; jhaan:timelineEntry <s/2/entry/2>'), []),
        (TIMELINE + coaching(ANNOUNCED), MISSING),
        (coaching(ANNOUNCED), []),  # this report has no timeline
        (coaching('schema:startDate "2023-05-06"'), []),
        # the contents list has the briefing too, but announces it only
        (TIMELINE + READ, ADDITIONAL),
        # an event is named also as an object, but not by a finding of curators
        (TIMELINE + READ + naming("<http://x/p>", "jhaan:statedIn <s/1/paragraph/1> ; jhaan:inEvent"), []),
        (TIMELINE + READ + naming("finding:a", "jhaan:concernsThing"), ADDITIONAL),
    ],
)
def test_timeline(graph: str, expected: list[tuple[int, str, str]]) -> None:
    found = list(compare_timeline(graph_of(YEAR + graph), report_of(*REPORT)))
    assert [(one.line, one.kind.code, compact(one.thing)) for one in found] == expected


def test_an_unread_passage_may_name_the_event() -> None:
    graph = graph_of(YEAR + TIMELINE + READ)
    assert not list(compare_timeline(graph, report_of(f"{SUMMARY}\nUnread.\n", REPORT[1])))
    [found] = compare_timeline(graph, report_of(*REPORT))
    assert found.passages == (PREFIXES["section"] + "2/entry/2",)

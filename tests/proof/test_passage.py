"""A passage as input of the verification: lead-ins, heading, dates, lists of names, and the event of its words."""

from __future__ import annotations

import pytest
from small_proof import FIRST, case_of, node, passage_iri, report_case, short

from jhaan_kg.proof.passage import PassageFacts, PassageText

ITEMS = "# 1. Storms\n\nThey had:\n\n- lamps\n- boats"
TABLE = "# 1. Lamps\n\n**Table 1. NORA's lamps**\n\nLamps of 2023\t\nNo.\tName\n1\tBig lamp\n2\tSmall lamp"
SECTIONS = ["# 1. Storms\n\nA.", "# 2. Fogs\n\nB.", "## 2.1. Mists\n\nC."]


def places(texts: tuple[PassageText, ...]) -> list[str]:
    return [text.passage.iri.removeprefix(passage_iri("")) for text in texts]


@pytest.mark.parametrize(
    ("sections", "place", "area", "headings"),
    [
        ([ITEMS], "1/item/2", ["1/item/2", "1/paragraph/1"], ["1/heading"]),
        # lead-ins have lead-ins, a heading has no heading
        ([TABLE], "1/row/2", ["1/row/2", "1/caption/1", "1/table-header/1", "1/caption/1"], ["1/heading"]),
        ([ITEMS], "1/heading", ["1/heading"], []),
        # the heading of another section is not one's own
        (SECTIONS, "1/paragraph/1", ["1/paragraph/1"], ["1/heading"]),
        (SECTIONS, "2.1/paragraph/1", ["2.1/paragraph/1"], ["2.1/heading"]),
    ],
)
def test_lead_ins_and_heading(sections: list[str], place: str, area: list[str], headings: list[str]) -> None:
    passage = report_case(sections, {}).report.passages[passage_iri(place)]
    assert (places(passage.area), places(passage.headings)) == (area, headings)


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("NORA, SUND and Tarn met.", ["nora sund tarn"]),
        ("NORA, SUND, as well as Tarn met.", ["nora sund tarn"]),
        ("Both NORA and the SUND, also Tarn, met.", ["nora sund tarn"]),
        ("NORA/SUND/Tarn met.", ["nora sund tarn"]),
        ("NORA and, from Norway, SUND, Tarn.", ["nora norway sund tarn"]),
        ("NORA with SUND.", ["nora", "sund"]),
        ("NORA, SUND. Tarn, eu-VEGA.", ["nora sund", "tarn eu-vega"]),
        ("NORA (SUND) met.", ["nora", "sund"]),
        ("NORA, hosted, SUND.", ["nora", "sund"]),
        ("The Harbour Ring, NORA and SUND.", ["ring", "nora sund"]),
        ("NORA and the Harbour Ring, SUND.", ["nora", "ring", "sund"]),
        ("The fog in Oslo.", []),
    ],
)
def test_lists_of_names(text: str, lists: list[str]) -> None:
    assert [" ".join(short(*name.things) for name in one.items) for one in case_of(text).lists] == lists


ON_3_MAY, ON_5_MAY = "drill startDate 2023-05-03", "regatta startDate 2023-05-05"
EITHER = ["drill", "regatta"]
SEPARATE = {"nora": ["drill"], "sund": ["regatta"]}


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        # each belongs to the event that is named before, or else after it in the sentence
        ("NORA held the Storm Drill. SUND held the Regatta.", "", SEPARATE),
        ("The Storm Drill was held by NORA and the Regatta was held by SUND.", "", SEPARATE),
        ("The Storm Drill was held by NORA, and much later on the Regatta was held by SUND.", "", SEPARATE),
        ("The Storm Drill came first. It rained. NORA met. The Regatta followed. SUND met.", "", SEPARATE),
        # the last name before counts; an event named in the sentence wins over one before it
        ("At the Storm Drill, unlike the Regatta, NORA met, then a Storm Drill.", "", {"nora": ["regatta"]}),
        ("All came to the Regatta. NORA, as was hoped, held the Storm Drill.", "", {"nora": ["drill"]}),
        # a sentence without events goes on with the last that named any
        ("The Storm Drill was held. The Regatta was held. It rained. NORA met.", "", {"nora": ["regatta"]}),
        ("The Storm Drill and the Regatta were held. It rained. NORA met.", "", {"nora": EITHER}),
        # before any event is named it is about all that follow; one that is not named may be meant anywhere
        ("NORA was there. The Storm Drill came, then the Regatta.", "", {"nora": EITHER}),
        # the date of an event that is not named stands for it, and so does its series
        ("NORA met on 3 May. SUND met on 5 May.", f"{ON_3_MAY}; {ON_5_MAY}", SEPARATE),
        ("NORA met on 3 May. SUND met on 5 May.", ON_3_MAY, {"nora": EITHER, "sund": EITHER}),
        (
            "NORA held the one of 3 May; later on, SUND held the Regatta of 5 May.",
            f"{ON_3_MAY}; {ON_5_MAY}",
            {"nora": ["drill"], "sund": ["drill"]},
        ),
        ("NORA told of drills. SUND told of the Regatta.", "drill inSeries drills", SEPARATE),
    ],
)
def test_which_events_a_name_belongs_to(text: str, facts: str, expected: dict[str, list[str]]) -> None:
    case = case_of(text, facts)
    own_facts = case.statements.by_passage.get(passage_iri(FIRST), ())
    passage = PassageFacts(case.report, case.first, own_facts)
    events = (node("event2023:drill"), node("event2023:regatta"))
    assert {
        short(*name.things): [short(one) for one in events if passage.is_about(names.first, names.last, one)]
        for names in case.lists
        for name in names.items
    } == expected

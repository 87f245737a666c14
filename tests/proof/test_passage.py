"""A passage as the proof reads it: lead-ins, heading, dates, lists of names, and which event its words are about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_proof import FIRST, case_of, listed, node, passage_iri, report_case, short, things

from jhaan_kg.proof.lexicon import NameMention, outermost
from jhaan_kg.proof.passage import PassageFacts, PassageText

TABLE = "# 1. Lamps\n\n**Table 1. NORA's lamps**\n\nLamps of 2023\t\nNo.\tName\n1\tBig lamp\n2\tSmall lamp"


def places(texts: tuple[PassageText, ...]) -> list[str]:
    return [text.passage.iri.removeprefix(passage_iri("")) for text in texts]


def test_numbers_inside_dates_are_none() -> None:
    first = case_of("On 13 and 14 June 2023, 15 boats and 2 lamps.").first
    assert [number.value for number in first.numbers] == ["15", "2"]
    assert [day.days[0].day for day in first.dates] == [13]


def test_dates_numbers_and_names_are_given_in_tokens() -> None:
    first = case_of("On 13 and 14 June 2023, 15 boats came to the Wind Board of Norway.").first
    tokens = first.words.tokens
    (day,), (number,) = first.dates, first.numbers
    assert tokens[day.first : day.last] == ("13", "and", "14", "June", "2023")
    assert tokens[number.first : number.last] == ("15",)
    (name,) = first.names_of(node("body:wind-board"))
    assert tokens[name.first : name.last] == ("Wind", "Board", "of", "Norway")
    assert first.names_of(node("agency:nora")) == []


def test_an_item_has_its_lead_in_and_its_heading() -> None:
    passages = report_case(["# 1. Storms\n\nThey had:\n\n- lamps\n- boats"]).passages
    item = passages["1/item/2"]
    assert places(item.area) == ["1/item/2", "1/paragraph/1"]
    assert places(item.headings) == ["1/heading"]
    assert item.words.text == "boats"


def test_lead_ins_have_lead_ins() -> None:
    row = report_case([TABLE]).passages["1/row/2"]
    assert sorted(places(row.area)) == ["1/caption/1", "1/caption/1", "1/row/2", "1/table-header/1"]


def test_a_heading_has_no_heading() -> None:
    heading = case_of("Text.").passages["1/heading"]
    assert places(heading.area) == ["1/heading"]
    assert heading.headings == ()
    assert heading.words.text == "Storms"


def test_the_heading_of_another_section_is_not_one_s_own() -> None:
    passages = report_case(["# 1. Storms\n\nA.", "# 2. Fogs\n\nB.", "## 2.1. Mists\n\nC."]).passages
    assert [places(passages[f"{number}/paragraph/1"].headings) for number in ("1", "2", "2.1")] == [
        ["1/heading"],
        ["2/heading"],
        ["2.1/heading"],
    ]


@given(st.text(alphabet="aBcÉß '-.,1", max_size=40))
def test_words_in_small_letters_have_the_same_places(text: str) -> None:
    first = case_of(f"x{text}").first
    assert len(first.words.folded) == len(first.words.tokens)


A, B = node("agency:a"), node("agency:b")
MENTIONS = st.builds(
    lambda first, size, thing: NameMention(first, first + size, frozenset([thing])),
    st.integers(0, 8),
    st.integers(1, 4),
    st.sampled_from([A, B]),
)


@pytest.mark.parametrize(
    "text",
    [
        "NORA, SUND and Tarn met.",
        "NORA, SUND, as well as Tarn met.",
        "Both NORA and the SUND, also Tarn, met.",
        "NORA & SUND & Tarn met.",
        "NORA/SUND/Tarn met.",
        "NORA and, from Norway, SUND, Tarn.",
    ],
)
def test_names_of_one_list(text: str) -> None:
    (one, *_) = case_of(text).lists
    assert {"nora", "sund"} <= {thing for name in one.items for thing in things(name.things)}
    assert len(case_of(text).lists) == 1


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("NORA with SUND.", [["nora"], ["sund"]]),
        ("NORA organised it for SUND and Tarn.", [["nora"], ["sund", "tarn"]]),
        ("NORA, SUND. Tarn, eu-VEGA.", [["nora", "sund"], ["tarn", "eu-vega"]]),
        ("NORA (SUND) met.", [["nora"], ["sund"]]),
        ("NORA SUND met.", [["nora"], ["sund"]]),
        ("NORA, hosted, SUND.", [["nora"], ["sund"]]),
        ("The Harbour Ring, NORA and SUND.", [["ring"], ["nora", "sund"]]),
        ("NORA and the Harbour Ring, SUND.", [["nora"], ["ring"], ["sund"]]),
        ("The Wind Board of Norway, NORA.", [["wind-board", "nora"]]),
        ("The fog in Oslo.", []),
    ],
)
def test_what_ends_a_list(text: str, lists: list[list[str]]) -> None:
    assert listed(case_of(text).lists) == lists


def test_a_list_names_and_is_within() -> None:
    (one,) = case_of("NORA and SUND met.").lists
    nora, sund, tarn = node("agency:nora"), node("agency:sund"), node("agency:tarn")
    assert (one.first, one.last) == (0, 3)
    assert (one.names(nora), one.names(sund), one.names(tarn)) == (True, True, False)
    assert one.is_within([nora, sund, tarn])
    assert one.is_within([nora, sund])
    assert not one.is_within([nora, tarn])


@given(st.lists(MENTIONS, max_size=8, unique_by=lambda name: name[:2]))
def test_outermost_names(names: list[NameMention]) -> None:
    counted = [name for name in names if A in name.things]
    expected = [
        name
        for name in counted
        if not any(o.first <= name.first and name.last <= o.last and o != name for o in counted)
    ]
    assert outermost(names, lambda thing: thing == A) == sorted(expected)


DRILL, REGATTA = node("event2023:drill"), node("event2023:regatta")
ON_3_MAY = 'event2023:drill schema:startDate "2023-05-03"^^xsd:date .'
ON_5_MAY = 'event2023:regatta schema:startDate "2023-05-05"^^xsd:date .'
EITHER = ["drill", "regatta"]
SEPARATE = {"nora": ["drill"], "sund": ["regatta"]}


def covered(text: str, triples: str = "") -> dict[str, list[str]]:
    """Return for each name of a list the events that the passage is about there."""
    case = case_of(text, triples)
    passage = PassageFacts(
        case.statements, case.first, case.statements.by_passage.get(passage_iri(FIRST), ())
    )
    return {
        short(*name.things): [
            short(one) for one in (DRILL, REGATTA) if passage.is_about(names.first, names.last, one)
        ]
        for names in case.lists
        for name in names.items
    }


@pytest.mark.parametrize(
    ("text", "triples", "expected"),
    [
        # each belongs to the event that is named before, or else after it in the sentence
        ("NORA held the Storm Drill. SUND held the Regatta.", "", SEPARATE),
        ("The Storm Drill was held by NORA and the Regatta was held by SUND.", "", SEPARATE),
        ("The Storm Drill was held by NORA, and much later on the Regatta was held by SUND.", "", SEPARATE),
        ("Storm Drill was held by NORA. Regatta followed. SUND met.", "", SEPARATE),
        ("The Storm Drill came first. It rained. NORA met. The Regatta followed. SUND met.", "", SEPARATE),
        # the last name before counts
        (
            "At the Storm Drill, unlike at the big Regatta, NORA met, and so it went on to the Storm Drill.",
            "",
            {"nora": ["regatta"]},
        ),
        # an event named in the sentence wins over one before it
        (
            "All came to the Regatta. NORA, as everybody had hoped, held the Storm Drill.",
            "",
            {"nora": ["drill"]},
        ),
        # a sentence without events goes on with the last that named any
        ("The Storm Drill was held. The Regatta was held. It rained. NORA met.", "", {"nora": ["regatta"]}),
        ("The Storm Drill and the Regatta were held. It rained. NORA met.", "", {"nora": EITHER}),
        # before any event is named it is about all that follow; one that is not named may be meant anywhere
        ("NORA was there. The Storm Drill came, then the Regatta.", "", {"nora": EITHER}),
        ("NORA held the Storm Drill.", "", {"nora": EITHER}),
        # the date of an event that is not named stands for it, and so does its series
        ("NORA met on 3 May. SUND met on 5 May.", ON_3_MAY + ON_5_MAY, SEPARATE),
        ("NORA met on 3 May. SUND met on 5 May.", ON_3_MAY, {"nora": EITHER, "sund": EITHER}),
        (
            "NORA held the one of 3 May; later on, SUND held the Regatta of 5 May.",
            ON_3_MAY + ON_5_MAY,
            {"nora": ["drill"], "sund": ["drill"]},
        ),
        (
            "NORA told of drills. SUND told of the Regatta.",
            "event2023:drill jhaan:inSeries concept:drills .",
            SEPARATE,
        ),
    ],
)
def test_which_events_a_name_belongs_to(text: str, triples: str, expected: dict[str, list[str]]) -> None:
    assert covered(text, triples) == expected

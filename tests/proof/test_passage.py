"""A passage as the proof reads it: with its lead-ins, its heading, and dates that are no numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from small_proof import case_of, node, passage_iri, report_case

from jhaan_kg.proof.passage import PassageText

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
    (name,) = first.mentions(node("body:wind-board"))
    assert tokens[name.first : name.last] == ("Wind", "Board", "of", "Norway")
    assert first.mentions(node("agency:nora")) == []


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

"""The rules of the splitter, on a fictional report that shows each of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mini_report import MINI
from passage_checks import assert_sound, edited, edits

from jhaan_kg.errors import JhaanError
from jhaan_kg.passages import Document, HeadingStatus, PassageKind, normalise, split
from jhaan_kg.reports import locator

LEAVES = [
    ("Cover, paragraph 1", "LIGHTHOUSE KEEPERS' CIRCLE"),
    ("Cover, paragraph 2", "➤ YEARBOOK 1907"),
    ("Cover, paragraph 3", "Northern Light (NL)"),
    ("Cover, paragraph 4", "Southern Light (SL)"),
    ("Contents, heading", "Contents"),
    ("Contents, entry 1", "1. Welcome ..... 2"),
    ("Contents, entry 2", "2. Calendar..... 3"),
    ("Contents, entry 3", "3. Work ..... 4"),
    ("Contents, entry 4", "3.1. Lamps, wicks and oil..... 4"),
    ("Contents, entry 5", "3.2. Fog horns 5"),
    ("Contents, entry 6", "4. Annexes ..... 6"),
    ("Contents, entry 7", "4.1. Signals ..... 6"),
    ("Contents, entry 8", "4.2. Tables..... 7"),
    ("Section 1, heading", "1. Welcome"),
    (
        "Section 1, paragraph 1",
        "The circle had nine keepers1 and wrote letters to Bell Rock and to Skerry (both in autumn).",
    ),
    ("Section 1, paragraph 2", "Thanks go to"),
    ("Section 1, paragraph 3", "Ada Lantern"),
    ("Section 1, footnote 1", "1 Of whom two retired."),
    ("Section 2, heading", "Calendar of the circle"),
    ("Section 2, entry 1", "03 MAY Oil day"),
    ("Section 2, entry 2", "04 & 05 MAY Regatta"),
    ("Section 2, entry 3", "21 JUNE | Midsummer watch"),
    ("Section 2, entry 4", "Q1-2 1908 | 2nd regatta"),
    ("Section 3, heading", "3. Work"),
    ("Section 3.1, heading", "3.1. Lamps, wicks and oil"),
    ("Section 3.1, paragraph 1", "The keepers trimmed:"),
    ("Section 3.1, item 1", "wicks"),
    ("Section 3.1, item 2", "lamps, large and small"),
    ("Section 3.1, item 3", "Mirrors"),
    ("Section 3.1, paragraph 2", "They also bought, once:"),
    ("Section 3.1, item 4", "oil"),
    ("Section 3.1, item 5", "Afterthought"),
    ("Section 3.2, heading", "3.2. Fog horns"),
    ("Section 3.2, paragraph 1", "It was agreed:"),
    ("Section 3.2, item 1", "1. Horns. To be tuned."),
    ("Section 3.2, item 2", "2. Bells"),
    ("Section 4.1, heading", "LIGHTHOUSE KEEPERS & FRIENDS"),
    ("Section 4.1, paragraph 1", "Signals in use1"),
    ("Section 4.1, item 1", "flag"),
    ("Section 4.1, item 2", "lamp"),
    ("Section 4.1, footnote 1", "(1) By day only."),
    ("Section 4.1, footnote 2", "(2) In fog, none."),
    ("Section 4.2, heading", "4.2. Tables"),
    ("Section 4.2, caption 1", "Table 1. Lamps"),
    ("Section 4.2, table header 1", "Lamps in 1907 No. Name"),
    ("Section 4.2, row 1", "1 Big lamp"),
    ("Section 4.2, row 2", "2 Small lamp"),
    ("Section 4.2, row 3", "3 Spare lamp"),
    ("Section 4.2, figure 1", "Figure 1. NL"),
    ("Section 4.2, figure 2", "Figure 1. SL"),
]


def leaves(text: str) -> list[tuple[str, str]]:
    return [(locator(leaf.iri), normalise(text[leaf.start : leaf.end])) for leaf in split(text).leaves]


def test_every_rule_gives_the_passages_that_a_reader_sees(mini: Document, mini_text: str) -> None:
    assert leaves(mini_text) == LEAVES
    assert leaves(mini_text.replace("\t\t\n", "\n")) == LEAVES, "trimmed tabs change nothing"
    assert_sound(mini, mini_text)


def test_sections_follow_the_contents_list(mini: Document) -> None:
    present, misplaced, missing = HeadingStatus.PRESENT, HeadingStatus.MISPLACED, HeadingStatus.MISSING
    assert [(one.section_number, one.title, one.start_page, one.heading_status) for one in mini.sections] == [
        ("cover", None, None, None),
        ("contents", None, None, present),
        ("1", "Welcome", 2, present),
        ("2", "Calendar", 3, misplaced),
        ("3", "Work", 4, present),
        ("3.1", "Lamps, wicks and oil", 4, present),
        ("3.2", "Fog horns", 5, present),
        ("4", "Annexes", 6, missing),
        ("4.1", "Signals", 6, misplaced),
        ("4.2", "Tables", 7, present),
    ]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ("Section 3.1, item 3", ["Section 3.1, paragraph 1"]),
        ("Section 3.1, item 4", ["Section 3.1, paragraph 2"]),
        ("Section 2, entry 4", ["Section 2, heading"]),
        ("Section 4.2, row 3", ["Section 4.2, caption 1", "Section 4.2, table header 1"]),
        ("Section 1, paragraph 2", []),
        ("Section 4.1, footnote 1", ["Section 4.1, paragraph 1"]),
        ("Section 1, footnote 1", ["Section 1, paragraph 1"]),
    ],
)
def test_a_passage_knows_what_introduces_it(mini: Document, of: str, expected: list[str]) -> None:
    by_locator = {locator(passage.iri): passage for passage in mini.passages}
    assert list(map(locator, by_locator[of].lead_in)) == expected


def body(text: str) -> str:
    """Return a report of one section with this text."""
    return f"# Contents\n\n1.\tOnly .....\t1\n\n\n\n# 1. Only\n\n{text}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One and\n\n\n\ntwo.", ["One and two."]),
        ("One (a\n\n\n\nB) and\n\n\n\nC", ["One (a B) and C"]),
        ("One and\n\ntwo.", ["One and", "two."]),
        ("One and\n\n\ntwo.", ["One and", "two."]),
        ("One.\n\n\n\nTwo.", ["One.", "Two."]),
        ("One (as told.)\n\n\n\nTwo.", ["One (as told.)", "Two."]),
        ("They are:\n\n\n\nTwo.", ["They are:", "Two."]),
        ("“One?”<sup>3</sup>\n\n\n\nTwo.", ["“One?”3", "Two."]),
        ("See [this.](#)\n\n\n\nTwo.", ["See this.", "Two."]),
        ("One;\n\n\n\ntwo.", ["One; two."]),
        ("One and\n\n---\n\n\n\nTwo.", ["One and", "Two."]),
        ("One and\n\n(1) Note.\n\n\n\nTwo.", ["One and", "Two."]),
        ("No.\tName\n1\tA\n\nOne and\n\n\n\nNo.\tName\n\n\n\nTwo.", ["One and", "Two."]),
    ],
)
def test_a_sentence_cut_by_a_page_break_is_one_paragraph(text: str, expected: list[str]) -> None:
    whole = body(text)
    found = [leaf for leaf in split(whole).leaves if leaf.kind is PassageKind.PARAGRAPH]
    assert [normalise(whole[leaf.start : leaf.end]) for leaf in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**1**\nMAY\n\nTea", ["Section 1, entry 1"]),
        ("**1**\nMAY\n\n\n\nTea", ["Section 1, entry 1", "Section 1, paragraph 1"]),
        ("**1**\nMAY | Tea\n\nMore", ["Section 1, entry 1", "Section 1, paragraph 1"]),
        ("**1**\n\nTea", ["Section 1, paragraph 1", "Section 1, paragraph 2"]),
        ("**30 - 31**\nMAY | Tea", ["Section 1, entry 1"]),
        (
            "No.\tName\n1\tA\n\nNo.\tSize\n2\tB",
            [
                "Section 1, table header 1",
                "Section 1, row 1",
                "Section 1, table header 2",
                "Section 1, row 2",
            ],
        ),
        ("# 2024. Outlook", ["Section 1, paragraph 1"]),
        ("#Hashtag", ["Section 1, paragraph 1"]),
        ("- a\n\n# B", ["Section 1, item 1", "Section 1, item 2"]),
        ("- a\n\n\n\n# B", ["Section 1, item 1", "Section 1, paragraph 1"]),
    ],
)
def test_shapes(text: str, expected: list[str]) -> None:
    assert [locator(leaf.iri) for leaf in split(body(text)).leaves][3:] == expected


@pytest.mark.parametrize(
    ("heading", "number", "place"),
    [
        ("#### **3.1. Lamps, wicks and oil**", "3.1", "# 3.2."),
        ("# LIGHTHOUSE KEEPERS & FRIENDS", "4.1", "### 4.2."),
    ],
)
def test_an_absent_section_is_recorded_where_it_should_stand(
    mini_text: str, heading: str, number: str, place: str
) -> None:
    assert mini_text.count(heading) == 1
    text = mini_text.replace(heading, "")
    tree = split(text)
    section = next(one for one in tree.sections if one.section_number == number)
    assert section.heading_status is HeadingStatus.MISSING
    assert section.start == section.end
    assert text[section.end :].strip() == text[text.index(place) :].strip()
    assert_sound(tree, text)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("# Contents", "", "no table of contents"),
        ("3.1.\tLamps", "3.4.1.\tLamps", "Line 21 .*3.4.1 .*below 3.4, not after 3"),
        ("3.2.\tFog", "3.1.\tFog", "Line 25 .*3.1 .*exists already .line 21"),
        ("# 3.2. Fog", "# 1. Fog", "section 1 must not follow that of section 3.1"),
        ("# 3.2. Fog", "# Fog", r"Line 107 .*sections 3\.2, 4\.1\."),
        ("### 4.2. Tables", "", r"Line 107 .*sections 4\.1, 4\.2\."),
    ],
)
def test_what_contradicts_the_contents_list_is_told_with_its_line(
    mini_text: str, old: str, new: str, expected: str
) -> None:
    assert mini_text.count(old) == 1
    with pytest.raises(JhaanError, match=f"(?s){expected}"):
        split(mini_text.replace(old, new))


@pytest.mark.parametrize(
    "text", ["", "\n\n", "No report.", "# Contents\n", "# Contents\n\n1.\tA\t1\n\n# B\n"]
)
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(JhaanError):
        split(text)


def test_offsets_count_code_points_and_line_ends(mini: Document, mini_text: str) -> None:
    crlf = mini_text.replace("\n", "\r\n")
    assert_sound(split(crlf, mini.report), crlf)
    astral = split(mini_text.replace("Ada Lantern", "Ada Lanter\U0001f56f"))
    assert [leaf.start for leaf in astral.leaves] == [leaf.start for leaf in mini.leaves]


@given(edits())
def test_a_damaged_text_gives_a_sound_tree_or_an_error_for_people(
    changes: list[tuple[str, int, int]],
) -> None:
    text = edited(MINI, changes)
    try:
        tree = split(text)
    except JhaanError:
        return
    assert_sound(tree, text)


@given(st.text(st.sampled_from("# \n\t.-12ab*|<sup>()[]"), max_size=200))
def test_any_text_in_a_section_gives_a_sound_tree(text: str) -> None:
    whole = body(text)
    try:
        tree = split(whole)
    except JhaanError:
        return
    assert_sound(tree, whole)

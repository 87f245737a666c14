"""The tree of the report of 2023, as a reader of its text expects it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from passage_checks import assert_sound
from pyoxigraph import RdfFormat, parse

from jhaan_kg.passages import (
    Document,
    HeadingStatus,
    Passage,
    PassageKind,
    normalise,
    read_document,
    verify_document,
    write_document,
)
from jhaan_kg.reports import locator

# counted in the text: sections by the number of their paragraphs, and all other parts but headings
PARAGRAPHS = {
    1: "5.1.1 5.1.2 5.1.5 6.3 6.3.1 6.4 6.4.3 6.5 6.5.6 9.1 9.2 9.3 9.5 9.6 9.12 11.1",
    2: "5.1.3 5.2.2 5.2.3 5.2.5 5.2.6 6 6.1 6.5.1 6.5.3 6.5.5 9.7 9.10 9.11",
    3: "5.2 5.2.1 5.2.4 6.3.2 6.3.3 6.4.1 6.5.2 6.5.4 7.1 8.1 9.9",
    4: "2 5.1.4 5.2.7 6.1.1 6.1.2 6.4.2 9.4 9.8 10",
    5: "6.2",
    9: "1",
    10: "3",
    13: "cover",
}
OTHER_PARTS = {
    "contents": {"entry": 60},
    "2": {"footnote": 2},
    "4": {"entry": 36},
    "5.2": {"item": 6},
    "6": {"item": 5},
    "6.2": {"item": 4},
    "8.1": {"item": 7},
    "10": {"item": 4},
    "11.1": {"item": 7, "footnote": 7},
    "11.2": {"caption": 1, "table-header": 1, "row": 15, "figure": 6},
}

# the seven sentences that a page break cuts: first line, last line, first and last words
JOINED = {
    "Section 3, paragraph 6": (199, 203, "Under the fifth", "and individual agencies."),
    "Section 5.1.4, paragraph 1": (393, 397, "Contact point meetings", "report of 2021."),
    "Section 5.2.5, paragraph 1": (457, 461, "The meeting of", "joined the meeting."),
    "Section 6.4.1, paragraph 1": (589, 593, "An exercise,", "among JHA peers."),
    "Section 6.4.3, paragraph 1": (611, 615, "Following the organisation", "among the agencies."),
    "Section 6.5.5, paragraph 2": (655, 661, "Over 60 participants", "they work together."),
    "Section 9.10, paragraph 2": (781, 789, "The development of", "on specific topics."),
}

WORDS = {
    "Cover, paragraph 6": (21, 22, "European Monitoring Centre for Drugs and Drug Addiction"),
    "Section 1, paragraph 8": (157, 157, "Nina Gregori"),
    "Section 4, entry 10": (264, 268, '01 & 02 JUNE Seminar on Information Provision ("How")'),
    "Section 4, entry 33": (359, 360, "11 DECEMBER | 2nd meeting of the Working Group on Data Protection"),
    "Section 6.2, item 4": (549, 549, "Missions and operational mandate"),
    "Section 11.1, heading": (827, 827, "JUSTICE & HOME AFFAIRS AGENCIES NETWORK"),
    "Section 11.1, paragraph 1": (829, 829, "Cooperation instruments with third countries1"),
    "Section 11.1, item 7": (839, 839, "Administrative arrangement for cooperation Exchange of letters"),
    "Section 11.2, table header 1": (
        861,
        862,
        "Priorities in EMPACT 2022-2025 No. Name Abbreviation OAP No.",
    ),
    "Section 11.2, row 15": (884, 884, "15 Firearms FIA 10"),
    "Section 11.2, figure 6": (929, 929, "Figure 5. EMCDDA"),
}


@pytest.fixture(scope="module")
def by_locator(report_tree: Document) -> dict[str, Passage]:
    return {locator(passage.iri): passage for passage in report_tree.passages}


def lines_of(text: str, passage: Passage) -> tuple[int, int]:
    return text.count("\n", 0, passage.start) + 1, text.count("\n", 0, passage.end) + 1


def words_of(text: str, passage: Passage) -> str:
    return normalise(text[passage.start : passage.end])


def test_the_tree_is_sound_and_the_committed_one(root: Path, report_tree: Document, report_text: str) -> None:
    assert_sound(report_tree, report_text)
    path = root / "data/reports/jhaan-2023/document.ttl"
    committed = read_document(parse(path.read_bytes(), format=RdfFormat.TURTLE))
    assert committed == report_tree
    assert write_document(report_tree) == path.read_text("utf-8")
    assert verify_document(committed, report_text) == []


def test_number_of_parts_of_each_section(report_tree: Document) -> None:
    counted = Counter(
        (leaf.parent.rpartition("/")[2], leaf.kind.step)
        for leaf in report_tree.leaves
        if leaf.kind is not PassageKind.HEADING
    )
    paragraphs = {
        (section, "paragraph"): number for number, own in PARAGRAPHS.items() for section in own.split()
    }
    others = {
        (section, step): number for section, parts in OTHER_PARTS.items() for step, number in parts.items()
    }
    assert counted == paragraphs | others


def test_headings(report_tree: Document) -> None:
    headed = {leaf.parent.rpartition("/")[2] for leaf in report_tree.of_kind(PassageKind.HEADING)}
    status = {section.section_number: section.heading_status for section in report_tree.sections}
    assert len(status) == 62
    assert status.keys() - headed == {"cover", "11"}
    assert {number: one for number, one in status.items() if one is not HeadingStatus.PRESENT} == {
        "cover": None,
        "4": HeadingStatus.MISPLACED,
        "11": HeadingStatus.MISSING,
        "11.1": HeadingStatus.MISPLACED,
    }


def test_lines_and_words_of_passages(by_locator: dict[str, Passage], report_text: str) -> None:
    found = {name: by_locator[name] for name in WORDS}
    assert {
        name: (*lines_of(report_text, one), words_of(report_text, one)) for name, one in found.items()
    } == WORDS


def test_sentences_cut_by_a_page_break_are_one_and_no_others(
    report_tree: Document, by_locator: dict[str, Passage], report_text: str
) -> None:
    for name, (first, last, start, end) in JOINED.items():
        words = words_of(report_text, by_locator[name])
        assert lines_of(report_text, by_locator[name]) == (first, last)
        assert words.startswith(f"{start} ")
        assert words.endswith(f" {end}")
    several = {
        locator(leaf.iri)
        for leaf in report_tree.of_kind(PassageKind.PARAGRAPH)
        if not leaf.parent.endswith("/cover") and len(set(lines_of(report_text, leaf))) == 2
    }
    assert several == JOINED.keys()

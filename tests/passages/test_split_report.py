"""The tree of the report of 2023, as a reader of its text expects it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from passage_checks import assert_sound
from pyoxigraph import RdfFormat, parse

from jhaan_kg.errors import Severity
from jhaan_kg.passages import (
    Document,
    HeadingStatus,
    Passage,
    PassageKind,
    normalise,
    read_document,
    split,
    verify_document,
)
from jhaan_kg.reports import locator
from steps import steps

# how many passages of each kind each section has, counted in the text; headings are left out
PARTS = {
    "cover": "13 paragraph",
    "contents": "60 entry",
    "1": "9 paragraph",
    "2": "4 paragraph, 2 footnote",
    "3": "10 paragraph",
    "4": "36 entry",
    "5.1.1": "1 paragraph",
    "5.1.2": "1 paragraph",
    "5.1.3": "2 paragraph",
    "5.1.4": "4 paragraph",
    "5.1.5": "1 paragraph",
    "5.2": "3 paragraph, 6 item",
    "5.2.1": "3 paragraph",
    "5.2.2": "2 paragraph",
    "5.2.3": "2 paragraph",
    "5.2.4": "3 paragraph",
    "5.2.5": "2 paragraph",
    "5.2.6": "2 paragraph",
    "5.2.7": "4 paragraph",
    "6": "2 paragraph, 5 item",
    "6.1": "2 paragraph",
    "6.1.1": "4 paragraph",
    "6.1.2": "4 paragraph",
    "6.2": "5 paragraph, 4 item",
    "6.3": "1 paragraph",
    "6.3.1": "1 paragraph",
    "6.3.2": "3 paragraph",
    "6.3.3": "3 paragraph",
    "6.4": "1 paragraph",
    "6.4.1": "3 paragraph",
    "6.4.2": "4 paragraph",
    "6.4.3": "1 paragraph",
    "6.5": "1 paragraph",
    "6.5.1": "2 paragraph",
    "6.5.2": "3 paragraph",
    "6.5.3": "2 paragraph",
    "6.5.4": "3 paragraph",
    "6.5.5": "2 paragraph",
    "6.5.6": "1 paragraph",
    "7.1": "3 paragraph",
    "8.1": "3 paragraph, 7 item",
    "9.1": "1 paragraph",
    "9.2": "1 paragraph",
    "9.3": "1 paragraph",
    "9.4": "4 paragraph",
    "9.5": "1 paragraph",
    "9.6": "1 paragraph",
    "9.7": "2 paragraph",
    "9.8": "4 paragraph",
    "9.9": "3 paragraph",
    "9.10": "2 paragraph",
    "9.11": "2 paragraph",
    "9.12": "1 paragraph",
    "10": "4 paragraph, 4 item",
    "11.1": "1 paragraph, 7 item, 7 footnote",
    "11.2": "1 caption, 1 table-header, 15 row, 6 figure",
}

# the seven sentences that a page break cuts: first line, last line, first and last words
JOINED = {
    "3 paragraph 6": (199, 203, "Under the fifth", "and individual agencies."),
    "5.1.4 paragraph 1": (393, 397, "Contact point meetings", "report of 2021."),
    "5.2.5 paragraph 1": (457, 461, "The meeting of", "joined the meeting."),
    "6.4.1 paragraph 1": (589, 593, "An exercise,", "among JHA peers."),
    "6.4.3 paragraph 1": (611, 615, "Following the organisation", "among the agencies."),
    "6.5.5 paragraph 2": (655, 661, "Over 60 participants", "they work together."),
    "9.10 paragraph 2": (781, 789, "The development of", "on specific topics."),
}

# paragraphs that end with their page, and the line of the one that begins the next page
NOT_JOINED = {
    "1 paragraph 2": 143,
    "1 paragraph 7": 155,
    "5.2 paragraph 3": 425,
    "5.2.7 paragraph 2": 479,
    "6.1.1 paragraph 4": 521,
    "6.3.2 paragraph 3": 573,
    "6.5.2 paragraph 3": 635,
    "9.8 paragraph 3": 765,
}

LINES = {
    "cover paragraph 3": (7, 7),
    "cover paragraph 6": (21, 22),
    "cover paragraph 7": (24, 25),
    "cover paragraph 13": (53, 54),
    "contents heading": (58, 58),
    "contents entry 28": (87, 87),
    "contents entry 29": (93, 93),
    "contents entry 56": (125, 125),
    "contents entry 60": (129, 129),
    "1 paragraph 8": (157, 157),
    "1 paragraph 9": (159, 159),
    "2 footnote 2": (179, 179),
    "4 heading": (215, 215),
    "4 entry 1": (219, 222),
    "4 entry 10": (264, 268),
    "4 entry 20": (316, 319),
    "4 entry 21": (323, 324),
    "4 entry 36": (368, 369),
    "6.2 item 3": (547, 547),
    "6.2 item 4": (549, 549),
    "6.2 paragraph 4": (551, 551),
    "10 paragraph 4": (814, 814),
    "10 item 1": (816, 817),
    "10 item 4": (822, 823),
    "11.1 heading": (827, 827),
    "11.1 paragraph 1": (829, 829),
    "11.1 item 7": (839, 839),
    "11.1 footnote 1": (841, 841),
    "11.1 footnote 5": (849, 849),
    "11.2 caption 1": (859, 859),
    "11.2 table header 1": (861, 862),
    "11.2 row 13": (875, 875),
    "11.2 row 14": (883, 883),
    "11.2 figure 5": (920, 920),
    "11.2 figure 6": (929, 929),
}

WORDS = {
    "cover paragraph 6": "European Monitoring Centre for Drugs and Drug Addiction",
    "1 paragraph 8": "Nina Gregori",
    "4 entry 10": '01 & 02 JUNE Seminar on Information Provision ("How")',
    "4 entry 33": "11 DECEMBER | 2nd meeting of the Working Group on Data Protection",
    "6.2 item 4": "Missions and operational mandate",
    "11.1 heading": "JUSTICE & HOME AFFAIRS AGENCIES NETWORK",
    "11.1 paragraph 1": "Cooperation instruments with third countries1",
    "11.1 item 7": "Administrative arrangement for cooperation Exchange of letters",
    "11.2 table header 1": "Priorities in EMPACT 2022-2025 No. Name Abbreviation OAP No.",
    "11.2 row 7": "7 New Psychoactive Substances and Synthetic drugs SYD-NPS 6.2",
    "11.2 row 15": "15 Firearms FIA 10",
    "11.2 figure 6": "Figure 5. EMCDDA",
}

SECTIONS = {
    "1": ("Foreword by the Executive Director of the EUAA", 6),
    "4": ("Timeline", 11),
    "5.2.4": ("Working Group on External Relations: 12 October 2023", 16),
    "6.3.2": ("Seminar on Information Provision (“How”), 1 & 2 June 2023", 21),
    "6.5.4": ("Exchange on Single Programming Documents (SPD) good practices, 24 November 2023", 25),
    "8.1": ("Joint paper on the Agencies' contributions to the EU's solidarity with Ukraine", 28),
    "9.12": ("EIGE and Eurojust join forces for a common project on the European Protection Order", 33),
    "11": ("Annexes", 35),
    "11.2": ("EMPACT Infographics", 36),
}


@pytest.fixture(scope="module")
def by_locator(report_tree: Document) -> dict[str, Passage]:
    return {locator(passage.iri): passage for passage in report_tree.passages}


def lines_of(text: str, passage: Passage) -> tuple[int, int]:
    return text.count("\n", 0, passage.start) + 1, text.count("\n", 0, passage.end) + 1


def words_of(text: str, passage: Passage) -> str:
    return normalise(text[passage.start : passage.end])


def test_tree_is_sound(report_tree: Document, report_text: str) -> None:
    assert_sound(report_tree, report_text)


def test_number_of_parts_of_each_section(report_tree: Document) -> None:
    counted = Counter(
        (leaf.parent.rpartition("/")[2], leaf.kind.step)
        for leaf in report_tree.leaves
        if leaf.kind is not PassageKind.HEADING
    )
    assert counted == {
        (section, step): int(number)
        for section, parts in PARTS.items()
        for number, _, step in (part.partition(" ") for part in parts.split(", "))
    }


def test_headings(report_tree: Document) -> None:
    headed = {
        leaf.parent.rpartition("/")[2] for leaf in report_tree.leaves if leaf.kind is PassageKind.HEADING
    }
    sections = {section.section_number for section in report_tree.sections}
    assert len(sections) == 62
    assert sections - headed == {"cover", "11"}
    status = {section.section_number: section.heading_status for section in report_tree.sections}
    unusual = {number: one for number, one in status.items() if one is not HeadingStatus.PRESENT}
    assert unusual == {
        "cover": None,
        "4": HeadingStatus.MISPLACED,
        "11": HeadingStatus.MISSING,
        "11.1": HeadingStatus.MISPLACED,
    }


def test_titles_are_those_of_the_headings_and_pages_those_of_the_contents_list(
    by_locator: dict[str, Passage],
) -> None:
    found = {number: by_locator[f"section {number}"] for number in SECTIONS}
    assert {number: (one.title, one.start_page) for number, one in found.items()} == SECTIONS


@pytest.mark.parametrize(
    ("of", "parent"),
    [
        ("5.2.2", "section/5.2"),
        ("5.2", "section/5"),
        ("5", "jhaan-2023"),
        ("11.1", "section/11"),
        ("9.12", "section/9"),
    ],
)
def test_sections_nest(by_locator: dict[str, Passage], of: str, parent: str) -> None:
    assert by_locator[f"section {of}"].parent.endswith(f"/{parent}")


def test_lines_of_passages(by_locator: dict[str, Passage], report_text: str) -> None:
    assert {name: lines_of(report_text, by_locator[name]) for name in LINES} == LINES


def test_words_of_passages(by_locator: dict[str, Passage], report_text: str) -> None:
    assert {name: words_of(report_text, by_locator[name]) for name in WORDS} == WORDS


@pytest.mark.parametrize("name", JOINED)
def test_a_sentence_cut_by_a_page_break_is_one(
    by_locator: dict[str, Passage], report_text: str, name: str
) -> None:
    first, last, start, end = JOINED[name]
    words = words_of(report_text, by_locator[name])
    assert lines_of(report_text, by_locator[name]) == (first, last)
    assert words.startswith(start + " ")
    assert words.endswith(" " + end)


def test_only_these_are_joined(report_tree: Document, report_text: str) -> None:
    several = {
        locator(leaf.iri)
        for leaf in report_tree.leaves
        if leaf.kind is PassageKind.PARAGRAPH and not leaf.parent.endswith("/cover")
        if len(set(lines_of(report_text, leaf))) == 2
    }
    assert several == set(JOINED)


def test_a_new_paragraph_on_a_new_page_stays_one(by_locator: dict[str, Passage], report_text: str) -> None:
    assert {name: lines_of(report_text, by_locator[name])[0] for name in NOT_JOINED} == NOT_JOINED


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ("5.2 item 4", ["5.2 paragraph 1"]),
        ("5.2 item 5", ["5.2 paragraph 2"]),
        ("6 item 1", ["6 paragraph 2"]),
        ("6.2 item 4", ["6.2 paragraph 3"]),
        ("8.1 item 7", ["8.1 paragraph 2"]),
        ("10 item 2", ["10 paragraph 4"]),
        ("11.1 item 1", ["11.1 paragraph 1"]),
        ("4 entry 30", ["4 heading"]),
        ("contents entry 23", ["contents heading"]),
        ("11.2 row 14", ["11.2 caption 1", "11.2 table header 1"]),
    ],
)
def test_lead_ins(by_locator: dict[str, Passage], of: str, expected: list[str]) -> None:
    assert list(map(locator, by_locator[of].lead_in)) == expected


def test_committed_tree_is_that_of_the_text(root: Path, report_tree: Document, report_text: str) -> None:
    path = root / "data/reports/jhaan-2023/document.ttl"
    committed = read_document(parse(path.read_bytes(), format=RdfFormat.TURTLE))
    assert committed == report_tree
    assert verify_document(committed, report_text) == []


def test_work_grows_no_faster_than_the_text() -> None:
    def work(size: int) -> int:
        parts = "\n\n".join(
            f"Part {number}.\n\n- item\n\n{number}\tcell\n\n**3**\nMAY\n\nTea" for number in range(size)
        )
        whole = f"# Contents\n\n1.\tOnly\t1\n\n\n\n# 1. Only\n\n{parts}\n"
        return steps(lambda: split(whole))

    # eight times the text; quadratic growth would take 64 times the steps
    assert 10 * 400 < work(400) < 9 * work(50)


def test_other_line_ends_leave_every_passage(report_tree: Document, report_text: str) -> None:
    (finding,) = verify_document(report_tree, report_text.replace("\n", "\r\n"))
    assert (finding.code, finding.severity) == ("text-layout", Severity.WARNING)


def test_one_digit_is_found(report_tree: Document, report_text: str) -> None:
    text = report_text.replace("59 offers", "69 offers")
    changed = [one for one in verify_document(report_tree, text) if one.code != "text-differs"]
    assert [(one.code, one.line, one.subject) for one in changed] == [
        ("passage-changed", 623, "section:6.5.1/paragraph/1")
    ]

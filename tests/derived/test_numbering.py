"""Numberings that jump or repeat."""

from __future__ import annotations

import pytest
from small_derived import report_of

from jhaan_kg.derived.numbering import check_numbering
from jhaan_kg.passages import Report

TABLE = "**Table 1. PLANS**\n\nPriorities\t\t\nNo.\tName\tOAP No.\n{}"


def faults(report: Report) -> list[tuple[int, str]]:
    return [(found.line, found.kind.code) for found in check_numbering(report)]


def test_sections_that_jump_in_the_contents_list() -> None:
    assert faults(report_of("# 1. One\n\nText.\n", "## 1.1. Part\n\nText.\n", "# 2. Two\n\nText.\n")) == []
    jump = report_of("# 1. One\n\nText.\n", "## 1.2. Part\n\nText.\n", "# 4. Two\n\nText.\n")
    assert faults(jump) == [(4, "number-skipped"), (5, "number-skipped")]


def test_heading_that_is_lost() -> None:
    contents = "1.\tOne\t1\n2.\tTwo\t1\n3.\tThree\t1\n"
    report = report_of(
        "# 1. One\n\nText.\n", "# PICTURE\n\nText.\n", "# 3. Three\n\nText.\n", contents=contents
    )
    assert faults(report) == [(16, "heading-lost")]


def test_heading_that_differs_from_the_contents_list() -> None:
    report = report_of("# 1. EIGE and **more**\n\nText.\n", contents="1.\tELGE and more\t1\n")
    [found] = check_numbering(report)
    assert (found.line, found.kind.code) == (7, "heading-differs")
    assert [passage.partition("/section/")[2] for passage in found.passages] == [
        "contents/entry/1",
        "1/heading",
    ]


def test_heading_that_the_contents_list_lacks() -> None:
    report = report_of("# 1. One\n\nText.\n\n## 1.1. Part\n\nText.\n", contents="1.\tOne\t1\n")
    assert faults(report) == [(11, "heading-unlisted")]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1, 2, 3), []),
        ((1, 2, 2), [(13, "number-repeated")]),
        ((1, 3, 4), [(11, "number-skipped")]),
        ((2, 3, 4), [(9, "number-skipped")]),
    ],
)
@pytest.mark.parametrize("kind", ["Figure {}. MAP", "**Table {}. PLANS**", "({}) A note."])
def test_figures_tables_and_notes(
    kind: str, numbers: tuple[int, ...], expected: list[tuple[int, str]]
) -> None:
    report = report_of("# 1. One\n\n" + "\n\n".join(kind.format(number) for number in numbers))
    assert [one for one in faults(report) if one[1] != "note-without-mark"] == expected


def test_figures_are_numbered_through_the_report() -> None:
    first, second = "# 1. One\n\nFigure 1. MAP\n", "# 2. Two\n\nFigure 1. MAP\n"
    [found] = check_numbering(report_of(first, second))
    assert (found.line, found.kind.code) == (17, "number-repeated")
    assert "line 10" in found.message


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ("1. a\n2. b\n\nAnd:\n\n1. c\n2. d", []),  # a second list
        ("1. a\n\nMore of a.\n\n2. b", []),  # a paragraph between two items
        ("1. a\n3. b", [(10, "number-skipped")]),
        ("1. a\n1. b", [(10, "number-repeated")]),
        ("2. a", [(9, "number-skipped")]),
    ],
)
def test_numbered_lists(items: str, expected: list[tuple[int, str]]) -> None:
    assert faults(report_of(f"# 1. One\n\n{items}\n")) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("1\tDrugs\t1\n2\tFraud\t2.1\n3\tTax\t2.2\n4\tArms\t3", []),
        ("1\tDrugs\t1\n3\tArms\t2", [(14, "number-skipped")]),
        ("1\tDrugs\t1\n2\tFraud\t2.2\n3\tArms\t3", [(14, "number-skipped")]),
        ("1\tDrugs\t1\n2\tFraud\t1\n3\tArms\t2", [(14, "number-repeated")]),
        ("1\t7\t1\n2\t7\t2", []),  # the column of names is no numbering
    ],
)
def test_rows_and_plan_numbers(rows: str, expected: list[tuple[int, str]]) -> None:
    assert faults(report_of(f"# 1. One\n\n{TABLE.format(rows)}\n")) == expected


def test_notes_and_marks() -> None:
    good = "# 1. One\n\nText<sup>1</sup> of the 2<sup>nd</sup> year.\n\n<sup>1</sup> Note.\n"
    assert faults(report_of(good)) == []
    assert faults(report_of(good.replace("Text<sup>1</sup>", "Text"))) == [(11, "note-without-mark")]
    assert faults(report_of(good.replace("year.", "year<sup>2</sup>."))) == [(9, "mark-without-note")]

"""Numberings that jump or repeat."""

from __future__ import annotations

import pytest
from small_derived import report_of

from jhaan_kg.derived.numbering import check_numbering
from jhaan_kg.passages import Report

TABLE = "**Table 1. PLANS**\n\nPriorities\t\t\nNo.\tName\tOAP No.\n{}"


def faults(report: Report) -> list[tuple[int, str]]:
    return [(found.line, found.kind.code) for found in check_numbering(report)]


@pytest.mark.parametrize(
    ("headings", "contents", "expected"),
    [
        (["# 1. One", "## 1.1. Part", "# 2. Two"], "1. One, 1.1. Part, 2. Two", []),
        (
            ["# 1. One", "## 1.2. Part", "# 4. Two"],
            "1. One, 1.2. Part, 4. Two",
            [(4, "number-skipped"), (5, "number-skipped")],
        ),
        (["# 1. One", "# PICTURE", "# 3. Three"], "1. One, 2. Two, 3. Three", [(16, "heading-lost")]),
        (["# 1. EIGE and **more**"], "1. ELGE and more", [(7, "heading-differs")]),
        (["# 1. One\n\nA.\n\n## 1.1. Part"], "1. One", [(11, "heading-unlisted")]),
    ],
)
def test_sections(headings: list[str], contents: str, expected: list[tuple[int, str]]) -> None:
    entries = "".join(f"{entry.replace(' ', chr(9), 1)}\t1\n" for entry in contents.split(", "))
    assert faults(report_of(*(f"{heading}\n\nText.\n" for heading in headings), contents=entries)) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1, 2, 3), []),
        ((1, 2, 2), [(13, "number-repeated")]),
        ((1, 3, 4), [(11, "number-skipped")]),
    ],
)
@pytest.mark.parametrize("kind", ["Figure {}. MAP", "**Table {}. PLANS**", "({}) A note."])
def test_figures_tables_and_notes(
    kind: str, numbers: tuple[int, ...], expected: list[tuple[int, str]]
) -> None:
    report = report_of("# 1. One\n\n" + "\n\n".join(kind.format(number) for number in numbers))
    assert [one for one in faults(report) if one[1] != "note-without-mark"] == expected


def test_figures_are_numbered_through_the_report() -> None:
    report = report_of("# 1. One\n\nFigure 1. MAP\n", "# 2. Two\n\nFigure 1. MAP\n")
    [found] = check_numbering(report)
    assert (found.line, found.kind.code) == (17, "number-repeated")
    assert "line 10" in found.message


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ("1. a\n2. b\n\nAnd:\n\n1. c\n2. d", []),  # a second list
        ("1. a\n\nMore of a.\n\n2. b", []),  # a paragraph between two items
        ("1. a\n3. b", [(10, "number-skipped")]),
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

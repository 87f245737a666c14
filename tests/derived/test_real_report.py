"""What a reader finds in the text of the report of 2023, with its lines; see `slow_real_report.py` for the graph."""

from __future__ import annotations

from jhaan_kg.derived.numbering import check_numbering
from jhaan_kg.derived.text import compare_lists, find_counted_lists
from jhaan_kg.passages import Report
from jhaan_kg.reports import locator


def test_numberings(report: Report) -> None:
    found = sorted((one.line, one.kind.code, locator(one.passages[-1])) for one in check_numbering(report))
    assert found == [
        (215, "heading-lost", "Section 4"),
        (797, "heading-differs", "Section 9.12, heading"),
        (827, "heading-lost", "Section 11"),
        (827, "heading-lost", "Section 11.1"),
        (841, "number-repeated", "Section 11.1, footnote 1"),
        (843, "note-without-mark", "Section 11.1, footnote 2"),
        (843, "number-repeated", "Section 11.1, footnote 2"),
        (845, "note-without-mark", "Section 11.1, footnote 3"),
        (847, "note-without-mark", "Section 11.1, footnote 4"),
        (849, "note-without-mark", "Section 11.1, footnote 5"),
        (851, "note-without-mark", "Section 11.1, footnote 6"),
        (853, "note-without-mark", "Section 11.1, footnote 7"),
        (929, "number-repeated", "Section 11.2, figure 6"),
    ]


def test_numbers_and_lists_of_the_text_agree(report: Report) -> None:
    found = sorted((one.line, one.value, one.items[0], one.items[-1]) for one in find_counted_lists(report))
    assert found == [
        (167, 5, "DG HOME", "General Secretariat of the Council of the EU"),
        (167, 9, "CEPOL", "Frontex"),
        (509, 5, "eu-LISA", "Europol"),
        (539, 4, "Section 6.2, item 1", "Section 6.2, item 4"),
        (589, 6, "CEPOL", "Frontex"),
        (623, 6, "CEPOL", "Frontex"),
        (645, 6, "CEPOL", "Frontex"),
        (814, 4, "Section 10, item 1", "Section 10, item 4"),
    ]
    assert not list(compare_lists(report))

"""The splitter on damaged copies of the report of 2023."""

from __future__ import annotations

from hypothesis import given, settings
from passage_checks import assert_sound, edited, edits

from jhaan_kg.errors import JhaanError
from jhaan_kg.passages import Document, split, verify_document


def test_a_damaged_report_gives_a_sound_tree_or_an_error_for_people(
    report_tree: Document, report_text: str
) -> None:
    @given(edits())
    @settings(max_examples=100)  # a second for each five
    def check(changes: list[tuple[str, int, int]]) -> None:
        text = edited(report_text, changes)
        assert bool(verify_document(report_tree, text)) == (text != report_text)
        try:
            tree = split(text)
        except JhaanError:
            return
        assert_sound(tree, text)

    check()

"""What verifying finds in a text that was changed, and in a tree that was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from mini_report import MINI
from passage_checks import edited, edits

from jhaan_kg.errors import Severity
from jhaan_kg.passages import Document, split, verify_document
from jhaan_kg.reports import locator

REPORT = "https://example.org/report/1907"


def found(tree: Document, text: str) -> list[str]:
    """Return the findings as code, line and passage, but for the one on the text as a whole."""
    return [
        f"{one.code} {one.line} {locator(one.subject[1:-1])}"
        for one in verify_document(tree, text)
        if one.code != "text-differs"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected", "message"),
    [
        # 35 of the 50 passages come after that paragraph
        (
            "nine** keepers",
            "nine** old keepers",
            ["passage-changed 34 Section 1, paragraph 1"],
            "of 35 passages are shifted, from Section 1, paragraph 2 on",
        ),
        (
            "Thanks go to\n",
            "Thanks go to\n\nthe wardens and\n",
            ["passage-added 48 Section 1, paragraph 3", "passage-renumbered 50 Section 1, paragraph 3"],
            "Section 1, paragraph 3 would be Section 1, paragraph 4",
        ),
        (
            "#### **3.1. Lamps, wicks and oil**\n",
            "",
            [
                "passage-missing 0 Section 3.1, heading",
                "passage-renumbered 80 Section 3.1, paragraph 1",
                "section-changed 94 Section 3.1",
            ],
            "Section 3.1: heading status “HeadingPresent” is now “HeadingMissing”.",
        ),
        (
            "3.2.\tFog horns\t5",
            "3.2.\tFog horns\t6",
            ["passage-changed 25 Contents, entry 5", "section-changed 97 Section 3.2"],
            "Section 3.2: start page “5” is now “6”.",
        ),
    ],
)
def test_a_changed_text(
    mini: Document, mini_text: str, old: str, new: str, expected: list[str], message: str
) -> None:
    assert mini_text.count(old) == 1
    text = mini_text.replace(old, new)
    assert found(mini, text) == expected
    assert any(message in one.message for one in verify_document(mini, text))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\n", "\r\n", "lines that end with CR LF;"),
        ("\n", "\r", "lines that end with CR;"),
        ("## 3. Work", "#### **3. Work**", "no passage has changed"),
    ],
)
def test_another_layout_is_a_warning(
    mini: Document, mini_text: str, old: str, new: str, message: str
) -> None:
    (finding,) = verify_document(mini, mini_text.replace(old, new), "r.txt")
    assert (finding.code, finding.severity, finding.path) == ("text-layout", Severity.WARNING, "r.txt")
    assert message in finding.message


def test_sections_that_came_or_went(mini: Document, mini_text: str) -> None:
    fewer = mini_text.replace("4.2.\tTables.....\t7\n", "")
    assert "section-missing 0 Section 4.2" in found(mini, fewer)
    assert "section-added 122 Section 4.2" in found(split(fewer, REPORT), mini_text)


def test_a_text_without_contents_list_and_another_version_of_the_rules(
    mini: Document, mini_text: str
) -> None:
    (finding,) = verify_document(mini, "Something else.")
    assert (finding.code, finding.severity) == ("text-unreadable", Severity.ERROR)
    assert "no table of contents" in finding.message
    (finding,) = verify_document(replace(mini, splitter_version="0"), mini_text)
    assert (finding.code, finding.severity) == ("splitter-version", Severity.ERROR)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("start", 4), ("end", 4), ("number", 4), ("start_page", 4), ("digest", "0" * 64)),
        *(("title", "X"), ("lead_in", ()), ("parent", REPORT)),
    ],
)
def test_a_tree_that_was_changed_is_told_with_what_differs(
    mini: Document, mini_text: str, name: str, value: object
) -> None:
    passages = [
        replace(one, **{name: value}) if locator(one.iri) == "Section 3.1, item 1" else one
        for one in mini.passages
    ]
    (finding,) = verify_document(replace(mini, passages=tuple(passages)), mini_text)
    assert (finding.code, finding.severity) == ("tree-differs", Severity.ERROR)
    assert f"1 passage whose {name} differs from the text (Section 3.1, item 1)" in finding.message


def test_passages_missing_from_the_tree_share_a_finding(mini: Document, mini_text: str) -> None:
    tree = replace(mini, passages=mini.passages[:-5])
    (finding,) = verify_document(tree, mini_text)
    assert "5 passages in the text but not in document.ttl" in finding.message
    assert "(Section 4.2, row 1; Section 4.2, row 2; Section 4.2, row 3 and 2 more)" in finding.message


@given(edits())
def test_findings_if_and_only_if_the_text_differs(changes: list[tuple[str, int, int]]) -> None:
    text = edited(MINI, changes)
    findings = verify_document(split(MINI), text)
    assert bool(findings) == (text != MINI)
    assert findings == sorted(findings)

"""What verifying finds in a text that was changed, and in a tree that was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from mini_report import MINI
from passage_checks import edited, edits

from jhaan_kg.errors import Finding, Severity
from jhaan_kg.passages import Document, split, verify_document
from jhaan_kg.reports import locator

REPORT = "https://example.org/report/1907"


def found(tree: Document, text: str) -> list[tuple[str, int, str]]:
    """Return the findings as code, line and passage."""
    return [
        (
            finding.code,
            finding.line,
            locator(finding.subject[1:-1]) if "/section/" in finding.subject else "report",
        )
        for finding in verify_document(tree, text)
    ]


def line_of(text: str, words: str) -> int:
    assert text.count(words) == 1
    return text[: text.index(words)].count("\n") + 1


def whole(findings: list[Finding]) -> Finding:
    return next(one for one in findings if one.code in ("text-differs", "text-layout"))


def test_the_text_itself_has_no_findings(mini: Document, mini_text: str) -> None:
    assert verify_document(mini, mini_text) == []


def test_one_word_more_is_one_changed_passage(mini: Document, mini_text: str) -> None:
    text = mini_text.replace("nine** keepers", "nine** old keepers")
    assert found(mini, text) == [("text-differs", 0, "report"), ("passage-changed", 34, "1 paragraph 1")]
    assert line_of(text, "The circle had") == 34
    # 35 of the 50 passages come after that paragraph
    assert (
        "offsets of 35 passages are shifted, from 1 paragraph 2 on"
        in whole(verify_document(mini, text)).message
    )


def test_one_digit_changed(mini: Document, mini_text: str) -> None:
    text = mini_text.replace("**21**", "**22**")
    assert found(mini, text) == [
        ("text-differs", 0, "report"),
        ("passage-changed", line_of(text, "**22**"), "2 entry 3"),
    ]
    assert "shifted" not in whole(verify_document(mini, text)).message


def test_a_paragraph_removed_renumbers_those_after_it(mini: Document, mini_text: str) -> None:
    text = mini_text.replace("Thanks go to\n", "")
    assert found(mini, text) == [
        ("passage-missing", 0, "1 paragraph 2"),
        ("text-differs", 0, "report"),
        ("passage-renumbered", line_of(text, "Ada Lantern"), "1 paragraph 3"),
    ]
    assert "1 paragraph 3 would be 1 paragraph 2" in verify_document(mini, text)[2].message


def test_a_paragraph_added(mini: Document, mini_text: str) -> None:
    text = mini_text.replace("Thanks go to\n", "Thanks go to\n\nthe wardens and\n")
    assert ("passage-added", line_of(text, "the wardens"), "1 paragraph 3") in found(mini, text)
    assert ("passage-renumbered", line_of(text, "Ada Lantern"), "1 paragraph 3") in found(mini, text)


@pytest.mark.parametrize(("ending", "named"), [("\r\n", "CR LF"), ("\r", "CR")])
def test_other_line_ends_are_a_warning(mini: Document, mini_text: str, ending: str, named: str) -> None:
    (finding,) = verify_document(mini, mini_text.replace("\n", ending), "r.txt")
    assert (finding.code, finding.severity, finding.path) == ("text-layout", Severity.WARNING, "r.txt")
    assert f"lines that end with {named};" in finding.message
    assert "every passage has the words and the number that it had" in finding.message


def test_other_markup_is_a_warning(mini: Document, mini_text: str) -> None:
    (finding,) = verify_document(mini, mini_text.replace("## 3. Work", "#### **3. Work**"))
    assert finding.code == "text-layout"


def test_a_lost_heading_is_told_with_its_section(mini: Document, mini_text: str) -> None:
    text = mini_text.replace("#### **3.1. Lamps, wicks and oil**\n", "")
    assert ("passage-missing", 0, "3.1 heading") in found(mini, text)
    changed = next(one for one in verify_document(mini, text) if one.code == "section-changed")
    assert changed.message == "section 3.1: heading status “HeadingPresent” is now “HeadingMissing”."


def test_contents_entry_changed_added_and_removed(mini: Document, mini_text: str) -> None:
    text = mini_text.replace("3.2.\tFog horns\t5", "3.2.\tFog horns\t6")
    assert ("passage-changed", 25, "contents entry 5") in found(mini, text)
    (section,) = (one for one in verify_document(mini, text) if one.code == "section-changed")
    assert section.message == "section 3.2: start page “5” is now “6”."

    fewer = mini_text.replace("4.2.\tTables.....\t7\n", "")
    assert ("section-missing", 0, "section 4.2") in found(mini, fewer)
    assert ("section-added", line_of(mini_text, "### 4.2."), "section 4.2") in found(
        split(fewer, REPORT), mini_text
    )


def test_a_text_without_contents_list_is_one_finding(mini: Document) -> None:
    (finding,) = verify_document(mini, "Something else.")
    assert (finding.code, finding.severity) == ("text-unreadable", Severity.ERROR)
    assert "no contents list" in finding.message


def test_another_version_of_the_rules_is_told(mini: Document, mini_text: str) -> None:
    (finding,) = verify_document(replace(mini, splitter_version="0"), mini_text)
    assert (finding.code, finding.severity) == ("splitter-version", Severity.ERROR)


@pytest.mark.parametrize(
    "name", ["start", "end", "digest", "title", "start_page", "lead_in", "number", "parent"]
)
def test_a_tree_that_was_changed_is_told_with_what_differs(mini: Document, mini_text: str, name: str) -> None:
    at = next(index for index, one in enumerate(mini.passages) if locator(one.iri) == "3.1 item 1")
    values = {"digest": "0" * 64, "title": "X", "lead_in": (), "parent": REPORT}
    wrong = replace(mini.passages[at], **{name: values.get(name, 4)})
    tree = replace(mini, passages=(*mini.passages[:at], wrong, *mini.passages[at + 1 :]))
    (finding,) = verify_document(tree, mini_text)
    assert (finding.code, finding.severity) == ("tree-differs", Severity.ERROR)
    assert f"1 passage with another {name} than the text gives (3.1 item 1)" in finding.message


def test_passages_missing_from_the_tree_share_a_finding(mini: Document, mini_text: str) -> None:
    tree = replace(mini, passages=mini.passages[:-5])
    (finding,) = verify_document(tree, mini_text)
    assert "5 passages in the text but not in document.ttl" in finding.message
    assert "(4.2 row 1, 4.2 row 2, 4.2 row 3 and 2 more)" in finding.message


@given(edits())
def test_findings_if_and_only_if_the_text_differs(changes: list[tuple[str, int, int]]) -> None:
    text = edited(MINI, changes)
    findings = verify_document(split(MINI), text)
    assert bool(findings) == (text != MINI)
    assert findings == sorted(findings)

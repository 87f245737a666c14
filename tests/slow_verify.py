"""`verify` on the real report: that all is proven, and that a changed text is noticed, with passages and statements."""

from __future__ import annotations

import re
from functools import cache

import pytest

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.progress import Progress
from jhaan_kg.verify import Verification, verify


@cache
def verified(text: str) -> Verification:
    """Verify the graph of this checkout against a text."""
    return verify(open_snapshot(), text, "report.txt", Progress())


def test_all_is_proven(report_text: str) -> None:
    found = verified(report_text)
    assert found.findings == ()
    assert found.account is not None
    assert found.account.statements == (
        found.account.proven + sum(found.account.by_place.values()) + found.account.by_curation
    )
    for share in found.account.kinds:
        assert share.total, share.what
        assert share.proven == share.total or share.what == "roles", share.what


@pytest.mark.parametrize(
    ("printed", "changed", "passage", "statement"),
    [
        # line 729: a word that no value rests on
        (
            "illustrating the nature",
            "illustrating the kind",
            "9.4 paragraph 1",
            "jhaan:role jhaan:LeadsOrCoLeads",
        ),
        # line 209: the day of a meeting
        (
            "Spain took place on 8 June",
            "Spain took place on 9 June",
            "3 paragraph 9",
            "schema:startDate “2023-06-08”",
        ),
        # line 177: a member of the network
        (
            "</sup> CEPOL, EIGE, EMCDDA,",
            "</sup> CEPOL, EPPO, EMCDDA,",
            "2 footnote 1",
            "org:hasMember agency:eige",
        ),
    ],
)
def test_a_changed_word_is_noticed(
    report_text: str, printed: str, changed: str, passage: str, statement: str
) -> None:
    assert report_text.count(printed) == 1
    findings = verified(report_text.replace(printed, changed)).findings
    told = [str(finding) for finding in findings]
    assert any("passage-changed" in one and passage in one for one in told)
    assert any("statement-in-doubt" in one and statement in one and passage in one for one in told)


def test_the_account_adds_up(report_text: str) -> None:
    account = verified(report_text).account
    assert account is not None
    lines = list(account.lines())
    counts = [int(found[1]) for line in lines[1:5] if (found := re.search(r"(\d+)  +[\d.]+ %", line))]
    assert sum(counts) == account.statements
    assert account.excepted <= 0.05


def test_a_text_that_is_no_report_is_a_finding() -> None:
    found = verified("Nothing to see here.\n")
    assert [finding.code for finding in found.findings] == ["text-unreadable"]
    assert found.account is None

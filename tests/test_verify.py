"""`verify` on the real report: what is proven, and that a changed text is noticed, with passages and assertions."""

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


@pytest.mark.slow  # tests/test_cli.py tries one of them
@pytest.mark.parametrize(
    ("printed", "changed", "passage", "statement"),
    [
        # line 729: the number of the action days that Frontex coordinated
        ("coordinated 7 Joint", "coordinated 8 Joint", "9.4 paragraph 1", "jhaan:value “7”"),
        # line 729: a word that no value rests on
        pytest.param(
            "illustrating the nature",
            "illustrating the kind",
            "9.4 paragraph 1",
            "jhaan:role jhaan:LeadsOrCoLeads",
        ),
        # line 209: the day of a meeting
        pytest.param(
            "Spain took place on 8 June",
            "Spain took place on 9 June",
            "3 paragraph 9",
            "schema:startDate “2023-06-08”",
        ),
        # line 177: a member of the network
        pytest.param(
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


@pytest.mark.slow  # tests/test_cli.py tries the same word
def test_what_no_longer_stands_there_is_not_proven(report_text: str) -> None:
    found = verified(report_text.replace("coordinated 7 Joint", "coordinated 8 Joint"))
    not_proven = [finding for finding in found.findings if finding.code == "not-proven"]
    assert any("jhaan:value “7”" in finding.message for finding in not_proven)
    assert [finding.line for finding in found.findings if finding.code == "not-taken"] == [729]
    assert found.account is not None
    assert any(share.proven < share.total for share in found.account.kinds if "numbers" in share.what)


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

"""`verify` on the real report: everything is verified, and a changed text is noticed, with passages and statements."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from bad_input import Run
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.progress import Progress
from jhaan_kg.verify import Verification, verify

pytestmark = pytest.mark.slow


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
            "Section 9.4, paragraph 1",
            "jhaan:role jhaan:LeadsOrCoLeads",
        ),
        # line 209: the day of a meeting
        (
            "Spain took place on 8 June",
            "Spain took place on 9 June",
            "Section 3, paragraph 9",
            "schema:startDate “2023-06-08”",
        ),
        # line 177: a member of the network
        (
            "</sup> CEPOL, EIGE, EMCDDA,",
            "</sup> CEPOL, EPPO, EMCDDA,",
            "Section 2, footnote 1",
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


def test_a_text_that_is_no_report_is_a_finding() -> None:
    found = verified("Nothing to see here.\n")
    assert [finding.code for finding in found.findings] == ["text-unreadable"]
    assert found.account is None


def test_a_changed_number_is_noticed_and_all_else_is_proven(
    run: Run, report_text: str, tmp_path: Path
) -> None:
    printed = "coordinated 7 Joint Action Days"
    assert report_text.count(printed) == 1
    changed = tmp_path / "changed.txt"
    changed.write_bytes(report_text.replace(printed, printed.replace("7", "8")).encode())
    code, out, err = run("verify", str(changed))
    assert code == 1

    findings, _, account = out.partition("\n\n")
    of_text, *of_passage = findings.splitlines()
    assert err.endswith(f" {1 + len(of_passage)} problems found.\n")
    assert of_text.startswith(f"{changed}: error [text-differs] report:jhaan-2023: the text is not the one")
    assert [line for line in of_passage if "Section 9.4, paragraph 1" not in line] == []
    codes = {re.findall(r":(\d+): error \[([a-z-]+)\]", line)[0] for line in of_passage}
    wrong = ("not-verified", "not-taken", "passage-changed", "statement-in-doubt")
    assert codes == {("729", code) for code in wrong}
    assert (
        "quantity/jhaan-2023/9.4/action-days>: Section 9.4, paragraph 1 does not show jhaan:value “7”"
        in findings
    )
    assert "[statement-in-doubt] plan2023:migr: jhaan:called " in findings

    total = int(re.findall(r"^Statements from passages: (\d+) ", account)[0])
    assert sum(map(int, re.findall(r"^  [a-z ]+ (\d+) +[\d.]+ %$", account, re.MULTILINE))) == total > 6000
    graph_to_text = account.partition("From graph to text")[2].partition("\n\n")[0]
    shares = re.findall(r"^  (.+?) +(\d+) of +(\d+) ", graph_to_text, re.MULTILINE)
    unproven = {what: int(of) - int(proven) for what, proven, of in shares if proven != of}
    assert len(shares) == 7
    assert unproven.keys() == {"numbers, units, qualifiers", "roles"}
    assert unproven["numbers, units, qualifiers"] == 2  # the number and its unit
    assert float(re.findall(r"Exceptions by curators \(([\d.]+)%", account)[0]) <= 5

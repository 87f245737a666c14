"""`verify` on the real report, in which one number was changed: that is noticed, and all else is proven."""

from __future__ import annotations

import re
from pathlib import Path

from bad_input import Run


def test_a_changed_number_is_noticed_and_all_else_is_proven(
    run: Run, report_text: str, tmp_path: Path
) -> None:
    printed = "coordinated 7 Joint Action Days"
    assert report_text.count(printed) == 1
    changed = tmp_path / "changed.txt"
    changed.write_bytes(report_text.replace(printed, printed.replace("7", "8")).encode())
    code, out, err = run("verify", str(changed))
    assert code == 1
    assert err.endswith(" 66 findings.\n")

    findings, _, account = out.partition("\n\n")
    of_text, *of_passage = findings.splitlines()
    assert of_text.startswith(f"{changed}: error [text-differs] report:jhaan-2023: the text is not the one")
    assert [line for line in of_passage if "9.4 paragraph 1" not in line] == []
    codes = {re.findall(r":(\d+): error \[([a-z-]+)\]", line)[0] for line in of_passage}
    wrong = ("not-proven", "not-taken", "passage-changed", "statement-in-doubt")
    assert codes == {("729", code) for code in wrong}
    assert "quantity/jhaan-2023/9.4/action-days>: 9.4 paragraph 1 does not show jhaan:value “7”" in findings
    assert "[statement-in-doubt] plan2023:migr: jhaan:called " in findings

    total = int(re.findall(r"^What the passages state: (\d+) statements", account)[0])
    assert sum(map(int, re.findall(r"^  [a-z ]+ (\d+) +[\d.]+ %$", account, re.MULTILINE))) == total > 6000
    graph_to_text = account.partition("From graph to text")[2].partition("\n\n")[0]
    shares = re.findall(r"^  (.+?) +(\d+) of +(\d+) ", graph_to_text, re.MULTILINE)
    unproven = {what: int(of) - int(proven) for what, proven, of in shares if proven != of}
    assert len(shares) == 7
    assert unproven.keys() == {"numbers, units, qualifiers", "roles"}
    assert unproven["numbers, units, qualifiers"] == 3
    assert float(re.findall(r"Excepted by curation \(([\d.]+)%", account)[0]) <= 5

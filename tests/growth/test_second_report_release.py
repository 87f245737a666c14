"""What the check says of a second report: when it is just begun, and when curators have read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from yearbook import begin, fill

pytestmark = pytest.mark.release


def test_only_what_is_to_be_read_is_found_and_in_the_end_nothing(tmp_path: Path) -> None:
    checkout = begin(tmp_path)
    findings = checkout.jhaan("check", code=1)
    codes = [line.partition("[")[2].partition("]")[0] for line in findings.splitlines()]
    assert codes == ["shape", *["not-yet-read"] * 5]
    assert "warning [shape] report:lantern-2031: A report must have a period" in findings
    fill(checkout)
    assert checkout.jhaan("check") == ""

"""Commands that take seconds: the sources of this checkout have no fault, and the report proves the graph."""

from __future__ import annotations

import re
from pathlib import Path

from bad_input import Run


def test_check_format_and_build_find_no_fault(run: Run) -> None:
    assert run("format", "--check")[0] == 0
    assert run("check")[:2] == (0, "")
    assert Path(run("build")[1].strip(), "manifest.json").is_file()


def test_verify_proves(report_path: Path, run: Run) -> None:
    code, out, _ = run("verify", str(report_path))
    assert code == 0
    assert "error" not in out
    assert re.search(r"not proven +0 ", out)


def test_a_thing_that_is_not_there_is_told(run: Run) -> None:
    code, out, err = run("explain", "nobody at all")
    assert (code, out) == (2, "")
    assert "nobody at all" in err

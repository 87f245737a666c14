"""Benchmarks run in turn, and `docs/benchmarks.md` has a table in the current format for each of them."""

from __future__ import annotations

import json
from pathlib import Path

import page
import pytest
from timing import COLUMNS, Row

TEXT = page.PAGE.read_text("utf-8")


@pytest.mark.parametrize("script", page.SCRIPTS, ids=lambda script: script.stem)
def test_the_page_has_a_table_for_each_benchmark(script: Path) -> None:
    _, head, rest = TEXT.partition(page.section(script))
    assert head, "run make bench"
    rows = [line.strip("|").split("|") for line in rest.partition("\n\n")[0].splitlines()]
    assert rows
    assert {len(row) for row in rows} == {len(COLUMNS)}


def test_the_page_has_only_these_benchmarks_and_the_current_head() -> None:
    assert TEXT.count("\n## ") == len(page.SCRIPTS)
    assert TEXT.startswith(page.INTRODUCTION)
    assert page.EXPLANATIONS in TEXT
    assert [name for name in page.machine() if f"| {name} | " not in TEXT] == []


def test_the_page_has_the_rows_of_each_script_and_says_which_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = json.dumps(Row("work", "ms", [1.0, 2.0], "peer", [2.0, 2.0]))
    good, bad = tmp_path / "bench_good.py", tmp_path / "bench_bad.py"
    good.write_text(f'"""A work."""\nprint({row!r})\n')
    bad.write_text('"""Another\nwork.\n\nMore."""\nraise SystemExit(3)\n')
    monkeypatch.setattr(page, "SCRIPTS", [good, bad])
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr("sys.argv", ["page.py"])
    assert page.main() == 1
    written = (tmp_path / "page.md").read_text("utf-8")
    assert page.section(good) + "| work | ms | 1.50 | peer | 2.00 | 0.75 | 0.50 to 1.00 | 2 |  |\n" in written
    assert page.section(bad) + "| the rest |  | not run: the benchmark failed |" in written
    assert "\n\nAnother work.\n\n| Measured |" in written

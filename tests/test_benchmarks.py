"""Benchmarks run in turn, and `docs/benchmarks.md` has a table in the current format for each of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import page
import pytest
import timing
from timing import COLUMNS, NotRun, Row

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


def test_works_are_measured_in_turn() -> None:
    order = []

    def work(name: str) -> float:
        order.append(name)
        return len(order)

    values = timing.in_turn(2, {name: lambda name=name: work(name) for name in "ab"})  # type: ignore[misc]
    assert "".join(order) == "ababab"
    assert values == {"a": [3, 5], "b": [4, 6]}


def test_a_row_has_medians_and_the_range_of_the_ratios_by_round() -> None:
    row = Row("work", "ms", [2, 40, 900], "peer", [1, 10, 300], "≤ 2")
    assert row.cells == ("work", "ms", "40.0", "peer", "10.0", "3.00", "2.00 to 4.00", "3", "≤ 2")


def test_a_row_without_a_peer_has_no_ratio() -> None:
    assert Row("memory", "MB", [1234.5]).cells == ("memory", "MB", "1,234", "", "", "", "", "1", "")


def test_a_part_whose_peer_is_missing_has_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(_: int) -> Iterator[Row]:
        raise NotRun("without virtuoso")

    def present(rounds: int) -> Iterator[Row]:
        yield Row("work", "ms", [1.0] * rounds)

    monkeypatch.setattr("sys.argv", ["bench_some.py", "--json", "--rounds", "2"])
    timing.run(5, missing, present)
    rows = [Row(*json.loads(line)) for line in capsys.readouterr().out.splitlines()]
    assert [row.cells[:3] for row in rows] == [
        ("missing", "", "not run: without virtuoso"),
        ("work", "ms", "1.00"),
    ]
    assert len(rows[1].ours) == 2
    assert {len(row.cells) for row in rows} == {len(COLUMNS)}


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

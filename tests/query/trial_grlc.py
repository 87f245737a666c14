"""grlc reads each stored query."""

from __future__ import annotations

from pathlib import Path

from slow_grlc import check


def test_grlc_reads_stored_queries(root: Path, tmp_path: Path) -> None:
    check(sorted((root / "queries").rglob("*.rq")), root, tmp_path)

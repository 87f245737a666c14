"""grlc reads some of the stored queries."""

from __future__ import annotations

from pathlib import Path

from grlc_reader import check


def test_grlc_reads_stored_queries(root: Path, tmp_path: Path) -> None:
    check(sorted((root / "queries").rglob("*.rq"))[::5], root, tmp_path)

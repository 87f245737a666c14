"""The tables of the tests: tab-separated values, written by hand."""

from __future__ import annotations

from pathlib import Path


def read_table(path: Path) -> list[list[str]]:
    """Give the rows of a table, the one with the names of its columns first; lines that begin with "# " are notes."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("# ")]

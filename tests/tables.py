"""Tables: hand-written tab-separated values of the tests, and answers in CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path


def read_table(path: Path) -> list[list[str]]:
    """Return the rows of a table, starting with the header, without notes (lines that begin with "# ")."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("# ")]


def csv_rows(text: str) -> list[dict[str, str]]:
    """Return the rows of an answer in CSV."""
    return list(csv.DictReader(io.StringIO(text, newline="")))

"""Checkouts with a fictional second report, `growth/lantern`, and the command line for them."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

from real_sources import copy_sources

LANTERN = Path(__file__).parent / "growth" / "lantern"
PACKAGE = Path(__file__).parents[1] / "src"


class Checkout:
    """A copy of the sources, and the command line in it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.cache = folder / "cache"

    def jhaan(self, *arguments: str, code: int = 0) -> str:
        """Run a command, and return its standard output; for wrong use, return the error message instead."""
        done = subprocess.run(
            [sys.executable, "-m", "jhaan_kg", *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.root,
            env={**os.environ, "XDG_CACHE_HOME": str(self.cache), "PYTHONPATH": str(PACKAGE)},
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr if code == 2 else done.stdout

    def rows(self, question: str, *columns: str, **parameters: str) -> list[tuple[str, ...]]:
        """Answer a question, and return some columns of its rows."""
        options = [word for name, value in parameters.items() for word in (f"--{name}", value)]
        table = csv.DictReader(io.StringIO(self.jhaan("query", question, *options, "--format", "csv")))
        return [tuple(row[column] for column in columns) for row in table]


def begin(folder: Path) -> Checkout:
    """Copy the sources, and create the files of the yearbook there."""
    checkout = Checkout(folder)
    copy_sources(checkout.root)
    shutil.copy(LANTERN / "lantern-2031.txt", checkout.root)
    checkout.jhaan("new", "report", "lantern-2031", "--report", "lantern-2031.txt")
    return checkout


def fill(checkout: Checkout) -> None:
    """Add the curated files of the yearbook."""
    shutil.copytree(LANTERN / "data", checkout.root / "data", dirs_exist_ok=True)

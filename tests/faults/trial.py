"""Trial of the tests: puts one deliberate fault after another into a clone, and records which test notices it first.

    python tests/faults/trial.py fast [ID…]    against what `make test` runs
    python tests/faults/trial.py slow [ID…]    against lint and the slow tests

It tries the faults of `faults.yaml` on the last commit, in an environment of its own, and writes the column of
`results.tsv`; `slow` tries those that the fast tests have missed, or the ones named. The tests that are nearest to the
changed file run first; a test run stops at its first failure. Set JHAAN_REPORT and JHAAN_VOCAB, as CI does. All faults
take about two hours.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
FAULTS = Path(__file__).with_name("faults.yaml")
RESULTS = Path(__file__).with_name("results.tsv")
MISSED = "missed"
NEAR = {
    "queries": ["tests/test_answers.py", "tests/checks", "tests/query"],
    "shapes": ["tests/shapes", "tests/checks"],
    "ontology": ["tests/checks", "tests/infer", "tests/test_answers.py"],
    "data": ["tests/test_answers.py", "tests/proof", "tests/questions", "tests/checks"],
}
"""Tests that are likely to notice a fault outside the package; each package has a folder of its name in tests/."""


def nearest(file: str) -> list[str]:
    """Return the tests to begin with."""
    parts = Path(file).parts
    if parts[0] != "src":
        return NEAR[parts[0]]
    folders = [Path("tests", *parts[2:depth]) for depth in range(len(parts) - 1, 2, -1)]
    named = [Path("tests", f"test_{parts[2].removesuffix('.py')}.py")]
    return [str(path) for path in [*folders, *named] if (ROOT / path).exists()]


def run(command: list[str], checkout: Path) -> tuple[int, str]:
    """Run a command in the clone."""
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def first_failure(fault: dict[str, str], suite: str, checkout: Path) -> str:
    """Return the first test, or step of lint, that notices a fault."""
    path = checkout / fault["file"]
    whole = path.read_text(encoding="utf-8")
    if whole.count(fault["old"]) != 1:
        return "stale: the text to replace is not there, or not once"
    path.write_text(whole.replace(fault["old"], fault["new"]), encoding="utf-8")
    try:
        if suite == "slow" and (lint := run(["make", "lint"], checkout))[0]:
            return "make lint: " + lint[1].strip().splitlines()[-1][:150]
        select = ["-m", "slow"] if suite == "slow" else []
        pytest = [".venv/bin/python", "-m", "pytest", "-q", "-x", "-n", "2", *select]
        code, output = run([*pytest, *nearest(fault["file"]), "tests", "src"], checkout)
    finally:
        path.write_text(whole, encoding="utf-8")
    if code == 0:
        return MISSED
    failed = re.search(r"^(?:FAILED|ERROR) (.{1,150})", output, re.MULTILINE)
    return failed[1].partition(" - ")[0] if failed else f"pytest ended with {code}: {output.strip()[-150:]!r}"


def clone(folder: Path) -> Path:
    """Clone the last commit and install it."""
    checkout = folder / "main"
    subprocess.run(["git", "clone", "--quiet", ROOT, checkout], check=True)
    subprocess.run(["make", ".venv/dev"], cwd=checkout, check=True)
    return checkout


def main(suite: str, chosen: list[str]) -> None:
    """Try the faults, and record after each what came of it."""
    faults = {fault["id"]: fault for fault in yaml.safe_load(FAULTS.read_text(encoding="utf-8"))}
    with RESULTS.open(encoding="utf-8", newline="") as stream:
        results = {row["id"]: row for row in csv.DictReader(stream, delimiter="\t")}
    missed = [name for name, row in results.items() if row["fast"] == MISSED]
    os.environ["JHAAN_CACHE"] = tempfile.mkdtemp()
    with tempfile.TemporaryDirectory() as folder:
        checkout = clone(Path(folder))
        for name in chosen or (missed if suite == "slow" else faults):
            row = results.setdefault(name, {"id": name})
            row[suite] = first_failure(faults[name], suite, checkout)
            print(f"{name}: {row[suite]}", flush=True)
            with RESULTS.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(
                    stream, list(next(iter(results.values()))), delimiter="\t", lineterminator="\n"
                )
                writer.writeheader()
                writer.writerows(results.values())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

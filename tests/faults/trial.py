"""Trial of the tests: injects deliberate faults into a clone, and records the test that detects each of them.

    python tests/faults/trial.py fast [ID…]    against what `make test` runs
    python tests/faults/trial.py slow [ID…]    against lint and the slow tests concerned

It tries the faults of `faults.yaml` on the last commit, in a separate environment, and writes a column of
`results.tsv`. `slow` tries the faults that name slow tests, since the fast tests miss them, or those with the given
IDs. It needs JHAAN_REPORT and JHAAN_VOCAB, as in CI.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
FAULTS = Path(__file__).with_name("faults.yaml")
RESULTS = Path(__file__).with_name("results.tsv")
COLUMNS = ("id", "before", "fast", "slow")
"""The columns of the results: the fault, and the test that detected it in each run.

`before` is the result of all tests together at commit 8c28d63, which had one suite. It exists for the faults that the
fast tests miss, and for some others.
"""

MISSED = "missed"
NEAR = {"shapes": ["tests/shapes", "tests/checks"]}
"""Tests that are likely to detect a fault in sources, by the folder of the fault; the default is `test_answers.py`."""

SUITES = {"fast": [], "slow": ["-o", "python_files=slow_*.py"]}
"""The options that choose the tests of each run."""


class Trial:
    """A trial of faults in a clone of the project.

    Attributes:
        checkout: the clone, with its environment.
        suite: a name of SUITES.
        faults: the entries of `faults.yaml` by their ids.
    """

    def __init__(self, checkout: Path, suite: str, faults: dict[str, dict[str, str]]) -> None:
        self.checkout = checkout
        self.suite = suite
        self.faults = faults

    @contextmanager
    def put(self, names: Sequence[str]) -> Iterator[None]:
        """Inject faults into the clone, and remove them at the end of the block.

        Raises:
            ValueError: a text to replace does not occur exactly once.
        """
        before: dict[Path, str] = {}
        try:
            for name in names:
                fault = self.faults[name]
                path = self.checkout / fault["file"]
                text = path.read_text(encoding="utf-8")
                before.setdefault(path, text)
                if text.count(fault["old"]) != 1:
                    raise ValueError(
                        f"{name} is stale: its old text is {text.count(fault['old'])} times in {path}"
                    )
                path.write_text(text.replace(fault["old"], fault["new"]), encoding="utf-8")
            yield
        finally:
            for path, text in before.items():
                path.write_text(text, encoding="utf-8")

    def failing(self, tests: Sequence[str], *options: str) -> list[str]:
        """Return the failing tests among those given, or among all if none are given."""
        shown = ["-q", "-rfE", "--tb=no", "--assert=plain", "--hypothesis-profile=faults"]
        # A test in tests/ is always added, so that pytest loads tests/conftest.py, which defines the profile.
        chosen = [*tests, "tests/faults"] if tests else []
        command = [".venv/bin/python", "-m", "pytest", *shown, *SUITES[self.suite], *options, *chosen]
        done = subprocess.run(command, cwd=self.checkout, capture_output=True, text=True, check=False)
        failed = re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
        if done.returncode not in (0, 1, 5) and not failed:  # 5: no tests were selected
            failed = [f"pytest ends with {done.returncode}: {done.stdout.strip()[-100:]!r}"]
        return failed

    def first(self, name: str, suspects: Sequence[str]) -> str:
        """Return the first of some tests, or the step of lint, that detects a fault."""
        with self.put([name]):
            if self.suite == "slow":
                command = ["make", "lint"]
                lint = subprocess.run(command, cwd=self.checkout, capture_output=True, text=True, check=False)
                if lint.returncode:
                    return "make lint: " + (lint.stdout + lint.stderr).strip().splitlines()[-1][:150]
            found = self.failing(suspects, "-x") if suspects else []
            return found[0] if found else MISSED

    def run(self, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield each fault with the test that detected it.

        For the fast tests, all faults of the program are first injected together. Each is then tried alone with the
        tests that failed. Faults of sources are tried one by one from the start, since some stop each build.
        """
        together = [
            name for name in names if self.suite == "fast" and self.faults[name]["file"].startswith("src/")
        ]
        with self.put(together):
            suspects = self.failing((), "-n", "2", "--continue-on-collection-errors") if together else []
        for name in names:
            file = self.faults[name]["file"]
            if self.suite == "slow":
                near = self.faults[name].get("slow", "tests").split()
            elif name in together:
                near = sorted(suspects, key=lambda test: -len(words(test) & words(file)))
            else:
                near = [*NEAR.get(file.partition("/")[0], ["tests/test_answers.py"]), "tests"]
            yield name, self.first(name, near)


def words(path: str) -> set[str]:
    """Return the words in a path or test name; tests that share words with the faulty file are tried first."""
    return set(re.findall(r"[a-z]+", path))


def clone(folder: Path) -> Path:
    """Clone the last commit and install it."""
    checkout = folder / "main"
    subprocess.run(["git", "clone", "--quiet", ROOT, checkout], check=True)
    if (ROOT / ".tools").is_dir():
        (checkout / ".tools").symlink_to(ROOT / ".tools")
    subprocess.run(["make", ".venv/dev"], cwd=checkout, check=True)
    return checkout


def main(suite: str, chosen: list[str]) -> None:
    """Try the faults, and save the results after each."""
    faults = {fault["id"]: fault for fault in yaml.safe_load(FAULTS.read_text(encoding="utf-8"))}
    results: dict[str, dict[str, str]] = {}
    if RESULTS.exists():
        with RESULTS.open(encoding="utf-8", newline="") as stream:
            results = {row["id"]: row for row in csv.DictReader(stream, delimiter="\t")}
    os.environ["JHAAN_CACHE"] = tempfile.mkdtemp()
    if suite == "fast":  # the fast tests must not need these files
        os.environ.pop("JHAAN_REPORT", None)
        os.environ.pop("JHAAN_VOCAB", None)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # some tests run commands as another user
        trial = Trial(clone(Path(folder)), suite, faults)
        for name, noticed in trial.run(
            chosen or [name for name in faults if suite == "fast" or "slow" in faults[name]]
        ):
            results.setdefault(name, dict.fromkeys(COLUMNS, "") | {"id": name})[suite] = noticed
            print(f"{name}: {noticed}", flush=True)
            with RESULTS.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, COLUMNS, delimiter="\t", lineterminator="\n")
                writer.writeheader()
                writer.writerows(results.values())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

"""`jhaan check` reports each invented fault with its file and line and what to do, and reports nothing else."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from jhaan_kg.cli.curating import run_check
from real_sources import ROOT

INVENTED = Path(__file__).with_name("invented")
FILES = {
    "good.ttl": "data/register/good.ttl",
    "register.ttl": "data/register/faults.ttl",
    "context.ttl": "data/context/faults.ttl",
}
EXPECTED = re.compile(r"#.* -> (\S+): (.+)")
FINDING = re.compile(r"(\S+?):(\d+): (?:error|warning) \[(\S+)\] (.+?)(?: The rule is jhsh:(\S+)\.)?")


def faults(name: str) -> list[tuple[int, list[tuple[str, str]]]]:
    """Return the first line of each fault in a file, and the rules and words to expect."""
    found: list[tuple[int, list[tuple[str, str]]]] = []
    last = 0
    for number, line in enumerate((INVENTED / name).read_text(encoding="utf-8").splitlines(), 1):
        if match := EXPECTED.fullmatch(line):
            if last != number - 1:
                found.append((number, []))
            found[-1][1].append((match[1], match[2]))
            last = number
    return found


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's ontology and shapes with small sources that have the faults."""
    folder = tmp_path_factory.mktemp("sources")
    for name in ("ontology", "shapes"):
        shutil.copytree(ROOT / name, folder / name)
    for name, path in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(INVENTED / name, folder / path)
    return folder


def reported(root: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, list[tuple[int, str, str]]]:
    """Return line, rule and text of what the command reports in the data, by file."""
    assert run_check([str(root / "data")]) == 1
    found: dict[str, list[tuple[int, str, str]]] = {}
    for line in capsys.readouterr().out.splitlines():
        match = FINDING.fullmatch(line)
        if match:
            found.setdefault(match[1], []).append((int(match[2]), match[5] or match[3], match[4]))
    return found


def test_each_fault_is_reported_and_nothing_else(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = reported(root, capsys)
    assert set(found) == {FILES["register.ttl"], FILES["context.ttl"]}
    for name in ("register.ttl", "context.ttl"):
        expected = faults(name)
        findings = found[FILES[name]]
        for (start, wanted), end in zip(expected, [*(line for line, _ in expected[1:]), 10**6], strict=True):
            here = [(rule, text) for line, rule, text in findings if start <= line < end]
            assert sorted(rule for rule, _ in here) == sorted(rule for rule, _ in wanted), (name, start)
            assert all(any(rule == r and words in text for r, text in here) for rule, words in wanted), here
        assert min(line for line, _, _ in findings) >= expected[0][0]


def test_a_day_that_no_calendar_has_is_reported(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "data/register/impossible.ttl"
    path.write_text('<https://w3id.org/jhaan/id/event/2023/x> <https://schema.org/startDate>\n'
                    ' "2023-02-30"^^<http://www.w3.org/2001/XMLSchema#date> .\n')  # fmt: skip
    try:
        ((line, rule, text),) = reported(root, capsys)["data/register/impossible.ttl"]
    finally:
        path.unlink()
    assert (line, rule) == (2, "lexical-form")
    assert "a date must be in the calendar, but 2023-02-30 is not. Correct it." in text

"""Each command that the documentation shows is run, and each command and question that exists is shown."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jhaan_kg.cli import COMMANDS, overview

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BIN = Path(sys.executable).parent


def commands(page: Path) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = [re.sub(r"\s+#.*", "", line).strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


# A command that several pages show is run once.
SHOWN = sorted({command: page.name for page in reversed(PAGES) for command in commands(page)}.items())
JHAAN = [
    pytest.param(
        page,
        command,
        id=f"{page}: {command}",
        # the page of questions is written anew by a fast test, which asks all of them
        marks=[pytest.mark.slow] if command == "jhaan check" or page == "questions.md" else [],
    )
    for command, page in SHOWN
    if not command.startswith("make")
    and page != "installing.md"  # whose sections tests/install does as a whole
]


@pytest.mark.parametrize(("page", "command"), JHAAN)
def test_commands_of_the_documentation_work(page: str, command: str, tmp_path: Path) -> None:
    """Run beside a copy of the sources, so that a command that writes harms nothing."""
    for name in ("ontology", "shapes", "data", "queries"):
        shutil.copytree(ROOT / name, tmp_path / name)
    if "REPORT.txt" in command:
        report = os.environ.get("JHAAN_REPORT")
        if not report:
            pytest.skip("JHAAN_REPORT is not set")
        shutil.copy(report, tmp_path / "REPORT.txt")
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{page}: {command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert "Traceback" not in done.stderr


def test_python_of_the_readme_works(tmp_path: Path) -> None:
    blocks = re.findall(
        r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert blocks
    for block in blocks:
        done = subprocess.run(
            [BIN / "python", "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "Frontex 12 meet often, bilateral highlight" in done.stdout


def test_make_commands_are_those_that_ci_runs() -> None:
    ci = (ROOT / ".ci" / "run").read_text()
    shown = {command for command, _ in SHOWN if command.startswith("make ")}
    assert {"make demo", "make test"} <= shown
    assert all(re.search(rf"^{re.escape(command)}$", ci, re.MULTILINE) for command in shown)


def test_every_command_is_documented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"jhaan {name}" in readme, name
        assert f"  {name} " in overview()


def test_the_page_of_questions_is_current(tmp_path: Path) -> None:
    page = tmp_path / "questions.md"
    subprocess.run([BIN / "jhaan", "query", "--format", "md", "-o", page], cwd=ROOT, check=True)
    assert page.read_text("utf-8") == (ROOT / "docs" / "questions.md").read_text("utf-8"), (
        "write it again: jhaan query --format md -o docs/questions.md"
    )


def test_each_term_of_the_ontology_serves_a_question_or_says_what_it_is_for() -> None:
    terms = (ROOT / "docs" / "questions.md").read_text("utf-8").partition("## The terms of the ontology")[2]
    rows = [line for line in terms.splitlines() if line.startswith("| `jhaan:")]
    assert len(rows) > 100
    assert [row for row in rows if row.endswith("| nothing |")] == []

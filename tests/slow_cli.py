"""Commands that take seconds, or that only show in real processes what they do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_sources import HEAD, write

from aborting import aborting_query
from bad_input import Run, environment, jhaan
from real_sources import ROOT


def test_build_prints_where_the_graph_is(run: Run) -> None:
    assert Path(run("build")[1].strip(), "manifest.json").is_file()


def test_what_a_file_says_wrongly_is_a_finding(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the ontology and the shapes of the project."""
    root, file = write(tmp_path / "sources"), "data/register/more.ttl"
    for folder in ("ontology", "shapes"):
        shutil.copytree(ROOT / folder, root / folder, dirs_exist_ok=True)
    (root / file).write_text(
        HEAD
        + 'agency:x a jhaan:Agency ; rdfs:label "One"@en, "Two"@en .\n'
        + "agency:x jhaan:agncy agency:x .\n"
        + 'event2023:y a jhaan:Event ; rdfs:label "y"@en ;\n schema:startDate "soon" .\n'
    )
    monkeypatch.chdir(root)
    code, out, _ = run("check", file)
    assert code == 1
    for line, message in zip(
        (0, 1, 3),
        (
            "error [shape] agency:x: An entity of the register must have exactly one English label. State",
            "error [undefined-term] jhaan:agncy: a property must be declared in ontology/, but this one is not.",
            "error [shape] event2023:y: A day must be a valid calendar date without a time",
        ),
        strict=True,
    ):
        assert f"{file}:{HEAD.count(chr(10)) + 1 + line}: {message}" in out


def test_verify_lists_words_for_curators(report_path: Path, run: Run) -> None:
    code, out, _ = run("verify", str(report_path), "--words")
    assert code == 0
    account, _, words = out.rpartition("\n\n")
    counts = re.search(r"added words +(\d+) of .*\n.* modality +(\d+) of ", account)
    assert counts is not None
    assert (words.count("  added: "), words.count("left out: ")) == tuple(map(int, counts.groups()))


def test_the_same_search_gives_the_same_bytes() -> None:
    one, other = (
        jhaan("find", "information", "provison", env=environment(PYTHONHASHSEED=seed)).stdout for seed in "12"
    )
    assert one == other != ""


JHAAN = str(Path(sys.executable).parent / "jhaan")


def test_a_query_that_aborts_the_engine_is_explained() -> None:
    """In a process of its own: in this one, pytest would print where it was aborted."""
    done = jhaan("sparql", "-", stdin=aborting_query().encode())
    assert (done.returncode, done.stdout) == (2, "")
    assert "ORDER BY STR(?x)" in done.stderr
    assert "panicked" not in done.stderr


def test_completion_knows_questions_and_parameters() -> None:
    def completions(line: str) -> set[str]:
        environment = {
            **os.environ,
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": "/dev/stdout",
            "_ARGCOMPLETE_IFS": "\n",
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
        }
        done = subprocess.run([JHAAN], env=environment, capture_output=True, text=True, check=False)
        return {word.strip() for word in re.split(r"[\n\x0b]", done.stdout) if word.strip()}

    assert {"empact-co-run", "empact-plans"} <= completions("jhaan query empact-")
    assert "--agency" in completions("jhaan query organisers --ag")

"""What a source file says wrongly, under the ontology and the shapes of the project, is a finding."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tiny_sources import HEAD, write

from bad_input import Run
from real_sources import ROOT

FILE = "data/register/more.ttl"
LINE = HEAD.count("\n") + 1


def test_what_a_file_says_wrongly_is_a_finding(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path / "sources")
    for folder in ("ontology", "shapes"):
        shutil.copytree(ROOT / folder, root / folder, dirs_exist_ok=True)
    (root / FILE).write_text(
        HEAD
        + 'agency:x a jhaan:Agency ; rdfs:label "One"@en, "Two"@en .\n'
        + "agency:x jhaan:agncy agency:x .\n"
        + 'event2023:y a jhaan:Event ; rdfs:label "y"@en ;\n schema:startDate "soon" .\n'
    )
    monkeypatch.chdir(root)
    code, out, _ = run("check", FILE)
    assert code == 1
    for line, message in (
        (
            LINE,
            "error [shape] agency:x: No label, several labels, or one that is not marked as English. Give the",
        ),
        (LINE + 1, "error [undefined-term] jhaan:agncy: no file in ontology/ declares this property."),
        (
            LINE + 2,
            "error [shape] event2023:y: Not a day of the calendar. Write year, month and day with their",
        ),
    ):
        assert f"{FILE}:{line}: {message}" in out

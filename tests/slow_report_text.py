"""The report's text is copied where the user adds it, and no part of it goes anywhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from report_read import sentences
from serving import serving

from jhaan_kg.passages import split
from real_sources import ROOT


def files_with(own: list[str], folder: Path) -> list[str]:
    """Return the files of a folder that contain one of some sentences, however its words are separated."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            text = " ".join(path.read_bytes().decode("utf-8", "replace").split())
            if any(sentence in text for sentence in own):
                found.append(path.relative_to(folder).as_posix())
    return found


def test_no_sentence_of_it_is_cached_or_exported(
    report_path: Path, report_text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers of --quote and the page that was asked for have sentences, so they would be seen elsewhere."""
    own = sentences(split(report_text), report_text)
    assert len(own) > 200
    (tmp_path / "made").mkdir()
    for name, value in {"JHAAN_CACHE": "cache", "XDG_DATA_HOME": "data", "TMPDIR": "made"}.items():
        monkeypatch.setenv(name, str(tmp_path / value))
    monkeypatch.setenv("JHAAN_REPORT", "")

    def jhaan(*arguments: str) -> str:
        command = [sys.executable, "-m", "jhaan_kg", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
        ).stdout

    jhaan("text", "add", str(report_path))
    jhaan("build")
    said = " ".join(jhaan("query", "commitments", "--quote", "--format", "json").split())
    assert sum(sentence in said for sentence in own) > 20
    jhaan("query", "commitments", "--quote", "--timeout", "100", "--format", "csv")
    jhaan("verify")
    jhaan("find", "fundamental rights")
    jhaan("sparql", str(ROOT / "queries" / "report" / "coverage.rq"), "--timeout", "100", "--evidence")
    for form in ("nquads", "jsonld-dataset", "csv", "ontology", "graphml"):
        jhaan("export", form, "-o", str(tmp_path / "made" / form))
    with serving(tmp_path / "made", "--report", str(report_path)) as server:
        for path in ("read/jhaan-2023/3", "questions/date-of-event?cite=yes", "contradictions", "proof"):
            page = requests.get(f"{server.url}/{path}", headers={"Accept": "text/html"}, timeout=60)
            assert page.status_code == 200
    assert files_with(own, tmp_path / "data") == ["jhaan-kg/reports/jhaan-2023.txt"]
    assert len([path for path in (tmp_path / "cache").rglob("*") if path.is_file()]) > 50
    assert files_with(own, tmp_path / "cache") == []
    assert files_with(own, tmp_path / "made") == []

"""The tutorial runs, and its outputs are current."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from pages import cells
from real_sources import ROOT

pytestmark = pytest.mark.slow


TUTORIAL = ROOT / "docs" / "tutorial.ipynb"


def test_the_tutorial_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / ".ipython"))
    monkeypatch.setenv("NO_COLOR", "1")
    notebook = nbformat.read(TUTORIAL, as_version=4)
    where = {"metadata": {"path": tmp_path}}
    NotebookClient(notebook, timeout=120, coalesce_streams=True, resources=where).execute()
    run, committed = cells(nbformat.writes(notebook)), cells(TUTORIAL.read_text("utf-8"))
    for cell in (*run, *committed):
        cell["metadata"] = {}
        for output in cell.get("outputs", []):
            output.pop("metadata", None)
            output.get("data", {}).pop("image/png", None)
    assert run == committed, "jupyter execute --inplace docs/tutorial.ipynb"

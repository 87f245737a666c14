"""The tutorial runs, and its outputs are those that stand in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jhaan_kg.errors import JhaanError
from jhaan_kg.reference import PAGES, page, write

ROOT = Path(__file__).resolve().parents[2]


def texts(notebook: str) -> list[Any]:
    """Give the cells without HTML, in which libraries differ from version to version."""
    cells: list[Any] = json.loads(notebook)["cells"]
    for cell in cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("text/html", None)
    return cells


def said(cell: str) -> str:
    """Give the text that a cell of the written notebook prints or shows."""
    (found,) = [one for one in texts((ROOT / PAGES["tutorial"]).read_text("utf-8")) if one["id"] == cell]
    return "".join("".join(o.get("text", o.get("data", {}).get("text/plain", ""))) for o in found["outputs"])


@pytest.mark.slow
def test_the_tutorial_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert texts(page("tutorial", ROOT)) == texts((ROOT / PAGES["tutorial"]).read_text("utf-8")), (
        "write it again: python -m jhaan_kg.reference tutorial"
    )


def test_it_shows_both_sides_of_a_contradiction_and_a_gap() -> None:
    assert "2023-11-15 contested: not preferred\n" in said("sides")  # section 3 and the timeline
    assert "2023-11-16 contested: preferred\n" in said("sides")  # the section on the seminar
    assert "Working Group on Training: not recorded\n" in said("gap")
    assert "9.4 paragraph 1" in said("cited")
    assert all(
        cell.get("outputs") != [] or cell["id"] == "open"
        for cell in texts((ROOT / PAGES["tutorial"]).read_text())
    )


@pytest.mark.slow
def test_a_cell_that_fails_is_told_and_the_file_stays(tmp_path: Path) -> None:
    import nbformat

    path = tmp_path / PAGES["tutorial"]
    path.parent.mkdir()
    cells = [nbformat.v4.new_code_cell("1 / 0")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    before = path.read_bytes()
    with pytest.raises(JhaanError, match=r"(?s)tutorial\.ipynb: a cell fails: .*ZeroDivisionError"):
        write("tutorial", tmp_path)
    assert path.read_bytes() == before

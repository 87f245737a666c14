"""The tutorial runs, and its outputs are current."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from jhaan_kg.errors import JhaanError
from jhaan_kg.reference import PAGES, page, write
from pages import cells
from real_sources import ROOT


def test_the_tutorial_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert cells(page("tutorial", ROOT)) == cells((ROOT / PAGES["tutorial"]).read_text("utf-8")), (
        "write it again: python -m jhaan_kg.reference tutorial"
    )


def test_a_cell_that_fails_is_told_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / PAGES["tutorial"]
    path.parent.mkdir()
    cell = nbformat.v4.new_code_cell("1 / 0")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    before = path.read_bytes()
    with pytest.raises(JhaanError, match=r"(?s)tutorial\.ipynb: a cell fails: .*ZeroDivisionError"):
        write("tutorial", tmp_path)
    assert path.read_bytes() == before

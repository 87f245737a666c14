"""The tutorial runs, and its outputs are current."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import nbformat
import pytest

import jhaan_kg
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
    with pytest.raises(JhaanError, match=r"(?s)tutorial\.ipynb fails: .*ZeroDivisionError"):
        write("tutorial", tmp_path)
    assert path.read_bytes() == before


def test_every_public_name_is_on_the_page_of_python() -> None:
    written = page("python", ROOT)
    sections = dict(re.findall(r"^##+ (.+)\n((?:(?!#).*\n)*)", written, re.MULTILINE))
    for name in jhaan_kg.__all__:
        assert sections[name].strip(), name
        public = getattr(jhaan_kg, name)
        for member, value in vars(public).items() if inspect.isclass(public) else ():
            if not member.startswith("_") and (callable(value) or isinstance(value, property | classmethod)):
                assert sections[f"{name}.{member}"].strip(), member

"""The pages that are made are current, and the tutorial runs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from jhaan_kg.errors import JhaanError
from jhaan_kg.reference import PAGES, page, write
from pages import cells
from real_sources import ROOT


@pytest.mark.parametrize("name", [name for name in PAGES if name != "tutorial"])
def test_pages_are_current(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert page(name, ROOT) == (ROOT / PAGES[name]).read_text("utf-8"), (
        f"write it again: python -m jhaan_kg.reference {name}"
    )


def test_the_tutorial_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert cells(page("tutorial", ROOT)) == cells((ROOT / PAGES["tutorial"]).read_text("utf-8")), (
        "write it again: python -m jhaan_kg.reference tutorial"
    )


def test_a_deprecated_term_says_what_to_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ontology").mkdir()
    source = (ROOT / "ontology" / "jhaan.ttl").read_text("utf-8")
    old = """jhaan:Assembly a owl:Class ; rdfs:label "assembly"@en ; skos:definition "A meeting."@en ;
        rdfs:isDefinedBy <https://w3id.org/jhaan/ontology> ; owl:deprecated true ; dcterms:isReplacedBy jhaan:Meeting .
    """
    (tmp_path / "ontology" / "jhaan.ttl").write_text(source + old, "utf-8")
    monkeypatch.chdir(ROOT)
    text = page("ontology", tmp_path)
    assert "**assembly**: A meeting. Deprecated: use [`jhaan:Meeting`](#Meeting)." in text
    assert "- in the graph: no use in this report\n- questions: none: deprecated\n" in text


def test_a_cell_that_fails_is_told_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / PAGES["tutorial"]
    path.parent.mkdir()
    cell = nbformat.v4.new_code_cell("1 / 0")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    before = path.read_bytes()
    with pytest.raises(JhaanError, match=r"(?s)tutorial\.ipynb: a cell fails: .*ZeroDivisionError"):
        write("tutorial", tmp_path)
    assert path.read_bytes() == before

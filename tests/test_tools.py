"""The files that `tools/` generates are current, and so is what the tutorial shows."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest

import questions
import reused_terms
from jhaan_kg import KnowledgeGraph
from pages import cells
from real_sources import ROOT


def test_the_list_of_questions_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert (ROOT / questions.TARGET).read_text("utf-8") == questions.generate(), "python tools/questions.py"


def test_the_reused_terms_are_current(vocab_dir: Path) -> None:
    committed, generated = (
        set(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE))
        for text in ((ROOT / reused_terms.TARGET).read_text("utf-8"), reused_terms.generate(ROOT, vocab_dir))
    )
    assert generated == committed, "python tools/reused_terms.py"


def test_the_picture_of_the_docs_is_current() -> None:
    with KnowledgeGraph.open() as graph:
        picture = graph.query("events-by-month").picture().svg
    assert (ROOT / "docs" / "events-by-month.svg").read_text("utf-8") == picture


def test_the_tutorial_shows_both_sides_of_a_contradiction_and_a_gap() -> None:
    written = {cell["id"]: cell for cell in cells((ROOT / "docs" / "tutorial.ipynb").read_text("utf-8"))}

    def said(cell: str) -> str:
        """Return the text that a cell prints or shows."""
        texts = (o.get("text", o.get("data", {}).get("text/plain", "")) for o in written[cell]["outputs"])
        return "".join("".join(text) for text in texts)

    assert "2023-11-15 not preferred\n" in said("sides")  # section 3 and the timeline
    assert "2023-11-16 preferred\n" in said("sides")  # the section on the seminar
    assert "Working Group on Training: not recorded\n" in said("gap")
    assert "Section 9.4, paragraph 1" in said("cited")
    assert [name for name, cell in written.items() if cell.get("outputs") == []] == ["open"]

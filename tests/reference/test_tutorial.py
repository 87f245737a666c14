"""The tutorial shows what it is for; `slow_reference.py` runs it."""

from __future__ import annotations

from jhaan_kg.reference import PAGES
from pages import cells
from real_sources import ROOT


def test_it_shows_both_sides_of_a_contradiction_and_a_gap() -> None:
    written = {cell["id"]: cell for cell in cells((ROOT / PAGES["tutorial"]).read_text("utf-8"))}

    def said(cell: str) -> str:
        """Return the text that a cell prints or shows."""
        texts = (o.get("text", o.get("data", {}).get("text/plain", "")) for o in written[cell]["outputs"])
        return "".join("".join(text) for text in texts)

    assert "2023-11-15 not preferred\n" in said("sides")  # section 3 and the timeline
    assert "2023-11-16 preferred\n" in said("sides")  # the section on the seminar
    assert "Working Group on Training: not recorded\n" in said("gap")
    assert "Section 9.4, paragraph 1" in said("cited")
    assert [name for name, cell in written.items() if cell.get("outputs") == []] == ["open"]

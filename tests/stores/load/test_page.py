"""The table of stores in `docs/triple-stores.md` states what the program knows of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from jhaan_kg.stores.kinds import KINDS, StoreKind, Writing

METHODS = {
    Writing.UPDATE: "SPARQL Update",
    Writing.TRANSACTION: "RDF4J transaction",
    Writing.GRAPHS: "Graph Store Protocol",
}


def atomic(kind: StoreKind) -> str:
    """Return whether a reader sees the old release or the new one, as the page writes it."""
    if kind.writing is Writing.GRAPHS:
        return "no"
    return "yes" if kind.run_on else "documented"


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if not kind.probed])
def test_a_kind_has_its_row(name: str, root: Path) -> None:
    rows = (root / "docs" / "triple-stores.md").read_text(encoding="utf-8").splitlines()
    kind = KINDS[name]
    title = f"{kind.title} {kind.run_on or '(not tested)'}"
    assert f"| `{name}` | {title} | `{kind.example}` | {METHODS[kind.writing]} | {atomic(kind)} |" in rows


def test_the_page_names_the_address_of_no_other_kind(root: Path) -> None:
    page = (root / "docs" / "triple-stores.md").read_text(encoding="utf-8")
    table = page.partition("| `--store` |")[2].partition("\n\n")[0]
    listed = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    assert listed == [name for name, kind in KINDS.items() if not kind.probed]

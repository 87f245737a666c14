"""The page about loading says of each kind of store what the program knows of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jhaan_kg.stores.kinds import KINDS, Kind


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if kind.name != "generic"], ids=lambda kind: kind.name
)
def test_a_kind_has_its_row(kind: Kind, root: Path) -> None:
    rows = (root / "docs" / "stores" / "loading.md").read_text(encoding="utf-8").splitlines()
    title = f"{kind.title} {kind.run_on or '(untested)'}"
    assert f"| `{kind.name}` | {title} | `{kind.example}` | {kind.writing.value} | {kind.seen} |" in rows

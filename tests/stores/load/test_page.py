"""The page about loading says of each kind of store what the program knows of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jhaan_kg.stores.kinds import KINDS


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if not kind.probed])
def test_a_kind_has_its_row(name: str, root: Path) -> None:
    rows = (root / "docs" / "stores" / "loading.md").read_text(encoding="utf-8").splitlines()
    kind = KINDS[name]
    title = f"{kind.title} {kind.run_on or '(untested)'}"
    assert f"| `{name}` | {title} | `{kind.example}` | {kind.writing.value} | {kind.meanwhile} |" in rows

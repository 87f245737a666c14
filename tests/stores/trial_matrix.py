"""All stores of the page, set up and loaded in all ways, also asked by Comunica."""

from __future__ import annotations

from pathlib import Path

import pytest

from servers.matrix import PAGE, TRIALS, Way, key, rows, see, steady

ROWS = rows(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "way"), TRIALS, ids=[f"{name} {way.value}" for name, way in TRIALS])
def test_the_matrix_says_what_is_seen(name: str, way: Way, tmp_path: Path) -> None:
    seen, differing = see(name, way, tmp_path)
    assert differing == []
    assert steady(seen) == steady(ROWS[key(seen)])

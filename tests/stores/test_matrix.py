"""The matrix of stores says what is seen of each of them, and each question is alike on all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jhaan_kg.stores.kinds import KINDS, Kind
from servers.matrix import PAGE, SETUPS, TRIALS, Way, key, rows, see, steady


def test_each_way_to_set_up_a_store_has_a_row() -> None:
    expected = {(KINDS[name.partition("-")[0]].title, SETUPS[name].how, way.value) for name, way in TRIALS}
    assert set(rows(PAGE.read_text(encoding="utf-8"))) == expected


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_is_called_untested_unless_it_has_a_row(kind: Kind) -> None:
    versions = {row[1] for row in rows(PAGE.read_text(encoding="utf-8")).values() if row[0] == kind.title}
    assert {kind.run_on} - {""} == versions


@pytest.mark.slow
@pytest.mark.parametrize(("name", "way"), TRIALS, ids=[f"{name}-{way.value}" for name, way in TRIALS])
def test_the_matrix_says_what_is_seen(name: str, way: Way, tmp_path: Path) -> None:
    row, differing = see(name, way, tmp_path)
    assert differing == []
    assert steady(row) == steady(rows(PAGE.read_text(encoding="utf-8"))[key(row)])

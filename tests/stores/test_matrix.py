"""The matrix of stores says what is seen of each of them, and each question is alike on all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jhaan_kg.stores.kinds import KINDS
from servers.matrix import PAGE, SETUPS, TRIALS, Way, counted, key, rows, see, steady

ROWS = rows(PAGE.read_text(encoding="utf-8"))
WRITTEN = {
    (KINDS[name.partition("-")[0]].title, SETUPS[name].how, way.value): (name, way) for name, way in TRIALS
}

SEEN_AGAIN = [
    *(("fuseki-tdb2-union", Way.DATASET), ("fuseki", Way.FLAT)),
    *(("oxigraph", Way.DATASET), ("oxigraph", Way.FLAT)),
    *(("rdf4j", Way.DATASET), ("rdf4j", Way.FLAT)),
    *(("virtuoso", Way.DATASET), ("virtuoso", Way.FLAT)),
]
"""What is seen again each time the slow tests run; `make stores` sees all."""


def test_each_row_is_of_a_store_that_can_be_seen_again() -> None:
    assert ROWS
    assert ROWS.keys() <= WRITTEN.keys()


def test_a_version_in_the_matrix_is_one_that_loads_were_run_on() -> None:
    run_on = {kind.title: kind.run_on for kind in KINDS.values()}
    assert {row[0]: row[1] for row in ROWS.values()}.items() <= run_on.items()


def test_the_matrix_counts_the_quads_of_this_release() -> None:
    """Where it doesn't, `make stores STORES=counts` writes them."""
    assert list(ROWS.values()) == counted()


def test_the_matrix_has_what_is_seen_again() -> None:
    assert set(SEEN_AGAIN) <= {WRITTEN[each] for each in ROWS}


@pytest.mark.parametrize("row", ROWS.values(), ids=[" ".join(each) for each in ROWS])
def test_each_question_is_alike_on_each_store(row: tuple[str, ...]) -> None:
    assert all(
        alike == whole for alike, _, whole in (cell.partition(" of ") for cell in row if " of " in cell)
    )


@pytest.mark.slow
@pytest.mark.parametrize(("name", "way"), SEEN_AGAIN, ids=[f"{name} {way.value}" for name, way in SEEN_AGAIN])
def test_the_matrix_says_what_is_seen(name: str, way: Way, tmp_path: Path) -> None:
    seen, differing = see(name, way, tmp_path)
    assert differing == []
    assert steady(seen) == steady(ROWS[key(seen)])

"""All stored questions of the release have the same rows and citations on four stores, as the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from jhaan_kg.stores.compare import questions
from servers import Server
from servers.matrix import COLUMNS, NOTHING, PAGE, SETUPS, VARYING, Way, key, look, rows, see
from stores import CI

SERVERS = CI
ASKED_BY_COMUNICA = "rdf4j"
ROWS = rows(PAGE.read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask each question once: its time is no matter here."""
    monkeypatch.setattr(questions, "QUICK", -1)


def the_page_says(seen: tuple[str, ...], differing: list[str]) -> None:
    assert differing == []
    for column, found, written in zip(COLUMNS, seen, ROWS[key(seen)], strict=True):
        if COLUMNS.index(column) not in VARYING and (column, found) != ("Comunica alike", NOTHING):
            assert found == written, column


def test_the_matrix_says_what_is_seen(server: Server, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["server"]
    the_page_says(*look(server, SETUPS[name].how, Way.DATASET, with_comunica=name == ASKED_BY_COMUNICA))


@pytest.mark.xdist_group("oxigraph")
def test_the_matrix_says_what_is_seen_of_oxigraph(tmp_path: Path) -> None:
    """In a new store: one that was emptied still reads past all that it held, and takes minutes longer."""
    the_page_says(*see("oxigraph", Way.DATASET, tmp_path, with_comunica=False))

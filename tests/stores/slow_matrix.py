"""All stored questions of the release have the same rows and citations on four stores, as the page says."""

from __future__ import annotations

import pytest

from jhaan_kg.stores.compare import questions
from servers import Server
from servers.matrix import COLUMNS, PAGE, SETUPS, Way, key, look, rows, steady
from stores import CI, FAST

SERVERS = FAST + CI
ASKED_BY_COMUNICA = "rdf4j"
ROWS = rows(PAGE.read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask each question once: its time is no matter here."""
    monkeypatch.setattr(questions, "QUICK", -1)


def test_the_matrix_says_what_is_seen(server: Server, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["server"]
    with_comunica = name == ASKED_BY_COMUNICA
    seen, differing = look(server, SETUPS[name].how, Way.DATASET, with_comunica=with_comunica)
    assert differing == []
    for column, found, written in zip(steady(COLUMNS), steady(seen), steady(ROWS[key(seen)]), strict=True):
        if with_comunica or column != "Comunica alike":
            assert found == written, column

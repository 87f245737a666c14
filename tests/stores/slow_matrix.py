"""All stored questions of the release have the same rows and citations on four stores, as the page says."""

from __future__ import annotations

import pytest

from jhaan_kg.stores.compare import questions
from servers import Server
from servers.matrix import COLUMNS, NOTHING, PAGE, SETUPS, VARYING, Way, key, look, rows
from stores import CI, FAST

SERVERS = FAST + CI
FLAT = ("oxigraph", "fuseki")
"""The stores that are seen with the flat graph as well."""

ASKED_BY_COMUNICA = "rdf4j"
ROWS = rows(PAGE.read_text(encoding="utf-8"))


def test_the_matrix_says_what_is_seen(
    server: Server, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each question is asked once; its time is no matter here."""
    monkeypatch.setattr(questions, "QUICK", -1)
    name = request.node.callspec.params["server"]
    for way in (Way.FLAT, Way.DATASET) if name in FLAT else (Way.DATASET,):
        if way is Way.DATASET and name in FLAT:
            server.change("DROP DEFAULT")
        seen, differing = look(server, SETUPS[name].how, way, with_comunica=name == ASKED_BY_COMUNICA)
        assert differing == []
        for column, found, written in zip(COLUMNS, seen, ROWS[key(seen)], strict=True):
            if COLUMNS.index(column) not in VARYING and (column, found) != ("Comunica alike", NOTHING):
                assert found == written, column

"""A transaction that takes longer than RDF4J's server waits for its next request."""

from __future__ import annotations

from pathlib import Path

import pytest
from releases import installed
from watching import state

from jhaan_kg.build.cache import open_snapshot
from servers import rdf4j
from stores import load


def test_a_transaction_that_takes_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Drdf4j.server.txn.registry.timeout=2")
    release = installed(open_snapshot(), tmp_path / "program")
    (tmp_path / "store").mkdir()
    with rdf4j(tmp_path / "store", sail="native") as server:
        code, _, err = release.run(*load(server))
        assert code == 0, err
        found = {graph: triples for graph, (triples, _, _) in state(server).items()}
    assert found == {file.graph: file.triples for file in release.snapshot.graphs}

"""The fictional graph of `meetings_graph`, ready for queries."""

from __future__ import annotations

from pathlib import Path

import pytest
from meetings_graph import QUERIES, build
from pyoxigraph import Quad, Store

from jhaan_kg.query.engine import StoreEngine


@pytest.fixture(scope="session")
def quads() -> list[Quad]:
    return build()


@pytest.fixture
def store(quads: list[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


@pytest.fixture
def engine(store: Store) -> StoreEngine:
    return StoreEngine(store)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the stored queries for the graph."""
    for name, text in QUERIES.items():
        path = tmp_path / "queries" / "meetings" / f"{name}.rq"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "queries"

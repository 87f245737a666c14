"""The fictional graph of `meetings_graph`, ready to be asked."""

from __future__ import annotations

import pytest
from meetings_graph import build
from pyoxigraph import Quad, Store

from jhaan_kg.query.run import StoreEngine


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

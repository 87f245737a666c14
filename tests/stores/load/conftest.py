"""Stores to load into: one of each kind for all tests of a module, emptied before each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from servers import Server, blazegraph, fuseki, oxigraph, rdf4j, virtuoso
from small_releases import cleared, logged_in

STARTERS: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {
    "oxigraph": oxigraph,
    "fuseki": lambda folder: fuseki(folder, tdb2=False, union=False),
    "fuseki-tdb2-union": lambda folder: fuseki(folder, tdb2=True, union=True),
    "virtuoso": virtuoso,
    "rdf4j": rdf4j,
    "blazegraph": blazegraph,
}


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Starts a store of a kind, or gives the one that runs already."""
    running: dict[str, Server] = {}
    with ExitStack() as stack:

        def started(name: str) -> Server:
            if name not in running:
                running[name] = stack.enter_context(STARTERS[name](tmp_path_factory.mktemp(name)))
            return running[name]

        yield started


@pytest.fixture(
    params=[pytest.param(name, marks=[pytest.mark.slow] * (name != "oxigraph")) for name in STARTERS]
)
def server(
    request: pytest.FixtureRequest, start: Callable[[str], Server], monkeypatch: pytest.MonkeyPatch
) -> Server:
    """An empty store of each kind, and its credentials in the environment."""
    found = cleared(start(request.param))
    logged_in(found, monkeypatch)
    return found

"""Stores for loads: one of each type for all tests of a session, emptied before each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from jhaan_kg.namespaces import GRAPH
from jhaan_kg.web import PASSWORD, TOKEN, USER
from servers import Server
from servers.matrix import SETUPS
from small_graph import FOREIGN, NEAR

pytest.register_assert_rewrite("load_cases")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests that use a store for each store in SERVERS of their module, and each store in only one process."""
    if "server" in metafunc.fixturenames:
        params = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in metafunc.module.SERVERS]
        metafunc.parametrize("server", params, indirect=True)


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Function that starts a store, or returns the running one."""
    running: dict[str, Server] = {}
    with ExitStack() as stack:

        def started(name: str) -> Server:
            if name not in running:
                running[name] = stack.enter_context(SETUPS[name].start(tmp_path_factory.mktemp(name)))
            return running[name]

        yield started


@pytest.fixture
def server(
    request: pytest.FixtureRequest, start: Callable[[str], Server], monkeypatch: pytest.MonkeyPatch
) -> Server:
    """An empty store, and its credentials in the environment."""
    found = start(request.param)
    for row in found.rows("SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }"):
        if row["graph"].startswith((GRAPH, FOREIGN, NEAR, "urn:")):
            found.change(f"DROP SILENT GRAPH <{row['graph']}>")
    monkeypatch.setenv("NETRC", "/dev/null")
    for name in (USER, PASSWORD, TOKEN):
        monkeypatch.delenv(name, raising=False)
    for name, value in found.secrets.items():
        monkeypatch.setenv(name, value)
    return found

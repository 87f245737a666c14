"""Target stores for loads: one of each kind for all tests, emptied before each test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import pytest

from jhaan_kg.web.credentials import PASSWORD, TOKEN, USER
from servers import Server
from stores import STORES, cleared

pytest.register_assert_rewrite("load_cases", "watching")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests that use a store for each store in SERVERS of their module, and each store in only one process."""
    for fixture, prefix in (("server", ""), ("whole", "whole ")):
        if fixture in metafunc.fixturenames:
            names = metafunc.module.SERVERS
            params = [pytest.param(name, marks=pytest.mark.xdist_group(prefix + name)) for name in names]
            metafunc.parametrize(fixture, params, indirect=True)


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Function that starts a store, or returns the running one."""
    running: dict[str, Server] = {}
    with ExitStack() as stack:

        def started(name: str) -> Server:
            if name not in running:
                running[name] = stack.enter_context(STORES[name](tmp_path_factory.mktemp(name)))
            return running[name]

        yield started


@pytest.fixture
def log_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Server], Server]:
    """Function that sets the credentials of a store, if it has any, in the environment."""

    def logged_in(server: Server) -> Server:
        monkeypatch.setenv("NETRC", "/dev/null")
        for name in (USER, PASSWORD, TOKEN):
            monkeypatch.delenv(name, raising=False)
        for name, value in server.secrets.items():
            monkeypatch.setenv(name, value)
        return server

    return logged_in


@pytest.fixture
def server(
    request: pytest.FixtureRequest, start: Callable[[str], Server], log_in: Callable[[Server], Server]
) -> Server:
    """An empty store, and its credentials in the environment."""
    return log_in(cleared(start(request.param)))


@pytest.fixture(scope="module")
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A store for this module only, since some stores need minutes to drop the whole release."""
    with (
        STORES[request.param](tmp_path_factory.mktemp(request.param)) as server,
        patch.dict(os.environ, {"NETRC": "/dev/null", **server.secrets}),
    ):
        yield server


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A mount point for a file system, which is unmounted afterwards."""
    place = tmp_path / "disk"
    place.mkdir()
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=False)

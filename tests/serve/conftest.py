"""The application in process, and a real server, for tests that change nothing about them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from in_process import client_for
from serving import Serving, serving
from starlette.testclient import TestClient

from jhaan_kg.serve.loaded import Loaded


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server as it is by itself, but with less time for a query, and more for one client."""
    with serving(tmp_path_factory.mktemp("serve"), "--timeout", "5", "--per-client", "50") as running:
        yield running


@pytest.fixture(scope="session")
def site(loaded: Loaded) -> TestClient:
    """A client of the application in this process, which has no processes and no limits of time."""
    return client_for(loaded)

"""A server for the tests of this folder, which change nothing about it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from serving import Serving, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server as it is by itself, but with less time for a query, and more for one client."""
    with serving(tmp_path_factory.mktemp("serve"), "--timeout", "5", "--per-client", "50") as running:
        yield running

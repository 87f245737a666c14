"""A server that records its requests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from endpoints import serving
from seen_requests import Log, fresh


@pytest.fixture
def server() -> Iterator[tuple[str, Log]]:
    """The address of the server, and the log of its requests."""
    handler = fresh()
    with serving(handler) as url:
        try:
            yield url, handler.log
        finally:
            handler.stop.set()

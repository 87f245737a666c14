"""Each server starts from an empty folder, keeps what it was given, and leaves nothing behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import requests

from stores import IN_MEMORY, PROMISING, STORES

ADDED = "INSERT DATA { GRAPH <http://example.org/g> { <http://example.org/s> <http://example.org/p> 'x' } }"


@pytest.mark.parametrize("name", [name for name in PROMISING if name != IN_MEMORY])
def test_what_a_server_was_given_is_there_after_it_was_killed(name: str, tmp_path: Path) -> None:
    with STORES[name](tmp_path) as server:
        server.change(ADDED)
        first = server.pid
        server.kill()
        with pytest.raises(requests.ConnectionError):
            requests.get(server.query, timeout=5)
        server.restart()
        assert server.pid != first
        assert server.rows("SELECT ?o WHERE { GRAPH <http://example.org/g> { ?s ?p ?o } }") == [{"o": "x"}]
        last = server.pid
    with pytest.raises(ProcessLookupError):
        os.killpg(last, 0)

"""Each server starts from an empty folder, keeps what it was given, and leaves nothing behind."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Final

import pytest
import requests

from servers import Server, blazegraph, fuseki, oxigraph, rdf4j, virtuoso

pytestmark = pytest.mark.slow

KEEP: Final[dict[str, Callable[[Path], AbstractContextManager[Server]]]] = {
    "fuseki": partial(fuseki, tdb2=True, union=False),
    "virtuoso": virtuoso,
    "oxigraph": oxigraph,
    "rdf4j": rdf4j,
    "rdf4j-native": partial(rdf4j, sail="native"),
    "blazegraph": blazegraph,
}
ADDED = "INSERT DATA { GRAPH <http://example.org/g> { <http://example.org/s> <http://example.org/p> 'x' } }"


def update(server: Server, text: str) -> None:
    """Send an update."""
    asked = {"update": text} if server.kind != "virtuoso" else {"query": text}
    requests.post(server.update, data=asked, auth=server.auth, timeout=60).raise_for_status()


def rows(server: Server, query: str) -> list[dict[str, str]]:
    """Ask a query, and give the values of each row."""
    accept = {"Accept": "application/sparql-results+json"}
    reply = requests.post(server.query, data={"query": query}, headers=accept, timeout=60)
    reply.raise_for_status()
    found = reply.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


@pytest.mark.parametrize("name", KEEP)
def test_what_a_server_was_given_is_there_after_it_was_killed(name: str, tmp_path: Path) -> None:
    with KEEP[name](tmp_path) as server:
        update(server, ADDED)
        first = server.pid
        server.kill()
        with pytest.raises(requests.ConnectionError):
            requests.get(server.query, timeout=5)
        server.restart()
        assert server.pid != first
        assert rows(server, "SELECT ?o WHERE { GRAPH <http://example.org/g> { ?s ?p ?o } }") == [{"o": "x"}]
        last = server.pid
    with pytest.raises(ProcessLookupError):
        os.killpg(last, 0)

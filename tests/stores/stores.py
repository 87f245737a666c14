"""The stores that tests load, and what `jhaan` is told of each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Final

from servers import Server, blazegraph, fuseki, oxigraph, rdf4j, virtuoso

IN_MEMORY: Final = "fuseki"
"""The store that forgets all when it is killed."""

STORES: Final[dict[str, Callable[[Path], AbstractContextManager[Server]]]] = {
    IN_MEMORY: partial(fuseki, tdb2=False, union=False),
    "fuseki-tdb2": partial(fuseki, tdb2=True, union=False),
    "virtuoso": virtuoso,
    "oxigraph": oxigraph,
    "rdf4j": rdf4j,
    "rdf4j-native": partial(rdf4j, sail="native"),
    "blazegraph": blazegraph,
}


def load(server: Server, url: str = "") -> list[str]:
    """Give the words that load a server, or what stands before it at another address."""
    return ["load", url or server.url, "--store", server.kind]


def secrets(server: Server) -> dict[str, str]:
    """Give the environment with which `jhaan` may write."""
    if server.credentials is None:
        return {}
    return {
        "JHAAN_STORE_USER": str(server.credentials.user),
        "JHAAN_STORE_PASSWORD": str(server.credentials.password),
    }

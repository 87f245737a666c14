"""The stores for tests, with their options of `jhaan`."""

from __future__ import annotations

from typing import Final

from jhaan_kg.namespaces import GRAPH
from servers import Server
from servers.matrix import SETUPS
from small_graph import FOREIGN, NEAR

IN_MEMORY: Final = "fuseki"
"""The store that forgets all when it is killed."""

STORES: Final = {name: setup.start for name, setup in SETUPS.items()}

FAST: Final = ("oxigraph",)
CI: Final = ("fuseki", "virtuoso", "rdf4j")
PROMISING: Final = tuple(name for name in STORES if not name.endswith(("-union", "-rdfs")))
"""Those that differ in how they write."""

RELEASES: Final = ("fuseki-tdb2-union", "rdf4j-native", "blazegraph")
"""The stores of the fast suite, those that CI has besides, and those that are seen ahead of a release."""


def load(server: Server, url: str = "") -> list[str]:
    """Return the words that load a server, or what is before it at another address."""
    return ["load", url or server.url, "--store", server.kind]


def cleared(server: Server) -> Server:
    """Take away what tests may have left in a store."""
    if server.kind != "virtuoso":
        server.change("DROP ALL")
        return server
    for row in server.rows("SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }"):
        if row["graph"].startswith((GRAPH, FOREIGN, NEAR, "http://example.org/")):
            server.change(f"DROP SILENT GRAPH <{row['graph']}>")
    return server

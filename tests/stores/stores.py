"""The stores for tests, with their command-line options for `jhaan`."""

from __future__ import annotations

from typing import Final

from jhaan_kg.namespaces import GRAPH
from servers import Server
from servers.matrix import SETUPS
from small_graph import FOREIGN, NEAR

IN_MEMORY: Final = "fuseki"
"""The store that loses its data when it is killed."""

STORES: Final = {name: setup.start for name, setup in SETUPS.items()}

FAST: Final = ("oxigraph",)
"""The stores in the fast tests."""

CI: Final = ("fuseki", "virtuoso", "rdf4j")
"""The additional stores in CI."""

PROMISING: Final = tuple(name for name in STORES if not name.endswith(("-union", "-rdfs")))
"""The stores that write data in different ways."""

RELEASES: Final = ("fuseki-tdb2-union", "rdf4j-native", "blazegraph")
"""The additional stores before a release."""


def load(server: Server, url: str = "") -> list[str]:
    """Return the arguments that load a release into a server, or into a proxy before it at another address."""
    return ["load", url or server.url, "--store", server.kind]


def cleared(server: Server) -> Server:
    """Delete the data of earlier tests in a store, and return it."""
    if server.kind != "virtuoso":
        server.change("DROP ALL")
        return server
    for row in server.rows("SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }"):
        if row["graph"].startswith((GRAPH, FOREIGN, NEAR, "http://example.org/")):
            server.change(f"DROP SILENT GRAPH <{row['graph']}>")
    return server

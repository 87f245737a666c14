"""Triple stores for tests, each on a free port of the loopback in a folder of its own.

Each function here is a context manager: it yields a `Server` that answers, and has stopped it afterwards. A test
that asks for one whose program is missing is skipped, or fails where JHAAN_REQUIRE names it.
"""

from __future__ import annotations

from servers.blazegraph import blazegraph
from servers.fuseki import fuseki
from servers.oxigraph import oxigraph
from servers.rdf4j import rdf4j
from servers.server import Server
from servers.virtuoso import virtuoso

__all__ = ["Server", "blazegraph", "fuseki", "oxigraph", "rdf4j", "virtuoso"]

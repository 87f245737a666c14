"""Triple stores for tests, each on a free loopback port with its own folder.

Each function is a context manager that yields a running `Server` and stops it at the end. A test that needs a missing
program is skipped, or fails if JHAAN_REQUIRE names the program.
"""

from __future__ import annotations

from servers.fuseki import fuseki
from servers.oxigraph import oxigraph
from servers.rdf4j import rdf4j
from servers.server import Server
from servers.virtuoso import virtuoso

__all__ = ["Server", "fuseki", "oxigraph", "rdf4j", "virtuoso"]

"""The server of Eclipse RDF4J, in Tomcat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import requests

from servers import tomcat
from servers.server import Server, free_port, running

REPOSITORY = """\
PREFIX config: <tag:rdf4j.org,2023:config/>
[] a config:Repository ; config:rep.id "jhaan" ;
    config:rep.impl [ config:rep.type "openrdf:SailRepository" ; config:sail.impl %s ] .
"""
SAILS: Final = {
    "memory": '[ config:sail.type "openrdf:MemoryStore" ; config:mem.persist true ]',
    "native": '[ config:sail.type "openrdf:NativeStore" ]',
}


class _Rdf4j(Server):
    """A server that creates its repository when it accepts connections."""

    repository: str

    def answers(self) -> bool:
        """Whether the repository answers a query; it is created if necessary."""
        with suppress(requests.RequestException):
            turtle = {"Content-Type": "text/turtle"}
            requests.put(self.url, self.repository.encode(), headers=turtle, timeout=60)
        return super().answers()


@contextmanager
def rdf4j(folder: Path, *, sail: str = "memory", heap: str = "512m") -> Iterator[Server]:
    """Serve the repository in a folder, or a new one.

    Args:
        folder: the folder of settings, data and log.
        sail: `memory` or `native` (on disk).
        heap: the maximum heap size of Java, such as `512m`.
    """
    application, version = tomcat.application("rdf4j")
    port = free_port()
    data = f"-Dorg.eclipse.rdf4j.appdata.basedir={folder / 'data'}"
    command = tomcat.command(folder, application, "/rdf4j-server", port, data, heap=heap)
    url = f"http://127.0.0.1:{port}/rdf4j-server/repositories/jhaan"
    server = _Rdf4j("rdf4j", version, folder, command, url=url)
    server.repository = REPOSITORY % SAILS[sail]
    with running(server):
        yield server

"""Blazegraph in Tomcat, since its standalone program does not run on Java versions after 8."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers import tomcat
from servers.server import Server, free_port, running

SETTINGS = Path(__file__).with_name("blazegraph.properties").read_text()


@contextmanager
def blazegraph(folder: Path) -> Iterator[Server]:
    """Serve a journal of quads without inference: the one in a folder, or a new one."""
    application, version = tomcat.application("blazegraph")
    port = free_port()
    settings = folder / "blazegraph.properties"
    settings.write_text(SETTINGS.format(folder=folder))
    named = f"-Dcom.bigdata.rdf.sail.webapp.ConfigParams.propertyFile={settings}"
    command = tomcat.command(folder, application, "/blazegraph", port, named)
    url = f"http://127.0.0.1:{port}/blazegraph/sparql"
    server = Server("blazegraph", version, folder, command, url=url)
    with running(server):
        yield server

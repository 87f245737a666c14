"""Blazegraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from programs import program, tool
from servers.server import Server, free_port, running

SETTINGS = """\
com.bigdata.journal.AbstractJournal.file={folder}/blazegraph.jnl
com.bigdata.journal.AbstractJournal.bufferMode=DiskRW
com.bigdata.rdf.store.AbstractTripleStore.quads=true
com.bigdata.rdf.store.AbstractTripleStore.statementIdentifiers=false
com.bigdata.rdf.store.AbstractTripleStore.textIndex=false
com.bigdata.rdf.store.AbstractTripleStore.axiomsClass=com.bigdata.rdf.axioms.NoAxioms
com.bigdata.rdf.sail.truthMaintenance=false
"""


@contextmanager
def blazegraph(folder: Path) -> Iterator[Server]:
    """Serve a new journal of quads without inference, or what lies in a folder."""
    java, tools = program("java", "java"), tool("blazegraph", "blazegraph")
    (jar,) = tools.glob("blazegraph-jar-*.jar")
    (version,) = re.findall(r"jar-(.+)\.jar", jar.name)
    port = free_port()
    settings = folder / "blazegraph.properties"
    settings.write_text(SETTINGS.format(folder=folder))
    command = [
        *(java, "-Xmx768m", f"-Djava.io.tmpdir={folder}"),
        *("-Djetty.host=127.0.0.1", f"-Djetty.port={port}", f"-Dbigdata.propertyFile={settings}"),
        *("-jar", jar),
    ]
    url = f"http://127.0.0.1:{port}/blazegraph"
    server = Server(
        "blazegraph", version, folder, command, url=f"{url}/sparql", query=f"{url}/sparql", update=f"{url}/sparql"
    )
    with running(server):
        yield server

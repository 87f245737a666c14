"""Apache Jena Fuseki."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from programs import program, tool
from servers.server import Server, free_port, running

ASSEMBLER = Path(__file__).with_name("fuseki.ttl").read_text()
MEMORY = "a ja:MemoryDataset"
RDFS = """a ja:RDFDataset ; ja:defaultGraph [
    a ja:InfModel ; ja:reasoner [ ja:reasonerURL <http://jena.hpl.hp.com/2003/RDFSExptRuleReasoner> ] ;
    ja:baseModel [ a ja:MemoryModel ; ja:content [ ja:externalContent <%s> ] ] ]"""
TDB2 = 'a tdb2:DatasetTDB2 ; tdb2:location "%s" ; tdb2:unionDefaultGraph %s'


@contextmanager
def fuseki(
    folder: Path, *, tdb2: bool = False, union: bool = False, inferring: Path | None = None
) -> Iterator[Server]:
    """Serve a new dataset, or what lies in a folder.

    Args:
        folder: Where settings, data and log go.
        tdb2: Whether data is kept on disk, in TDB2; otherwise in memory, where it ends with the server.
        union: Whether queries see all named graphs as the default graph. Jena's dataset in memory has no such
            switch, so that a TDB2 in memory takes its place then.
        inferring: A file of N-Triples that is the default graph, with what follows from it by RDF Schema.
    """
    java, jars = program("java", "java"), tool("fuseki", "fuseki")
    (found,) = jars.glob("jena-fuseki-main-*.jar")
    (version,) = re.findall(r"main-(.+)\.jar", found.name)
    dataset = TDB2 % ("data" if tdb2 else "--mem--", str(union).lower()) if tdb2 or union else MEMORY
    if inferring:
        dataset = RDFS % inferring.as_uri()
    settings = folder / "fuseki.ttl"
    settings.write_text(ASSEMBLER.replace("DATASET", dataset))
    port = free_port()
    command = [
        *(java, "-Xmx512m", "-cp", f"{jars}/*", "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"),
        *("--localhost", "--port", str(port), "--config", settings),
    ]
    server = Server("fuseki", version, folder, command, url=f"http://127.0.0.1:{port}/ds")
    with running(server):
        yield server

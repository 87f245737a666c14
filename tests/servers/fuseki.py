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
    """Serve the dataset in a folder, or a new one.

    Args:
        folder: the folder of settings, data and log.
        tdb2: whether the data are on disk, in TDB2; otherwise they are in memory and lost with the server.
        union: whether the default graph is the union of all named graphs. Jena's in-memory dataset has no such option,
            so TDB2 in memory is used instead.
        inferring: a file of N-Triples that becomes the default graph, with its RDF Schema entailments.
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
    command: list[str | Path] = [
        *(java, "-Xmx512m", "-cp", f"{jars}/*", "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"),
        *("--localhost", "--port", str(port), "--config", settings),
    ]
    server = Server("fuseki", version, folder, command, url=f"http://127.0.0.1:{port}/ds")
    with running(server):
        yield server

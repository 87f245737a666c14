"""The server of Eclipse RDF4J, in Tomcat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import requests

from programs import program, tool
from servers.server import Server, free_port, running

TOMCAT = """\
<Server port="-1">
  <Service name="Catalina">
    <Connector address="127.0.0.1" port="{port}" maxPostSize="-1" maxSwallowSize="-1"/>
    <Engine name="Catalina" defaultHost="localhost">
      <Host name="localhost" autoDeploy="false" deployOnStartup="false">
        <Context path="/rdf4j-server" docBase="{program}">
          <JarScanner scanClassPath="false">
            <JarScanFilter defaultTldScan="false" defaultPluggabilityScan="false"/>
          </JarScanner>
        </Context>
      </Host>
    </Engine>
  </Service>
</Server>
"""
REPOSITORY = """\
PREFIX config: <tag:rdf4j.org,2023:config/>
[] a config:Repository ; config:rep.id "jhaan" ;
    config:rep.impl [ config:rep.type "openrdf:SailRepository" ; config:sail.impl {sail} ] .
"""
SAILS: Final = {
    "memory": '[ config:sail.type "openrdf:MemoryStore" ; config:mem.persist true ]',
    "native": '[ config:sail.type "openrdf:NativeStore" ]',
    "rdfs": '[ config:sail.type "rdf4j:SchemaCachingRDFSInferencer" ; config:delegate'
    ' [ config:sail.type "openrdf:MemoryStore" ; config:mem.persist true ] ]',
}


class _Rdf4j(Server):
    """A server that makes its repository once it listens."""

    repository: str

    def answers(self) -> bool:
        """Tell whether the repository answers a query; it is made if there is none."""
        with suppress(requests.RequestException):
            turtle = {"Content-Type": "text/turtle"}
            requests.put(self.url, self.repository.encode(), headers=turtle, timeout=60)
        return super().answers()


@contextmanager
def rdf4j(folder: Path, *, sail: str = "memory") -> Iterator[Server]:
    """Serve a new repository, or what lies in a folder.

    Args:
        folder: Where settings, data and log go.
        sail: `memory`, `native` (on disk), or `rdfs` (in memory, with what follows by RDF Schema).
    """
    java, tools = program("java", "java"), tool("rdf4j", "rdf4j")
    (tomcat,), (war,) = tools.glob("apache-tomcat-*"), tools.glob("rdf4j-http-server-*.war")
    (version,) = re.findall(r"server-(.+)\.war", war.name)
    port = free_port()
    for name in ("conf", "temp", "logs", "webapps", "work"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "conf" / "server.xml").write_text(TOMCAT.format(port=port, program=tools / "server"))
    (folder / "conf" / "web.xml").write_text((tomcat / "conf" / "web.xml").read_text())
    command = [
        *(java, "-Xmx512m", f"-Dcatalina.home={tomcat}", f"-Dcatalina.base={folder}"),
        f"-Djava.io.tmpdir={folder / 'temp'}",
        f"-Dorg.eclipse.rdf4j.appdata.basedir={folder / 'data'}",
        *("-cp", f"{tomcat}/bin/bootstrap.jar:{tomcat}/bin/tomcat-juli.jar"),
        *("org.apache.catalina.startup.Bootstrap", "start"),
    ]
    url = f"http://127.0.0.1:{port}/rdf4j-server/repositories/jhaan"
    server = _Rdf4j("rdf4j", version, folder, command, url=url, query=url, update=f"{url}/statements")
    server.repository = REPOSITORY.format(sail=SAILS[sail])
    with running(server):
        yield server

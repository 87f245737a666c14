"""Bundles that are loaded with the stores' own tools and checked, by the commands in their README files."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import requests
from pyoxigraph import Store

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export.request import ReleaseMetadata
from jhaan_kg.files import write_folder
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.bundle import FLAT_GRAPH, bundle
from jhaan_kg.stores.kinds import BUNDLES
from pages import blocks
from programs import program, tool
from servers import Server, rdf4j, tomcat, virtuoso
from servers.server import free_port, running
from servers.virtuoso import isql

DROPPED, GROWN = GRAPH + "register/agencies", GRAPH + "document/jhaan-2023"
STRANGE, FOREIGN = GRAPH + "report/none-2099/1", "http://example.org/foreign"
TRIPLE = "<http://example.org/s> <http://example.org/p> <http://example.org/o>"
SPOILT = f"""CLEAR GRAPH <{DROPPED}> ;
    INSERT DATA {{
        GRAPH <{GROWN}> {{ {TRIPLE} }}
        GRAPH <{STRANGE}> {{ {TRIPLE} }}
        GRAPH <{FOREIGN}> {{ {TRIPLE} }}
    }}"""


class Bundle:
    """A bundle in a folder, whose commands are run there, adapted to the programs and ports of the test."""

    def __init__(self, kind: str, folder: Path, release: Snapshot) -> None:
        self.kind, self.release, self.folder = kind, release, folder / "jhaan bundle"
        if kind == "virtuoso":  # its README requires a path without spaces
            self.folder = folder / "bundle"
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.port = free_port()
        self.changes = {f":{urlsplit(BUNDLES[kind].endpoint).port}/": f":{self.port}/"}
        write_folder(self.folder, bundle(release, kind))
        self.page = self.folder / "README.md"

    def has(self, name: str, *command: str | Path) -> None:
        """Add a program to the search path, which runs a command."""
        file = self.programs / name
        words = " ".join(f"'{word}'" for word in command)
        file.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        file.chmod(0o755)

    def environment(self) -> dict[str, str]:
        """Return the environment with the programs on the search path, and without credentials."""
        return {**os.environ, "PATH": f"{self.programs}:{os.environ['PATH']}", "HOME": str(self.programs)}

    def commands(self, heading: str) -> list[str]:
        """Return the commands below a heading of the README."""
        shown = [block for block in blocks(self.page) if block.language == "sh"]
        found = [block.text.strip() for block in shown if block.heading == heading]
        assert found, heading
        for old, new in self.changes.items():
            assert any(old in block.text for block in shown), old
            found = [one.replace(old, new) for one in found]
        return found

    def run(self, heading: str) -> str:
        """Run the commands below a heading, and return their output."""
        said = ""
        for command in self.commands(heading):
            done = self.sh(command)
            assert done.returncode == 0, (command, done.stdout, done.stderr)
            said += done.stdout
        return said

    def sh(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a shell command in the folder."""
        return subprocess.run(
            ["sh", "-e", "-c", command],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def check(self, *arguments: str) -> tuple[int, str]:
        """Run the check by the command of the README, and return its exit code and output."""
        (command,) = self.commands("Check")
        done = self.sh(" ".join((command, *arguments)))
        assert done.stderr == ""
        return done.returncode, done.stdout

    def served(self, command: list[str | Path] | None = None) -> Server:
        """Return the server of the README's commands, not yet started."""
        (endpoint,) = re.findall(r"sh check\.sh (http\S+)", self.commands("Check")[0])
        words = command or ["sh", "-c", *self.commands("Serve")]
        return Server(self.kind, "", self.folder, words, url=endpoint, environment=self.environment())


Change = Callable[[str], None]
"""Function that changes the data of a server by SPARQL Update, and restarts the server if necessary."""


@contextmanager
def on_fuseki(made: Bundle, load: str) -> Iterator[Change]:
    java, jena = program("java", "java"), tool("jena", "fuseki")
    made.has("tdb2.tdbloader", java, "-cp", f"{jena}/*", "tdb2.tdbloader")
    fuseki = f"{tool('fuseki', 'fuseki')}/*"
    made.has(
        "fuseki-server", java, "-Xmx512m", "-cp", fuseki, "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"
    )
    made.changes["--port=3030"] = f"--port={made.port}"
    made.run(load)
    server = made.served()

    def change(update: str) -> None:
        server.stop()
        words = [java, "-cp", f"{jena}/*", "tdb2.tdbupdate", "--loc", made.folder / "database", update]
        subprocess.run(words, check=True, capture_output=True)
        server.start()

    with running(server):
        yield change


@contextmanager
def on_oxigraph(made: Bundle, load: str) -> Iterator[Change]:
    made.has("oxigraph", Path(sys.executable).parent / "oxigraph")
    made.changes["localhost:7878 "] = f"localhost:{made.port} "
    made.run(load)
    server = made.served()

    def change(update: str) -> None:
        server.stop()
        store = Store(str(made.folder / "database"))
        store.update(update)
        store.flush()
        del store
        server.start()

    with running(server):
        yield change


@contextmanager
def on_rdf4j(made: Bundle, load: str) -> Iterator[Change]:
    home = made.programs / "rdf4j"
    home.mkdir()
    with rdf4j(home) as server:
        made.changes["http://localhost:8080/"] = f"http://127.0.0.1:{urlsplit(server.url).port}/"
        del made.changes[":8080/"]
        requests.delete(server.url, timeout=60).raise_for_status()  # the server for tests has created one
        if load != "Load":
            made.sh(made.commands("Load")[0].partition("\ncurl")[0])
        made.run(load)

        def change(update: str) -> None:
            requests.post(server.update, data={"update": update}, timeout=60).raise_for_status()

        yield change


@contextmanager
def on_virtuoso(made: Bundle, load: str) -> Iterator[Change]:
    home = made.folder.parent  # DirsAllowed names this folder, which contains the bundle
    with virtuoso(home) as server:
        words = isql(server)
        made.has("isql", words[0])
        made.changes["1111 dba PASSWORD"] = " ".join(words[1:])
        made.changes["localhost:8890/"] = f"127.0.0.1:{urlsplit(server.url).port}/"
        del made.changes[":8890/"]
        said = made.run(load)
        file = made.folder / ("jhaan.nq.gz" if load == "Load" else "jhaan.nt.gz")
        assert re.search(rf"^{re.escape(str(file))} +2 +NULL$", said, re.MULTILINE), said

        def change(update: str) -> None:
            for one in update.split(" ;"):
                done = subprocess.run(
                    [*words, f"exec=SPARQL {one};"], capture_output=True, text=True, check=True
                )
                assert "Error" not in done.stdout + done.stderr, done.stderr

        yield change


@contextmanager
def on_blazegraph(made: Bundle, load: str) -> Iterator[Change]:
    application, _ = tomcat.application("blazegraph")
    made.has("java", program("java", "java"), "-Xmx768m")
    made.changes["-cp blazegraph.jar"] = f"-cp '{application}/WEB-INF/lib/*'"
    made.run(load)
    home = made.programs / "tomcat"
    home.mkdir()
    (setting,) = re.findall(r"`(-Dcom\.bigdata\.\S+)`", made.page.read_text("utf-8"))
    server = made.served(tomcat.command(home, application, "/blazegraph", made.port, setting))

    def change(update: str) -> None:
        requests.post(server.update, data={"update": update}, timeout=60).raise_for_status()

    with running(server):
        yield change


STORES = {
    "fuseki": on_fuseki,
    "rdf4j": on_rdf4j,
    "virtuoso": on_virtuoso,
    "oxigraph": on_oxigraph,
    "blazegraph": on_blazegraph,
}


def version_of(release: Snapshot) -> str:
    """Return the version of a release."""
    return ReleaseMetadata.of(release.quads(evidence=False, context=False)).version


def see_dataset(kind: str, folder: Path, release: Snapshot) -> None:
    """Load the dataset by the commands of the README, and test the check on a correct and a different store."""
    made = Bundle(kind, folder, release)
    graphs = {file.graph: file.triples for file in release.graphs}
    total, version = sum(graphs.values()), version_of(release)
    with STORES[kind](made, "Load") as change:
        alike = f"{len(graphs)} named graphs, {total} triples: as in release {version}.\n"
        assert made.check() == (0, alike)
        change(SPOILT)
        lost = graphs[DROPPED]
        assert made.check() == (
            1,
            f"{GROWN}: {graphs[GROWN] + 1} triples, expected {graphs[GROWN]}\n"
            f"{DROPPED}: missing, expected {lost} triples\n"
            f"{STRANGE}: 1 triples, not in this release\n"
            f"Total: {total - lost + 2} triples in the named graphs of the project, expected {total}.\n",
        )


def see_flat(kind: str, folder: Path, release: Snapshot) -> None:
    """Load the flat graph by the commands of the README, and test the check before and after a change."""
    made, version = Bundle(kind, folder, release), version_of(release)
    flat = len({quad.triple for quad in release.quads(evidence=False, context=True)})
    with STORES[kind](made, "The flat graph instead") as change:
        assert made.check("--flat") == (0, f"{flat} triples: as in release {version}.\n")
        inside = FLAT_GRAPH if kind in ("virtuoso", "fuseki", "oxigraph", "blazegraph") else FOREIGN
        change(f"INSERT DATA {{ GRAPH <{inside}> {{ {TRIPLE} }} }}")
        assert made.check("--flat") == (1, f"The flat graph: {flat + 1} triples, expected {flat}.\n")

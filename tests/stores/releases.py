"""Two releases that tests load in turn, and installations of the program that bring one of them along."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

import jhaan_kg
from jhaan_kg.build.snapshot import Snapshot, write_snapshot
from jhaan_kg.namespaces import GRAPH, ONTOLOGY, RDFS

RELEASE = NamedNode(ONTOLOGY + "releaseForTests")
"""Each graph says of itself by this which release it is from, so that a reader can tell."""

AGENCIES = GRAPH + "register/agencies"

GONE = NamedNode(GRAPH + "report/jhaan-2023/gone")
"""A graph that only the older release has."""

_LABEL = NamedNode(RDFS + "label")


class Installed(NamedTuple):
    """A release, and a program that brings it along.

    Attributes:
        name: of the release.
        snapshot: what it holds.
        place: the folder of the packages.
    """

    name: str
    snapshot: Snapshot
    place: Path

    @property
    def graphs(self) -> dict[str, set[Triple]]:
        """The triples of each of its graphs."""
        return {
            file.graph: {quad.triple for quad in parse(file.read(), format=RdfFormat.N_QUADS)}
            for file in self.snapshot.graphs
        }

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start `jhaan` with arguments, far from any checkout, and with no certificates or passwords of the machine."""
        own = {"PYTHONPATH": str(self.place), "JHAAN_CACHE": str(self.place / "cache"), "NETRC": os.devnull}
        kept = {name: value for name, value in os.environ.items() if not name.endswith("_CA_BUNDLE")}
        return subprocess.Popen(
            [sys.executable, "-m", "jhaan_kg", *arguments],
            cwd=self.place,
            env={**kept, **own, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Run `jhaan`, and give its exit code, standard output and standard error."""
        with self.start(*arguments, **environment) as process:
            out, err = process.communicate(timeout=600)
        assert "Traceback" not in err
        return process.returncode, out, err


def installed(name: str, snapshot: Snapshot, place: Path) -> Installed:
    """Install the program with a release, as a wheel does, in a folder that is not there yet."""
    package = Path(jhaan_kg.__file__).parent
    shutil.copytree(package, place / "jhaan_kg", ignore=shutil.ignore_patterns("__pycache__", "_bundle"))
    (place / "jhaan_kg" / "_bundle").mkdir()
    (place / "jhaan_kg" / "_bundle" / "snapshot").symlink_to(snapshot.path)
    return Installed(name, snapshot, place)


def two_releases(snapshot: Snapshot, folder: Path, each: int) -> tuple[Installed, Installed]:
    """Make an older and a newer release of some of the graphs of a snapshot, less the evidence.

    They differ in each graph: by the release that it names, and by how many triples it has. Labels differ, one graph is
    new, and one is gone.

    Args:
        snapshot: what they are made of.
        folder: where they go.
        each: of how many graphs one is taken. That of the agencies is always taken.
    """
    newer = {
        NamedNode(file.graph): [quad.triple for quad in parse(file.read(), format=RdfFormat.N_QUADS)]
        for place, file in enumerate(snapshot.files(evidence=False, context=True))
        if place % each == 0 or file.graph == AGENCIES
    }
    older = {
        graph: [_as_of_old(triple) for triple in triples[1:]] for graph, triples in list(newer.items())[1:]
    }
    older[GONE] = [Triple(GONE, _LABEL, Literal("gone", language="en"))]
    made = []
    for name, graphs in (("older", older), ("newer", newer)):
        marked = {
            graph: [*triples, Triple(graph, RELEASE, Literal(name))] for graph, triples in graphs.items()
        }
        (folder / name).mkdir(parents=True)
        catalogue = json.loads(snapshot.catalogue_path.read_bytes())
        write_snapshot(folder / name, marked, catalogue, snapshot.inputs)
        made.append(installed(name, Snapshot.open(folder / name), folder / f"{name}-program"))
    return made[0], made[1]


def _as_of_old(triple: Triple) -> Triple:
    if triple.predicate == _LABEL and isinstance(triple.object, Literal):
        return Triple(triple.subject, _LABEL, Literal(triple.object.value + " (old)", language="en"))
    return triple

"""Two releases for alternating loads, and installations of the program with each of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

import jhaan_kg
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import GRAPH, ONTOLOGY, RDFS
from small_graph import Graphs, snapshot

RELEASE = NamedNode(ONTOLOGY + "releaseForTests")
"""The property by which each graph states its release, so that readers can distinguish the two."""

AGENCIES = GRAPH + "register/agencies"

GONE = NamedNode(GRAPH + "report/jhaan-2023/gone")
"""A graph that only the older release has."""

_LABEL = NamedNode(RDFS + "label")


class Installed(NamedTuple):
    """A release, and an installation of the program with it.

    Attributes:
        snapshot: the content of the release.
        place: the folder of the installed packages.
    """

    snapshot: Snapshot
    place: Path

    @property
    def graphs(self) -> dict[str, set[Triple]]:
        """The triples of each of its graphs."""
        return graphs_of(self.snapshot)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start `jhaan` outside of any checkout, and without certificates and passwords of the machine."""
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
        """Run `jhaan`, and return its exit code, standard output and standard error."""
        with self.start(*arguments, **environment) as process:
            out, err = process.communicate(timeout=600)
        assert "Traceback" not in err
        return process.returncode, out, err


def installed(snapshot: Snapshot, place: Path) -> Installed:
    """Install the program with a release into a new folder, as a wheel does."""
    package = Path(jhaan_kg.__file__).parent
    shutil.copytree(package, place / "jhaan_kg", ignore=shutil.ignore_patterns("__pycache__", "_bundle"))
    (place / "jhaan_kg" / "_bundle").mkdir()
    (place / "jhaan_kg" / "_bundle" / "snapshot").symlink_to(snapshot.path)
    return Installed(snapshot, place)


def real_graphs(each: int) -> Graphs:
    """Return every n-th graph of the real release, without evidence, and the graph of the agencies.

    Args:
        each: the n.
    """
    return {
        NamedNode(file.graph): [quad.triple for quad in parse(file.read(), format=RdfFormat.N_QUADS)]
        for place, file in enumerate(open_snapshot().files(evidence=False, context=True))
        if place % each == 0 or file.graph == AGENCIES
    }


def two_releases(
    graphs: Graphs, folder: Path, catalogue: Mapping[str, Any] | None = None
) -> tuple[Snapshot, Snapshot]:
    """Write an older and a newer release of named graphs.

    Each graph differs, by the stated release and by the number of triples. Labels differ too, one graph is new, and one
    is gone.
    """
    older = {graph: [_as_of_old(one) for one in found[1:]] for graph, found in list(graphs.items())[:-1]}
    older[GONE] = [Triple(GONE, _LABEL, Literal("gone", language="en"))]
    return (
        snapshot(folder / "older", _marked(older, "older"), catalogue),
        snapshot(folder / "newer", _marked(graphs, "newer"), catalogue),
    )


def two_installed(folder: Path, each: int) -> tuple[Installed, Installed]:
    """Install the program with an older and with a newer release of some of the real graphs."""
    older, newer = two_releases(real_graphs(each), folder)
    return installed(older, folder / "older-program"), installed(newer, folder / "newer-program")


def graphs_of(release: Snapshot) -> dict[str, set[Triple]]:
    """Return the triples of each graph of a release."""
    return {
        file.graph: {quad.triple for quad in parse(file.read(), format=RdfFormat.N_QUADS)}
        for file in release.graphs
    }


def _marked(graphs: Graphs, name: str) -> Graphs:
    return {graph: [*found, Triple(graph, RELEASE, Literal(name))] for graph, found in graphs.items()}


def _as_of_old(triple: Triple) -> Triple:
    if triple.predicate == _LABEL and isinstance(triple.object, Literal):
        return Triple(triple.subject, _LABEL, Literal(triple.object.value + " (old)", language="en"))
    return triple

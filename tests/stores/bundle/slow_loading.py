"""Bundles of a small release, loaded with the stores' own tools as their pages say."""

from __future__ import annotations

import re
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
from bundle_cases import (
    FOREIGN,
    STORES,
    TRIPLE,
    Bundle,
    on_oxigraph,
    on_rdf4j,
    on_virtuoso,
    see_dataset,
    see_flat,
)

import small_graph
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.stores.kinds import BUNDLES
from programs import program, tool
from servers import tomcat

IN_CI = [kind for kind in STORES if kind != "blazegraph"]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return small_graph.snapshot(tmp_path_factory.mktemp("release") / "snapshot", small_graph.graphs())


def test_what_is_said_to_be_run_is_run_here() -> None:
    assert {kind for kind, store in BUNDLES.items() if store.run_on} == set(STORES)
    (fuseki,) = tool("fuseki", "fuseki").glob("jena-fuseki-main-*.jar")
    (commands,) = tool("jena", "fuseki").glob("jena-cmds-*.jar")
    virtuoso = subprocess.run(
        [program("virtuoso-t", "virtuoso"), "--help"], capture_output=True, text=True, check=False
    )
    (told,) = re.findall(r"^Version (\d+\.\d+\.\d+)", virtuoso.stdout + virtuoso.stderr, re.MULTILINE)
    here = {
        "fuseki": {re.findall(r"-([\d.]+)\.jar", jar.name)[0] for jar in (fuseki, commands)},
        "rdf4j": {tomcat.application("rdf4j")[1]},
        "virtuoso": {told},
        "oxigraph": {version("oxigraph")},
        "blazegraph": {tomcat.application("blazegraph")[1]},
    }
    for kind, versions in here.items():
        for one in versions:
            assert one in BUNDLES[kind].run_on.split(), kind


@pytest.mark.parametrize("kind", IN_CI)
def test_the_dataset_arrives_and_the_check_sees_what_differs(
    kind: str, release: Snapshot, tmp_path: Path
) -> None:
    see_dataset(kind, tmp_path, release)


@pytest.mark.parametrize("kind", IN_CI)
def test_the_flat_graph_arrives_instead(kind: str, release: Snapshot, tmp_path: Path) -> None:
    see_flat(kind, tmp_path, release)


def test_virtuoso_loses_the_graphs_of_the_bundle_and_no_other(tmp_path: Path, release: Snapshot) -> None:
    made = Bundle("virtuoso", tmp_path, release)
    with on_virtuoso(made, "Load") as change:
        change(f"INSERT DATA {{ GRAPH <{FOREIGN}> {{ {TRIPLE} }} }}")
        made.run("Another release, and removal")
        code, said = made.check()
        assert code == 1
        assert said.startswith("A query that names no graph sees nothing of the knowledge graph")
        assert said.endswith(
            f"\nTotal: 0 triples in the named graphs of the project, expected {release.triples(evidence=True)}.\n"
        )
        assert len(said.splitlines()) == len(release.graphs) + 2
        ask = ["--data-urlencode", f"query=ASK {{ GRAPH <{FOREIGN}> {{ {TRIPLE} }} }}"]
        (command,) = made.commands("Check")
        done = made.sh(f"curl -sS {' '.join(map(repr, ask))} {command.split()[-1]}")
        assert "true" in done.stdout.lower()
        assert made.run("Load")  # and it can be loaded again
        assert made.check()[0] == 0


def test_rdf4j_loses_the_repository_of_the_bundle(tmp_path: Path, release: Snapshot) -> None:
    made = Bundle("rdf4j", tmp_path, release)
    with on_rdf4j(made, "Load"):
        made.run("Another release, and removal")
        (command,) = made.commands("Check")
        assert made.sh(command).returncode == 3


def test_without_the_switch_oxigraph_shows_nothing(tmp_path: Path, release: Snapshot) -> None:
    made = Bundle("oxigraph", tmp_path, release)
    made.changes[" --union-default-graph "] = " "
    with on_oxigraph(made, "Load"):
        assert made.check() == (
            1,
            "A query that names no graph sees nothing of the knowledge graph: it isn't there, or not in the default "
            "graph.\n",
        )

"""The stores' own loaders, with the commands of docs/triple-stores.md that are called tested."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from load_cases import lines

from bad_input import Run
from programs import program, tool
from real_sources import ROOT
from servers import Server, fuseki, oxigraph, rdf4j, virtuoso
from servers.virtuoso import isql
from small_graph import NEW, release

pytestmark = pytest.mark.slow


PAGE = (ROOT / "docs" / "triple-stores.md").read_text(encoding="utf-8")


@pytest.fixture
def data(run: Run, tmp_path: Path) -> Path:
    """The exported dataset of a small release."""
    snapshot = release(tmp_path / "release", NEW).snapshot
    file = tmp_path / "jhaan.nq.gz"
    assert run("export", "nquads", "--gzip", "-o", str(file), "--snapshot", str(snapshot.path))[0] == 0
    return file


def do(command: str, folder: Path, **words: str) -> None:
    """Run a command of the page in a folder, with some of its words replaced."""
    assert command in PAGE
    for word, value in words.items():
        command = command.replace(word, value)
    subprocess.run(["sh", "-c", command], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def assert_loaded(server: Server) -> None:
    for graph, triples in NEW.items():
        assert lines(server.triples(graph)) == lines(triples), graph


def test_oxigraph(data: Path, tmp_path: Path) -> None:
    command = str(Path(sys.executable).parent / "oxigraph")
    do(
        "oxigraph load --location database --file jhaan.nq.gz",
        data.parent,
        **{"oxigraph load": f"{command} load", "database": str(tmp_path / "store")},
    )
    with oxigraph(tmp_path) as server:
        assert_loaded(server)


def test_fuseki(data: Path, tmp_path: Path) -> None:
    loader = f"{program('java', 'java')} -cp '{tool('fuseki', 'fuseki')}/*' tdb2.tdbloader"
    do(
        "tdb2.tdbloader --loc database jhaan.nq.gz",
        data.parent,
        **{"tdb2.tdbloader": loader, "database": "data"},
    )
    with fuseki(tmp_path, tdb2=True) as server:
        assert_loaded(server)


def test_rdf4j(data: Path, tmp_path: Path) -> None:
    with rdf4j(tmp_path, sail="native") as server:
        do(
            "curl -fsS -X POST -H 'Content-Type: application/n-quads' -H 'Content-Encoding: gzip' "
            "--data-binary @jhaan.nq.gz REPOSITORY/statements",
            data.parent,
            REPOSITORY=server.url,
        )
        assert_loaded(server)


def test_virtuoso(data: Path, tmp_path: Path) -> None:
    command = "ld_dir('FOLDER', 'jhaan.nq.gz', 'urn:none'); rdf_loader_run(); checkpoint;"
    assert command in PAGE
    with virtuoso(tmp_path) as server:
        told = command.replace("FOLDER", str(data.parent))
        subprocess.run([*isql(server), f"exec={told}"], check=True, capture_output=True)
        assert_loaded(server)

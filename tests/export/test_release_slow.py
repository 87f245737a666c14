"""A whole release: every form holds the same, and its lists are true."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx
import pytest
import rdflib
from rdflib.namespace import SH

from dcat_ap import results
from jhaan_kg.files import MARKER
from programs import tool

pytestmark = pytest.mark.slow


JHAAN = "https://w3id.org/jhaan/ontology#"


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "jhaan_kg", *map(str, arguments)]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "jhaan"
    done = subprocess.run(command("export", "release", "-o", folder), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def manifest(release: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((release / "manifest.json").read_bytes())
    return read


def paths(folder: Path) -> set[str]:
    """Return the files of a release, without the mark that lets a later one replace it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MARKER}


def test_the_digests_are_those_of_the_files_and_none_is_missing(release: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=release, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr
    assert len(done.stdout.splitlines()) == len(paths(release)) - 1


SHAPES = "ontology/shapes.ttl"
GRAPH = "graph/jhaan.ttl"


def test_the_graph_conforms_to_the_shapes_in_jena(release: Path, riot: list[str]) -> None:
    files = ["--shapes", release / SHAPES, "--data", release / GRAPH]
    validate = [*riot[:-1], "shacl.shacl_validate", "--text", *files]
    done = subprocess.run(validate, capture_output=True, text=True, check=True)
    assert done.stdout == "Conforms\n"


def by_topbraid(java: str, shapes: Path, data: Path) -> tuple[int, set[str]]:
    """Return the exit code of TopBraid, and the things in which it finds a fault."""
    validate = [java, "-cp", f"{tool('topbraid', 'topbraid')}/*", "org.topbraid.shacl.tools.Validate"]
    files = ["-shapesfile", shapes, "-datafile", data]
    done = subprocess.run([*validate, *files], capture_output=True, text=True)
    report = rdflib.Graph().parse(data=done.stdout, format="turtle")
    assert (None, SH.conforms, rdflib.Literal(done.returncode == 0)) in report, done.stderr
    return done.returncode, {str(node) for node in report.objects(None, SH.focusNode)}


def test_they_conform_in_topbraid_too_which_notices_a_fault(release: Path, java: str, tmp_path: Path) -> None:
    assert by_topbraid(java, release / SHAPES, release / GRAPH) == (0, set())
    faulty = tmp_path / "faulty.ttl"
    fault = f"<urn:event> a <{JHAAN}Event> .\n"
    faulty.write_text((release / GRAPH).read_text(encoding="utf-8") + fault, encoding="utf-8")
    assert by_topbraid(java, release / SHAPES, faulty) == (1, {"urn:event"})


def test_networks_hold_what_the_manifest_counts(release: Path, manifest: dict[str, Any]) -> None:
    counts = {part["path"]: part["counts"] for part in manifest["parts"]}
    for path in sorted((release / "networks").iterdir()):
        read = networkx.read_graphml if path.suffix == ".graphml" else networkx.read_gexf
        network = read(path)
        held = {"agencies": network.number_of_nodes(), "links": network.number_of_edges()}
        assert counts[f"networks/{path.name}"] == held
        assert counts[f"networks/{path.stem}.graphml"] == counts[f"networks/{path.stem}.gexf"]


def test_the_official_shapes_of_dcat_ap_find_no_violation(release: Path, vocab_dir: Path) -> None:
    described = rdflib.Graph().parse(release / "description.ttl")
    labels = rdflib.Graph().parse(vocab_dir / "eu-authority" / "eu-authority-labels-en.ttl")
    assert {severity for severity, _, _ in results(described + labels, vocab_dir)} == {"Warning"}

"""The wheel brings along the snapshot, the same bytes from a checkout and from an sdist, and needs no sources."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling")
pytestmark = pytest.mark.slow


def hatch(root: Path, target: str, folder: Path) -> Path:
    """Build an artefact, and give its file."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (artefact,) = folder.iterdir()
    return artefact


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hatch(root, "wheel", tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_snapshot_ontology_shapes_and_queries(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "snapshot/manifest.json",
        "snapshot/catalogue.json",
        "ontology/jhaan.ttl",
        "shapes/",
        "queries/",
    ):
        assert any(entry.startswith(f"jhaan_kg/_bundle/{name}") for entry in names), name
    assert not any("data/" in entry or entry.endswith(".trig") for entry in names)


def test_an_sdist_gives_the_same_wheel(root: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(hatch(root, "sdist", tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "sources", filter="data")
    (unpacked,) = (tmp_path / "sources").iterdir()
    assert hatch(unpacked, "wheel", tmp_path / "wheel").read_bytes() == wheel.read_bytes()


def test_the_installed_wheel_answers_without_sources(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")  # noqa: S202 - our own archive
    (tmp_path / "elsewhere").mkdir()
    answer = subprocess.run(
        [sys.executable, "-m", "jhaan_kg", "query", "empact-co-run", "--cite", "--format", "csv"],
        cwd=tmp_path / "elsewhere",
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "JHAAN_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Frontex" in answer.stdout
    assert answer.stderr == ""
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["stores"]

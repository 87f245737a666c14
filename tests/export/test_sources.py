"""The files as authored: those of the snapshot, or none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jhaan_kg.build.cache import snapshot_for
from jhaan_kg.build.progress import Progress
from jhaan_kg.errors import JhaanError
from jhaan_kg.export.sources import read_authored


@pytest.fixture
def copied(root: Path, tmp_path: Path) -> Path:
    for folder in ("ontology", "shapes"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path


def test_they_are_those_of_the_checkout(root: Path) -> None:
    found = read_authored(snapshot_for(root, Progress()), "ontology")
    files = (path for path in (root / "ontology").rglob("*") if path.is_file())
    assert list(found) == sorted(path.relative_to(root).as_posix() for path in files)
    assert found["ontology/jhaan.ttl"] == (root / "ontology/jhaan.ttl").read_bytes()


def test_another_file_than_that_of_the_snapshot_is_refused(root: Path, copied: Path) -> None:
    snapshot = snapshot_for(root, Progress())._replace(root=copied)
    assert len(read_authored(snapshot, "shapes")) > 10
    with (copied / "shapes/network.ttl").open("ab") as file:
        file.write(b"\n")
    with pytest.raises(JhaanError, match=r"shapes/network\.ttl was changed after the build"):
        read_authored(snapshot, "shapes")


def test_a_missing_file_is_named(root: Path, copied: Path) -> None:
    (copied / "ontology/jhaan.ttl").unlink()
    snapshot = snapshot_for(root, Progress())._replace(root=copied)
    with pytest.raises(JhaanError, match=r"Cannot open .*jhaan\.ttl: No such file"):
        read_authored(snapshot, "ontology")


def test_a_snapshot_alone_takes_those_of_the_checkout(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = snapshot_for(root, Progress())._replace(root=None)
    monkeypatch.chdir(tmp_path)
    assert len(read_authored(snapshot, "shapes")) > 10


def test_without_a_checkout_a_snapshot_alone_has_none(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = snapshot_for(root, Progress())._replace(root=None)
    monkeypatch.setattr("jhaan_kg.export.sources.find_root", lambda: None)
    with pytest.raises(JhaanError, match="does not contain the shapes"):
        read_authored(snapshot, "shapes")

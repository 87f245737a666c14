"""A store whose disk is full; see `disk_cases`."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from disk_cases import see_full_disk

from jhaan_kg.build.cache import open_snapshot
from releases import installed


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A place for a disk, which is taken away afterwards."""
    place = tmp_path / "disk"
    place.mkdir()
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=False)


@pytest.mark.parametrize("name", ["oxigraph"])
def test_full_disk(name: str, disk: Path, tmp_path: Path) -> None:
    see_full_disk(name, disk, installed(open_snapshot(), tmp_path / "program"))

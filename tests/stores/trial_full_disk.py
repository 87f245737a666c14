"""A store whose disk is full; see `slow_full_disk.py`."""

from __future__ import annotations

from pathlib import Path

import pytest
from releases import installed
from slow_full_disk import see_full_disk

from jhaan_kg.build.cache import open_snapshot


@pytest.mark.parametrize("name", ["fuseki-tdb2", "virtuoso"])
def test_full_disk(name: str, disk: Path, tmp_path: Path) -> None:
    see_full_disk(name, disk, installed(open_snapshot(), tmp_path / "program"))

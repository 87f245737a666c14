"""Upgrades leave the cache as small as it was."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from installing import ask

from jhaan_kg.build.cache import KEPT_STORES

ASKED = ("query", "empact-co-run", "--format", "csv")


def test_the_cache_does_not_grow_from_version_to_version(
    installed: Path, tmp_path: Path, environment: Mapping[str, str]
) -> None:
    """The stores of versions that are long gone make place for that of the present one."""
    folder = Path(environment["HOME"]) / ".cache" / "jhaan-kg" / "stores"
    for age in range(1, KEPT_STORES + 3):
        (folder / f"version-{age}").mkdir(parents=True)
        os.utime(folder / f"version-{age}", (1_700_000_000 - age,) * 2)
    assert ask(installed, *ASKED, cwd=tmp_path, environment=environment).returncode == 0
    kept = {path.name for path in folder.iterdir()}
    assert len(kept) == KEPT_STORES
    assert {name for name in kept if name.startswith("version-")} == {
        f"version-{age}" for age in range(1, KEPT_STORES)
    }

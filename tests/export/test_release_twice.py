"""A whole release is the same to the byte wherever and whenever it is made."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from installing import clean_copy

from export.test_release_slow import command, release

pytestmark = pytest.mark.release


__all__ = ["release"]


def paths(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_copy_of_the_sources_gives_the_same_bytes(release: Path, root: Path, tmp_path: Path) -> None:
    """In another folder, with another seed of hashing, time zone, language, mask and at another time."""
    sources = tmp_path / "another place" / "jhaan-kg"
    clean_copy(root, sources)
    around = {"PYTHONHASHSEED": "4711", "TZ": "America/Anchorage", "LC_ALL": "POSIX", "COLUMNS": "20"}
    around |= {"PYTHONPATH": str(sources / "src"), "JHAAN_CACHE": str(tmp_path / "cache")}
    subprocess.run(
        command("export", "release", "-o", tmp_path / "release"),
        cwd=sources,
        env={**os.environ, **around},
        umask=0o077,
        check=True,
        capture_output=True,
    )
    assert paths(release) == paths(tmp_path / "release")
    differing = [
        path
        for path in sorted(paths(release))
        if (release / path).read_bytes() != (tmp_path / "release" / path).read_bytes()
    ]
    assert differing == []

"""Use of the cache with small sources, in this process and in several processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jhaan_kg
from jhaan_kg.build.cache import snapshot_for
from jhaan_kg.build.progress import Progress
from jhaan_kg.build.snapshot import Snapshot

DRIVER = Path(__file__).with_name("drive_cache.py")
PACKAGE = Path(jhaan_kg.__file__).parents[1]


def opened(root: Path) -> Snapshot:
    """Open the snapshot of some sources."""
    return snapshot_for(root, Progress())


def names(folder: Path) -> list[str]:
    """Return the names in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of the files in a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def drive(
    root: Path, folder: Path, *before: str, options: tuple[str, ...] = (), **environment: str
) -> subprocess.Popen[str]:
    """Start a process that opens the snapshot and a store of some sources.

    Args:
        root: the folder of the sources.
        folder: the folder of the cache.
        before: the start of the command, such as a program that runs Python with limits.
        options: options of Python.
        environment: more environment variables.
    """
    return subprocess.Popen(
        [*before, sys.executable, *options, str(DRIVER), str(root)],
        env={**os.environ, "PYTHONPATH": str(PACKAGE), "JHAAN_CACHE": str(folder), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def result(process: subprocess.Popen[str]) -> tuple[dict[str, object], str]:
    """Return the JSON that a process started by `drive` printed, and its standard error."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1]), err

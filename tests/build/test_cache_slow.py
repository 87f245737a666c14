"""The cache between processes, and on disks that are full or can't be written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from caches import drive, names, opened, result
from tiny_sources import MORE

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.files import STALE

NOBODY = 65534
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("own_cache")]


def count_of(root: Path) -> int:
    """Return how many quads the snapshot of some sources has."""
    return len(set(opened(root).quads(evidence=True, context=True)))


def test_builds_at_the_same_time_all_end_well(sources: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    results = [result(process) for process in [drive(sources, folder, PAUSE="0.05") for _ in range(4)]]
    assert len({json.dumps(found) for found, _ in results}) == 1
    assert {err for _, err in results} == {""}
    assert len(names(folder / "snapshots")) == 1
    assert len(names(folder / "stores")) == 1
    Snapshot.open(folder / "snapshots" / names(folder / "snapshots")[0]).verify()


def test_a_build_that_is_killed_leaves_only_a_temporary_folder(sources: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    process = drive(sources, folder, PAUSE="60")
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (left,) = names(folder / "snapshots")
    assert left.startswith(".")
    found, err = result(drive(sources, folder))
    assert err == ""
    assert left in names(folder / "snapshots")  # it may belong to a build that still runs

    old = time.time() - 2 * STALE
    os.utime(folder / "snapshots" / left, (old, old))
    (sources / "data/register/more.ttl").write_text(MORE)
    result(drive(sources, folder))
    assert left not in names(folder / "snapshots")
    assert Path(str(found["path"])).is_dir()


def as_nobody(root: Path, folder: Path) -> subprocess.Popen[str]:
    """Run the driver as a user who owns nothing; root may write anywhere."""
    prefix = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("as root, a user without rights takes setpriv")
        prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return drive(root, folder, *prefix, options=("-B",), TMPDIR="/tmp")  # noqa: S108


def test_a_cache_that_may_not_be_written(open_folder: Path, sources: Path) -> None:
    shutil.copytree(sources, open_folder / "sources")
    (open_folder / "cache").mkdir(mode=0o555)
    found, err = result(as_nobody(open_folder / "sources", open_folder / "cache"))
    assert err.count("(Permission denied)") == 1
    assert found["quads"] == count_of(sources)
    assert names(open_folder / "cache") == []


def test_a_cache_that_may_only_be_read_is_read(open_folder: Path, sources: Path) -> None:
    shutil.copytree(sources, open_folder / "sources")
    first, _ = result(drive(open_folder / "sources", open_folder / "cache"))
    for path in (open_folder / "cache", *(open_folder / "cache").rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    again, err = result(as_nobody(open_folder / "sources", open_folder / "cache"))
    for path in (open_folder / "cache", *(open_folder / "cache").rglob("*")):
        path.chmod(0o755)
    assert again == first
    assert err == ""

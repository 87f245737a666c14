"""A store whose disk is full: what it says, what we say, and that the next run completes once there is space.

Each store lies on a disk of its own, which only root can make.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from watching import foreign, put_foreign, state

from jhaan_kg.build.cache import open_snapshot
from releases import Installed, installed
from stores import STORES, load, secrets

pytestmark = pytest.mark.slow

SMALL: Final = {
    # The size of the disk, and what is said of it after the address.
    "oxigraph": (
        "60m",
        r"it refuses with status 500: IO error: No space left on device: .*\. Try again later; if it stays so, tell "
        r"those who run it\.",
    ),
    # Java is killed in the memory that stands for a file, and that is all that Fuseki knows of it.
    "fuseki-tdb2": (
        "40m",
        r"it refuses with status 4\d\d: .*a fault occurred in .*unsafe memory access operation.*",
    ),
    "virtuoso": ("90m", r"it refuses with status 500.*"),
}
AGAIN: Final = "Run the same command again: it compares first, and does what is still to be done."


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A place for a disk, which is taken away afterwards."""
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=False)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return installed("real", open_snapshot(), tmp_path_factory.mktemp("real") / "program")


@pytest.mark.parametrize("name", SMALL)
def test_full_disk(name: str, disk: Path, real: Installed) -> None:
    size, message = SMALL[name]
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a disk takes root")
    with STORES[name](disk) as server:
        put_foreign(server)
        others = foreign(server)
        code, _, err = real.run(*load(server), **secrets(server))
        assert code == 3
        said = err.splitlines()[-1]
        assert re.fullmatch(rf"jhaan: The store http://\S+: {message} {re.escape(AGAIN)}", said), said
        assert foreign(server) == others

        subprocess.run(["mount", "-o", "remount,size=1g", str(disk)], check=True)
        if name == "oxigraph":  # it refuses to write until then
            server.restart()
        code, _, err = real.run(*load(server), **secrets(server))
        assert code == 0, err
        found = {graph: triples for graph, (triples, _, _) in state(server).items()}
        assert found == {file.graph: file.triples for file in real.snapshot.graphs}
        assert foreign(server) == others

"""A store whose disk is full: what it says, what we say, and that the next run completes once there is space.

Each store is on a disk of its own, which only root can make.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
from releases import Installed, installed
from watching import foreign, put_foreign, state

from jhaan_kg.build.cache import open_snapshot
from stores import STORES, load

SMALL: Final = {
    # The size of the disk, and what is said of it after the address.
    "oxigraph": (
        "60m",
        r"answered with status 500: IO error: No space left on device: .*\. Try again later\. If the error stays, "
        r"contact the operator\.",
    ),
    # Java is killed in the memory that stands for a file, and that is all that Fuseki knows of it.
    "fuseki-tdb2": (
        "40m",
        r"answered with status 4\d\d: .*a fault occurred in .*unsafe memory access operation.*",
    ),
    "virtuoso": ("90m", r"answered with status 500.*"),
}
AGAIN: Final = "Run the command again to continue."


def see_full_disk(name: str, disk: Path, real: Installed) -> None:
    """Load the real release onto a disk that is too small for it, and once more when it is larger."""
    size, message = SMALL[name]
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a disk takes root")
    with STORES[name](disk) as server:
        put_foreign(server)
        others = foreign(server)
        code, _, err = real.run(*load(server), **server.secrets)
        assert code == 3
        said = err.splitlines()[-1]
        assert re.fullmatch(rf"jhaan: The store http://\S+ {message} {re.escape(AGAIN)}", said), said
        assert foreign(server) == others

        subprocess.run(["mount", "-o", "remount,size=1g", str(disk)], check=True)
        if name == "oxigraph":  # it refuses to write until then
            server.restart()
        code, _, err = real.run(*load(server), **server.secrets)
        assert code == 0, err
        found = {graph: triples for graph, (triples, _, _) in state(server).items()}
        assert found == {file.graph: file.triples for file in real.snapshot.graphs}
        assert foreign(server) == others


@pytest.mark.parametrize("name", ["oxigraph"])
def test_full_disk(name: str, disk: Path, tmp_path: Path) -> None:
    see_full_disk(name, disk, installed(open_snapshot(), tmp_path / "program"))

"""A clean source tree, the wheel and sdist built from it, and environments with the wheel installed.

Slow steps are done once for all workers of a test run.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from installing import BIN, build, clean_copy, install


def once(folder: Path, make: Callable[[Path], object]) -> Path:
    """Create a folder, unless another worker has done so."""
    done = folder.with_suffix(".done")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def tree(root: Path, shared: Path) -> Path:
    """A read-only copy of the files of the checkout, without ignored ones."""
    return once(shared / "tree", lambda folder: clean_copy(root, folder))


@pytest.fixture(scope="session")
def wheel(tree: Path, shared: Path) -> Path:
    """The wheel of the clean tree."""
    (file,) = once(shared / "wheel", lambda folder: build(tree, "wheel", folder)).iterdir()
    return file


@pytest.fixture(scope="session")
def sdist(tree: Path, shared: Path) -> Path:
    """The sdist of the clean tree."""
    (file,) = once(shared / "sdist", lambda folder: build(tree, "sdist", folder)).iterdir()
    return file


@pytest.fixture(scope="session")
def pins(root: Path, shared: Path) -> Path:
    """The pinned versions as constraints, so that new releases of libraries break no test.

    They have no hashes, since pip would then require a hash for the project's wheel too.
    """

    def write(folder: Path) -> None:
        lines = (root / "requirements" / "dev.txt").read_text(encoding="utf-8").splitlines()
        pinned = [line.removesuffix(" \\") for line in lines if re.match(r"\S+==", line)]
        (folder / "pins.txt").write_text("\n".join(pinned) + "\n", encoding="utf-8")

    return once(shared / "pins", write) / "pins.txt"


@pytest.fixture(scope="session")
def installed(wheel: Path, pins: Path, shared: Path) -> Path:
    """A read-only environment with only the wheel and its dependencies."""
    return once(shared / "installed", lambda folder: install(wheel, folder, pins))


@pytest.fixture
def environment(tmp_path: Path, pins: Path) -> dict[str, str]:
    """The environment variables of a user with an empty home and without settings; downloads are shared."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("JHAAN_", "XDG_", "PYTHON"))
    }
    downloads = subprocess.run(
        [BIN / "uv", "cache", "dir"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return kept | {
        "HOME": str(home),
        "UV_CACHE_DIR": downloads,
        "UV_CONSTRAINT": str(pins),
        "PIP_CONSTRAINT": str(pins),
        "UV_PYTHON": str(BIN / "python"),
    }


@pytest.fixture(scope="session")
def unshare(missing: Callable[[str, str], None]) -> str:
    """The program `unshare`, which runs another program in separate namespaces, for example without network."""
    found = shutil.which("unshare")
    if (
        found is None
        or subprocess.run([found, "--map-root-user", "--mount", "--net", "true"]).returncode != 0
    ):
        missing("unshare", "run the tests on a Linux that lets you make namespaces")
    return str(found)

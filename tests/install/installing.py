"""Functions that build, install and run the package, for the tests of installation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from pages import blocks

BIN = Path(sys.executable).parent
"""The folder of programs of the development environment, such as uv."""

INSTALLATION = Path(__file__).resolve().parents[2] / "docs" / "installation.md"
"""The page on installation."""

OF_A_RELEASE = ("Use a release", "Verify a download")
"""Its sections that need the files of a release."""


def shown(page: Path, heading: str) -> list[str]:
    """Return the blocks of commands of a section; those of make are run by .ci/run."""
    found = [block.text for block in blocks(page) if (block.heading, block.language) == (heading, "sh")]
    return [text for text in found if not text.startswith("make ")]


def clean_copy(root: Path, folder: Path) -> None:
    """Copy the files of a checkout, except those that git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).is_file():  # the file may have been deleted meanwhile
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, folder / name)


def build(tree: Path, target: str, folder: Path) -> Path:
    """Build an artefact into an empty or new folder, and return its file."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    tidy = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}  # the hook runs code of the tree
    done = subprocess.run(command, cwd=tree, env=tidy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (artefact,) = folder.iterdir()
    return artefact


def install(wheel: Path, venv: Path, pins: Path, extra: str = "") -> None:
    """Install a wheel into an environment, which is created if necessary."""
    if not (venv / "pyvenv.cfg").exists():
        subprocess.run([BIN / "uv", "venv", "--quiet", "--python", sys.executable, venv], check=True)
    what = f"{wheel}[{extra}]" if extra else str(wheel)
    subprocess.run(
        [BIN / "uv", "pip", "install", "--quiet", "--python", venv, "--constraint", pins, what], check=True
    )


def distributions(venv: Path) -> set[str]:
    """Return the names of the installed distributions."""
    listed = subprocess.run(
        [BIN / "uv", "pip", "freeze", "--quiet", "--python", venv], capture_output=True, text=True, check=True
    )
    return {line.partition("==")[0].partition(" @ ")[0].lower() for line in listed.stdout.splitlines()}


def run(*command: str | Path, cwd: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program as a user does."""
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)

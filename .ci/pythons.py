"""Name Pythons of this machine on which the package is to be tested: `pythons.py oldest` or `newest`.

It writes the path of one interpreter per version: on PATH, in its usual places and in those of pyenv and uv. A version
is meant for the package if `pyproject.toml` names it. `newest` leaves out the one that runs this.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FACTS = "import json, sys; print(json.dumps([sys.implementation.name, *sys.version_info[:3]]))"
RUNNING = ("cpython", *sys.version_info[:3])
PLACES = ("/usr/bin", "/usr/local/bin", "~/.pyenv/versions/*/bin", "~/.local/share/uv/python/*/bin")


def candidates() -> list[Path]:
    """Give all files that look like an interpreter, those on PATH first."""
    folders = [Path(folder) for folder in os.environ["PATH"].split(os.pathsep) if folder]
    for place in PLACES:
        path = Path(place).expanduser()
        folders += sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
    return [
        file
        for folder in folders
        if folder.is_dir()
        for file in sorted(folder.iterdir())
        if re.fullmatch(r"python3(\.\d+)?", file.name)
    ]


def version(python: Path) -> tuple[str, int, int, int] | None:
    """Give implementation and version of an interpreter; None if it does not run, as a shim without a Python."""
    try:
        done = subprocess.run([python, "-I", "-c", FACTS], capture_output=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    name, major, minor, micro = json.loads(done.stdout)
    return name, major, minor, micro


def all_versions() -> dict[tuple[str, int, int, int], Path]:
    """Give one interpreter for each version that the package is meant for, the oldest first; one of them runs this."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    meant = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    found = {RUNNING: Path(sys.executable)}
    for python in candidates():
        facts = version(python)
        if facts and facts[0] == "cpython" and f"{facts[1]}.{facts[2]}" in meant:
            found.setdefault(facts, python)
    return dict(sorted(found.items()))


def chosen(which: str) -> list[Path]:
    """Give the interpreters that a word names."""
    found = all_versions()
    wanted = {"oldest": min, "newest": max}[which](found)
    return [] if which == "newest" and wanted == RUNNING else [found[wanted]]


if __name__ == "__main__":
    for python in chosen(sys.argv[1]):
        sys.stdout.write(f"{python}\n")

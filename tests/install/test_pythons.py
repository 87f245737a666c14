"""The Pythons of a machine on which tests run: one of each version that the package is meant for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def interpreter(file: Path, *facts: object) -> None:
    """Write a program that says of itself what a Python would say, or that fails as a shim without a Python."""
    file.parent.mkdir(parents=True, exist_ok=True)
    says = "[{}]".format(", ".join(f'"{fact}"' if isinstance(fact, str) else str(fact) for fact in facts))
    file.write_text(
        f"#!/bin/sh\necho '{says}'\n" if facts else "#!/bin/sh\necho no such version >&2\nexit 127\n"
    )
    file.chmod(0o755)


@pytest.mark.parametrize(("which", "found"), [("oldest", "bin/python3.11"), ("newest", "bin/python3")])
def test_one_python_of_each_version_that_the_package_is_meant_for(
    root: Path, tmp_path: Path, which: str, found: str
) -> None:
    path, pyenv = tmp_path / "bin", tmp_path / ".pyenv" / "versions"
    interpreter(path / "python3", "cpython", 3, 13, 777)
    interpreter(path / "python3.12")
    interpreter(path / "python3.13", "cpython", 3, 13, 777)
    interpreter(path / "python3-config", "cpython", 3, 13, 778)
    interpreter(path / "python3.11", "cpython", 3, 11, -1)
    interpreter(pyenv / "3.12.77" / "bin" / "python3.12", "cpython", 3, 12, 77)
    interpreter(pyenv / "3.12.78" / "bin" / "python3", "cpython", 3, 12, 78)
    interpreter(pyenv / "3.10.9" / "bin" / "python3", "cpython", 3, 10, 9)
    interpreter(pyenv / "pypy" / "bin" / "python3", "pypy", 3, 11, 13)
    command = [sys.executable, root / ".ci" / "pythons.py", which]
    around = {"HOME": str(tmp_path), "PATH": str(path)}
    done = subprocess.run(command, env=around, capture_output=True, text=True, check=True)
    # the machine's own Pythons may be named too, but not the one that runs the tests
    assert sys.executable not in done.stdout.splitlines()
    named = [Path(line) for line in done.stdout.splitlines()]
    assert [python for python in named if python.is_relative_to(tmp_path)] == [tmp_path / found]

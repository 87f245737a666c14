"""Shared code of the tests of bad input: the command as a process, and folders that detect changes."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import jhaan_kg
from real_sources import ROOT

COMMAND = [sys.executable, "-m", "jhaan_kg"]
PACKAGE = str(Path(jhaan_kg.__file__).parents[1])
Run = Callable[..., tuple[int, str, str]]
"""The type of the fixture `run`."""
QUESTION = ("query", "empact-plans", "--format", "tsv")
"""The command for a question whose answer has 15 rows."""
FULL, NULL = 7, 3
"""The minor device numbers of `/dev/full` and `/dev/null`."""
NOBODY = 65534
UNKNOWN = 54321
"""The id of a user without a name and a home."""


def environment(**changes: str | None) -> dict[str, str]:
    """Return this environment with changes; None removes a variable."""
    changed = {**os.environ, "PYTHONPATH": PACKAGE, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def jhaan(
    *arguments: str | Path,
    cwd: Path = ROOT,
    stdin: bytes = b"",
    env: dict[str, str] | None = None,
    **options: Any,
) -> subprocess.CompletedProcess[str]:
    """Run the command, and check that it shows no traceback."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        input=stdin,
        cwd=cwd,
        env=env or environment(),
        check=False,
        timeout=120,
        **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options),
    )
    out, err = ((stream or b"").decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    assert "Traceback" not in err
    assert "Internal error" not in err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def device(folder: Path, minor: int) -> Path:
    """Create a device file, since a bug could replace the system's own one."""
    path = folder / f"device-{minor}"
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))
        path.open("wb").close()
    except PermissionError:
        pytest.skip("only root can make devices")
    return path


def contents(folder: Path) -> dict[str, bytes | str]:
    """Return the bytes of each file in a folder, and the target of each link, by path."""
    return {
        str(path.relative_to(folder)): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def _switch(user: int) -> list[str]:
    """Return the start of a command that runs the rest as another user; empty unless this is root."""
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if os.geteuid() == 0 else []


@cache
def _problem_of_others() -> str:
    """Return why another user cannot run this Python; empty if that is possible."""
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "as root, a user without rights takes setpriv"
    probe = [*_switch(NOBODY), sys.executable, "-c", "import pyoxigraph"]
    if subprocess.run(probe, cwd="/", capture_output=True, check=False).returncode:
        return "this Python lies where only its owner may go"
    return ""


def as_another_user(
    *arguments: str, cwd: Path, user: int = NOBODY, **changes: str | None
) -> subprocess.CompletedProcess[str]:
    """Run the command without root's permissions, as a user with only those of everybody."""
    if problem := _problem_of_others():
        if "other-user" in os.environ.get("JHAAN_REQUIRE", "").split(","):
            pytest.fail(f"JHAAN_REQUIRE names 'other-user', but {problem}")
        pytest.skip(problem)
    switch = _switch(user)
    env = environment(**({"JHAAN_CACHE": str(cwd.parent / "cache"), "HOME": "/nonexistent"} | changes))
    done = subprocess.run(
        [*switch, *COMMAND, *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done


def alive(pid: int) -> bool:
    """Whether a process exists."""
    return Path(f"/proc/{pid}").exists()


ENDLESS = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
"""A query that runs for days."""

PAIRS = "SELECT ?a ?d {{ ?a a ?b . ?d a ?e }} LIMIT {}"
"""A template of a query with a given number of rows."""


def first_line(query: str) -> tuple[str, str, int]:
    """Read the first line of an answer, close the pipe, and return the line, standard error and the exit code."""
    with subprocess.Popen(
        [*COMMAND, "sparql", "-", "--format", "csv"],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin and process.stdout and process.stderr  # noqa: PT018
        process.stdin.write(query)
        process.stdin.close()
        line = process.stdout.readline()
        process.stdout.close()
        return line, process.stderr.read(), process.wait()

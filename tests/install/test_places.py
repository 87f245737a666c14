"""An installed jhaan answers wherever it is called: in any folder, where nothing can be written, without a network."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.release


QUERY = ("query", "empact-co-run", "--cite", "--format", "csv")
API = "from jhaan_kg import KnowledgeGraph; print(len(KnowledgeGraph.open().query('empact-co-run').rows))"
COMMANDS = {
    "query": shlex.join(("jhaan", *QUERY)),
    "table": "jhaan query contradictions --cite",
    # to the memory of the machine, which can be written where no disk can
    "workbook": "file=/dev/shm/$$.xlsx; jhaan query empact-co-run --format xlsx -o $file && cat $file && rm $file",
    "sparql": "echo 'SELECT ?a { ?a a jhaan:Agency } ORDER BY ?a' | jhaan sparql -",
    "timeout": "jhaan query since-when --timeout 60",
    "find": "jhaan find 'european border'",
    "explain": "jhaan explain agency:eurojust",
    "coverage": "jhaan query coverage",
    "export": "jhaan export turtle",
    "api": f'python -c "{API}"',
}
NOTE = "({}), so each command rebuilds the graph. Set JHAAN_CACHE to a writable folder"


Run = Callable[..., subprocess.CompletedProcess[bytes]]
Outcome = tuple[int, bytes, bytes]
"""How a program ended and what it wrote."""


def outcome(done: subprocess.CompletedProcess[bytes]) -> Outcome:
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def answers(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Outcome]:
    """What each command says where nothing is amiss."""
    folder = tmp_path_factory.mktemp("usual")
    found = {}
    for name, command in COMMANDS.items():
        around = {"PATH": f"{installed}/bin:{os.environ['PATH']}", "JHAAN_CACHE": str(folder / "cache")}
        around["JHAAN_REPORT"] = ""  # in other places there is no text
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=os.environ | around, capture_output=True, check=True
        )
        found[name] = outcome(done)
    assert b"Frontex" in found["query"][1]
    assert found["workbook"][1].startswith(b"PK")
    assert b"jhaan:Agency" in found["export"][1]
    assert {name for name, (_, _, err) in found.items() if err} == {"find"}  # sums
    return found


@pytest.fixture
def run(installed: Path, environment: Mapping[str, str]) -> Run:
    """Run a shell script, with jhaan on its path, in a folder."""

    def run(script: str, cwd: Path, *prefix: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
        around = {**environment, "PATH": f"{installed}/bin:{environment['PATH']}", **settings}
        return subprocess.run(
            [*prefix, "bash", "-c", script], cwd=cwd, env=around, capture_output=True, check=False
        )

    return run


# --- any folder ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["/", "-q", "a folder of ours/Übersicht/報告"])
def test_any_folder_also_one_that_has_been_deleted(
    run: Run, answers: Mapping[str, Outcome], tmp_path: Path, folder: str
) -> None:
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    assert outcome(run(COMMANDS["query"], tmp_path / folder)) == answers["query"]
    deleted = f"mkdir gone && cd gone && rmdir ../gone; {COMMANDS['query']}"
    assert outcome(run(deleted, tmp_path / folder)) == answers["query"]


def test_a_folder_that_may_not_be_looked_into(
    run: Run, answers: Mapping[str, Outcome], tmp_path: Path
) -> None:
    """As after `sudo -u other` in one's own home. Root gives up its right to look everywhere."""
    (tmp_path / "closed" / "here").mkdir(parents=True)
    bound = (
        "setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-all" if os.geteuid() == 0 else ""
    )
    script = f"chmod 000 {tmp_path}/closed; {bound} ls {tmp_path}/closed/here; {bound} {COMMANDS['query']}"
    done = run(script, tmp_path / "closed" / "here")
    (tmp_path / "closed").chmod(0o755)
    assert done.stderr.startswith(b"ls: cannot access")
    assert done.stderr.count(b"\n") == 1
    assert (done.returncode, done.stdout) == (0, answers["query"][1])


# --- nothing can be written ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["query", "workbook", "timeout", "find", "export", "api"])
def test_a_read_only_file_system(
    run: Run, answers: Mapping[str, Outcome], tmp_path: Path, unshare: str, name: str
) -> None:
    """Package, current folder, home and temporary folder: nothing can be written, and there is no cache yet."""
    readonly = "mount -o remount,bind,ro /; mount --bind {0} {0}; mount -o remount,bind,ro {0}".format(
        shlex.quote(str(tmp_path))
    )
    tried = (
        'for place in . "$HOME" "$(dirname "$(command -v jhaan)")" /tmp; do touch "$place/x" && exit 9; done'
    )
    script = f"exec 3>&2 2>/dev/null; {readonly}; {tried}; exec 2>&3; {COMMANDS[name]}"
    done = run(script, tmp_path, unshare, "--map-root-user", "--mount")
    assert done.returncode == 0, done.stderr
    assert done.stdout == answers[name][1]
    notes = 0 if name in ("export", "api") else 1  # these open no store on the disk
    said = done.stderr.decode().splitlines(keepends=True)
    assert [NOTE.format("Read-only file system") in line for line in said[:notes]] == [True] * notes
    assert "".join(said[notes:]).encode() == answers[name][2]


def test_a_cache_in_a_read_only_file_system_is_read(
    run: Run, answers: Mapping[str, Outcome], tmp_path: Path, unshare: str
) -> None:
    """A container may be made so: filled once, and closed."""
    assert run(COMMANDS["query"], tmp_path).returncode == 0
    place = shlex.quote(str(tmp_path))
    readonly = f"mount --bind {place} {place} && mount -o remount,bind,ro {place} && cd {place}"
    done = run(f"{readonly} && {COMMANDS['query']}", tmp_path, unshare, "--map-root-user", "--mount")
    assert outcome(done) == answers["query"]


# --- no network ------------------------------------------------------------------------------------------------


def test_without_a_network(run: Run, answers: Mapping[str, Outcome], tmp_path: Path, unshare: str) -> None:
    """Not even the machine itself can be reached by the network."""
    cut_off = (
        """python -c 'import socket; socket.create_connection(("127.0.0.1", 9))' 2>&1 | grep -q unreachable"""
    )
    for name, command in COMMANDS.items():
        done = run(f"{cut_off} && {command}", tmp_path, unshare, "--map-root-user", "--net")
        assert outcome(done) == answers[name], name

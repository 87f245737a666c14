"""Bad places and surroundings, in real processes: what is said, with which exit code, and that nothing is lost.

| Case | Test |
|---|---|
| a full disk, by a limit of size | `test_a_limit_of_size_cuts_nothing_silently` |
| `/dev/stdout` as target | `test_standard_output_by_its_name` |
| standard streams closed | `test_closed_streams` |
| a corrupted cache, files garbled | `test_a_garbled_store_gives_no_wrong_answer` |
| a terminal without Unicode | `test_a_terminal_without_unicode`, `test_a_name_that_is_not_unicode` |
| no locale | `test_without_a_locale` |
"""

from __future__ import annotations

import os
import pty
import resource
import subprocess
from pathlib import Path

import pytest
from tiny_sources import HEAD, write

from bad_input import COMMAND, QUESTION, environment, jhaan
from jhaan_kg.build.cache import store_for
from jhaan_kg.build.snapshot import Snapshot
from real_sources import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def usual() -> str:
    """The answer to a question when nothing is wrong."""
    done = jhaan(*QUESTION)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 16)
    return done.stdout


def test_standard_output_by_its_name(tmp_path: Path, usual: str) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    with log.open("ab") as stream:
        assert jhaan(*QUESTION, "-o", "/proc/self/fd/1").stdout == usual
        jhaan(*QUESTION, "-o", "/dev/stdout", stdout=stream)
    assert log.read_text() == "before\n" + usual


@pytest.mark.parametrize("unbuffered", [None, "1"])
def test_a_limit_of_size_cuts_nothing_silently(unbuffered: str | None, tmp_path: Path) -> None:
    """Without buffers, one write takes only what there is room for, and raises nothing."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    (tmp_path / "kept").write_text("old")
    env = environment(PYTHONUNBUFFERED=unbuffered)
    done = jhaan(*QUESTION, "-o", tmp_path / "kept", env=env, preexec_fn=limit)
    assert (done.returncode, (tmp_path / "kept").read_text()) == (2, "old")
    with (tmp_path / "cut").open("wb") as stream:
        done = jhaan(*QUESTION, env=env, stdout=stream, preexec_fn=limit)
    assert done.returncode == 2
    assert "jhaan: Cannot write standard output: File too large." in done.stderr


def test_closed_streams(tmp_path: Path, usual: str) -> None:
    def shell(line: str) -> subprocess.CompletedProcess[str]:
        command = f"exec {' '.join(COMMAND)} {line}"
        return subprocess.run(
            ["sh", "-c", command], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
        )

    done = shell(" ".join(QUESTION) + " >&-")
    assert (done.returncode, done.stderr) == (
        2,
        "jhaan: Cannot write standard output: Bad file descriptor.\n",
    )
    done = shell(" ".join(QUESTION) + f" -o {tmp_path}/rows >&-")
    assert (done.returncode, (tmp_path / "rows").read_text()) == (0, usual)
    done = shell("query no-such-question 2>&-")
    assert (done.returncode, done.stdout) == (2, "")
    done = shell("sparql - <&-")
    assert done.returncode == 2
    assert "the query is empty" in done.stderr


# --- the cache -------------------------------------------------------------------------------------------------


def test_a_garbled_store_gives_no_wrong_answer(
    small_snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files keep their lengths; `build/test_cache.py` has files that are cut."""
    monkeypatch.setenv("JHAAN_CACHE", str(tmp_path))
    expected = set(store_for(small_snapshot, evidence=True, context=True))
    files = list((tmp_path / "stores").rglob("*.sst"))
    assert files
    for file in files:
        file.write_bytes(file.read_bytes()[::-1])
    assert set(store_for(small_snapshot, evidence=True, context=True)) == expected


# --- who runs it, and where ------------------------------------------------------------------------------------


def on_terminal(*arguments: str, cwd: Path = ROOT, **changes: str | None) -> tuple[int, bytes]:
    """Run the command on a terminal; gives its exit code and what the terminal shows."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**changes),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while data := os.read(ours, 65536):
            shown += data
    except OSError:  # so a terminal ends
        pass
    os.close(ours)
    return process.wait(), shown


ACCENT = "SELECT ?x { VALUES ?x { 'caf\u00e9 \u20ac' } }"


def test_a_terminal_without_unicode(tmp_path: Path) -> None:
    (tmp_path / "query.rq").write_text(ACCENT, encoding="utf-8")
    code, shown = on_terminal("sparql", str(tmp_path / "query.rq"), PYTHONIOENCODING="ascii", LC_ALL="C")
    assert code == 0
    assert b"caf\\xe9 \\u20ac" in shown
    code, shown = on_terminal("sparql", str(tmp_path / "query.rq"), PYTHONIOENCODING="utf-8")
    assert "café €".encode() in shown
    done = jhaan("sparql", tmp_path / "query.rq", env=environment(PYTHONIOENCODING="ascii", LC_ALL="C"))
    assert "café €" in done.stdout  # a pipe gets UTF-8, as a file does
    done = jhaan("query", "caf\u00e9", env=environment(PYTHONIOENCODING="ascii"))
    assert done.stderr.startswith('jhaan: Unknown question "caf\\xe9".')


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C"}, {"LC_ALL": "xx_YY.nothing"}, {"LANG": None, "LC_ALL": None}]
)
def test_without_a_locale(locale: dict[str, str | None], usual: str) -> None:
    done = jhaan(*QUESTION, env=environment(**locale))
    assert (done.returncode, done.stdout, done.stderr) == (0, usual, "")


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_name_that_is_not_unicode(encoding: str, tmp_path: Path) -> None:
    root = write(tmp_path / "sources")
    name = os.fsencode(root) + b"/data/register/caf\xe9.ttl"
    with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123 -- a path can't be made of bytes
        file.write(HEAD)
    done = jhaan("check", cwd=root, env=environment(PYTHONIOENCODING=encoding))
    assert done.returncode == 1
    assert done.stdout.startswith(
        "data/register/caf\\udce9.ttl: error [file-name] a file name must follow the rule"
    )

"""`jhaan export` as a process, in odd surroundings."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

from bad_input import environment, jhaan
from jhaan_kg.build.cache import cache_folder, open_snapshot
from jhaan_kg.export import export


def test_a_pipe_gets_what_a_file_gets(tmp_path: Path) -> None:
    """Also under a language of ASCII, and in a folder of another; a release has all forms under two of each."""
    (tmp_path / "été").mkdir()
    around = environment(LANG="C", LC_ALL="C", PYTHONUTF8="0", COLUMNS="20", JHAAN_CACHE=str(cache_folder()))
    command = [sys.executable, "-m", "jhaan_kg", "export", "turtle"]
    piped = subprocess.run(command, cwd=tmp_path / "été", env=around, capture_output=True, check=True)
    assert piped.stderr == b""
    assert piped.stdout == export(open_snapshot(), "turtle")
    jhaan("export", "turtle", "-o", tmp_path / "file", cwd=tmp_path, env=around)
    assert (tmp_path / "file").read_bytes() == piped.stdout


def test_a_long_export_says_how_far_it_is_and_ends_when_asked(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "jhaan_kg", "export", "release", "-o", "jhaan"], cwd=tmp_path, stderr=theirs
    )
    os.close(theirs)
    said = b""
    while b" files" not in said:
        said += os.read(ours, 1000)
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 128 + signal.SIGTERM
    os.close(ours)
    assert said.startswith(b"\rexport ")
    assert list(tmp_path.iterdir()) == []

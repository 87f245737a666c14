"""Folders that are whole or untouched while processes write them, are killed, or may not write."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bad_input import NOBODY
from exported_folder import FILES, KEPT, contents
from jhaan_kg.files import SUMS, write_folder

WRITE = """
import os, sys
from pathlib import Path
from jhaan_kg.errors import JhaanError
from jhaan_kg.files import write_folder
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[2]))
try:
    write_folder(Path(sys.argv[1]), [("a.csv", b"three")])
except JhaanError as error:
    print(error)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that each user may look into."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("protected", ["the folder", "the folder around it"])
def test_a_folder_that_may_not_be_written(protected: str, open_folder: Path) -> None:
    place = open_folder / "out"
    write_folder(place, FILES)
    if protected == "the folder":
        open_folder.chmod(0o777)
    else:
        os.chown(place, NOBODY, NOBODY)
    command = [sys.executable, "-c", WRITE, str(place), str(NOBODY)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == (
        f"Cannot write {place}: Permission denied. {KEPT} Choose a folder that you can write to.\n"
    )
    assert contents(place) == dict(FILES)
    assert [path.name for path in open_folder.iterdir()] == ["out"]


MANY = """
import sys, itertools
from pathlib import Path
from jhaan_kg.files import write_folder
for turn in itertools.count():
    write_folder(Path(sys.argv[1]), [(f"{number}.csv", b"%d" % turn) for number in range(20)])
    print(turn, flush=True)
"""


def whole(place: Path) -> bool:
    """Tell whether all files of a folder are there, from one run."""
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", SUMS], cwd=place, capture_output=True, check=False
    )
    return done.returncode == 0 and len(set(contents(place).values())) == 1 and len(contents(place)) == 20


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_ended_at_any_moment_a_folder_is_whole(number: signal.Signals, tmp_path: Path) -> None:
    dice = random.Random(7)
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", MANY, tmp_path / "out"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(dice.random() / 10)
        process.send_signal(number)
        process.communicate()
        leftovers = [path for path in tmp_path.iterdir() if path.name != "out"]
        assert all(re.fullmatch(r"\.out\.[0-9a-f]{8}\.(jhaan|old)", path.name) for path in leftovers)
        aside = [path for path in leftovers if path.suffix == ".old"]  # ended between two renames
        assert whole(aside[0] if aside else tmp_path / "out")
        for path in leftovers:
            shutil.rmtree(path)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets two folders change places")
def test_two_runs_at_once(tmp_path: Path) -> None:
    """Each looks at the folder, and one may be replaced under the eyes of the other: it says so, nothing is half."""
    command = [sys.executable, "-c", MANY, tmp_path / "out"]
    processes = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)
    ]
    time.sleep(3)
    for process in processes:
        process.kill()
    for process in processes:
        message = process.communicate()[1].decode()
        assert "JhaanError" in message or message == ""
    assert whole(tmp_path / "out")

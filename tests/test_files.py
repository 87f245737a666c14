"""Folders that are whole or untouched, whatever happens while they are written."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bad_input import NOBODY
from exported_folder import FILES, KEPT, contents
from jhaan_kg import files as module
from jhaan_kg.errors import JhaanError
from jhaan_kg.files import MARKER, STALE, SUMS, write_folder

OTHERS = [("a.csv", b"three\n"), ("c.csv", b"four\n")]


def refused(folder: Path, message: str) -> None:
    """Make sure that a folder is refused with this message, and that nothing has changed around it."""
    before = sorted(map(str, folder.parent.rglob("*")))
    with pytest.raises(JhaanError) as error:
        write_folder(folder, OTHERS)
    assert str(error.value) == message
    assert sorted(map(str, folder.parent.rglob("*"))) == before


def test_a_new_folder(tmp_path: Path) -> None:
    place = tmp_path / "out"
    assert write_folder(place, FILES) == 3
    assert contents(place) == dict(FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    mask = os.umask(0)
    os.umask(mask)
    assert place.stat().st_mode & 0o7777 == 0o777 & ~mask
    assert (place / "a.csv").stat().st_mode & 0o7777 == 0o666 & ~mask


def test_the_digests_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", FILES)
    command = ["sha256sum", "--check", "--strict", SUMS]
    done = subprocess.run(command, cwd=tmp_path / "out", capture_output=True, text=True, check=True)
    assert done.stdout == "a.csv: OK\ndeep/er/b.csv: OK\né.txt: OK\n"
    (tmp_path / "out/a.csv").write_bytes(b"changed")
    assert subprocess.run(command, cwd=tmp_path / "out", capture_output=True, check=False).returncode == 1


def test_a_folder_of_ours_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    place = tmp_path / "out"
    write_folder(place, FILES)
    place.chmod(0o750)
    write_folder(place, OTHERS)
    assert contents(place) == dict(OTHERS)
    assert place.stat().st_mode & 0o7777 == 0o750
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_and_one_of_ours_without_files_are_taken(tmp_path: Path) -> None:
    place = tmp_path / "out"
    place.mkdir()
    assert write_folder(place, []) == 0
    assert (place / SUMS).read_bytes() == b""
    write_folder(place, FILES)
    (place / "a.csv").unlink()
    assert write_folder(place, OTHERS) == 2
    assert contents(place) == dict(OTHERS)


# --- what is refused ---------------------------------------------------------------------------------------


def write_file(place: Path, name: str) -> None:
    (place / name).write_text("mine")


def link_file(place: Path, target: str) -> None:
    """Put a link in the place of a file, to a folder or to a file with the same content."""
    (place.parent / "elsewhere").mkdir()
    (place.parent / "elsewhere/file").write_bytes(b"one\n")
    (place / "a.csv").unlink()
    (place / "a.csv").symlink_to(place.parent / target)


def list_again(place: Path, _: str) -> None:
    """Make the list anew, as its owner may do."""
    write_file(place, "thesis.txt")
    make = (
        f"find . -type f ! -name '{SUMS}' -printf '%P\\0' | xargs -0 sha256sum > ../sums && mv ../sums {SUMS}"
    )
    subprocess.run(["bash", "-c", make], cwd=place, check=True)


def copy_marker(place: Path) -> None:
    """Make a folder of one's own with a list and a copy of our marker."""
    write_folder(place, FILES)
    (place / SUMS).unlink()
    list_again(place, "")


STRANGE = 'it contains "{}", which jhaan did not write. Name a new or empty folder.'
CHANGED = '"{}" was changed after the export. Move the file or name another folder.'


@pytest.mark.parametrize(
    ("change", "name", "named", "why"),
    [
        *((write_file, name, name, STRANGE) for name in ("notes.txt", "deep/notes.txt", ".hidden")),
        (lambda place, name: (place / name).unlink(), SUMS, MARKER, STRANGE),
        (lambda place, name: (place / name).unlink(), MARKER, SUMS, STRANGE),
        (lambda place, name: (place / name).write_bytes(b"\xff"), SUMS, MARKER, STRANGE),
        (lambda place, name: (place / name).mkdir(), "deep/empty", "deep/empty", STRANGE),
        (list_again, "", MARKER, STRANGE),
        (link_file, "elsewhere", "a.csv", STRANGE),
        (link_file, "elsewhere/file", "a.csv", STRANGE),
        (write_file, "a.csv", "a.csv", CHANGED),
    ],
)
def test_a_folder_that_was_changed(
    change: Callable[[Path, str], object], name: str, named: str, why: str, tmp_path: Path
) -> None:
    place = tmp_path / "out"
    write_folder(place, FILES)
    change(place, name)
    refused(place, f"Cannot replace {place}: {why.format(named)}")


@pytest.mark.parametrize(
    ("prepare", "name", "why"),
    [
        (
            lambda place: place.mkdir() or list_again(place, ""),
            "out",
            f"replace {{}}: {STRANGE.format(SUMS)}",
        ),
        (copy_marker, "out", f"replace {{}}: {STRANGE.format(MARKER)}"),
        (lambda place: place.write_text("mine"), "out", "write {}: it is a file. Name a folder."),
        (lambda _: None, "none/out", "write {0}: the folder {0.parent} does not exist. Create it first."),
    ],
)
def test_a_place_for_no_folder(
    prepare: Callable[[Path], object], name: str, why: str, tmp_path: Path
) -> None:
    prepare(tmp_path / name)
    refused(tmp_path / name, f"Cannot {why.format(tmp_path / name)}")


def test_a_file_that_is_saved_there_while_the_folder_is_written(tmp_path: Path) -> None:
    place = tmp_path / "out"
    write_folder(place, FILES)

    def saving() -> Iterator[tuple[str, bytes]]:
        yield from OTHERS
        write_file(place, "notes.txt")

    with pytest.raises(JhaanError, match=re.escape(f"out: {STRANGE.format('notes.txt')}")):
        write_folder(place, saving())
    assert contents(place) == {**dict(FILES), "notes.txt": b"mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_folder_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(tmp_path / "out", FILES)
    monkeypatch.chdir(tmp_path / "out")
    for name in (".", "..", "../out", "/", "../out/"):
        with pytest.raises(JhaanError) as error:
            write_folder(Path(name), OTHERS)
        assert str(error.value) == (
            f"Cannot replace {Path(name)}: it is the current folder or contains it. Name another folder."
        )
    assert contents(tmp_path / "out") == dict(FILES)


def test_a_path_that_leaves_the_folder_or_comes_twice(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", FILES)
    outside = (
        *("../a", "/a", "a/../../b", "a/..", "..", "", ".", "./a", "a//b"),
        *("a\\b", "a\nb", "a\0b", SUMS, MARKER),
    )
    for path in (*outside, "a.csv"):
        with pytest.raises(ValueError, match=r"is no path within a folder|there are two files"):
            write_folder(tmp_path / "out", [("a.csv", b""), (path, b"")])
    assert contents(tmp_path / "out") == dict(FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


# --- odd places --------------------------------------------------------------------------------------------


def test_a_link_stays_and_its_folder_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    write_folder(tmp_path / "there/real", FILES)
    (tmp_path / "link").symlink_to("there/real")
    write_folder(tmp_path / "link", OTHERS)
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "there/real") == dict(OTHERS)


def test_names_at_their_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("x" * 255, "é" * 127, ".hidden", "with space"):
        write_folder(tmp_path / name, FILES)
        write_folder(tmp_path / name, OTHERS)
        assert contents(tmp_path / name) == dict(OTHERS)
    monkeypatch.chdir(tmp_path)
    write_folder(Path("relative/"), FILES)
    assert contents(tmp_path / "relative") == dict(FILES)
    refused(
        tmp_path / ("x" * 256),
        f"Cannot write {tmp_path / ('x' * 256)}: File name too long. {KEPT} Choose a shorter name.",
    )


@pytest.mark.parametrize(
    ("name", "size", "message"),
    [
        ("out", 100_000, f"No space left on device. {KEPT} Free some space or choose another folder."),
        ("", 1, f"Device or resource busy. {KEPT} It is the root of a disk. Name a folder in it."),
    ],
)
def test_a_full_disk_and_its_root(name: str, size: int, message: str, small_disk: Path) -> None:
    place = small_disk / name
    with pytest.raises(JhaanError) as error:
        write_folder(place, [("a", b"x" * size)])
    assert str(error.value) == f"Cannot write {place}: {message}"
    assert list(small_disk.iterdir()) == []


# --- interruptions -----------------------------------------------------------------------------------------


def failing() -> Iterator[tuple[str, bytes]]:
    yield "a.csv", b"half"
    raise KeyboardInterrupt


def test_an_interruption_leaves_the_old_folder(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", FILES)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "out", failing())
    assert contents(tmp_path / "out") == dict(FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_old_folder_comes_back_if_the_new_one_cannot_take_its_place(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", FILES)
    with pytest.raises(OSError, match="No such file"):
        module._replace_folder(tmp_path / "none.jhaan", tmp_path / "out")
    assert contents(tmp_path / "out") == dict(FILES)


def test_what_killed_runs_left_is_cleared_when_it_is_old(tmp_path: Path) -> None:
    left, fresh = tmp_path / ".out.0123abcd.jhaan", tmp_path / ".out.89abcdef.jhaan"
    others = [tmp_path / name for name in (".out.0123abcd", ".other.0123abcd.jhaan", ".out.0123abcd.old")]
    for path in (left, fresh, *others):
        path.mkdir()
        (path / "half").write_text("half")
    for path in (left, *others):
        os.utime(path, (time.time() - STALE - 60,) * 2)
    write_folder(tmp_path / "out", FILES)
    assert sorted(tmp_path.iterdir()) == sorted([fresh, *others, tmp_path / "out"])


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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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

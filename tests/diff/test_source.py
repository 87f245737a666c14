"""What may be compared: snapshots, wheels and checkouts; and what is said of anything else."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from tiny_sources import write

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.cli import main


def wheel_of(snapshot: Snapshot, path: Path, folder: str = "jhaan_kg/_bundle/snapshot") -> Path:
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("jhaan_kg/__init__.py", "raise RuntimeError('a wheel is not run')")
        for file in sorted(snapshot.path.rglob("*")):
            wheel.write(file, f"{folder}/{file.relative_to(snapshot.path).as_posix()}")
    return path


def diff(old: Path, new: Path) -> int:
    return main(["diff", str(old), str(new)])


def test_a_wheel_is_compared_with_a_snapshot(
    two_releases: tuple[Snapshot, Snapshot], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = two_releases
    wheel = wheel_of(old, tmp_path / "jhaan_kg-1.0.0-py3-none-any.whl")
    assert diff(old.path, wheel) == 0
    name = f"(snapshot {old.key[:12]})"
    assert capsys.readouterr() == (f"From {name} to {name}\nNo differences.\n", "")
    assert diff(wheel, new.path) == 1
    assert "body: the crew (body:crew)" in capsys.readouterr().out


def failure(capsys: pytest.CaptureFixture[str], old: Path, new: Path) -> str:
    assert diff(old, new) == 2
    told = capsys.readouterr()
    assert told.out == ""
    return told.err


def test_sources_with_faults_are_no_difference(
    two_releases: tuple[Snapshot, Snapshot], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write(tmp_path / "sources", register="agency:north a")
    told = failure(capsys, root, two_releases[0].path)
    assert told.startswith(f"jhaan: Cannot build {root}: ")
    assert "data/register/things.ttl:1: error" in told
    assert "build the snapshot with that version" in told


def test_what_is_no_release(
    two_releases: tuple[Snapshot, Snapshot], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, empty = tmp_path / "notes.txt", tmp_path / "empty"
    text.write_text("notes", encoding="utf-8")
    empty.mkdir()
    for path in (text, empty):
        told = failure(capsys, path, two_releases[0].path)
        assert told.startswith(f"jhaan: Cannot open {path}: it must be a wheel, the folder of a snapshot")
    assert "no such file or folder" in failure(capsys, tmp_path / "no", two_releases[0].path)
    other = wheel_of(two_releases[0], tmp_path / "other.whl", "elsewhere")
    told = failure(capsys, two_releases[0].path, other)
    assert told == f"jhaan: Cannot open {other}: not a wheel of jhaan-kg.\n"


def test_damaged_releases(
    two_releases: tuple[Snapshot, Snapshot], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = two_releases
    copy = tmp_path / "copy"
    shutil.copytree(old.path, copy)
    file = copy / "graphs" / "report_fbn-2021_1.nq"
    file.write_bytes(file.read_bytes().replace(b"2021", b"2031", 1))
    assert "Damaged snapshot" in failure(capsys, copy, new.path)
    wheel = wheel_of(old, tmp_path / "old.whl")
    data = bytearray(wheel.read_bytes())
    place = data.index(b"w3id.org")
    data[place : place + 4] = b"\xff\xff\xff\xff"
    wheel.write_bytes(data)
    assert f"Cannot open {wheel}: damaged wheel" in failure(capsys, wheel, new.path)

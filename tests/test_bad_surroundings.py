"""Bad places for results: what is said, with which exit code, and that nothing is lost.

| Case | Test |
|---|---|
| a full disk | `test_a_full_device`, `test_a_full_disk_keeps_the_old_file` |
| an unwritable target | `test_a_target_that_cannot_be_written`; a protected one in `test_bad_input.py` |
| a device, a pipe, a link as target | `test_a_device_stays_one`, `test_a_pipe_stays_one`, `test_a_link_stays_one` |
| a corrupted cache, files shortened | in `build/test_cache.py` |

Bad surroundings, such as a terminal without Unicode, are in `test_bad_surroundings_slow.py`.
"""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from bad_input import FULL, NULL, QUESTION, Run, contents, device, jhaan


@pytest.fixture
def answer(run: Run) -> str:
    """The answer to a question when nothing is wrong."""
    code, out, err = run(*QUESTION)
    assert (code, err, out.count("\n")) == (0, "", 16)
    return out


def test_a_device_stays_one(tmp_path: Path, run: Run) -> None:
    null = device(tmp_path, NULL)
    assert run(*QUESTION, "-o", str(null)) == (0, "", "")
    assert stat.S_ISCHR(null.stat().st_mode)
    assert [path.name for path in null.parent.iterdir()] == [null.name]


def test_a_full_device(tmp_path: Path, run: Run) -> None:
    full = device(tmp_path, FULL)
    message = "No space left on device. Free some space or choose another folder.\n"
    assert run(*QUESTION, "-o", str(full)) == (2, "", f"jhaan: Cannot write {full}: {message}")
    assert stat.S_ISCHR(full.stat().st_mode)
    with full.open("wb") as stream:
        done = jhaan(*QUESTION, stdout=stream)
    assert (done.returncode, done.stderr) == (2, f"jhaan: Cannot write standard output: {message}")


def test_a_pipe_stays_one(tmp_path: Path, answer: str, run: Run) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    assert run(*QUESTION, "-o", str(pipe))[0] == 0
    reader.join(10)
    assert read == [answer]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("old", ["old", None])
def test_a_link_stays_one(old: str | None, tmp_path: Path, answer: str, run: Run) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there/real", tmp_path / "link"
    if old:
        target.write_text(old)
    link.symlink_to("there/real")
    assert run(*QUESTION, "-o", str(link))[0] == 0
    assert link.is_symlink()
    assert target.read_text() == answer
    assert len(list(tmp_path.rglob("*"))) == 3


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "folder",
            "folder: Is a directory. Name a file.",
        ),
        ("no/where", "no/where: No such file or directory."),
        ("file/x", "file/x: Not a directory."),
        ("", ": Is a directory."),
        ("x" * 300, ": File name too long."),
    ],
)
def test_a_target_that_cannot_be_written(
    target: str, message: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("old")
    before = contents(tmp_path)
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*QUESTION, "-o", target)
    assert (code, out) == (2, "")
    assert message in err
    assert contents(tmp_path) == before


def test_a_long_name_is_no_fault(tmp_path: Path, run: Run) -> None:
    assert run(*QUESTION, "-o", str(tmp_path / ("x" * 255)))[0] == 0


def test_a_full_disk_keeps_the_old_file(small_disk: Path, run: Run) -> None:
    (small_disk / "rows").write_text("old")
    code, out, err = run(*QUESTION, "-o", str(small_disk / "rows"))
    assert (code, out) == (2, "")
    assert "No space left on device. The file is unchanged. Free some space" in err
    assert contents(small_disk) == {"rows": b"old"}

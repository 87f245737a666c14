"""`jhaan export` as a user meets it."""

from __future__ import annotations

import gzip
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bad_input import Run, environment, jhaan
from jhaan_kg.build import cache
from jhaan_kg.build.cache import cache_folder, open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export


@pytest.fixture(autouse=True)
def small_release(world: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small graph in the place of the real one."""
    monkeypatch.setattr(cache, "open_snapshot", lambda: world)


def test_options_choose_what_goes_out(run: Run, world: Snapshot, tmp_path: Path) -> None:
    for option, choice in (
        ("--no-inferred", {"inferred": False}),
        ("--no-external", {"context": False}),
        ("--evidence", {"evidence": True}),
    ):
        file = tmp_path / option
        assert run("export", "ntriples", option, "-o", str(file)) == (0, "", "")
        assert file.read_bytes() == export(world, "ntriples", **choice) != export(world, "ntriples")
    bare = export(world, "nquads", evidence=False).decode()
    assert run("export", "nquads", "--no-evidence") == (0, bare, "")


def test_a_name_that_promises_compression(run: Run, world: Snapshot, tmp_path: Path) -> None:
    file = tmp_path / "jhaan.nt.gz"
    assert run("export", "ntriples", "-o", str(file)) == (
        2,
        "",
        f'jhaan: The file name "{file}" needs the option --gzip.\n',
    )
    assert not file.exists()
    assert run("export", "ntriples", "--gzip", "-o", str(file)) == (0, "", "")
    assert gzip.decompress(file.read_bytes()) == export(world, "ntriples")


def test_nothing_compressed_goes_to_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    with open(theirs, "w") as terminal:  # noqa: PTH123 - a descriptor
        monkeypatch.setattr(sys, "stdout", terminal)
        code, _, err = run("export", "ntriples", "--gzip")
    os.close(ours)
    assert (code, err) == (
        2,
        "jhaan: Compressed output needs a file: -o FILE.gz\n",
    )


def test_an_export_of_a_folder_says_what_it_wrote_and_nothing_more_in_a_pipe(
    run: Run, root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "ontology"
    count = sum(path.is_file() for path in (root / "ontology").rglob("*")) + 2  # catalogue and shapes
    assert run("export", "ontology", "-o", str(folder)) == (0, "", f"{count:,} files in {folder}\n")
    assert run("export", "ontology")[::2] == (2, "jhaan: Format ontology needs an output folder: -o FOLDER\n")


@pytest.mark.slow
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


@pytest.mark.slow
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

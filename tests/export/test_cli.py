"""`jhaan export` as a user meets it."""

from __future__ import annotations

import gzip
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bad_input import environment, jhaan
from jhaan_kg.build.cache import cache_folder, open_snapshot
from jhaan_kg.export import export

Run = Callable[..., tuple[int, str, str]]
RDF = ("turtle", "ntriples", "rdfxml", "nquads", "trig")


@pytest.mark.slow
@pytest.mark.parametrize("form", [*RDF, "jsonld"])
def test_exports_are_stable(form: str, tmp_path: Path) -> None:
    """The same bytes under another seed, clock, language and folder, and in a pipe as in a file."""
    (tmp_path / "été").mkdir()
    first = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}
    second = {"PYTHONHASHSEED": "4711", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "COLUMNS": "20"}
    cache = str(cache_folder())
    piped = subprocess.run(
        [sys.executable, "-m", "jhaan_kg", "export", form],
        cwd=tmp_path / "été",
        env=environment(**first, JHAAN_CACHE=cache),
        capture_output=True,
        check=True,
    )
    assert piped.stderr == b""
    file = tmp_path / "file"
    jhaan("export", form, "-o", file, cwd=tmp_path, env=environment(**second, JHAAN_CACHE=cache))
    expected = export(open_snapshot(), form)
    assert piped.stdout == expected
    assert file.read_bytes() == expected


def test_options_choose_what_goes_out(run: Run, tmp_path: Path) -> None:
    whole = export(open_snapshot(), "ntriples").count(b"\n")
    for option, fewer in (("--no-inferred", True), ("--no-context", True), ("--evidence", False)):
        file = tmp_path / option
        assert run("export", "ntriples", option, "-o", str(file)) == (0, "", "")
        assert (file.read_bytes().count(b"\n") < whole) is fewer
        assert file.read_bytes().count(b"\n") != whole


def test_a_dataset_without_its_evidence(run: Run, tmp_path: Path) -> None:
    assert run("export", "nquads", "--no-evidence", "-o", str(tmp_path / "all.nq")) == (0, "", "")
    assert (tmp_path / "all.nq").read_bytes() == export(open_snapshot(), "nquads", evidence=False)


def test_a_name_that_promises_compression(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "jhaan.nt.gz"
    assert run("export", "ntriples", "-o", str(file)) == (
        2,
        "",
        f"jhaan: {file}: would not be compressed. Add --gzip, or choose another name.\n",
    )
    assert not file.exists()
    assert run("export", "ntriples", "--gzip", "-o", str(file)) == (0, "", "")
    assert gzip.decompress(file.read_bytes()) == export(open_snapshot(), "ntriples")


def test_nothing_compressed_goes_to_a_terminal() -> None:
    ours, theirs = pty.openpty()
    done = jhaan("export", "ntriples", "--gzip", stdout=theirs)
    os.close(theirs)
    os.close(ours)
    assert (done.returncode, done.stderr) == (
        2,
        "jhaan: A compressed file can't be shown on a terminal. Name a file: -o FILE.gz\n",
    )


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


@pytest.mark.slow
def test_an_export_of_a_folder_says_what_it_wrote_and_nothing_more_in_a_pipe(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "queries"
    count = len(list((Path(__file__).parents[2] / "queries").rglob("*.rq")))
    assert run("export", "queries", "-o", str(folder)) == (0, "", f"{count:,} files in {folder}\n")
    assert run("export", "queries")[::2] == (2, "jhaan: queries is a folder of files. Name it: -o FOLDER\n")

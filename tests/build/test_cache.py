"""The cache: what is kept, and that nothing goes wrong when things go wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_sources import HEAD, section, write

import jhaan_kg
from jhaan_kg.build import cache
from jhaan_kg.build.cache import cache_folder, open_snapshot, snapshot_for, store_for
from jhaan_kg.build.progress import Progress
from jhaan_kg.build.snapshot import DamagedSnapshotError, Snapshot
from jhaan_kg.errors import FindingsError, JhaanError

DRIVER = Path(__file__).with_name("drive_cache.py")
PACKAGE = Path(jhaan_kg.__file__).parents[1]
NOBODY = 65534
QUERY = "queries/boards/who-takes-part.rq"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JHAAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("jhaan_kg.build.pipeline.check_sources", lambda _: [])


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Small sources without queries, whose checks take longer than all the rest."""
    return write(tmp_path / "sources", **{QUERY: None})


def opened(root: Path) -> Snapshot:
    return snapshot_for(root, Progress())


def builds(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Record the folders that are built from now on."""
    from jhaan_kg.build import pipeline

    made: list[Path] = []
    original = pipeline.build

    def build(root: Path, folder: Path, progress: Progress) -> None:
        made.append(folder)
        original(root, folder, progress)

    monkeypatch.setattr(pipeline, "build", build)
    return made


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def drive(root: Path, folder: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(DRIVER), str(root)],
        env={**os.environ, "PYTHONPATH": str(PACKAGE), "JHAAN_CACHE": str(folder), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def result(process: subprocess.Popen[str]) -> tuple[dict[str, object], str]:
    """What a driven process printed, and what it said on standard error."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1]), err


# --- what is kept ----------------------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_built_again(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = builds(monkeypatch)
    assert opened(sources).key == opened(sources).key
    assert len(made) == 1


@pytest.mark.parametrize("name", ["data/register/things.ttl", QUERY, "ontology/jhaan.ttl"])
def test_a_changed_source_is_built_again(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = write(tmp_path / "sources")
    opened(sources)
    made = builds(monkeypatch)
    with (sources / name).open("a") as file:
        file.write("# changed\n")
    opened(sources)
    assert len(made) == 1


def test_a_new_and_a_renamed_source_are_noticed(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(sources)
    made = builds(monkeypatch)
    (sources / "data/register/more.ttl").write_text(HEAD + 'place:x a jhaan:Place ; rdfs:label "x"@en .')
    opened(sources)
    (sources / "data/register/more.ttl").rename(sources / "data/register/others.ttl")
    opened(sources)
    assert len(made) == 2


def test_a_changed_program_builds_again(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(sources)
    made = builds(monkeypatch)
    program = tmp_path / "program"
    program.mkdir()
    (program / "rules.py").write_text("")
    monkeypatch.setattr(cache, "_PACKAGE", program)
    opened(sources)
    assert len(made) == 1


def test_faulty_sources_leave_nothing_behind(tmp_path: Path) -> None:
    root = write(tmp_path / "sources", summary=section("1/paragraph/9: agency:north jhaan:seat place:isle ."))
    with pytest.raises(FindingsError):
        opened(root)
    assert names(tmp_path / "cache/snapshots") == []


def test_a_source_that_cannot_be_read_is_a_finding_and_not_a_fault_of_the_cache(
    sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (sources / "data/register/link.ttl").symlink_to(sources / "nowhere.ttl")
    with pytest.raises(FindingsError, match="a link that leads nowhere"):
        opened(sources)
    assert capsys.readouterr().err == ""


def test_only_the_newest_snapshots_stay(sources: Path, tmp_path: Path) -> None:
    keys = []
    for number in range(7):
        (sources / "data/register/more.ttl").write_text(
            HEAD + f'place:x a jhaan:Place ; rdfs:label "x{number}"@en .'
        )
        path = opened(sources).path
        os.utime(path, (number, number))
        keys.append(path.name)
    assert set(names(tmp_path / "cache/snapshots")) == set(keys[-5:])


def test_the_bundled_snapshot_is_the_last_resort(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "find_root", lambda: None)
    monkeypatch.setattr(cache, "BUNDLED", tmp_path / "bundle")
    with pytest.raises(JhaanError, match="Install jhaan-kg from a wheel, or go to a checkout"):
        open_snapshot()
    shutil.copytree(opened(sources).path, tmp_path / "bundle")
    assert open_snapshot().path == tmp_path / "bundle"


def test_the_checkout_around_the_current_folder_is_opened(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sources / "data")
    assert open_snapshot().key == opened(sources).key


@pytest.mark.parametrize(
    ("variables", "platform", "expected"),
    [
        ({"JHAAN_CACHE": "/c", "XDG_CACHE_HOME": "/x"}, "linux", "/c"),
        ({"XDG_CACHE_HOME": "/x"}, "linux", "/x/jhaan-kg"),
        ({"XDG_CACHE_HOME": "/x"}, "darwin", "/x/jhaan-kg"),
        ({}, "linux", "/home/ada/.cache/jhaan-kg"),
        ({}, "darwin", "/home/ada/Library/Caches/jhaan-kg"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local/jhaan-kg/Cache"),
        ({}, "win32", "/home/ada/.cache/jhaan-kg"),
    ],
)
def test_where_the_cache_is(
    variables: dict[str, str], platform: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("JHAAN_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/ada")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder() == Path(expected)


# --- stores ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("evidence", [True, False])
@pytest.mark.parametrize("context", [True, False])
def test_a_store_holds_what_was_asked_for(sources: Path, evidence: bool, context: bool) -> None:
    snapshot = opened(sources)
    expected = set(snapshot.quads(evidence=evidence, context=context))
    for _ in ("new", "from the cache"):
        assert set(store_for(snapshot, evidence=evidence, context=context)) == expected


def test_a_store_from_the_cache_cannot_be_changed(sources: Path) -> None:
    store = store_for(opened(sources), evidence=False, context=True)
    with pytest.raises(RuntimeError, match="read-write"):
        store.update("CLEAR ALL")


def test_a_store_is_loaded_once(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = opened(sources)
    store_for(snapshot, evidence=False, context=True)
    monkeypatch.setattr(cache, "_publish", None)
    store_for(snapshot, evidence=False, context=True)


# --- damage ----------------------------------------------------------------------------------------------------


def test_a_truncated_snapshot_is_built_again(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened(sources)
    path = first.graphs[0].path
    path.write_bytes(path.read_bytes()[:-9])
    made = builds(monkeypatch)
    again = opened(sources)
    again.verify()
    assert (len(made), again.key) == (1, first.key)


def test_a_snapshot_with_a_flipped_byte_is_built_again_before_it_is_loaded(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = opened(sources)
    expected = set(snapshot.quads(evidence=False, context=True))
    path = next(graph.path for graph in snapshot.graphs if "register" in graph.graph)
    data = bytearray(path.read_bytes())
    data[data.index(b"north")] ^= 1
    path.write_bytes(data)
    made = builds(monkeypatch)
    assert set(store_for(opened(sources), evidence=False, context=True)) == expected
    assert len(made) == 1
    assert [name for name in names(tmp_path / "cache/stores") if name.startswith(".")] == []


def test_a_damaged_snapshot_without_sources_is_told(sources: Path, tmp_path: Path) -> None:
    shutil.copytree(opened(sources).path, tmp_path / "bundle")
    path = tmp_path / "bundle/graphs/register_things.nq"
    path.write_bytes(path.read_bytes().replace(b"north", b"nurth"))
    with pytest.raises(DamagedSnapshotError):
        store_for(Snapshot.open(tmp_path / "bundle"), evidence=False, context=True)


@pytest.mark.parametrize("name", ["store/CURRENT", "store/*.sst", "store/MANIFEST-*", "files.json"])
def test_a_damaged_store_is_loaded_again(sources: Path, tmp_path: Path, name: str) -> None:
    snapshot = opened(sources)
    expected = set(store_for(snapshot, evidence=False, context=True))
    (folder,) = (tmp_path / "cache/stores").iterdir()
    for path in folder.glob(name):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert set(store_for(snapshot, evidence=False, context=True)) == expected


# --- several processes -----------------------------------------------------------------------------------------


def test_builds_at_the_same_time_all_end_well(sources: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    results = [result(process) for process in [drive(sources, folder, PAUSE="0.05") for _ in range(4)]]
    assert len({json.dumps(found) for found, _ in results}) == 1
    assert {err for _, err in results} == {""}
    assert len(names(folder / "snapshots")) == 1
    assert len(names(folder / "stores")) == 1
    Snapshot.open(folder / "snapshots" / names(folder / "snapshots")[0]).verify()


def test_a_build_that_is_killed_leaves_only_a_temporary_folder(sources: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    process = drive(sources, folder, PAUSE="60")
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (left,) = names(folder / "snapshots")
    assert left.startswith(".")
    found, err = result(drive(sources, folder))
    assert err == ""
    assert left in names(folder / "snapshots")  # it may belong to a build that still runs

    old = time.time() - 2 * cache.STALE
    os.utime(folder / "snapshots" / left, (old, old))
    (sources / "data/register/more.ttl").write_text(HEAD + 'place:x a jhaan:Place ; rdfs:label "x"@en .')
    result(drive(sources, folder))
    assert left not in names(folder / "snapshots")
    assert Path(str(found["path"])).is_dir()


def test_a_build_that_is_interrupted_cleans_up(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("jhaan_kg.build.snapshot._write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        opened(sources)
    assert names(tmp_path / "cache/snapshots") == []


# --- caches that can't be written ------------------------------------------------------------------------------


def test_files_that_must_not_grow_stop_with_a_message(sources: Path, tmp_path: Path) -> None:
    """Neither the cache nor the temporary folder takes files of that size, as if both disks were full."""
    folder = tmp_path / "shared"
    process = drive(sources, folder, LIMIT="3000")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "Traceback" not in err
    assert f"{folder} can't be used: File too large." in err
    assert "Free some space, or set JHAAN_CACHE" in err
    assert out == ""
    assert names(folder / "snapshots") == []


def test_with_a_full_disk_the_work_is_done_elsewhere(sources: Path, small_disk: Path) -> None:
    found, err = result(drive(sources, small_disk))
    assert f"{small_disk} can't be used: No space left on device." in err
    assert found["quads"] == len(set(opened(sources).quads(evidence=True, context=True)))
    assert names(small_disk / "snapshots") == []
    assert not Path(str(found["path"])).exists()


def test_with_a_disk_that_is_full_for_the_store_it_is_held_in_memory(
    sources: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    snapshot = opened(sources)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "_publish", full)
    store = store_for(snapshot, evidence=False, context=True)
    assert set(store) == set(snapshot.quads(evidence=False, context=True))
    assert (
        "can't be used: No space left on device. So each command builds and loads the graph anew."
        in capsys.readouterr().err
    )


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter and read, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(root: Path, folder: Path) -> subprocess.Popen[str]:
    """Run the driver as a user who owns nothing; root may write anywhere."""
    prefix = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("as root, a user without rights takes setpriv")
        prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return subprocess.Popen(
        [*prefix, sys.executable, "-B", str(DRIVER), str(root)],
        env={**os.environ, "PYTHONPATH": str(PACKAGE), "JHAAN_CACHE": str(folder), "TMPDIR": "/tmp"},  # noqa: S108
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_cache_that_may_not_be_written(open_folder: Path, sources: Path) -> None:
    shutil.copytree(sources, open_folder / "sources")
    (open_folder / "cache").mkdir(mode=0o555)
    found, err = result(as_nobody(open_folder / "sources", open_folder / "cache"))
    assert err.count("can't be used: Permission denied.") == 1
    assert found["quads"] == len(set(opened(sources).quads(evidence=True, context=True)))
    assert names(open_folder / "cache") == []


def test_a_cache_that_may_only_be_read_is_read(open_folder: Path, sources: Path) -> None:
    shutil.copytree(sources, open_folder / "sources")
    first, _ = result(drive(open_folder / "sources", open_folder / "cache"))
    for path in (open_folder / "cache", *(open_folder / "cache").rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    again, err = result(as_nobody(open_folder / "sources", open_folder / "cache"))
    for path in (open_folder / "cache", *(open_folder / "cache").rglob("*")):
        path.chmod(0o755)
    assert again == first
    assert err == ""


def test_a_file_in_the_place_of_the_cache(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    found, err = result(drive(sources, tmp_path / "cache"))
    assert "can't be used: Not a directory." in err or "can't be used: File exists." in err
    assert found["quads"]


def test_a_user_without_home(
    sources: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("JHAAN_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    snapshot = opened(sources)
    assert len(store_for(snapshot, evidence=False, context=True)) == snapshot.triples(evidence=False)
    assert capsys.readouterr().err.count("the cache can't be used: Could not determine home directory.") == 1

"""The cache: what is kept, and that nothing goes wrong when things go wrong."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from caches import names, opened
from pyoxigraph import Quad
from tiny_sources import MORE, QUERY, section, write

from jhaan_kg import cache_folder as program_folder
from jhaan_kg.build import cache, pipeline
from jhaan_kg.build.cache import cache_folder, open_snapshot, store_for
from jhaan_kg.build.progress import Progress
from jhaan_kg.build.snapshot import DamagedSnapshotError, Snapshot
from jhaan_kg.errors import FindingsError, JhaanError
from jhaan_kg.files import STALE
from jhaan_kg.isolation import confine, run_isolated

pytestmark = pytest.mark.usefixtures("own_cache")


def builds(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Record the folders that are built from now on."""
    made: list[Path] = []
    original = pipeline.build

    def build(root: Path, folder: Path, progress: Progress, earlier: Iterable[Snapshot]) -> None:
        made.append(folder)
        original(root, folder, progress, earlier)

    monkeypatch.setattr(pipeline, "build", build)
    return made


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, program: Path) -> Path:
    """A cache with the snapshot of the small sources."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JHAAN_CACHE", str(folder / "cache"))
        patch.setattr(program_folder, "_PACKAGE", program)
        patch.setattr(pipeline, "check_sources", lambda _: [])
        opened(write(folder / "sources", **{QUERY: None}))
    return folder / "cache"


@pytest.fixture
def snapshot(sources: Path, filled: Path, own_cache: Path) -> Snapshot:
    """The snapshot of the small sources, in the cache."""
    shutil.copytree(filled, own_cache)
    return opened(sources)


def held(snapshot: Snapshot, *, evidence: bool = False, context: bool = True) -> set[Quad]:
    """Return what a store has: the stored queries and the lexicon also where it has no evidence."""
    quads = snapshot.quads(evidence=True, context=context)
    return {quad for quad in quads if evidence or "/graph/evidence/" not in str(quad.graph_name)}


# --- what is kept ----------------------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_built_again(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = builds(monkeypatch)
    assert opened(sources).key == opened(sources).key
    assert len(made) == 1


def test_a_changed_new_or_renamed_source_is_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = write(tmp_path / "sources")
    opened(sources)
    made = builds(monkeypatch)
    for number, name in enumerate(("data/register/things.ttl", QUERY, "ontology/jhaan.ttl"), 1):
        with (sources / name).open("a") as file:
            file.write("# changed\n")
        opened(sources)
        assert len(made) == number, name
    (sources / "data/register/more.ttl").write_text(MORE)
    opened(sources)
    assert len(made) == 4
    (sources / "data/register/more.ttl").rename(sources / "data/register/others.ttl")
    opened(sources)
    assert len(made) == 5


@pytest.mark.usefixtures("snapshot")
def test_a_changed_program_builds_again(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = builds(monkeypatch)
    changed = tmp_path / "program"
    changed.mkdir()
    (changed / "rules.py").write_text("# changed\n")
    monkeypatch.setattr(program_folder, "_PACKAGE", changed)
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
    with pytest.raises(FindingsError, match="broken link"):
        opened(sources)
    assert capsys.readouterr().err == ""


def test_only_the_newest_snapshots_stay_and_nothing_that_a_crash_has_left(
    snapshot: Snapshot, sources: Path
) -> None:
    folder = snapshot.path.parent
    now = time.time()
    ages = {
        **{f"older-{number}": 9.0 - number for number in range(6)},
        ".crashed.00000000.jhaan": 2 * STALE,
        ".runs": 9,
    }
    for name, age in ages.items():
        (folder / name).mkdir()
        os.utime(folder / name, (now - 60 - age, now - 60 - age))
    (sources / "data/register/more.ttl").write_text(MORE)
    newest = opened(sources).path.name
    kept = ["older-3", "older-4", "older-5"]
    assert names(folder) == sorted([".runs", *kept, snapshot.path.name, newest])


def test_the_bundled_snapshot_is_the_last_resort(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "find_root", lambda: None)
    monkeypatch.setattr(cache, "BUNDLED", tmp_path / "bundle")
    with pytest.raises(JhaanError, match="Install jhaan-kg from a wheel, or go to a checkout"):
        open_snapshot()
    shutil.copytree(snapshot.path, tmp_path / "bundle")
    assert open_snapshot().path == tmp_path / "bundle"


def test_the_checkout_around_the_current_folder_is_opened(
    snapshot: Snapshot, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sources / "data")
    assert open_snapshot().key == snapshot.key


@pytest.mark.parametrize(
    ("variables", "platform", "expected"),
    [
        ({"JHAAN_CACHE": "/c", "XDG_CACHE_HOME": "/x"}, "linux", "/c"),
        ({"XDG_CACHE_HOME": "/x"}, "linux", "/x/jhaan-kg"),
        ({}, "linux", "/home/ada/.cache/jhaan-kg"),
        ({}, "darwin", "/home/ada/Library/Caches/jhaan-kg"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local/jhaan-kg/Cache"),
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
def test_a_store_holds_what_was_asked_for(snapshot: Snapshot, evidence: bool, context: bool) -> None:
    expected = held(snapshot, evidence=evidence, context=context)
    for _ in ("new", "from the cache"):
        assert set(store_for(snapshot, evidence=evidence, context=context)) == expected


def test_a_store_is_loaded_once_and_cannot_be_changed(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_for(snapshot, evidence=True, context=True)
    monkeypatch.setattr(cache, "publish_folder", None)
    with pytest.raises(RuntimeError, match="read-write"):
        store_for(snapshot, evidence=True, context=True).update("CLEAR ALL")


# --- damage ----------------------------------------------------------------------------------------------------


def test_a_snapshot_with_a_flipped_byte_is_built_again_before_it_is_loaded(
    snapshot: Snapshot, sources: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = held(snapshot, evidence=True)
    path = next(graph.path for graph in snapshot.graphs if "register" in graph.graph)
    data = bytearray(path.read_bytes())
    data[data.index(b"north")] ^= 1
    path.write_bytes(data)
    made = builds(monkeypatch)
    assert set(store_for(opened(sources), evidence=True, context=True)) == expected
    assert len(made) == 1
    assert [name for name in names(own_cache / "stores") if name.startswith(".")] == []


def test_a_damaged_snapshot_without_sources_is_told(snapshot: Snapshot, tmp_path: Path) -> None:
    shutil.copytree(snapshot.path, tmp_path / "bundle")
    path = tmp_path / "bundle/graphs/register_things.nq"
    path.write_bytes(path.read_bytes().replace(b"north", b"nurth"))
    with pytest.raises(DamagedSnapshotError):
        store_for(Snapshot.open(tmp_path / "bundle"), evidence=True, context=True)


@pytest.mark.parametrize("name", ["store/CURRENT", "store/*.sst", "store/MANIFEST-*", "files.json"])
def test_a_damaged_store_is_loaded_again(snapshot: Snapshot, own_cache: Path, name: str) -> None:
    expected = set(store_for(snapshot, evidence=True, context=True))
    (folder,) = (own_cache / "stores").iterdir()
    for path in folder.glob(name):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert set(store_for(snapshot, evidence=True, context=True)) == expected


def test_a_build_that_is_interrupted_cleans_up(
    sources: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("jhaan_kg.build.snapshot._write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        opened(sources)
    assert names(own_cache / "snapshots") == []


# --- caches that can't be written ------------------------------------------------------------------------------


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_with_full_disks_everywhere_it_stops_with_a_message(
    sources: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("jhaan_kg.build.snapshot._write", full)
    with pytest.raises(JhaanError, match="Free some space, or set JHAAN_CACHE"):
        opened(sources)
    assert f"cannot use {own_cache} (No space left on device)" in capsys.readouterr().err
    assert names(own_cache / "snapshots") == []


def test_with_a_disk_that_is_full_for_the_store_a_temporary_one_is_made(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cache, "publish_folder", full)
    store = store_for(snapshot, evidence=True, context=True)
    assert set(store) == held(snapshot, evidence=True)
    assert "(No space left on device), so each command rebuilds the graph." in capsys.readouterr().err


def test_with_a_file_in_the_place_of_the_cache_the_work_is_done_elsewhere(
    sources: Path, own_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own_cache.write_text("")
    snapshot = opened(sources)
    assert len(store_for(snapshot, evidence=True, context=True)) == snapshot.triples(evidence=True)
    err = capsys.readouterr().err
    assert "(Not a directory)" in err or "(File exists)" in err
    assert own_cache not in snapshot.path.parents


def test_a_user_without_home(
    sources: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("JHAAN_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    snapshot = opened(sources)
    assert set(store_for(snapshot, evidence=True, context=True)) == held(snapshot, evidence=True)
    assert capsys.readouterr().err.count("cannot use the cache (Could not determine home directory)") == 1


def test_a_truncated_snapshot_is_built_again(
    snapshot: Snapshot, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = snapshot.graphs[0].path
    path.write_bytes(path.read_bytes()[:-9])
    made = builds(monkeypatch)
    again = opened(sources)
    again.verify()
    assert (len(made), again.key) == (1, snapshot.key)


def test_a_query_may_not_open_files_and_finds_all_of_a_store_open(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine opens only some of many files with a store, and would wait for the others for ever."""
    monkeypatch.setattr(cache, "_BATCH", 1)  # each graph has files of its own
    cache.store_folder(snapshot)
    assert len(list(cache.store_folder(snapshot).glob("*.sst"))) > 16
    expected = sum(file.triples for file in snapshot.graphs)

    def count() -> int:
        with confine():
            return len(list(store)) != expected

    store = store_for(snapshot, evidence=True, context=True)
    assert not run_isolated(count, timeout=60)

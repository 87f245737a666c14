"""Built snapshots and disk stores, kept from run to run.

A snapshot lies under the digests of the program and of its sources, a store under the digest of its snapshot. Where the
cache can't be written, the work is done in a temporary folder and in memory, with a note on standard error.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph
from pyoxigraph import RdfFormat, Store

from jhaan_kg.build.files import FOLDERS, find_root, is_root
from jhaan_kg.build.graphs import is_evidence
from jhaan_kg.build.snapshot import MANIFEST, DamagedSnapshotError, Snapshot
from jhaan_kg.cache_folder import cache_folder, files_digest, program_digest
from jhaan_kg.digests import file_digest
from jhaan_kg.errors import JhaanError, printable
from jhaan_kg.files import delete_leftovers, delete_tree, discard_folder, publish_folder

if TYPE_CHECKING:
    from jhaan_kg.build.progress import Progress

KEPT_SNAPSHOTS: Final = 5
KEPT_STORES: Final = 10
"""How many of the newest stay in the cache when another one is made."""

BUNDLED: Final = Path(__file__).resolve().parents[1] / "_bundle" / "snapshot"
"""The snapshot that a wheel brings along."""

_FILES: Final = "files.json"


# --- snapshots -------------------------------------------------------------------------------------------------


def open_snapshot() -> Snapshot:
    """Open the snapshot that a command works with.

    It is that of the checkout around the current folder, built if need be; else that of the checkout in which the
    package lies; else the one that the wheel brings along.

    Raises:
        FindingsError: the sources have faults.
        JhaanError: there is no snapshot and nothing to build one from.
    """
    root = find_root()
    if root is not None:
        from jhaan_kg.build.progress import Progress

        return snapshot_for(root, Progress())
    if BUNDLED.is_dir():
        return Snapshot.open(BUNDLED)
    raise JhaanError(
        "No graph found. Install jhaan-kg from a wheel, or go to a checkout with ontology/ and data/."
    )


def snapshot_in(folder: Path, progress: Progress) -> Snapshot | None:
    """Open the snapshot that a folder is, or that of the checkout that it is; None if it is neither.

    Raises:
        DamagedSnapshotError: it is a snapshot that is not as it was written.
        FindingsError: the sources have faults.
    """
    if (folder / MANIFEST).is_file():
        return Snapshot.open(folder)
    return snapshot_for(folder.resolve(), progress) if is_root(folder) else None


def snapshot_for(root: Path, progress: Progress) -> Snapshot:
    """Open the snapshot of these sources, from the cache or newly built.

    Raises:
        FindingsError: the sources have faults.
        JhaanError: the sources change meanwhile, or the disk is full everywhere.
    """
    program = f"{program_digest()[:16]}-{pyoxigraph.__version__}"
    sources = files_digest(root, FOLDERS)

    def make(folder: Path) -> None:
        from jhaan_kg.build.pipeline import build

        build(root, folder, progress, _earlier(program))
        if files_digest(root, FOLDERS) != sources:
            raise JhaanError("The source files changed during the build. Run the command again.")

    try:
        place = cache_folder() / "snapshots" / f"{program}-{sources[:16]}"
        try:
            if place.is_dir():
                return Snapshot.open(place, root)
        except DamagedSnapshotError:
            discard_folder(place)
        publish_folder(place, make)
        _prune(place.parent, KEPT_SNAPSHOTS)
        return Snapshot.open(place, root)
    except OSError as error:
        _note(_reason(error))
        return Snapshot.open(_in_temporary_folder(make), root)


def _earlier(program: str) -> Iterator[Snapshot]:
    """Yield the snapshots in the cache that this program has built."""
    with suppress(OSError):
        for folder in (cache_folder() / "snapshots").glob(f"{program}-*"):
            with suppress(DamagedSnapshotError):
                yield Snapshot.open(folder)


# --- stores ----------------------------------------------------------------------------------------------------


def store_for(snapshot: Snapshot, *, evidence: bool, context: bool, in_memory: bool = False) -> Store:
    """Open a store of a snapshot for reading, from the cache or newly loaded.

    Args:
        snapshot: what it contains.
        evidence: whether it contains the evidence too; it always has the stored queries and the lexicon.
        context: whether it contains facts from outside the reports too.
        in_memory: whether to load it into memory: it opens later, and answers several times as fast.

    Raises:
        DamagedSnapshotError: the snapshot is not as it was written, and its sources are not known.
    """
    try:
        return _store_for(snapshot, evidence=evidence, context=context, in_memory=in_memory)
    except DamagedSnapshotError:
        if snapshot.root is None:
            raise
        from jhaan_kg.build.progress import Progress

        with suppress(OSError):  # in a cache that can only be read, the error comes again
            discard_folder(snapshot.path)
        snapshot = snapshot_for(snapshot.root, Progress())
        return _store_for(snapshot, evidence=evidence, context=context, in_memory=in_memory)


def _store_for(snapshot: Snapshot, *, evidence: bool, context: bool, in_memory: bool) -> Store:
    def load(store: Store) -> None:
        # One load of all is ten times as fast as one per graph.
        files = snapshot.files(evidence=True, context=context)
        # Without evidence too, questions are found by their labels and things by the words of the lexicon.
        wanted = (file for file in files if evidence or not is_evidence(file.graph))
        # The snapshot's own bytes are valid, so nothing needs validation.
        store.bulk_load(b"".join(file.read() for file in wanted), format=RdfFormat.N_QUADS, lenient=True)

    def make(folder: Path) -> None:
        store = Store(str(folder / "store"))
        load(store)
        store.flush()
        del store  # closes its files, which don't change any more
        (folder / _FILES).write_text(json.dumps(_files(folder)), encoding="utf-8")

    if in_memory:
        loaded = Store()
        load(loaded)
        return loaded
    flavour = ("full" if evidence else "plain") + ("" if context else "-no-context")
    try:
        place = cache_folder() / "stores" / f"{snapshot.key[:32]}-{flavour}-{pyoxigraph.__version__}"
        if place.is_dir():
            if _as_written(place):
                with suppress(OSError, RuntimeError, ValueError):
                    return Store.read_only(str(place / "store"))
            discard_folder(place)
        publish_folder(place, make)
        _prune(place.parent, KEPT_STORES)
        return Store.read_only(str(place / "store"))
    except OSError as error:
        _note(_reason(error))
        store = Store()
        load(store)
        return store


def _files(folder: Path) -> dict[str, list[int | str]]:
    """Return for each file of a store its size, when it was changed, and the digest of its bytes."""
    return {
        name: [*stamp, file_digest((folder / "store" / name).read_bytes())]
        for name, stamp in _stamps(folder).items()
    }


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    with os.scandir(folder / "store") as files:
        return {file.name: ((found := file.stat()).st_size, found.st_mtime_ns) for file in files}


def _as_written(folder: Path) -> bool:
    """Whether the files of a store are those that were written.

    The engine can't be asked: it takes a store with a shortened list of files for an empty one, and takes all memory
    for a block whose length is garbled. Files that are as old as when they were written are taken for the same; those
    of a store that was copied are read once more each time.
    """
    try:
        written = json.loads((folder / _FILES).read_bytes())
        stamps = _stamps(folder)
        return written.keys() == stamps.keys() and all(
            tuple(written[name][:2]) == stamp
            or (
                written[name][0] == stamp[0]
                and written[name][2] == file_digest((folder / "store" / name).read_bytes())
            )
            for name, stamp in stamps.items()
        )
    except (
        OSError,
        ValueError,
        AttributeError,
        LookupError,
        TypeError,
        RecursionError,
    ):  # it may be damaged too
        return False


# --- folders ---------------------------------------------------------------------------------------------------


def _in_temporary_folder(make: Callable[[Path], object]) -> Path:
    """Make a folder that goes when the program ends.

    Raises:
        JhaanError: even that is impossible.
    """
    import atexit
    import tempfile

    try:
        folder = Path(tempfile.mkdtemp(prefix="jhaan-kg-"))
        atexit.register(delete_tree, folder)
        make(folder)
    except OSError as error:
        raise JhaanError(
            f"Cannot write to the cache or to {tempfile.gettempdir()}: {_reason(error)}. "
            "Free some space, or set JHAAN_CACHE to a writable folder."
        ) from None
    return folder


@cache
def _note(reason: str) -> None:
    """Note on standard error, once, that the cache can't be used, and what that means."""
    try:
        place = printable(cache_folder())
    except OSError:
        place = "the cache"
    sys.stderr.write(
        f"jhaan: note: cannot use {place} ({reason}), so each command rebuilds the graph. "
        "Set JHAAN_CACHE to a writable folder.\n"
    )


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).rstrip(".")


def _prune(folder: Path, kept: int) -> None:
    """Delete all but the newest folders, and what killed runs have left."""
    ages: dict[Path, float] = {}
    for path in folder.iterdir():
        with suppress(OSError):  # another process may have deleted it
            if not path.name.startswith("."):
                ages[path] = path.stat().st_mtime
    for path in sorted(ages, key=ages.__getitem__, reverse=True)[kept:]:
        with suppress(OSError):  # it may belong to another user
            discard_folder(path)
    delete_leftovers(folder)

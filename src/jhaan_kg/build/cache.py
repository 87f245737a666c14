"""Built snapshots and disk stores, kept from run to run.

Everything is made in a temporary folder beside its place and renamed when it is whole, so that nobody ever sees half of
it: not after an interruption, and not while another process builds the same. What a crash leaves is cleared away later.
Where the cache can't be written, the work is done in a temporary folder and in memory, with a note on standard error.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph
from pyoxigraph import RdfFormat, Store

from jhaan_kg.build.files import FOLDERS, find_root, is_root
from jhaan_kg.build.graphs import is_evidence
from jhaan_kg.build.snapshot import MANIFEST, DamagedSnapshotError, Snapshot, sync_folder
from jhaan_kg.digests import file_digest
from jhaan_kg.errors import JhaanError

if TYPE_CHECKING:
    from jhaan_kg.build.progress import Progress

KEPT_SNAPSHOTS: Final = 5
KEPT_STORES: Final = 10
"""How many of the newest stay in the cache when another one is made."""

STALE: Final = 3600.0
"""After how many seconds a temporary folder counts as left over by a crash."""

NOT_BUILDING: Final = frozenset(
    {
        *("api", "cli", "derived", "diff", "explain", "export", "find", "new_report"),
        *("pages", "reference", "releases", "reused_terms", "serve", "stores", "verify"),
    }
)
"""Parts of the program on which no snapshot depends, so that a change to them builds none."""

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_FILES: Final = "files.json"
BUNDLED: Final = _PACKAGE / "_bundle" / "snapshot"
"""The snapshot that a wheel brings along."""


def cache_folder() -> Path:
    """Give the folder of the cache: `JHAAN_CACHE`, else the place that the system has for such things.

    That place is a matter of ten lines and of start-up time, so it needs no library.

    Raises:
        OSError: the user has no home.
    """
    if chosen := os.environ.get("JHAAN_CACHE"):
        return Path(chosen)
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "jhaan-kg"
    if sys.platform == "win32" and (base := os.environ.get("LOCALAPPDATA")):
        return Path(base) / "jhaan-kg" / "Cache"
    try:
        home = Path.home()
    except RuntimeError as error:
        raise OSError(str(error)) from None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "jhaan-kg"


def open_snapshot() -> Snapshot:
    """Open the snapshot that a command is to work with.

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
        "There is no graph here: this installation brings none along, and there are no sources around this folder. "
        "Install jhaan-kg from a wheel, or go to a checkout, which has ontology/ and data/."
    )


def snapshot_in(folder: Path, progress: Progress) -> Snapshot | None:
    """Give the snapshot that a folder is, or that of the checkout that it is, built if need be.

    Args:
        folder: the folder.
        progress: told what is being done.

    Returns:
        None if the folder is neither.

    Raises:
        DamagedSnapshotError: it is a snapshot that is not as it was written.
        FindingsError: the sources have faults.
    """
    if (folder / MANIFEST).is_file():
        return Snapshot.open(folder)
    return snapshot_for(folder.resolve(), progress) if is_root(folder) else None


def snapshot_for(root: Path, progress: Progress) -> Snapshot:
    """Give the snapshot of these sources, from the cache or newly built.

    Args:
        root: the folder of the sources.
        progress: told what is being done.

    Raises:
        FindingsError: the sources have faults.
        JhaanError: the sources change meanwhile, or the disk is full everywhere.
    """

    def make(folder: Path) -> None:
        from jhaan_kg.build.pipeline import build

        build(root, folder, progress)
        if _key(root) != key:
            raise JhaanError("The sources changed while they were read. Run the command again.")

    key = _key(root)
    try:
        snapshots = cache_folder() / "snapshots"
        cached = _cached_snapshot(snapshots / key, root)
        if cached is None:
            _publish(snapshots / key, make)
            _prune(snapshots, KEPT_SNAPSHOTS)
            cached = Snapshot.open(snapshots / key, root)
    except OSError as error:
        _note(_reason(error))
        return Snapshot.open(_in_temporary_folder(make), root)
    return cached


def store_for(snapshot: Snapshot, *, evidence: bool, context: bool, in_memory: bool = False) -> Store:
    """Give a store that holds a snapshot, from the cache or newly loaded; it is for reading.

    Args:
        snapshot: what to hold.
        evidence: whether to hold the evidence too; the stored queries and the lexicon are always there.
        context: whether to hold facts from outside the reports too.
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
            _discard(snapshot.path)
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
        stores = cache_folder() / "stores"
        folder = stores / f"{snapshot.key[:32]}-{flavour}-{pyoxigraph.__version__}"
        opened = _cached_store(folder)
        if opened is None:
            _publish(folder, make)
            _prune(stores, KEPT_STORES)
            opened = Store.read_only(str(folder / "store"))
    except OSError as error:
        _note(_reason(error))
        opened = Store()
        load(opened)
    return opened


# --- keys ------------------------------------------------------------------------------------------------------


def _key(root: Path) -> str:
    """Give a digest of all that a snapshot depends on: the sources and the program."""
    whole = sha256()
    parts = sorted(part.name for part in _PACKAGE.iterdir() if part.stem not in NOT_BUILDING)
    program = (name for part in parts for name in _names(str(_PACKAGE), part) if name.endswith(".py"))
    sources = (name for folder in FOLDERS for name in _names(str(root), folder))
    for top, names in ((_PACKAGE, program), (root, sources)):
        for name in names:
            path = top / name
            try:
                # to read a pipe would take for ever
                digest = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            except OSError as error:  # the build says better what is wrong with it
                digest = str(error.errno)
            whole.update(f"{name}\0{digest}\n".encode())
    whole.update(f"pyoxigraph {pyoxigraph.__version__}".encode())
    return whole.hexdigest()[:32]


def _names(top: str, part: str) -> Iterator[str]:
    """Yield the names of a file, or of all files and folders in a folder, less those that are hidden."""
    yield part
    for folder, folders, files in os.walk(f"{top}/{part}"):
        folders[:] = sorted(name for name in folders if name[0] != ".")
        for name in (*folders, *sorted(files)):
            if name[0] != ".":
                yield f"{folder}/{name}"[len(top) + 1 :]


# --- folders ---------------------------------------------------------------------------------------------------


def _cached_snapshot(folder: Path, root: Path) -> Snapshot | None:
    """Open a snapshot of the cache; a damaged one is taken away."""
    if not folder.is_dir():
        return None
    try:
        return Snapshot.open(folder, root)
    except DamagedSnapshotError:
        _discard(folder)
        return None


def _cached_store(folder: Path) -> Store | None:
    """Open a store of the cache; a damaged one is taken away.

    The engine can't be asked: it takes a store with a shortened list of files for an empty one, and takes all memory
    for a block whose length is garbled. Files that are as old as when they were written are taken for the same; those
    of a store that was copied are read once more each time.
    """
    if not folder.is_dir():
        return None
    try:
        if _as_written(folder):
            return Store.read_only(str(folder / "store"))
    except (OSError, RuntimeError, ValueError, AttributeError, LookupError, TypeError):  # files.json as well
        pass
    _discard(folder)
    return None


def _files(folder: Path) -> dict[str, list[int | str]]:
    """Give for each file of a store its size, when it was changed, and the digest of what it holds."""
    return {
        name: [*stamp, file_digest((folder / "store" / name).read_bytes())]
        for name, stamp in _stamps(folder).items()
    }


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    with os.scandir(folder / "store") as files:
        return {file.name: ((found := file.stat()).st_size, found.st_mtime_ns) for file in files}


def _as_written(folder: Path) -> bool:
    """Tell whether the files of a store are those that were written."""
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


def _publish(folder: Path, make: Callable[[Path], object]) -> None:
    """Make a folder as a whole or not at all; if another process was quicker, keep its folder.

    Args:
        folder: the place.
        make: fills the temporary folder that becomes it.

    Raises:
        OSError: the place can't be written; nothing is left behind.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = _hidden_beside(folder)
    try:
        temporary.mkdir()
        make(temporary)
        try:
            temporary.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
            return
        sync_folder(folder.parent)
    finally:
        _delete(temporary)


def _discard(folder: Path) -> None:
    """Take a folder away, out of sight first, so that nobody opens half of it."""
    hidden = _hidden_beside(folder)
    with suppress(FileNotFoundError):  # another process was quicker
        folder.rename(hidden)
    _delete(hidden)


def _delete(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _hidden_beside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name.lstrip('.')[:60]}.{os.urandom(4).hex()}")


def _in_temporary_folder(make: Callable[[Path], object]) -> Path:
    """Make a folder that goes when the program ends.

    Raises:
        JhaanError: even that is impossible.
    """
    import atexit
    import tempfile

    try:
        folder = Path(tempfile.mkdtemp(prefix="jhaan-kg-"))
        atexit.register(_delete, folder)
        make(folder)
    except OSError as error:
        raise JhaanError(
            f"The snapshot can't be written, neither to the cache nor to {tempfile.gettempdir()}: {_reason(error)}. "
            "Free some space, or set JHAAN_CACHE to a folder that can be written."
        ) from None
    return folder


@cache
def _note(reason: str) -> None:
    """Say on standard error, once, that the cache can't be used, and what that means."""
    try:
        place = str(cache_folder())
    except OSError:
        place = "the cache"
    sys.stderr.write(
        f"jhaan: note: {place} can't be used: {reason}. So each command builds and loads the graph anew. "
        "Set JHAAN_CACHE to a folder that can be written.\n"
    )


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).rstrip(".")


def _prune(folder: Path, kept: int) -> None:
    """Take away all but the newest folders, and what crashes have left over."""
    ages = {path: _modified(path) for path in folder.iterdir()}
    hidden = [path for path in ages if path.name.startswith(".")]
    visible = sorted((path for path in ages if path not in hidden), key=ages.__getitem__, reverse=True)
    now = time.time()
    for path in (*visible[kept:], *(path for path in hidden if ages[path] < now - STALE)):
        with suppress(OSError):  # it may belong to another user
            _discard(path)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0

"""Cache of built snapshots and disk stores.

The key of a snapshot is the checksums of the program and of its sources, the key of a store the checksum of its
snapshot. If the cache is not writable, a temporary folder and memory are used, with a note on standard error.
"""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Store

from jhaan_kg.build.files import FOLDERS, find_root, is_root
from jhaan_kg.build.graphs import is_evidence
from jhaan_kg.build.snapshot import MANIFEST, DamagedSnapshotError, GraphFile, Snapshot
from jhaan_kg.cache_folder import cache_folder, files_digest, program_digest
from jhaan_kg.errors import JhaanError, printable
from jhaan_kg.files import delete_leftovers, delete_tree, discard_folder, publish_folder
from jhaan_kg.reports import report_order

if TYPE_CHECKING:
    from jhaan_kg.build.progress import Progress

KEPT_SNAPSHOTS: Final = 5
KEPT_STORES: Final = 10
"""The number of stores that stay in the cache when another one is created."""

BUNDLED: Final = Path(__file__).resolve().parents[1] / "_bundle" / "snapshot"
"""The snapshot in a wheel."""

_MOST_IN_MEMORY: Final = 1_000_000
"""The number of quads from which a store stays on disk."""

_OPENED_AT_ONCE: Final = 16
"""The number of files that the engine opens with a store."""

_FILES: Final = "files.json"
_BATCH: Final = 64 * 2**20
"""The size in bytes of the graphs that are loaded together."""


# --- snapshots -------------------------------------------------------------------------------------------------


def open_snapshot() -> Snapshot:
    """Open the snapshot for a command.

    It is that of the checkout around the current folder, built if needed; or that of the checkout that contains the
    package; or the one in the wheel.

    Raises:
        FindingsError: the sources have faults.
        JhaanError: there is no snapshot and no source to build one from.
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
    """Open the snapshot in a folder, or that of a checkout; None if the folder is neither.

    Raises:
        DamagedSnapshotError: the snapshot has changed since it was written.
        FindingsError: the sources have faults.
    """
    if (folder / MANIFEST).is_file():
        return Snapshot.open(folder)
    return snapshot_for(folder.resolve(), progress) if is_root(folder) else None


def snapshot_for(root: Path, progress: Progress, report: str | None = None) -> Snapshot:
    """Open the snapshot of some sources, from the cache or newly built.

    Args:
        root: their folder.
        progress: shows the steps.
        report: the id of the only report to include; by default, all are.

    Raises:
        FindingsError: the sources have faults.
        JhaanError: there is no such report, the sources change meanwhile, or no disk has space.
    """
    program = f"{program_digest()[:16]}-{pyoxigraph.__version__}"
    sources = files_digest(root, FOLDERS)

    if report is not None:
        _check_report(root, report)
        snapshot_for(root, progress)  # which checks everything

    def make(folder: Path) -> None:
        from jhaan_kg.build.pipeline import build, build_report

        if report is None:
            build(root, folder, progress, _earlier(program))
        else:
            build_report(root, report, folder, progress)
        if files_digest(root, FOLDERS) != sources:
            raise JhaanError("The source files changed during the build. Run the command again.")

    try:
        only = f"only-{report}-" if report else ""
        place = cache_folder() / "snapshots" / f"{only}{program}-{sources[:16]}"
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


def _check_report(root: Path, report: str) -> None:
    reports = sorted(
        (path.parent.name for path in root.glob("data/reports/*/document.ttl")), key=report_order
    )
    if report not in reports:
        raise JhaanError(f'Unknown report "{report}". Choose one of: {", ".join(reports)}.')


def _earlier(program: str) -> Iterator[Snapshot]:
    """Yield the snapshots in the cache that this program built."""
    with suppress(OSError):
        for folder in (cache_folder() / "snapshots").glob(f"{program}-*"):
            with suppress(DamagedSnapshotError):
                yield Snapshot.open(folder)


# --- stores ----------------------------------------------------------------------------------------------------


def store_for(snapshot: Snapshot, *, evidence: bool, context: bool, in_memory: bool = False) -> Store:
    """Open a store of a snapshot for reading.

    The store of the whole snapshot is on disk, see `store_folder`. A store of a part of it is loaded into memory.

    Args:
        snapshot: its content.
        evidence: whether to include the evidence; the stored queries and the lexicon are always included.
        context: whether to include external facts.
        in_memory: whether to load the whole snapshot into memory too, for a slower start and much faster answers.
            Large ones stay on disk.

    Raises:
        DamagedSnapshotError: the snapshot has changed since it was written, and its sources are not known.
    """
    if evidence and context and (is_large(snapshot) or not in_memory):
        return _open(store_folder(snapshot), snapshot.graph_names)

    def load() -> Store:
        # Keep stored queries and the lexicon even without evidence: they are needed to find questions and entities.
        files = snapshot.files(evidence=True, context=context)
        store = Store()
        _load(store, [file for file in files if evidence or not is_evidence(file.graph)])
        return store

    try:
        return load()
    except DamagedSnapshotError as error:
        snapshot = _mend(snapshot, error)
        return load()


def is_large(snapshot: Snapshot) -> bool:
    """Return whether the store of a snapshot stays on disk, even where memory would be faster."""
    return sum(file.triples for file in snapshot.graphs) >= _MOST_IN_MEMORY


def _open(folder: Path, graphs: Iterable[str]) -> Store:
    """Open a store and all its files.

    The engine opens 16 at once. A query that may not open files would wait for the others until its deadline. Lookups
    in a few graphs usually need a part of each file; otherwise all quads are read.
    """
    store, files = Store.read_only(str(folder)), {str(file) for file in folder.resolve().glob("*.sst")}
    if len(files) > _OPENED_AT_ONCE:
        for graph in map(NamedNode, graphs):
            store.contains_named_graph(graph)
            for s, p, o, g in islice(store.quads_for_pattern(None, None, None, graph), 1):
                for pattern in product((s, None), (p, None), (o, None), (g, None)):
                    next(store.quads_for_pattern(*pattern), None)
            if files <= {os.path.realpath(opened) for opened in Path("/dev/fd").iterdir()}:
                return store
        deque(store, maxlen=0)
    return store


def store_folder(snapshot: Snapshot) -> Path:
    """Return the folder of the store of a snapshot, which is made if there is none.

    Raises:
        DamagedSnapshotError: the snapshot has changed since it was written, and its sources are not known.
        JhaanError: no disk has space for the store.
    """

    def make(folder: Path) -> None:
        from jhaan_kg.build.progress import long_step

        with long_step("store") as tell:
            store, done = Store(str(folder / "store")), 0
            for files in _batches(snapshot.files(evidence=True, context=True)):
                _load(store, files)
                done += sum(file.triples for file in files)
                tell(f"{done:,} quads")
            store.flush()
        del store  # closes its files, so that they no longer change
        (folder / _FILES).write_text(json.dumps(_files(folder)), encoding="utf-8")

    try:
        place = _store_place(snapshot)
        if not is_stored(snapshot):
            if place.exists():
                discard_folder(place)
            try:
                publish_folder(place, make)
            except DamagedSnapshotError as error:
                snapshot = _mend(snapshot, error)
                publish_folder(place, make)
            _prune(place.parent, KEPT_STORES)
        return place / "store"
    except OSError as error:
        _note(_reason(error))
        return _in_temporary_folder(make) / "store"


def is_stored(snapshot: Snapshot) -> bool:
    """Return whether the cache has the store of a snapshot, unchanged since it was made."""
    try:
        return _as_written(_store_place(snapshot))
    except OSError:
        return False


def _store_place(snapshot: Snapshot) -> Path:
    return cache_folder() / "stores" / f"{snapshot.key[:32]}-{pyoxigraph.__version__}"


def _batches(files: Sequence[GraphFile]) -> Iterator[list[GraphFile]]:
    """Yield graphs that are loaded together: a load of each of many small ones takes much longer."""
    batch: list[GraphFile] = []
    for file in files:
        batch.append(file)
        if sum(each.size for each in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _load(store: Store, files: Sequence[GraphFile]) -> None:
    """Load graphs; lenient parsing is faster, and the files of a snapshot are already valid."""
    data = b"".join(file.read() for file in files)
    store.bulk_load(data, format=RdfFormat.N_QUADS, lenient=True)


def _mend(snapshot: Snapshot, damage: DamagedSnapshotError) -> Snapshot:
    """Build a damaged snapshot again from its sources; raise the error about the damage if they are not known."""
    if snapshot.root is None:
        raise damage
    from jhaan_kg.build.progress import Progress

    with suppress(OSError):  # if the cache is read-only, the error is raised again later
        discard_folder(snapshot.path)
    return snapshot_for(snapshot.root, Progress())


def _files(folder: Path) -> dict[str, list[int]]:
    """Return the size and the time of modification of each file of a store."""
    with os.scandir(folder / "store") as files:
        return {file.name: [(found := file.stat()).st_size, found.st_mtime_ns] for file in files}


def _as_written(folder: Path) -> bool:
    """Return whether the files of a store are unchanged since they were written.

    The engine cannot check this: it treats a store with a truncated list of files as empty, and uses all memory for a
    block with a corrupt length.
    """
    try:
        return bool(json.loads((folder / _FILES).read_bytes()) == _files(folder))
    except (OSError, ValueError, RecursionError):  # the list of files may be damaged too
        return False


# --- folders ---------------------------------------------------------------------------------------------------


def _in_temporary_folder(make: Callable[[Path], object]) -> Path:
    """Create a folder that is deleted when the program ends.

    Raises:
        JhaanError: no temporary folder can be created either.
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
    """Print a note once, on standard error, that the cache cannot be used."""
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
    """Delete all but the newest folders, and the leftovers of killed runs."""
    ages: dict[Path, float] = {}
    for path in folder.iterdir():
        with suppress(OSError):  # another process may have deleted the folder
            if not path.name.startswith("."):
                ages[path] = path.stat().st_mtime
    for path in sorted(ages, key=ages.__getitem__, reverse=True)[kept:]:
        with suppress(OSError):  # the folder may belong to another user
            discard_folder(path)
    delete_leftovers(folder)

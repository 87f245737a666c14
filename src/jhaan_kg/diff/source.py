"""Opening a release: a snapshot, the one in a wheel, or the one that sources give."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from jhaan_kg.build.cache import snapshot_in
from jhaan_kg.build.progress import Progress
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import FindingsError, JhaanError

_BUNDLED: Final = "jhaan_kg/_bundle/snapshot/"
"""Where a wheel has its snapshot."""


@contextmanager
def release_at(path: Path, progress: Progress) -> Iterator[Snapshot]:
    """Open a release for as long as it is needed.

    Args:
        path: the folder of a snapshot, a wheel, or a folder of sources, from which the snapshot is built if need be.
        progress: told what is being done.

    Yields:
        Its snapshot.

    Raises:
        JhaanError: it is none of these, is damaged, or the sources have faults.
    """
    if path.is_dir():
        yield _of_folder(path, progress)
        return
    if not zipfile.is_zipfile(path):
        raise JhaanError(f"{path}: {_EXPECTED}")
    with TemporaryDirectory(prefix="jhaan-kg-") as folder:
        yield _of_wheel(path, Path(folder))


_EXPECTED: Final = (
    "this is no release. Name the folder of a snapshot (jhaan build prints it), a wheel, "
    "or a checkout, which has ontology/ and data/."
)


def _of_folder(path: Path, progress: Progress) -> Snapshot:
    try:
        found = snapshot_in(path, progress)
    except FindingsError as error:
        # Exit code 1 would say that two releases were compared and differ.
        more = len(error.findings) - 1
        others = f" ({more} more finding{'s' * (more > 1)})" if more else ""
        raise JhaanError(
            f"{path}: this version of jhaan finds faults in these sources, so that there is nothing to compare: "
            f"{error.findings[0]}{others} If another version wrote them, build the snapshot with it "
            "(its jhaan build prints the folder) and name that, or its wheel."
        ) from None
    if found is None:
        raise JhaanError(f"{path}: {_EXPECTED}")
    return found


def _of_wheel(path: Path, folder: Path) -> Snapshot:
    try:
        with zipfile.ZipFile(path) as wheel:
            members = [name for name in wheel.namelist() if name.startswith(_BUNDLED)]
            wheel.extractall(folder, members)
    except zipfile.BadZipFile as error:
        raise JhaanError(f"{path}: the wheel is damaged: {error}. Get it again.") from None
    if not members:
        raise JhaanError(f"{path}: this archive has no snapshot at {_BUNDLED}. Name a wheel of jhaan-kg.")
    return Snapshot.open(folder / _BUNDLED)

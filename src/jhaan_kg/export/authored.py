"""The files of the ontology and the shapes, as authored: the snapshot has their triples without blank nodes only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jhaan_kg.build.cache import BUNDLED
from jhaan_kg.digests import file_digest
from jhaan_kg.errors import JhaanError

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot


def authored(snapshot: Snapshot, folder: str) -> dict[str, bytes]:
    """Give the files of a folder from which a snapshot was built.

    They lie in the checkout, or in the wheel beside the snapshot.

    Args:
        snapshot: names the files, with their digests.
        folder: `ontology` or `shapes`.

    Returns:
        The bytes of each file by its path in the sources, sorted.

    Raises:
        JhaanError: a file is missing, or is not the one from which the snapshot was built.
    """
    root = snapshot.root or (BUNDLED.parent if snapshot.path == BUNDLED else None)
    if root is None:
        raise JhaanError(
            f"{snapshot.path}: a snapshot alone doesn't hold the {folder} as authored. "
            "Run the command in a checkout, or with a jhaan-kg that is installed from a wheel."
        )
    found = {}
    for name in sorted(name for name in snapshot.inputs if name.startswith(f"{folder}/")):
        try:
            data = (root / name).read_bytes()
        except OSError as error:
            raise JhaanError(f"{root / name}: can't be read: {error.strerror}. Restore the file.") from None
        if file_digest(data) != snapshot.inputs[name]:
            raise JhaanError(
                f"{root / name}: is not the file from which the graph was built. Run the command again."
            )
        found[name] = data
    return found

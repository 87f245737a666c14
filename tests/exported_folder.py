"""A folder in the form of exports."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import bad_input
from jhaan_kg.files import MARKER, SUMS

FILES: Final = [("a.csv", b"one\n"), ("deep/er/b.csv", b"two\n"), ("é.txt", b"")]
KEPT: Final = "Nothing was changed."


def contents(folder: Path) -> dict[str, bytes | str]:
    """Return the files of a folder by their paths, without the checksums and the marker of an export."""
    return {name: data for name, data in bad_input.contents(folder).items() if name not in (SUMS, MARKER)}

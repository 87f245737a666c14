"""Files that a user asks for by name."""

from __future__ import annotations

from pathlib import Path

from jhaan_kg.errors import JhaanError
from jhaan_kg.files import write_whole


def save(path: Path, data: bytes) -> None:
    """Write a file, which is either whole or untouched.

    Args:
        path: the file.
        data: what it is to hold.

    Raises:
        JhaanError: it can't be written.
    """
    try:
        write_whole(path, data)
    except OSError as error:
        raise JhaanError(f"{path}: can't be written: {error.strerror}. Nothing was changed there.") from None

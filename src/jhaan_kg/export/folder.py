"""Folders that are whole or untouched, with the SHA-256 of each file beside them.

`SHA256SUMS` is the list that `sha256sum -c` reads. A folder that holds such a list and nothing beside what it names is
one of ours, and may be replaced; any other is left alone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final

from jhaan_kg.errors import JhaanError

SUMS: Final = "SHA256SUMS"
"""The file with the digests."""


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write a folder: to a temporary one beside it, which then takes its place.

    Args:
        folder: the place; its parent is there.
        files: the path of each file within the folder, with `/`, and its bytes.

    Returns:
        How many files were written, less the list of digests.

    Raises:
        JhaanError: there is something else in its place, or it can't be written; what was there before is as it was.
    """
    place = Path(os.path.realpath(folder))
    _refuse_others(folder, place)
    try:
        temporary = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name[:40]}."))
        try:
            sums = {path: _put(temporary / path, data) for path, data in files}
            listed = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items()))
            _put(temporary / SUMS, listed.encode())
            temporary.chmod(0o777 & ~_umask())
            _take_place(temporary, place)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise JhaanError(
            f"{folder}: can't be written: {error.strerror}. What was there before is as it was."
        ) from None
    return len(sums)


def listed_in(folder: Path) -> dict[str, str]:
    """Give the digest of each file that the list of a folder names; none where there is no list."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def _refuse_others(folder: Path, place: Path) -> None:
    """Refuse to replace what is not ours."""
    if not place.parent.is_dir():
        raise JhaanError(f"{folder}: can't be written: there is no folder {place.parent}. Make it first.")
    if not place.exists():
        return
    if not place.is_dir():
        raise JhaanError(
            f"{folder}: there is a file of this name. Name a folder, or one that is not there yet."
        )
    there = {path.relative_to(place).as_posix() for path in place.rglob("*") if not path.is_dir()}
    strange = sorted(there - {SUMS, *listed_in(place)})
    if strange:
        raise JhaanError(
            f"{folder}: holds {strange[0]}, which no export has written, and an export replaces its folder. "
            "Name an empty folder, or one that is not there yet."
        )


def _put(path: Path, data: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return sha256(data).hexdigest()


def _take_place(temporary: Path, place: Path) -> None:
    """Put a folder in the place of another; the other is then where this one was."""
    if not place.exists():
        temporary.rename(place)
        return
    old = temporary.with_name(temporary.name + ".old")
    place.rename(old)
    try:
        temporary.rename(place)
    except BaseException:
        old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

"""Folders that are whole or untouched, with the SHA-256 of each file beside them.

`SHA256SUMS` is the list that `sha256sum -c` reads. `.jhaan-export` has the checksum of that list, and marks the folder
as written by this program. A folder with both, and with nothing but the files of the list, unchanged, may be replaced.
Any other is left alone, also one for which its owner has made such a list.

A folder is made beside its place under a hidden name. Linux lets two folders change places in one step, so that whoever
looks, and whatever ends this process, finds the old folder or the new one. Elsewhere the old one steps aside first, and
a process that is killed in that moment leaves it under the hidden name `.NAME.….old`.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final

from jhaan_kg.build.cache import STALE
from jhaan_kg.errors import JhaanError
from jhaan_kg.files import umask

SUMS: Final = "SHA256SUMS"
"""The file with the digests."""

MARKER: Final = ".jhaan-export"
"""The file by which an export knows its own folders again."""

_LONGEST_PREFIX: Final = 40
"""How much of a folder's name its temporary folder bears; a name has at most 255 bytes."""

_CURES: Final = {
    errno.ENOSPC: "Free some space, or choose another place.",
    errno.EACCES: "Choose a place where you may write.",
    errno.EROFS: "Choose a place where you may write.",
    errno.EBUSY: "It is the root of a disk: name a folder in it.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
}
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write a folder: to a temporary one beside it, which then takes its place.

    Args:
        folder: the place; its parent is there. A link stays, and the folder that it leads to is written.
        files: the path of each file within the folder, with `/`, and its bytes.

    Returns:
        How many files were written, less the list of digests and the marker.

    Raises:
        JhaanError: there is something else in its place, or it can't be written; what was there before is as it was.
        ValueError: a path leads out of the folder, or comes twice.
    """
    try:
        place = Path(os.path.realpath(folder))
        _refuse_others(folder, place)
        _clear_leftovers(place)
        temporary = _hidden_beside(place)
        temporary.mkdir(mode=0o700)
        try:
            count = _fill(temporary, files)
            temporary.chmod(place.stat().st_mode & 0o7777 if place.exists() else 0o777 & ~umask())
            _take_place(temporary, place)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        cure = f" {_CURES[error.errno]}" if error.errno in _CURES else ""
        raise JhaanError(
            f"{folder}: can't be written: {error.strerror}. What was there before is as it was.{cure}"
        ) from None
    return count


def listed_in(folder: Path) -> dict[str, str]:
    """Give the digest of each file that the list of a folder names; none where there is no list."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


# --- what may be replaced ----------------------------------------------------------------------------------


def _refuse_others(folder: Path, place: Path) -> None:
    """Refuse to replace what is not ours.

    Raises:
        JhaanError: it isn't.
        OSError: it can't be looked at.
    """
    if not place.parent.is_dir():
        raise JhaanError(f"{folder}: can't be written: there is no folder {place.parent}. Make it first.")
    if not place.exists():
        return
    if not place.is_dir():
        raise JhaanError(
            f"{folder}: there is a file of this name. Name a folder, or one that is not there yet."
        )
    here = Path(os.path.realpath(Path.cwd()))
    if place in (here, *here.parents):
        raise JhaanError(f"{folder}: you are in this folder, and an export replaces it. Name a folder in it.")
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    marked = _is_marked(place)
    listed = listed_in(place) if marked else {}
    for path in _files_in(place):
        name = path.relative_to(place).as_posix()
        if marked and name in (SUMS, MARKER):
            continue
        if name not in listed or path.is_symlink() or not path.is_file():
            raise JhaanError(
                f"{folder}: holds {name}, which no export has written, and an export replaces its folder. "
                "Name an empty folder, or one that is not there yet."
            )
        if sha256(path.read_bytes()).hexdigest() != listed[name]:
            raise JhaanError(
                f"{folder}: holds {name}, which was changed after it was exported, and an export replaces its "
                "folder. Move the file away, or name another folder."
            )


def _is_marked(folder: Path) -> bool:
    """Return whether an export has written the list of this folder, and nobody has changed it since."""
    marker, sums = folder / MARKER, folder / SUMS
    return all(
        path.is_file() and not path.is_symlink() for path in (marker, sums)
    ) and marker.read_bytes() == _marker(sums.read_bytes())


def _marker(sums: bytes) -> bytes:
    return f"jhaan {sha256(sums).hexdigest()}\n".encode()


def _files_in(folder: Path) -> Iterator[Path]:
    """Give all that is no folder, links to folders too, in order of name.

    Raises:
        OSError: a folder can't be read.
    """
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            yield from _files_in(entry)
        else:
            yield entry


def _clear_leftovers(place: Path) -> None:
    """Take away what runs that were killed have left beside a place, as soon as no run can be at it any more."""
    pattern = re.compile(re.escape(_hidden_prefix(place)) + r"[0-9a-f]{8}\.jhaan")
    with suppress(OSError):  # it may have gone, or belong to another user
        for path in place.parent.iterdir():
            if pattern.fullmatch(path.name) and path.stat().st_mtime < time.time() - STALE:
                shutil.rmtree(path)


# --- writing -----------------------------------------------------------------------------------------------


def _fill(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write the files, and the list of their digests, into a folder; give their number."""
    sums: dict[str, str] = {}
    for path, data in files:
        parts = PurePosixPath(path).parts
        if (
            path != "/".join(parts)
            or {"/", ".."} & set(parts)
            or re.search(r"[\\\x00-\x1f]", path)
            or not parts
        ):
            raise ValueError(f"{path!r} is no path within a folder")
        if path in sums or path in (SUMS, MARKER):
            raise ValueError(f"there are two files {path!r}")
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:  # two names may be one to a disk that knows no capitals
            stream.write(data)
        sums[path] = sha256(data).hexdigest()
    listed = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()
    (folder / SUMS).write_bytes(listed)
    (folder / MARKER).write_bytes(_marker(listed))
    return len(sums)


def _take_place(temporary: Path, place: Path) -> None:
    """Put a folder in the place of another; the other is then where this one was."""
    try:
        temporary.rename(place)  # which replaces an empty folder
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
    else:
        return
    if _exchanged(temporary, place):
        return
    aside = temporary.with_suffix(".old")
    try:
        place.rename(aside)
        temporary.rename(place)
    except BaseException:
        if aside.exists() and not place.exists():
            aside.rename(place)
        raise
    aside.rename(temporary)


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, where the system and the disk can do that.

    Raises:
        OSError: they can, but not these two.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if exchange is None:
        return False
    if exchange(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS):
        return False
    raise OSError(code, os.strerror(code))


def _hidden_prefix(place: Path) -> str:
    return f".{place.name.lstrip('.')[:_LONGEST_PREFIX]}."


def _hidden_beside(place: Path) -> Path:
    return place.with_name(_hidden_prefix(place) + f"{os.urandom(4).hex()}.jhaan")

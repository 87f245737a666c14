"""The cache and data folders of the user, and checksums of the program and of files."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from jhaan_kg.files import write_whole

NOT_BUILDING: Final = frozenset(
    (
        *("api", "cli", "derived", "diff", "explain", "export", "find"),
        *("new_report", "pages", "report_text", "serve", "site", "stores", "verify"),
    )
)
"""Parts of the program that no snapshot depends on.

Changes to them need no new build.
"""

_PACKAGE: Final = Path(__file__).resolve().parent
_SETTLED: Final = 2_000_000_000
"""The age in nanoseconds from which the time of a change is reliable.

Some file systems record times in steps of two seconds.
"""


def cache_folder() -> Path:
    """Return the folder of the cache: `JHAAN_CACHE`, or the operating system's default.

    Raises:
        OSError: the user has no home.
    """
    if chosen := os.environ.get("JHAAN_CACHE"):
        return Path(chosen)
    return _user_folder(os.environ.get("XDG_CACHE_HOME"), "Cache", "Library/Caches", ".cache")


def data_folder() -> Path:
    """Return the folder for data that the user adds: the operating system's default.

    Raises:
        OSError: the user has no home.
    """
    return _user_folder(
        os.environ.get("XDG_DATA_HOME"), "Data", "Library/Application Support", ".local/share"
    )


def _user_folder(chosen: str | None, windows: str, mac: str, other: str) -> Path:
    """Return the chosen folder, or the operating system's default folder for this program."""
    if chosen:
        return Path(chosen) / "jhaan-kg"
    if sys.platform == "win32" and (base := os.environ.get("LOCALAPPDATA")):
        return Path(base) / "jhaan-kg" / windows
    try:
        home = Path.home()
    except RuntimeError as error:
        raise OSError(str(error)) from None
    return home / (mac if sys.platform == "darwin" else other) / "jhaan-kg"


def program_digest() -> str:
    """Return a checksum of the parts of the program that a build depends on."""
    parts = sorted(part.name for part in _PACKAGE.iterdir() if part.stem not in NOT_BUILDING)
    return files_digest(_PACKAGE, parts, ".py")


def files_digest(top: Path, parts: list[str] | tuple[str, ...], ending: str | tuple[str, ...] = "") -> str:
    """Return a checksum of the names and contents of files and folders, without hidden files.

    The checksum is cached. Like git, it is computed again only if the size or time of a file has changed.

    Args:
        top: the folder to which the names are relative.
        parts: the files and folders in it.
        ending: the ending, or endings, of the names of the files to include.
    """
    now = time.time_ns()
    names = [name for part in parts for name in _names(str(top), part) if name.endswith(ending)]
    stamps = [_stamp(f"{top}/{name}") for name in names]
    lines = (f"{name} {stamp}\n" for name, stamp in zip(names, stamps, strict=True))
    listed = "".join([f"{top}\n", *lines]).encode(errors="surrogateescape")
    cached = None
    with suppress(OSError):
        cached = cache_folder() / "digests" / f"{top.name}-{parts[0]}"
        digest, _, known = cached.read_bytes().partition(b"\n")
        if known == listed:
            return digest.decode()
    whole = sha256()
    for name in names:
        path = top / name
        try:
            # Only regular files are read, since reading a pipe may never end.
            digest_of_file = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        except OSError as error:  # the build reports the error with a better message
            digest_of_file = str(error.errno)
        whole.update(f"{name}\0{digest_of_file}\n".encode(errors="surrogateescape"))
    # A file that has just changed may change again without a new time, within one step of the file system's clock.
    if cached and all(max(times) < now - _SETTLED for _, *times in stamps):
        write_cached(cached, f"{whole.hexdigest()}\n".encode() + listed)
    return whole.hexdigest()


def write_cached(path: Path, data: bytes) -> None:
    """Write a file of the cache; if that fails, the next run repeats the work.

    A link under this name is deleted: somebody else may have made it, to have its target overwritten.
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            path.unlink()
        write_whole(path, data)


def _stamp(path: str) -> tuple[int, int, int]:
    """Return the size of a file and its times of modification and status change.

    They are zeros if the file is not accessible.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 - twice as fast as Path.stat
    except OSError:
        return 0, 0, 0
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _names(top: str, part: str) -> Iterator[str]:
    yield part
    for folder, folders, files in os.walk(f"{top}/{part}"):
        folders[:] = sorted(name for name in folders if name[0] != ".")
        for name in (*folders, *sorted(files)):
            if name[0] != ".":
                yield f"{folder}/{name}"[len(top) + 1 :]

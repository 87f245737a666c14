"""Reading of source files with a size limit, and writing of files and folders.

Written files and folders are complete or unchanged.

New content gets a hidden name in the same folder and is renamed when it is complete. An old folder is renamed first: a
process killed at that moment leaves it under the hidden name `.NAME.….old`.

`write_folder` replaces a folder only if this program wrote it and it is unchanged since. `SHA256SUMS` is the list
that `sha256sum -c` reads; `.jhaan-export` has the checksum of that list. A folder may be replaced if it has both,
contains only the files of the list, and these are unchanged.
"""

from __future__ import annotations

import errno
import io
import os
import posixpath
import re
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Protocol

from jhaan_kg.errors import JhaanError

MAX_SOURCE: Final = 20 * 1024 * 1024
"""The largest source file in bytes; files that people write are far smaller."""

MAX_REPORT: Final = 20 * 1024 * 1024
"""The largest text of a report that is read, in bytes."""

SUMS: Final = "SHA256SUMS"
MARKER: Final = ".jhaan-export"

STALE: Final = 3600.0
"""The age in seconds after which a hidden folder counts as left over from a killed run."""

_LONGEST_PREFIX: Final = 40
"""The number of characters of a name that are kept in the hidden name.

A name has at most 255 bytes.
"""

_REMEDIES: Final = {
    errno.ENOSPC: "Free some space or choose another folder.",
    errno.EACCES: "Choose a folder that you can write to.",
    errno.EROFS: "Choose a folder that you can write to.",
    errno.EBUSY: "It is the root of a disk. Name a folder in it.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
}


# --- reading -----------------------------------------------------------------------------------------------


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file of this package.

    The C library reads it if it is available.
    """
    import yaml  # only a few commands need it

    return yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe one


class Unreadable(NamedTuple):
    """The reason why a file cannot be read: the code of a finding, the problem, and the remedy."""

    code: str
    message: str
    fix: str


def read_source(path: Path) -> bytes | Unreadable:
    """Read a source file, or return why that is impossible; never wait for a pipe."""
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode) and status.st_size <= MAX_SOURCE:
            return path.read_bytes()
    except FileNotFoundError:
        return Unreadable("unreadable-file", "broken link.", "Correct or delete it.")
    except OSError as error:
        reason = error.strerror or str(error)
        return Unreadable("unreadable-file", f"cannot open the file: {reason}.", "Check its permissions.")
    if stat.S_ISREG(status.st_mode):
        size = f"the file has {status.st_size / 2**20:.0f} MB. The limit is {MAX_SOURCE // 2**20} MB."
        return Unreadable("large-file", size, "Split or delete it.")
    what = "a folder" if stat.S_ISDIR(status.st_mode) else "a special file"
    return Unreadable("unreadable-file", f"this must be a regular file, not {what}.", "Rename it.")


def read_text(name: str, limit: int = MAX_REPORT) -> str:
    """Return a UTF-8 text from a file or (for `-`) from standard input.

    A byte-order mark is removed.

    Raises:
        JhaanError: the file cannot be read, or is larger than the limit.
    """
    try:
        if name == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(limit + 1)
        if len(data) > limit:
            raise JhaanError(f"Cannot read {name}: larger than {limit // 2**20} MB.")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise JhaanError(
            f"Cannot read {name}: not UTF-8 at line {line} (byte {error.start}). Save it as UTF-8."
        ) from None
    except OSError as error:
        raise JhaanError(f"Cannot open {name}: {error.strerror}.") from None


class _Pieces(io.RawIOBase):
    """Read-only file that consists of consecutive pieces of bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._piece:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._piece = memoryview(piece)
        count = min(len(buffer), len(self._piece))
        buffer[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        return count


def as_file(pieces: Iterator[bytes]) -> IO[bytes]:
    """Return pieces of bytes as a file for reading.

    It is for parsers that read as much as they need.

    >>> as_file(iter([b"one", b"", b"two"])).read()
    b'onetwo'
    """
    return io.BufferedReader(_Pieces(pieces), 1 << 16)


# --- writing a file ----------------------------------------------------------------------------------------


class _Stream(Protocol):
    def write(self, data: memoryview, /) -> int | None:
        """Write some of the data, and return the number of bytes written."""


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file under a hidden name in the same folder, and then rename it.

    An existing file keeps its permissions; a new file gets the default ones. For a link, its target is written. For a
    device or a pipe, the data are sent through it.

    Raises:
        OSError: the file cannot be written; an existing file is unchanged.
    """
    pieces = [data] if isinstance(data, bytes) else data
    if is_stream(path):
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND), "wb", buffering=0) as stream:
            for piece in pieces:
                write_all(stream, piece)
        return
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    mode = _mode(target, 0o666)
    temporary = _make_hidden_path(target)
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.writelines(pieces)
        if target.exists():
            temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_all(stream: _Stream, data: bytes) -> None:
    """Write data to a stream to the last byte; an unbuffered stream may accept less at a time.

    Raises:
        OSError: the stream accepts no more.
    """
    rest = memoryview(data)
    while rest:
        written = stream.write(rest)
        if written is None:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        rest = rest[written:]


def is_stream(path: Path) -> bool:
    """Return whether data written to this path are passed on, not stored.

    Such paths are devices, pipes and `/dev/stdout`.

    >>> is_stream(Path(os.devnull)), is_stream(Path("no-such-file"))
    (True, False)
    """
    if path.parent == Path("/dev"):  # /dev/stdout may refer to a regular file, which must not be replaced
        return path.exists()
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


# --- writing a folder --------------------------------------------------------------------------------------


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write a folder with a list of checksums; replace it only if this program wrote it.

    Args:
        folder: the path; its parent exists. For a link, its target is written.
        files: the path of each file within the folder, with `/`, and its bytes.

    Returns:
        The number of files written, without the list of checksums and the marker.

    Raises:
        JhaanError: another file or folder has this path, or it cannot be written; existing files are unchanged.
        ValueError: a path is outside the folder or occurs twice.
    """
    try:
        place = Path(os.path.realpath(folder))
        _check_replaceable(folder, place)
        delete_leftovers(place.parent, place.name)
        with _new_folder(place) as temporary:
            count = _fill(temporary, files)
            _check_replaceable(folder, place)  # it may have changed meanwhile
            if place.exists():
                temporary.chmod(_mode(place, 0))
            _replace_folder(temporary, place)
    except OSError as error:
        remedy = f" {_REMEDIES[error.errno]}" if error.errno in _REMEDIES else ""
        raise JhaanError(f"Cannot write {folder}: {error.strerror}. Nothing was changed.{remedy}") from None
    return count


def publish_folder(folder: Path, fill: Callable[[Path], object]) -> None:
    """Create a complete folder or none.

    If another process has created it meanwhile, its folder is kept.

    Args:
        folder: the path; its parents are created.
        fill: fills the temporary folder that is then renamed.

    Raises:
        OSError: the folder cannot be written; nothing is left behind.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _new_folder(folder) as temporary:
        fill(temporary)
        try:
            temporary.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
        else:
            sync_folder(folder.parent)


def discard_folder(folder: Path) -> None:
    """Delete a folder; rename it first, so that no process opens a half-deleted folder."""
    hidden = _make_hidden_path(folder)
    with suppress(FileNotFoundError):  # another process has deleted it
        folder.rename(hidden)
    delete_tree(hidden)


def delete_leftovers(folder: Path, name: str = "") -> None:
    """Delete the hidden folders of killed runs, as soon as no run can still be using them.

    Args:
        folder: the folder that contains them.
        name: the name of the folders whose leftovers to delete; all by default.
    """
    prefix = re.escape(_hidden_prefix(name)) if name else r"\..+\."
    pattern = re.compile(prefix + r"[0-9a-f]{8}\.jhaan")
    with suppress(OSError):  # the folder may be gone, or belong to another user
        for path in folder.iterdir():
            if pattern.fullmatch(path.name) and path.stat().st_mtime < time.time() - STALE:
                delete_tree(path)


def delete_tree(folder: Path) -> None:
    """Delete a folder with all its contents, as far as possible."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk, if the system supports that."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file in a folder's list of checksums; empty without a list."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def _check_replaceable(folder: Path, place: Path) -> None:
    """Check that a folder may be replaced, that is, that this program wrote it.

    Args:
        folder: the path from the user.
        place: the same path with links resolved.
    """
    if not place.parent.is_dir():
        raise JhaanError(f"Cannot write {folder}: the folder {place.parent} does not exist. Create it first.")
    if not place.exists():
        return
    if not place.is_dir():
        raise JhaanError(f"Cannot write {folder}: it is a file. Name a folder.")
    here = Path(os.path.realpath(Path.cwd()))
    if place in (here, *here.parents):
        raise JhaanError(
            f"Cannot replace {folder}: it is the current folder or contains it. Name another folder."
        )
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    own = [place / SUMS, place / MARKER]
    marked = all(path.is_file() and not path.is_symlink() for path in own) and (
        (place / MARKER).read_bytes() == _marker((place / SUMS).read_bytes())
    )
    listed = read_checksums(place) if marked else {}
    folders = {parent for name in listed for parent in (place / name).parents}
    for path in _entries(place):
        if not path.is_symlink() and ((marked and path in own) or (path in folders and path.is_dir())):
            continue
        name = path.relative_to(place).as_posix()
        if name not in listed or path.is_symlink() or not path.is_file():
            raise JhaanError(
                f'Cannot replace {folder}: it contains "{name}", which jhaan did not write. '
                "Name a new or empty folder."
            )
        if sha256(path.read_bytes()).hexdigest() != listed[name]:
            raise JhaanError(
                f'Cannot replace {folder}: "{name}" was changed after the export. '
                "Move the file or name another folder."
            )


def _entries(folder: Path) -> Iterator[Path]:
    """Yield all entries of a folder and of the folders below it, sorted by name.

    Raises:
        OSError: a folder can't be read.
    """
    for entry in sorted(folder.iterdir()):
        yield entry
        if entry.is_dir() and not entry.is_symlink():
            yield from _entries(entry)


def _fill(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write the files and the list of their checksums into a folder.

    Return the number of files.
    """
    sums: dict[str, str] = {}
    for path, data in files:
        if posixpath.normpath(f"folder/{path}") != f"folder/{path}" or re.search(r"[\\\x00-\x1f]", path):
            raise ValueError(f"{path!r} is no path within a folder")
        if path in sums or path in (SUMS, MARKER):
            raise ValueError(f"there are two files {path!r}")
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:  # two names may be the same on a case-insensitive disk
            stream.write(data)
        sums[path] = sha256(data).hexdigest()
    listed = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()
    (folder / SUMS).write_bytes(listed)
    (folder / MARKER).write_bytes(_marker(listed))
    return len(sums)


def _marker(sums: bytes) -> bytes:
    return f"jhaan {sha256(sums).hexdigest()}\n".encode()


def _replace_folder(temporary: Path, place: Path) -> None:
    """Replace a folder by a temporary one.

    The old one gets the temporary path, or is deleted if it was empty.
    """
    try:
        temporary.rename(place)  # this replaces an empty folder
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
    else:
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


@contextmanager
def _new_folder(place: Path) -> Iterator[Path]:
    """Create a folder under a hidden name beside a path.

    At the end, delete it if it still exists.
    """
    temporary = _make_hidden_path(place)
    temporary.mkdir(mode=_mode(place, 0o777))
    try:
        yield temporary
    finally:
        delete_tree(temporary)


def _mode(path: Path, new: int) -> int:
    """Return the permissions of a file or folder; if it does not exist, those of a new one."""
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else new


def _make_hidden_path(place: Path) -> Path:
    return place.with_name(f"{_hidden_prefix(place.name)}{os.urandom(4).hex()}.jhaan")


def _hidden_prefix(name: str) -> str:
    return f".{name.lstrip('.')[:_LONGEST_PREFIX]}."

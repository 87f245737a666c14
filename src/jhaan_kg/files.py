"""Source files that can be read, and files that are whole or untouched, whatever happens while they are written."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Protocol

from jhaan_kg.errors import JhaanError

MAX_SOURCE: Final = 20 * 1024 * 1024
"""The largest source file in bytes; a file that people write is far smaller."""

MAX_REPORT: Final = 20 * 1024 * 1024
"""The largest text of a report that is read, in bytes."""

_LONGEST_PREFIX: Final = 40
"""How much of a file's name its temporary file bears; a name has at most 255 bytes."""


class _Stream(Protocol):
    def write(self, data: memoryview, /) -> int | None:
        """Write some of it, and say how much."""


class Unreadable(NamedTuple):
    """Why a file can't be read.

    Attributes:
        code: the rule that it breaks.
        message: what is wrong.
        fix: what to do.
    """

    code: str
    message: str
    fix: str


def read_source(path: Path) -> bytes | Unreadable:
    """Give the bytes of a source file, or say why they can't be read; never waits for a pipe."""
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode) and status.st_size <= MAX_SOURCE:
            return path.read_bytes()
    except FileNotFoundError:
        return Unreadable("unreadable-file", "a link that leads nowhere.", "Mend the link, or delete it.")
    except OSError as error:
        reason = error.strerror or str(error)
        return Unreadable("unreadable-file", f"can't be read: {reason}.", "Check its permissions.")
    if stat.S_ISREG(status.st_mode):
        size = f"the file has {status.st_size / 2**20:.0f} MB; at most {MAX_SOURCE // 2**20} MB are read."
        return Unreadable("large-file", size, "Divide it, or delete it if it came here by accident.")
    what = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
    return Unreadable("unreadable-file", f"this is {what}, but a file is expected here.", "Rename it.")


def read_text(name: str, limit: int = MAX_REPORT) -> str:
    """Read a text in UTF-8, less a byte-order mark, from a file, or from standard input for `-`.

    Args:
        name: of the file.
        limit: how many bytes it may have.

    Raises:
        JhaanError: it can't be read, or is too large.
    """
    try:
        if name == "-":
            data = _at_most(sys.stdin.buffer, limit, name)
        else:
            with Path(name).open("rb") as file:
                data = _at_most(file, limit, name)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise JhaanError(f"{name}: not UTF-8 at byte {error.start}, line {line}. Save it as UTF-8.") from None
    except OSError as error:
        raise JhaanError(f"{name}: can't be read: {error.strerror}.") from None


def _at_most(stream: IO[bytes], limit: int, name: str) -> bytes:
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise JhaanError(f"{name}: larger than {limit // 2**20} MB, which is the most that is read.")
    return data


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file: to a temporary file in the same folder, which then takes its place.

    An existing file keeps its permissions; a new one gets those that the process gives to new files. A link stays, and
    the file that it leads to is written. What is no file, such as a device or a pipe, stays what it is: the data go
    through it.

    Args:
        path: the file.
        data: what it is to hold, at once or in pieces.

    Raises:
        OSError: it can't be written; what was there before is as it was.
    """
    import tempfile

    pieces = [data] if isinstance(data, bytes) else data
    if is_passage(path):
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND), "wb", buffering=0) as stream:
            for piece in pieces:
                write_all(stream, piece)
        return
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:_LONGEST_PREFIX]}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
        temporary.chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~umask())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_all(stream: _Stream, data: bytes) -> None:
    """Write data to a stream to the last byte; one without a buffer may take less at a time.

    Raises:
        OSError: the stream takes no more.
    """
    rest = memoryview(data)
    while rest:
        written = stream.write(rest)
        if written is None:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        rest = rest[written:]


class _Pieces(io.RawIOBase):
    """Pieces of bytes, one behind the other."""

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
    """Give pieces of bytes as a file for reading, for parsers that take what they need.

    >>> as_file(iter([b"one", b"", b"two"])).read()
    b'onetwo'
    """
    return io.BufferedReader(_Pieces(pieces), 1 << 16)


def is_passage(path: Path) -> bool:
    """Tell whether data go through this place and don't stay: a device, a pipe, or standard output by its name.

    >>> is_passage(Path(os.devnull)), is_passage(Path("no-such-file"))
    (True, False)
    """
    if path.parent == Path("/dev"):  # /dev/stdout may be a file that already holds something
        return path.exists()
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def umask() -> int:
    """Give the permissions that this process takes from new files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask

"""The frames between the server and its workers, over sockets: a kind, a length and a body.

A body is JSON, or bytes of an answer.
"""

from __future__ import annotations

import json
import socket
import struct
from enum import Enum
from typing import Any, Final, NamedTuple

HEADER: Final = struct.Struct("!cI")
"""The kind of a frame, and the length of its body."""

PIECE: Final = 1 << 16
"""How many bytes of an answer are sent at once."""


class What(Enum):
    """The kind of a frame."""

    JOB = b"J"
    """To a worker: what to answer."""
    HEAD = b"H"
    """From a worker: the answer has this media type."""
    DATA = b"D"
    """From a worker: bytes of the answer."""
    END = b"E"
    """From a worker: the answer is whole."""
    REFUSED = b"R"
    """From a worker: there is no answer, or no more of it."""
    BORN = b"B"
    """From the nursery: a worker; its socket comes along."""
    DIED = b"X"
    """From the nursery: a worker has ended."""
    KILL = b"K"
    """To the nursery: end a worker at once."""


class Frame(NamedTuple):
    """One frame."""

    what: What
    body: bytes

    def json(self) -> Any:
        """Read the body."""
        return json.loads(self.body)


def packed(what: What, body: bytes | dict[str, Any] = b"") -> bytes:
    r"""Return a frame as bytes.

    >>> packed(What.END)
    b'E\x00\x00\x00\x00'
    """
    if isinstance(body, dict):
        body = json.dumps(body).encode()
    return HEADER.pack(what.value, len(body)) + body


def unpacked(data: bytearray) -> Frame | None:
    """Take the first frame from the bytes received; None when it isn't complete.

    >>> unpacked(bytearray(packed(What.KILL, {"pid": 7}))).json()
    {'pid': 7}
    """
    if len(data) < HEADER.size:
        return None
    what, length = HEADER.unpack_from(data)
    end = HEADER.size + length
    if len(data) < end:
        return None
    frame = Frame(What(what), bytes(data[HEADER.size : end]))
    del data[:end]
    return frame


def receive(connection: socket.socket) -> Frame | None:
    """Wait for the next frame; None when the connection is closed."""
    header = _exactly(connection, HEADER.size)
    if header is None:
        return None
    what, length = HEADER.unpack(header)
    body = _exactly(connection, length)
    return None if body is None else Frame(What(what), body)


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    data = bytearray()
    while len(data) < length:
        try:
            piece = connection.recv(min(length - len(data), PIECE))
        except ConnectionError:
            return None
        if not piece:
            return None
        data += piece
    return bytes(data)

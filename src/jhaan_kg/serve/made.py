"""What a path leads to, apart from things and graphs."""

from __future__ import annotations

from typing import NamedTuple


class Made(NamedTuple):
    """What is given.

    Attributes:
        media: its media type.
        path: the path at which it is in this format, with its suffix.
        data: its bytes, the same for the same graph.
        basis: what its ETag is made of; empty for the data.
    """

    media: str
    path: str
    data: bytes
    basis: bytes = b""

"""Compressed files, and text for formats that know fewer characters than RDF."""

from __future__ import annotations

import re
import zlib
from typing import Final

_HEADER: Final = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])
"""The header of a gzip file without name and time, of an unknown system (RFC 1952, section 2.3)."""


_UNKNOWN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_BREAK: Final = re.compile("\r\n?")


def compress(data: bytes) -> bytes:
    """Compress a file as gzip does at its best (RFC 1952); Python's own module writes other headers in other versions.

    >>> import gzip
    >>> gzip.decompress(compress(b"graph"))
    b'graph'
    """
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(data) + deflate.flush()
    return _HEADER + body + zlib.crc32(data).to_bytes(4, "little") + (len(data) % 2**32).to_bytes(4, "little")


def plain_text(text: str) -> str:
    r"""Return a text that XML and iCalendar can hold: control characters become U+FFFD, every line end one line feed.

    XML 1.0 has no control characters but tab and line ends (section 2.2), and its readers turn every line end into a
    line feed (2.11); RFC 5545 leaves DEL out as well (section 3.1).

    >>> plain_text("a\x0bb\r\nc")
    'a�b\nc'
    """
    return _BREAK.sub("\n", _UNKNOWN.sub("\ufffd", text))

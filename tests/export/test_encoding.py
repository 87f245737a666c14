"""Compressed files: a header that says nothing of where and when they were made (RFC 1952)."""

from __future__ import annotations

import gzip
import subprocess
import zlib

from hypothesis import given
from hypothesis import strategies as st

from jhaan_kg.export.encoding import compress


@given(st.binary(max_size=2000))
def test_what_is_compressed_can_be_read_again(data: bytes) -> None:
    made = compress(data)
    assert gzip.decompress(made) == data
    assert made == compress(data)


def test_the_fields_of_the_header_and_the_trailer() -> None:
    """Section 2.3: ID1 ID2 CM FLG MTIME(4) XFL OS … CRC32(4) ISIZE(4), the numbers little-endian."""
    data = b"a graph" * 100
    made = compress(data)
    assert made[:2] == b"\x1f\x8b"
    assert made[2] == 8  # deflate
    assert made[3] == 0  # neither name nor comment
    assert made[4:8] == b"\0\0\0\0"  # no time
    assert made[8] == 2  # compressed at its best
    assert made[9] == 255  # unknown system
    assert made[-8:-4] == zlib.crc32(data).to_bytes(4, "little")
    assert made[-4:] == (700).to_bytes(4, "little")


def test_gzip_itself_finds_no_fault() -> None:
    subprocess.run(["gzip", "-t"], input=compress(b"a graph"), check=True)

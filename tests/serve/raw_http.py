"""Requests as bytes over a raw connection, and their answers."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPResponse
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

from protocol_read import DIRECT
from serving import Serving

PATIENCE: Final = 60.0
"""How many seconds a connection may say nothing."""


def connect(server: Serving, buffer: int = 0, source: str = "") -> socket.socket:
    """Open a connection that sends each piece at once.

    Args:
        server: to which.
        buffer: a small one shows that its client takes little; 0 for what the system chooses.
        source: the client's address.
    """
    place = urlsplit(server.url)
    opened = socket.socket()
    opened.settimeout(PATIENCE)
    if buffer:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    if source:
        opened.bind((source, 0))
    opened.connect((place.hostname, place.port))
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def head(*lines: str, close: bool = True) -> bytes:
    """Return the head of a request."""
    ends = ["Connection: close"] if close else []
    return "".join(f"{line}\r\n" for line in (*lines, *ends, "")).encode()


def get(query: str, version: str = "1.1", *headers: str) -> bytes:
    """Return the request for the answer to a query, on a connection that may be used again."""
    return head(f"GET /sparql?query={quote(query)} HTTP/{version}", "Host: localhost", *headers, close=False)


def post(body: bytes, *headers: str) -> bytes:
    """Return the request that sends a query as it is."""
    return head("POST /sparql HTTP/1.1", "Host: a", f"Content-Type: {DIRECT}", *headers) + body


def rest(opened: socket.socket) -> bytes:
    """Read until the other side ends, in whatever way."""
    data = bytearray()
    with suppress(ConnectionError):
        while piece := opened.recv(1 << 16):
            data += piece
    return bytes(data)


def exchange(server: Serving, sent: bytes) -> bytes:
    """Send bytes, and return all that comes until the server closes the connection."""
    with connect(server) as opened:
        with suppress(ConnectionError):
            opened.sendall(sent)
        return rest(opened)


def status_of(reply: bytes) -> int:
    """Return the status code; 0 where there is none."""
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", reply)
    return int(found[1]) if found else 0


class Got(NamedTuple):
    """An answer as it comes over a connection."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Unclosed(io.BytesIO):
    """Bytes of more than one answer: the reader of one would close them for the next."""

    def close(self) -> None:
        """Stay open."""


class _Bytes:
    """What http.client takes for a socket."""

    def __init__(self, data: bytes) -> None:
        self.file = _Unclosed(data)

    def makefile(self, *_: object) -> io.BytesIO:
        """Return the bytes."""
        return self.file


def answers(data: bytes, *methods: str) -> list[Got]:
    """Read the answers to requests of these methods, and make sure that there are no more."""
    source, found = _Bytes(data), []
    for method in methods:
        answer = HTTPResponse(source, method=method)  # type: ignore[arg-type]
        answer.begin()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        found.append(Got(answer.status, headers, answer.read()))
    assert source.file.read() == b""
    return found


def answered(server: Serving, request: bytes, method: str = "GET") -> Got:
    """Send one request, and read its answer, which must be whole."""
    return answers(exchange(server, request), method)[0]

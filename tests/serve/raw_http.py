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
"""The time limit in seconds for data on a connection."""


def connect(server: Serving, buffer: int = 0, source: str = "") -> socket.socket:
    """Open a connection that sends each piece of data immediately.

    Args:
        server: the server.
        buffer: the size of the receive buffer in bytes, small for a slow client; 0 for the system's default.
        source: the address of the client.
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
    """Return a GET request for a query, on a persistent connection."""
    return head(f"GET /sparql?query={quote(query)} HTTP/{version}", "Host: localhost", *headers, close=False)


def post(body: bytes, *headers: str) -> bytes:
    """Return a POST request whose body is a query."""
    return head("POST /sparql HTTP/1.1", "Host: a", f"Content-Type: {DIRECT}", *headers) + body


def rest(opened: socket.socket) -> bytes:
    """Return the data received until the server closes or resets the connection."""
    data = bytearray()
    with suppress(ConnectionError):
        while piece := opened.recv(1 << 16):
            data += piece
    return bytes(data)


def exchange(server: Serving, sent: bytes) -> bytes:
    """Send bytes, and return the data received until the server closes the connection."""
    with connect(server) as opened:
        with suppress(ConnectionError):
            opened.sendall(sent)
        return rest(opened)


def status_of(reply: bytes) -> int:
    """Return the status code; 0 if there is none."""
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", reply)
    return int(found[1]) if found else 0


class Got(NamedTuple):
    """An answer, as received over a connection."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Bytes(io.BytesIO):
    """A stand-in for a socket and its file, for http.client."""

    def makefile(self, *_: object) -> io.BytesIO:
        """Return the bytes."""
        return self

    def close(self) -> None:
        """Do nothing, so that the next answer can be read."""


def answers(data: bytes, *methods: str) -> list[Got]:
    """Read the answers to requests with these methods, and check that no data follow."""
    source, found = _Bytes(data), []
    for method in methods:
        answer = HTTPResponse(source, method=method)  # type: ignore[arg-type]
        answer.begin()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        found.append(Got(answer.status, headers, answer.read()))
    assert source.read() == b""
    return found


def answered(server: Serving, request: bytes, method: str = "GET") -> Got:
    """Send a request, and read its answer, which must be complete."""
    return answers(exchange(server, request), method)[0]

"""Clients that leave, dawdle, or take nothing: they hold neither workers nor connections."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

import pytest
from raw_http import DIRECT, connect, get, rest, status_of
from serving import Serving, serving
from under_load import ALL, ENDLESS, until

from jhaan_kg.serve.app import BODY_SECONDS
from jhaan_kg.serve.connection import HEAD_SECONDS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that no other test asks, so that its counters count these queries only."""
    with serving(tmp_path_factory.mktemp("quiet"), "--timeout", "5", "--workers", "2") as running:
        until(lambda: running.in_state("idle") == 2)
        yield running


# --- clients that leave ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_who_hangs_up_ends_the_query(reset: bool, quiet: Serving) -> None:
    before = quiet.ended("left")
    with connect(quiet) as opened:
        opened.sendall(get(ENDLESS))
        until(lambda: quiet.in_state("busy") == 1)
        if reset:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    until(lambda: quiet.in_state("busy") == 0)
    until(lambda: quiet.in_state("idle") == 2)
    until(lambda: quiet.ended("left") == before + 1, "it is ended before its deadline", 3)


# --- slow clients --------------------------------------------------------------------------------------------------


_BODY: Final = f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: {DIRECT}\r\n"
_PAGE: Final = b"GET / HTTP/1.1\r\nHost: a\r\n"
_HEADS: Final = {0, 400, 408}
DAWDLERS: Final[dict[str, tuple[bytes, bytes, int, set[int]]]] = {
    "nothing": (b"", b"", 0, _HEADS),
    "headers": (b"GET / HTTP/1.1\r\n", b"X: a\r\n", 0, _HEADS),
    "empty lines": (b"\r\n", b"\r\n", 0, _HEADS),
    "address": (b"GET /" + b"a" * 1000, b"a", 0, _HEADS),
    "a second head": (_PAGE + b"\r\n", b"X", 200, _HEADS),
    "a body": (f"{_BODY}Content-Length: 1000\r\n\r\n".encode(), b"A", 0, {408}),
    "a body in chunks": (f"{_BODY}Transfer-Encoding: chunked\r\n\r\n".encode(), b"1\r\nA\r\n", 0, {408}),
    # An answer doesn't wait for it, and the connection isn't kept for it.
    "a body that nobody wants": (_PAGE + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nA\r\n", 200, {0}),
}
"""What a client sends at once, what it sends each second then, which status it has at once, and which at the end."""


def dawdle(server: Serving, begun: bytes, drop: bytes, at_once: int) -> tuple[int, int]:
    """Send a little each second, and return the first and the last status that the server sends."""
    first = 0
    with connect(server) as opened:
        opened.sendall(begun)
        if at_once:
            first = status_of(opened.recv(4096))
        end = time.monotonic() + max(HEAD_SECONDS, BODY_SECONDS) + 10
        while not select.select([opened], [], [], 1)[0]:
            assert time.monotonic() < end, "the server waits on"
            with suppress(ConnectionError):
                opened.sendall(drop)
        return first, status_of(rest(opened))


def test_what_never_ends_is_not_waited_for(server: Serving) -> None:
    """All clients of the table come at once, since each takes ten seconds."""
    with ThreadPoolExecutor(len(DAWDLERS)) as clients:
        asked = {name: clients.submit(dawdle, server, *case[:3]) for name, case in DAWDLERS.items()}
    for name, (_, _, at_once, at_last) in DAWDLERS.items():
        first, last = asked[name].result()
        assert first == at_once, name
        assert last in at_last, name


def test_who_takes_nothing_keeps_no_worker(server: Serving) -> None:
    with connect(server, 4096) as opened:
        opened.sendall(get(f"{ALL} LIMIT 30000"))
        until(lambda: server.in_state("busy") == 1)
        until(lambda: server.in_state("busy") == 0)
        reply = opened.recv(64)
        assert status_of(reply) == 200

"""Attacks from several addresses, during which other clients get right answers."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.sharedctypes import Synchronized
from typing import Final
from urllib.parse import quote, urlsplit

import pytest
import requests
from raw_http import DIRECT, get, head
from serving import Serving, serving
from under_load import ALL, ENDLESS, SHORT, until

pytestmark = pytest.mark.slow


PATHS: Final = ("/read", "/id/agency/europol.ttl", f"/sparql?query={quote(SHORT)}")
"""The paths that other clients request: a page, an entity and a short query."""


# --- attackers, which are separate processes -------------------------------------------------------------------------


async def _send_on(opened: socket.socket, first: bytes, then: bytes, pause: float = 0) -> None:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(opened, first)
    while True:
        await loop.sock_sendall(opened, then)
        await asyncio.sleep(pause)


async def _drain(opened: socket.socket) -> None:
    while await asyncio.get_running_loop().sock_recv(opened, 1 << 16):
        pass


async def _tiny_chunks(opened: socket.socket) -> None:
    lines = ("Host: a", f"Content-Type: {DIRECT}", "Transfer-Encoding: chunked")
    await _send_on(opened, head("POST /sparql HTTP/1.1", *lines), b"1\r\nA\r\n" * 5_000)


async def _unread_and_large(opened: socket.socket) -> None:
    await _send_on(opened, get(ALL), get(ALL), 1)


async def _endless(opened: socket.socket) -> None:
    await asyncio.get_running_loop().sock_sendall(opened, get(ENDLESS, "1.1", "Connection: close"))
    await _drain(opened)


async def _pipelined(opened: socket.socket) -> None:
    async with asyncio.TaskGroup() as both:
        both.create_task(_drain(opened))
        await _send_on(opened, b"", head("GET /elsewhere HTTP/1.1", "Host: a", close=False) * 100)


ATTACKS: Final = {
    "tiny chunks": _tiny_chunks,
    "large answers unread": _unread_and_large,
    "endless queries": _endless,
    "pipelined requests": _pipelined,
}
"""What each connection of an attacker does."""

ADDRESSES: Final = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
CONNECTIONS: Final = 6
"""The number of connections from each address."""


@contextmanager
def attacking(name: str, url: str) -> Iterator[None]:
    """Run an attack from several addresses, and assert that it continued to the end."""
    spawn = multiprocessing.get_context("spawn")
    made = spawn.Value("q")
    attacker = spawn.Process(target=_attack, args=(name, url, made), daemon=True)
    attacker.start()
    try:
        until(lambda: made.value >= CONNECTIONS or not attacker.is_alive(), "the attack begins")
        yield
        assert attacker.is_alive()
    finally:
        attacker.kill()
        attacker.join()


def _attack(name: str, url: str, made: Synchronized[int]) -> None:
    place = urlsplit(url)

    async def connect_again(address: str) -> None:
        while True:
            try:
                with socket.socket() as opened:
                    opened.setblocking(False)
                    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                    opened.bind((address, 0))
                    at = (str(place.hostname), place.port or 0)
                    await asyncio.get_running_loop().sock_connect(opened, at)
                    made.value += 1
                    await ATTACKS[name](opened)
            except* OSError:
                pass
            await asyncio.sleep(0.1)

    async def attack_on() -> None:
        await asyncio.gather(*(connect_again(one) for one in ADDRESSES for _ in range(CONNECTIONS)))

    asyncio.run(attack_on())


# --- attacks ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with its default options."""
    with serving(tmp_path_factory.mktemp("attacked")) as server:
        yield server


@pytest.mark.parametrize("attack", ATTACKS)
def test_others_get_right_answers(attacked: Serving, attack: str) -> None:
    """On new connections; whatever was attacked is free again afterwards."""

    def ask() -> list[tuple[int, bytes]]:
        replies = [requests.get(attacked.url + path, timeout=60) for path in PATHS]
        return [(reply.status_code, reply.content) for reply in replies]

    expected = ask()
    assert {status for status, _ in expected} == {200}
    with attacking(attack, attacked.url):
        for _ in range(5):
            assert ask() == expected
    until(lambda: attacked.busy == 0, "all workers are free again")
    assert attacked.process.poll() is None
    assert "Traceback" not in attacked.log

"""Attacks from several addresses, during which other clients get right answers, and the limits of real servers."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

import pytest
import requests
from raw_http import DIRECT, PATIENCE, connect, exchange, get, head, post, status_of
from serving import Serving, serving
from under_load import ALL, CROSS, ENDLESS, GREEDY, IN_TWO_GRAPHS, SHORT, small_release, until

from aborting import aborting_query

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


# --- a query that takes too much -------------------------------------------------------------------------------------


def test_a_query_that_takes_too_much_memory(idle: Serving) -> None:
    """In one value, or in many rows; the next query is answered."""
    for query in (GREEDY, "SELECT * { ?a a ?b . ?c a ?d } ORDER BY ?d LIMIT 1"):
        reply = idle.ask(query)
        assert (reply.status_code, "memory" in reply.text) == (503, True), reply.text
        assert idle.ask(SHORT).status_code == 200


BREAKING: Final = {
    "values of all types in order": aborting_query(),
    "brackets": "ASK { FILTER(" + "(" * 60_000 + "1" + ")" * 60_000 + ") }",
    "blank nodes": "ASK { ?s ?p " + "[ ?p " * 50_000 + "1" + "]" * 50_000 + " }",
}


@pytest.mark.parametrize("query", BREAKING.values(), ids=BREAKING)
def test_a_query_that_breaks_the_engine(query: str, idle: Serving) -> None:
    """It is the query's fault, or the engine can do it; the next one is answered."""
    reply = idle.ask(query)
    assert reply.status_code in (200, 400, 503, 504), reply.text
    if query == aborting_query():
        assert (reply.status_code, "cannot order" in reply.text) == (400, True)
    assert idle.ask(SHORT).status_code == 200


# --- answers and requests --------------------------------------------------------------------------------------------


def test_too_long_a_request(idle: Serving) -> None:
    """It is refused before it comes if its head states its length."""
    headers = {"Content-Type": DIRECT}
    chunks = iter([b"ASK { }", b" " * 2**20])
    reply = requests.post(idle.sparql, chunks, headers=headers, timeout=PATIENCE)
    assert (reply.status_code, "1,048,576 bytes" in reply.text) == (413, True)
    for length in (2**20 + 1, 10**20 - 1):
        assert status_of(exchange(idle, post(b"", f"Content-Length: {length}"))) in (400, 413)
    assert requests.post(idle.sparql, b"ASK { }".ljust(2**20), headers=headers, timeout=PATIENCE).ok


@pytest.mark.parametrize("sent", [b"X: " + b"a" * 20_000, b"X: a\r\n" * 200], ids=["long", "many"])
def test_too_long_a_head(sent: bytes, server: Serving) -> None:
    assert status_of(exchange(server, b"GET / HTTP/1.1\r\nHost: a\r\n" + sent)) == 400


# --- clients ---------------------------------------------------------------------------------------------------------


def test_how_much_one_client_may_ask(idle: Serving) -> None:
    """Two of its queries run, sixteen wait; other clients notice nothing."""
    with ExitStack() as stack:
        opened = [stack.enter_context(connect(idle)) for _ in range(18)]
        for connection in opened:
            connection.sendall(get(ENDLESS, "1.1", "X-Forwarded-For: 192.0.2.1"))
        until(lambda: idle.busy == 2)
        for forwarded in ("192.0.2.1", "198.51.100.9, 192.0.2.1"):  # the client can write all but the last
            refused = idle.ask(SHORT, headers={"X-Forwarded-For": forwarded})
            assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
        assert idle.ask(SHORT, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 200
        assert status_of(opened[0].recv(4096)) == 504
    until(lambda: idle.busy == 0, "those that left have ended")
    assert idle.ask(SHORT, headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 200


def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    """Long answers are refused, short ones go on, and nothing is left behind."""
    release = small_release(tmp_path / "release", "small")
    with serving(
        tmp_path, "--snapshot", str(release.path), environment={"TMPDIR": str(small_disk)}
    ) as server:
        for _ in range(3):
            reply = server.ask(f"{CROSS} LIMIT 30000")
            assert (reply.status_code, "Retry-After" in reply.headers) == (503, True), reply.text[:200]
            assert "disk" in reply.text
            assert server.ask(IN_TWO_GRAPHS).status_code == 200
        (folder,) = small_disk.glob("jhaan-serve-*")
        until(lambda: not list(folder.iterdir()), "the files of answers are deleted")
    assert not list(small_disk.glob("jhaan-serve-*"))

"""Attacks from several addresses, a client that sends queries meanwhile, and the resources of the servers.

Attackers are separate processes, so that they only compete for processors with the measurements.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import socket
import statistics
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.sharedctypes import Synchronized
from random import choice
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

import requests
from asking import memory
from raw_http import DIRECT, connect, get, head
from requests.adapters import HTTPAdapter
from serving import Serving
from under_load import ALL, ENDLESS, SHORT, until, workers

PAGE: Final = "/read"
AGENCY: Final = "/id/agency/europol.ttl"
QUERY: Final = f"/sparql?query={quote(SHORT)}"
IN_TURN: Final = (PAGE, AGENCY, QUERY)
"""The paths that the client requests: a page, an entity and a short query."""

SLOWEST: Final = 0.3
"""The maximum 95th percentile of response times during an attack, in seconds."""

MOST_MEMORY: Final = 200.0
"""The maximum growth of the servers' memory during an attack, in MB, without workers, whose memory is limited."""

_PAUSE: Final = 0.06
"""The seconds between two requests of the client: nginx accepts 20 per second from one address."""

_PATIENCE: Final = 15
"""The maximum number of seconds until the memory is back to its earlier size after an attack."""


# --- attackers -------------------------------------------------------------------------------------------------------


class Attack(NamedTuple):
    """An attack.

    Attributes:
        connections: the number of connections per address.
        act: function that uses an open connection.
        buffer: the size of the receive buffer in bytes; 0 for the system's default.
    """

    connections: int
    act: Callable[[socket.socket], Awaitable[None]]
    buffer: int = 0


async def _flood(opened: socket.socket, first: bytes, then: bytes, pause: float = 0) -> None:
    """Send bytes repeatedly."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(opened, first)
    while True:
        await loop.sock_sendall(opened, then)
        await asyncio.sleep(pause)


async def _drain(opened: socket.socket, pause: float = 0, most: int = 1 << 16) -> None:
    """Read until the server closes the connection."""
    while await asyncio.get_running_loop().sock_recv(opened, most):
        await asyncio.sleep(pause)


async def _ask(opened: socket.socket, request: bytes) -> None:
    """Send a request and read all of its answer."""
    await asyncio.get_running_loop().sock_sendall(opened, request)
    await _drain(opened)


async def _tiny_chunks(opened: socket.socket) -> None:
    path = choice(("/sparql", "/elsewhere"))
    lines = ("Host: a", f"Content-Type: {DIRECT}", "Transfer-Encoding: chunked")
    async with asyncio.TaskGroup() as both:
        both.create_task(_drain(opened))
        size = choice((1, 8))
        await _flood(
            opened, head(f"POST {path} HTTP/1.1", *lines), (b"%x\r\n%b\r\n" % (size, b"A" * size)) * 5_000
        )


async def _unread(opened: socket.socket) -> None:
    path = choice(("/sparql", "/.well-known/void"))
    request = head(f"GET {path} HTTP/1.1", "Host: a", "Accept: application/n-triples", close=False)
    await _flood(opened, request, request, 1)


async def _hoard(opened: socket.socket) -> None:
    request = get(ALL)
    await _flood(opened, request, request, 1)


async def _endless(opened: socket.socket) -> None:
    await _ask(opened, get(ENDLESS, "1.1", "Connection: close"))


async def _downloads(opened: socket.socket) -> None:
    await _ask(opened, head("GET /downloads/jhaan.xlsx HTTP/1.1", "Host: a"))


async def _pipelined(opened: socket.socket) -> None:
    cheap = b"".join(head(f"GET {path} HTTP/1.1", "Host: a", close=False) for path in ("/", "/elsewhere"))
    async with asyncio.TaskGroup() as both:
        both.create_task(_drain(opened))
        await _flood(opened, b"", cheap * 50)


async def _long_heads(opened: socket.socket) -> None:
    long = head("GET / HTTP/1.1", "Host: a", *(f"a{number}: b" for number in range(5_000)), close=False)
    async with asyncio.TaskGroup() as both:
        both.create_task(_drain(opened))
        await _flood(opened, b"", long)


ATTACKS: Final = {
    "tiny chunks": Attack(6, _tiny_chunks),
    "unread answers": Attack(480, _unread, 4096),
    "large answers unread": Attack(6, _hoard, 4096),
    "endless queries": Attack(6, _endless),
    "downloads": Attack(8, _downloads),
    "pipelined requests": Attack(450, _pipelined),
    "long heads": Attack(6, _long_heads),
    "idle connections": Attack(520, _drain),
}


@contextmanager
def attacking(name: str, url: str, addresses: Sequence[str]) -> Iterator[None]:
    """Run an attack from some addresses, and assert that it continued to the end."""
    spawn = multiprocessing.get_context("spawn")
    made = spawn.Value("q")
    attacker = spawn.Process(target=_attack, args=(name, url, addresses, made), daemon=True)
    attacker.start()
    try:
        until(lambda: made.value or not attacker.is_alive(), "the attack begins")
        yield
        assert attacker.is_alive()
        assert made.value >= min(ATTACKS[name].connections, 100) * len(addresses), "few connections were made"
    finally:
        attacker.kill()
        attacker.join()


def _attack(name: str, url: str, addresses: Sequence[str], made: Synchronized[int]) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    place = urlsplit(url)
    asyncio.run(_attack_on(ATTACKS[name], (str(place.hostname), place.port or 0), addresses, made))


async def _attack_on(
    attack: Attack, place: tuple[str, int], addresses: Sequence[str], made: Synchronized[int]
) -> None:
    async def connect_again(address: str) -> None:
        while True:
            try:
                with socket.socket() as opened:
                    opened.setblocking(False)
                    if attack.buffer:
                        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, attack.buffer)
                    opened.bind((address, 0))
                    await asyncio.get_running_loop().sock_connect(opened, place)
                    made.value += 1
                    await attack.act(opened)
            except* OSError:
                pass
            await asyncio.sleep(0.1)

    await asyncio.gather(*(connect_again(one) for one in addresses for _ in range(attack.connections)))


def others(count: int) -> list[str]:
    """Return loopback addresses other than the client's."""
    return [f"127.0.0.{number}" for number in range(2, 2 + count)]


# --- a client during attacks -----------------------------------------------------------------------------------------


class Client:
    """A client that requests paths in turn, each on a new and on a persistent connection.

    Attributes:
        took: the response time of each correct answer, in seconds.
        wrong: descriptions of the wrong and missing answers.
    """

    def __init__(self, url: str, paths: Sequence[str] = IN_TURN) -> None:
        self._url, self._kept = url, requests.Session()
        self._right = {path: self._get(self._kept, path).content for path in paths}
        self.took, self.wrong = list[float](), list[str]()

    def ask_for(self, seconds: float) -> None:
        """Send requests until the time is over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for path in self._right:
                with requests.Session() as fresh:
                    self._ask(fresh, path)
                self._ask(self._kept, path)

    @property
    def p95(self) -> float:
        """The 95th percentile of the response times, in seconds."""
        enough = self.took if len(self.took) > 1 else [float("inf")] * 2
        return statistics.quantiles(enough, n=20, method="inclusive")[-1]

    def _ask(self, session: requests.Session, path: str) -> None:
        time.sleep(_PAUSE)
        begun = time.monotonic()
        try:
            reply = self._get(session, path)
        except requests.RequestException as error:
            self.wrong.append(f"{path}: {type(error).__name__} after {time.monotonic() - begun:.1f} s")
            return
        if reply.status_code == 200 and reply.content == self._right[path]:
            self.took.append(time.monotonic() - begun)
        else:
            self.wrong.append(f"{path}: {reply.status_code} {reply.text[:60]!r}")

    def _get(self, session: requests.Session, path: str) -> requests.Response:
        accept = "text/html" if path == PAGE else "*/*"
        return session.get(self._url + path, headers={"Accept": accept}, timeout=20)


class Reading(NamedTuple):
    """The data that a slow reader received, and whether the connection is still open."""

    data: bytes
    is_open: bool


def read_slowly(server: Serving, rows: int, rate: float, buffer: int, seconds: float) -> Reading:
    """Read an answer at a rate in bytes per second, until it ends or the time is over."""
    data, begun = bytearray(), time.monotonic()
    with connect(server, buffer) as opened, suppress(ConnectionError):
        opened.sendall(get(f"{ALL} LIMIT {rows}", "1.1", "Connection: close"))
        while (passed := time.monotonic() - begun) < seconds:
            if (due := int(rate * passed) - len(data)) > 0:
                if not (piece := opened.recv(due)):
                    break
                data += piece
            time.sleep(0.1)
        else:  # data may still be readable although the connection was reset
            return Reading(bytes(data), not opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
    return Reading(bytes(data), False)


def warm(server: Serving) -> None:
    """Send enough requests at once that each worker answers one and the server creates its description."""

    def ask(number: int) -> None:
        with requests.Session() as session:
            session.mount("http://", _From(f"127.0.1.{1 + number // 4}"))
            for path in IN_TURN * 5:
                session.get(server.url + path, timeout=60)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    requests.get(f"{server.url}/.well-known/void", timeout=60)


class _From(HTTPAdapter):
    """An adapter for connections from one address."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: object, **options: object) -> None:
        super().init_poolmanager(*args, **options, source_address=(self._address, 0))  # type: ignore[arg-type]


# --- memory and outcomes ---------------------------------------------------------------------------------------------


def together(servers: Sequence[Serving]) -> float:
    """Return the memory of servers and their child processes, in MB."""
    return sum(memory(server.process.pid) for server in servers)


@contextmanager
def measuring(servers: Sequence[Serving]) -> Iterator[list[tuple[float, float]]]:
    """Measure the memory of servers repeatedly, in MB; yield pairs of the total and the part without workers."""
    seen, ended = list[tuple[float, float]](), threading.Event()

    def measure() -> None:
        while not seen or not ended.wait(0.3):
            in_workers = sum(memory(pid) for server in servers for pid in workers(server))
            seen.append((total := together(servers), total - in_workers))

    thread = threading.Thread(target=measure)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


class Outcome(NamedTuple):
    """The effect of an attack on a client and on the servers.

    Attributes:
        right: the number of correct answers.
        wrong: descriptions of the wrong and missing answers.
        median: the median response time of correct answers, in seconds.
        p95: the 95th percentile of these times, in seconds.
        slowest: the longest of these times, in seconds.
        before: the memory of the servers and their workers before the attack, in MB.
        peak: their maximum memory during the attack, in MB.
        own: the maximum memory of the servers without workers during the attack, in MB.
        after: the memory of the servers and their workers soon after the attack, in MB.
    """

    right: int
    wrong: list[str]
    median: float
    p95: float
    slowest: float
    before: float
    peak: float
    own: float
    after: float

    def __str__(self) -> str:
        times = " ".join(f"{1000 * each:7.0f}" for each in (self.median, self.p95, self.slowest))
        amounts = " ".join(f"{each:6.0f}" for each in (self.before, self.peak, self.own, self.after))
        return f"{self.right:5} {len(self.wrong):5} {times} {amounts}"


def outcome_of(
    attack: str, count: int, seconds: float, servers: Sequence[Serving], paths: Sequence[str] = IN_TURN
) -> Outcome:
    """Run an attack while a client sends requests, and wait for the servers' memory to shrink again.

    Args:
        attack: the name of the attack.
        count: the number of attacking addresses.
        seconds: the duration of the attack.
        servers: the server that gets the requests; further ones are behind it, if it is a proxy.
        paths: the paths that the client requests.
    """
    for server in servers[1:] or servers:
        warm(server)
    client, before = Client(servers[0].url, paths), together(servers)
    with measuring(servers) as seen, attacking(attack, servers[0].url, others(count)):
        client.ask_for(seconds)
    end = time.monotonic() + _PATIENCE
    while (after := together(servers)) > 1.1 * before and time.monotonic() < end:
        time.sleep(0.3)
    took, (peak, own) = client.took or [float("inf")], map(max, zip(*seen, strict=True))
    times = statistics.median(took), client.p95, max(took)
    return Outcome(len(client.took), client.wrong, *times, before, peak, own, after)


def check(outcome: Outcome) -> None:
    """Assert that an attack hardly affected the client and the memory of the servers."""
    assert not outcome.wrong, outcome.wrong[:5]
    assert outcome.p95 < SLOWEST, outcome
    assert outcome.own < outcome.before + MOST_MEMORY, outcome
    assert outcome.after <= 1.1 * outcome.before, outcome

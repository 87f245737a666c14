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
"""What the client asks for: a page, an entity, a short query."""

SLOWEST: Final = 0.3
"""How many seconds 95 of 100 answers may take at most beside an attack."""

MOST_MEMORY: Final = 200.0
"""How many MB more than before servers may take during an attack without their workers, which have limits."""

_PAUSE: Final = 0.06
"""Seconds between two requests of the client: nginx takes 20 in a second from one address."""

_PATIENCE: Final = 15
"""After how many seconds memory is as before."""


# --- attackers -------------------------------------------------------------------------------------------------------


class Attack(NamedTuple):
    """An attack.

    Attributes:
        connections: how many each address has.
        act: what each does while it is open.
        buffer: the size of its buffer for answers; 0 for what the system chooses.
    """

    connections: int
    act: Callable[[socket.socket], Awaitable[None]]
    buffer: int = 0


async def _flood(opened: socket.socket, first: bytes, then: bytes, pause: float = 0) -> None:
    """Send bytes again and again."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(opened, first)
    while True:
        await loop.sock_sendall(opened, then)
        await asyncio.sleep(pause)


async def _drain(opened: socket.socket, pause: float = 0, most: int = 1 << 16) -> None:
    """Read until the other side ends."""
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
    """Run an attack from these addresses; make sure that all of it went on to the end."""
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
    """Return addresses of this machine that are not the client's."""
    return [f"127.0.0.{number}" for number in range(2, 2 + count)]


# --- the client beside them ------------------------------------------------------------------------------------------


class Client:
    """A client that asks in turn, on a new connection and on one that it keeps.

    Attributes:
        took: the seconds of each answer that was right.
        wrong: what came in place of others.
    """

    def __init__(self, url: str, paths: Sequence[str] = IN_TURN) -> None:
        self._url, self._kept = url, requests.Session()
        self._right = {path: self._get(self._kept, path).content for path in paths}
        self.took, self.wrong = list[float](), list[str]()

    def ask_for(self, seconds: float) -> None:
        """Ask until the time is over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for path in self._right:
                with requests.Session() as fresh:
                    self._ask(fresh, path)
                self._ask(self._kept, path)

    @property
    def p95(self) -> float:
        """How many seconds 95 of 100 answers took at most."""
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
    """What a slow reader has read: all of it, and whether more may come."""

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
        else:  # a connection that was reset may still have something to read
            return Reading(bytes(data), not opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
    return Reading(bytes(data), False)


def warm(server: Serving) -> None:
    """Ask so much at once that each worker has answered something, and that the server has described itself."""

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
    """Connections from one address."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: object, **options: object) -> None:
        super().init_poolmanager(*args, **options, source_address=(self._address, 0))  # type: ignore[arg-type]


# --- memory, and all together ----------------------------------------------------------------------------------------


def together(servers: Sequence[Serving]) -> float:
    """Return the memory of servers and of all that they have started, in MB."""
    return sum(memory(server.process.pid) for server in servers)


@contextmanager
def measuring(servers: Sequence[Serving]) -> Iterator[list[tuple[float, float]]]:
    """Measure the memory of servers again and again: all of it, and without workers."""
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
    """What came of an attack.

    Attributes:
        right: how many answers were right.
        wrong: what came in place of others.
        median: seconds, of those that were right, as the next two.
        p95: 95 of 100 took no longer.
        slowest: the longest of them.
        before: the memory of the servers and their workers, in MB.
        peak: the most during the attack.
        own: the most without the workers.
        after: what all came down to soon after.
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
    """Attack from some addresses while a client asks; wait until the servers' memory is as before, if it gets so.

    Args:
        attack: its name.
        count: how many addresses.
        seconds: how long.
        servers: the first is asked; if there are others, it is a proxy before them.
        paths: what the client asks for.
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
    """Expect that a client and the memory of the servers hardly noticed an attack."""
    assert not outcome.wrong, outcome.wrong[:5]
    assert outcome.p95 < SLOWEST, outcome
    assert outcome.own < outcome.before + MOST_MEMORY, outcome
    assert outcome.after <= 1.1 * outcome.before, outcome

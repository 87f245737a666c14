"""A mixed load on a SPARQL server: requests of clients at planned times, and their outcomes.

Requests start at random times with a fixed mean rate, independent of the answers (an open loop). The time from the
planned start to the last byte counts. The load tool Locust is not used, since it waits for answers and has no slow
readers. Clients have different addresses (127.0.0.0/8), so that limits per client apply to each of them.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from random import Random
from typing import NamedTuple
from urllib.parse import quote, urlencode

from bench_pages import paths

RDFS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
AGENCY = "https://w3id.org/jhaan/id/agency/"
JHAAN = "PREFIX jhaan: <https://w3id.org/jhaan/ontology#> "
SHORT = {
    "labels": f"{RDFS}{JHAAN}SELECT ?agency ?label {{ ?agency a jhaan:Agency ; rdfs:label ?label }}",
    **{
        name: f"SELECT ?p ?o {{ <{AGENCY}{name}> ?p ?o }}"
        for name in ("cepol", "eurojust", "europol", "frontex")
    },
    "events": f"{JHAAN}SELECT ?event ?own {{ ?own jhaan:inActivity ?event . ?event a jhaan:Event }} ORDER BY ?own",
}
LONG = {"letters": "SELECT (SUM(STRLEN(CONCAT(STR(?s), STR(?o)))) AS ?letters) { ?s ?p ?o }"}
"""A query that reads all triples, with more than 0.25 seconds of processor time on small machines."""
SLOW = {"all labels": f"{RDFS}SELECT ?thing ?label {{ ?thing rdfs:label ?label }}"}
"""A query for slow readers, whose answer has 400 kB."""
LEAVING = {"in the head": "ASK {}", "before the answer": LONG["letters"], "in the answer": SLOW["all labels"]}
"""The queries of clients that close the connection early, by the moment at which they do so."""

PIECE, PAUSE = 4096, 0.1
"""The number of bytes that a slow reader reads at once, and the pause in seconds: 40 kB per second."""
PATIENCE = 40.0
CLIENTS = 40
PROCESSES = 2
KEPT = 2.0
"""The idle time in seconds after which a connection is not reused, since servers soon close it."""
STEP, ENOUGH = 1.5, 0.95


class Kind(NamedTuple):
    """A kind of request: its frequency, and its time limit in seconds."""

    share: int
    seconds: float


KINDS = {
    "page": Kind(25, 1),
    "thing": Kind(25, 1),
    "question": Kind(15, 1),
    "short": Kind(28, 1),
    "long": Kind(3, 10),
    "slow": Kind(2, 30),
    "broken": Kind(2, PATIENCE),
}
QUICK, SPARQL = ("page", "thing", "question", "short"), ("short", "long", "slow")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wanted(NamedTuple):
    """A request."""

    kind: str
    name: str
    data: bytes


class Outcome(NamedTuple):
    """The outcome of a request.

    Attributes:
        kind: the kind of the request.
        name: the name of the request.
        due: its planned start, on the monotonic clock.
        seconds: the seconds from the planned start to the last byte.
        behind: the delay of the start in seconds, caused by the clients.
        end: the status, with `later` if there is a `Retry-After`; `cut`, `closed` or `reset` if the connection ended
            before the answer did; `garbled` for an unreadable answer; `late` at the time limit.
        release: the value of the header `Jhaan-Release`.
        digest: the checksum of the body; for rows, independent of their order.
    """

    kind: str
    name: str
    due: float
    seconds: float
    behind: float
    end: str
    release: str
    digest: str

    @property
    def error(self) -> str:
        """The error; empty if there is none."""
        if self.end != "200":
            return self.end
        return "late" if self.seconds > KINDS[self.kind].seconds else ""


def sparql_request(kind: str, name: str, path: str, query: str) -> Wanted:
    """Return a request that sends a query as a form and accepts CSV."""
    body, end = urlencode({"query": query}), "Connection: close\r\n" if kind == "slow" else ""
    text = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n{end}\r\n{body}"
    )
    return Wanted(kind, name, text[: 60 if name == "in the head" else None].encode())


def sparql_requests(path: str) -> list[Wanted]:
    """Return requests for any SPARQL server, including clients that leave early."""
    queries = {"short": SHORT, "long": LONG, "slow": SLOW, "broken": LEAVING}
    return [
        sparql_request(kind, name, path, text) for kind, of in queries.items() for name, text in of.items()
    ]


def site_requests(things: int = 60) -> list[Wanted]:
    """Return requests for pages, entities and stored questions of this checkout."""
    wanted = []
    for number, path in enumerate(paths(things)):
        first, _, rest = path.partition("/")
        kind, address = "page", path
        if first in ("id", "graph", "query"):
            kind, address = "thing", path + (".html", ".ttl", ".jsonld")[number % 3]
        elif first == "questions" and rest:
            kind, address = "question", f"{path}.csv"
        request = (
            f"GET /{quote(address, safe='/?=&')} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n"
        )
        wanted.append(Wanted(kind, address, request.encode()))
    return wanted


class Clients:
    """Clients with persistent connections."""

    def __init__(self, port: int, seed: int) -> None:
        self._port, self._net = port, f"127.0.{seed + 1}"
        self._idle = defaultdict[int, list[tuple[float, Streams]]](list)

    async def ask(self, wanted: Wanted, client: int, due: float = 0) -> Outcome:
        """Send a request as one of the clients, and read its answer."""
        begun = time.monotonic()
        due = due or begun
        told, end = ["", "", ""], "late"
        try:
            async with asyncio.timeout(PATIENCE):
                end = await self._exchange(wanted, client, told)
        except TimeoutError:
            pass
        except asyncio.IncompleteReadError:
            end = "cut" if told[0] else "closed"
        except ConnectionError:
            end = "cut" if told[0] else "reset"
        except (ValueError, KeyError):
            end = "garbled"
        took, behind = time.monotonic() - due, begun - due
        return Outcome(wanted.kind, wanted.name, due, took, behind, end, *told[1:])

    async def _exchange(self, wanted: Wanted, client: int, told: list[str]) -> str:
        reader, writer = streams = await self._connect(wanted, client)
        stays = False
        try:
            writer.write(wanted.data)
            if wanted.kind == "broken":
                await (reader.read(1000) if wanted.name == "in the answer" else asyncio.sleep(0.05))
                return "200"
            if wanted.kind == "slow":
                reader = await _read_slowly(reader)
            stays = await _read(reader, told, rows=wanted.kind in SPARQL) and wanted.kind != "slow"
            return told[0]
        finally:
            if stays:
                self._idle[client].append((time.monotonic(), streams))
            else:
                writer.transport.abort()

    async def _connect(self, wanted: Wanted, client: int) -> Streams:
        while wanted.kind not in ("slow", "broken") and self._idle[client]:
            used, (reader, writer) = self._idle[client].pop()
            if time.monotonic() - used < KEPT and not reader.at_eof():
                return reader, writer
            writer.close()
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self._port, local_addr=(f"{self._net}.{client + 1}", 0), limit=2**16
        )
        if wanted.kind == "slow":
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PIECE)
        return reader, writer

    def close(self) -> None:
        for idle in self._idle.values():
            for _, (_, writer) in idle:
                writer.close()


async def _read_slowly(reader: asyncio.StreamReader) -> asyncio.StreamReader:
    """Read a whole answer slowly, piece by piece, and return it as a new reader."""
    whole = asyncio.StreamReader()
    while piece := await reader.read(PIECE):
        whole.feed_data(piece)
        await asyncio.sleep(PAUSE)
    whole.feed_eof()
    return whole


async def _read(reader: asyncio.StreamReader, told: list[str], *, rows: bool = True) -> bool:
    """Read an answer, record its status, release and digest, and return whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    headers = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
    told[0] = head.split(" ", 2)[1] + (" later" if "retry-after" in headers else "")
    told[1] = headers.get("jhaan-release", "")
    if headers.get("transfer-encoding") == "chunked":
        body = bytearray()
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
    else:
        body = bytearray(await reader.readexactly(int(headers["content-length"])))
    told[2] = sha256(b"\n".join(sorted(body.splitlines())) if rows else body).hexdigest()[:16]
    return headers.get("connection") != "close"


# --- the load ----------------------------------------------------------------------------------------------------


def ask_once(port: int, requests: Sequence[Wanted]) -> list[Outcome]:
    """Send requests one after the other, without a load."""

    async def ask() -> list[Outcome]:
        clients = Clients(port, 0)
        outcomes = [await clients.ask(wanted, 0) for wanted in requests]
        clients.close()
        return outcomes

    return asyncio.run(ask())


def load(port: int, requests: Sequence[Wanted], rate: float, seconds: float, seed: int) -> list[Outcome]:
    """Send requests at a mean rate, in one process."""
    chance, of_kind = Random(seed), defaultdict[str, list[Wanted]](list)  # noqa: S311
    for wanted in requests:
        of_kind[wanted.kind].append(wanted)
    shares = [KINDS[kind].share for kind in of_kind]

    async def send() -> list[Outcome]:
        clients = Clients(port, seed % PROCESSES)
        begin = due = time.monotonic()
        async with asyncio.TaskGroup() as group:
            tasks = []
            while (due := due + chance.expovariate(rate)) < begin + seconds:
                (kind,) = chance.choices(list(of_kind), shares)
                wanted, address = chance.choice(of_kind[kind]), chance.randrange(CLIENTS)
                await asyncio.sleep(due - time.monotonic())
                tasks.append(group.create_task(clients.ask(wanted, address, due)))
        clients.close()
        return [task.result() for task in tasks]

    return asyncio.run(send())


class Load(NamedTuple):
    """The outcomes of requests, and the state of the server every half second during them."""

    outcomes: list[Outcome]
    watched: list[float]


def loaded(
    pool: ProcessPoolExecutor,
    port: int,
    requests: Sequence[Wanted],
    seconds: float,
    watch: Callable[[], float],
    rate: float,
) -> Load:
    """Send requests at a mean rate, from separate processes."""
    seed, watched = time.time_ns(), []
    asked = [
        pool.submit(load, port, requests, rate / PROCESSES, seconds, seed + number)
        for number in range(PROCESSES)
    ]
    while not all(each.done() for each in asked):
        watched.append(watch())
        time.sleep(0.5)
    return Load([outcome for each in asked for outcome in each.result()], watched)


def answered(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the outcomes answered in time; those of clients that leave do not count."""
    return [outcome for outcome in outcomes if outcome.kind != "broken" and not outcome.error]


def errors(outcomes: Sequence[Outcome]) -> Counter[str]:
    """Return the number of errors by kind of request."""
    return Counter(f"{outcome.kind} {outcome.error}" for outcome in outcomes if outcome.error)


def share_in_time(outcomes: Sequence[Outcome]) -> float:
    """Return the share of requests that were answered in time, without clients that leave early."""
    return len(answered(outcomes)) / max(1, sum(outcome.kind != "broken" for outcome in outcomes))


def rising(ask: Callable[[float], Load], rate: float) -> Iterator[tuple[float, Load]]:
    """Send requests at rising rates, until fewer than 95 % are answered in time."""
    in_time = 1.0
    while in_time >= ENOUGH:
        done = ask(rate)
        yield rate, done
        in_time = share_in_time(done.outcomes)
        rate *= STEP

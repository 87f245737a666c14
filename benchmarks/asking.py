"""SPARQL servers and clients for benchmarks: servers on free ports, clients with persistent connections."""

from __future__ import annotations

import json
import random
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode
from urllib.request import urlopen

from timing import BIN, ENVIRONMENT

ASK = "ASK { ?s ?p ?o }"

Times = list[tuple[str, float]]
"""Names of queries with the seconds until the last byte of each answer."""


class Server(NamedTuple):
    """A running server: its process, its port, and the path for queries."""

    pid: int
    port: int
    path: str


class Connection:
    """A persistent connection, cheaper than `http.client`, since clients share the cores with the server."""

    def __init__(self, server: Server, timeout: float = 60) -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")
        self._path = server.path

    def packed(self, query: str) -> bytes:
        body = urlencode({"query": query})
        return (
            f"POST {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/sparql-results+json\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Send a request, and return the status and the body of its answer."""
        self._socket.sendall(request)
        status = int((self._file.readline() or b"- 0").split()[1])
        length = 0
        while (line := self._file.readline()) not in (b"\r\n", b""):
            name, _, value = line.lower().partition(b":")
            if name == b"content-length":
                length = int(value)
            elif name == b"transfer-encoding":
                length = -1
        return status, self._file.read(length) if length >= 0 else b"".join(self._pieces())

    def ask(self, query: str) -> bytes:
        status, body = self.send(self.packed(query))
        if status != 200:
            raise SystemExit(f"{status}: {body[:300]!r}\n{query}")
        return body

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def _pieces(self) -> Iterator[bytes]:
        while size := int(self._file.readline(), 16):
            yield self._file.read(size)
            self._file.readline()
        self._file.readline()


def rows(body: bytes) -> list[str]:
    """Return the rows of an answer, sorted; the types of integers and strings are ignored."""
    answer = json.loads(body)
    if "boolean" in answer:
        return [str(answer["boolean"])]
    return sorted(
        str({name: term["value"] for name, term in sorted(row.items())})
        for row in answer["results"]["bindings"]
    )


def asked_for(
    server: Server, mix: Sequence[tuple[str, str]], seed: int, begin: float, seconds: float, patience: float
) -> Times:
    """Repeat the queries of a mix in random order, until the time is over or an answer takes too long."""
    connection, chance = Connection(server, patience), random.Random(seed)  # noqa: S311
    requests = [(name, connection.packed(query)) for name, query in mix]
    times: Times = []
    clock = time.perf_counter
    time.sleep(max(0, begin - clock()))
    while clock() < begin + seconds:
        chance.shuffle(requests)
        for name, request in requests:
            sent = clock()
            if sent > begin + seconds:
                break
            try:
                status, body = connection.send(request)
            except TimeoutError:
                return times
            if status != 200:
                raise SystemExit(f"{name}: {status} {body[:300]!r}")
            times.append((name, clock() - sent))
    connection.close()
    return times


def many(
    clients: ProcessPoolExecutor,
    count: int,
    server: Server,
    mix: Sequence[tuple[str, str]],
    seconds: float,
    patience: float = 60,
) -> Times:
    """Run several clients at once, each in its own process, and return their times."""
    begin = time.perf_counter() + 0.2
    asked = [clients.submit(asked_for, server, mix, seed, begin, seconds, patience) for seed in range(count)]
    return [time_ for client in asked for time_ in client.result()]


def percentile(times: Sequence[float], percent: int) -> float:
    """Return a percentile of the times in milliseconds."""
    if len(times) < 2:
        return max(times, default=0) * 1000
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] * 1000


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        port: int = opened.getsockname()[1]
    return port


@contextmanager
def served(
    command: Sequence[str], port: int, path: str, *, environment: Mapping[str, str] = ENVIRONMENT
) -> Iterator[Server]:
    """Start a server, yield it when it answers, and end it."""
    with ExitStack() as open_things:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        open_things.callback(_end, process)
        server = Server(process.pid, port, path)
        until = time.monotonic() + 1800
        while not _answers(server):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"This did not start: {' '.join(command)}")
            time.sleep(0.005)
        yield server


def jhaan(snapshot: Path | None = None, *options: str) -> tuple[list[str], int, str]:
    """Return the command, the port and the path of `jhaan serve`; one client represents many here."""
    port = free_port()
    where = [] if snapshot is None else ["--snapshot", str(snapshot)]
    command = [str(BIN / "jhaan"), "serve", "--port", str(port), "--per-client", "64", *where, *options]
    return command, port, "/sparql"


def oxigraph(store: Path) -> tuple[list[str], int, str]:
    """Return the same for Oxigraph's own server on a disk store."""
    port = free_port()
    command = [str(BIN / "oxigraph"), "serve-read-only", "--location", str(store)]
    return [*command, "--union-default-graph", "--bind", f"127.0.0.1:{port}"], port, "/query"


def rdflib_endpoint(file: Path) -> tuple[list[str], int, str]:
    """Return the same for rdflib-endpoint, whose default graph is also the union of the dataset."""
    port = free_port()
    return [str(BIN / "rdflib-endpoint"), "serve", "--port", str(port), str(file)], port, "/"


def memory(pid: int) -> float:
    """Return the memory of a process and its descendants in MB; shared memory counts once."""
    taken = 0.0
    with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
        for task in Path(f"/proc/{pid}/task").iterdir():
            taken += sum(memory(int(child)) for child in (task / "children").read_text().split())
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        taken += int(rollup.partition("\nPss:")[2].split()[0]) / 1024
    return taken


def settled(server: Server) -> None:
    """Wait until `jhaan serve` has described the graph, which a separate process does after the start."""
    with suppress(OSError):
        urlopen(f"http://127.0.0.1:{server.port}/.well-known/void", timeout=1800).read()


def _answers(server: Server) -> bool:
    try:
        connection = Connection(server)
    except OSError:
        return False
    try:
        return connection.send(connection.packed(ASK))[0] == 200
    except (OSError, ValueError, IndexError):
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:  # rdflib-endpoint ends when its query does
        process.kill()
        process.wait()

"""Simultaneous malicious requests, and checks that the server survives unchanged.

The environment variable `JHAAN_SEED` sets another seed. A failure names the seed and the request.
"""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import pytest
import requests
from hostile import Attacker, Hostile, Outcome, send
from serving import Serving, children, serving
from under_load import until

from jhaan_kg.sandbox import _KEPT_MEMORY
from jhaan_kg.serve.config import MEBIBYTE
from jhaan_kg.serve.connection import HEAD_SECONDS

SEED: Final = int(os.environ.get("JHAAN_SEED", "20231"))
SENDERS: Final = 16
TIMEOUT: Final = 2

OPTIONS: Final = (
    f"--timeout {TIMEOUT} --per-client 1000 --workers 4 --page-workers 1 --memory 256 --connections 8000"
)
"""The options of the server.

Few workers and a short time limit make workers die often, so that queries wait. All senders have the same address, so
the limits per client are high; otherwise most requests would be rejected.
"""

PATIENCE: Final = HEAD_SECONDS + 2 * TIMEOUT + 6
"""The maximum duration of a request in seconds: receiving, waiting for a worker, the query, and a busy machine."""

QUESTION: Final = "SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a a <https://w3id.org/jhaan/ontology#Agency> }"


class State(NamedTuple):
    """The resources that a server uses.

    Attributes:
        memory: the memory of the server and of the fork servers, in MB, with a proportional part of shared memory.
        largest: the same for the worker that uses most.
        workers: the number of workers.
        descriptors: the number of open file descriptors of the server.
    """

    memory: float
    largest: float
    workers: int
    descriptors: int


def state(server: Serving) -> State:
    """Return the resources that a server uses now."""
    own = server.process.pid
    nurseries = children(own)
    born = [worker for nursery in nurseries for worker in children(nursery)]
    memory = sum(map(memory_of, (own, *nurseries)))
    return State(memory, max(map(memory_of, born)), len(born), len(list(Path(f"/proc/{own}/fd").iterdir())))


def memory_of(pid: int) -> float:
    """Return the memory of a process in MB, with a proportional part of shared memory."""
    found = re.search(r"^Pss: +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    assert found
    return int(found[1]) / 1024


class Good:
    """A client that sends a short query repeatedly, and retries when the server tells it to.

    Attributes:
        answered: the number of correct answers.
        wrong: descriptions of the wrong and missing answers.
        slowest: the longest time until an answer in seconds, including rejected attempts.
    """

    def __init__(self, server: Serving) -> None:
        self._server, self._stop = server, threading.Event()
        self.answered, self.wrong, self.slowest = 0, list[str](), 0.0
        self._right = server.ask(QUESTION).json()
        self._thread = threading.Thread(target=self._ask_on)

    def __enter__(self) -> Good:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _ask_on(self) -> None:
        while not self._stop.is_set():
            begun = time.monotonic()
            if (wrong := self._ask(begun + 60)) is not None:
                self.wrong.append(wrong)
            else:
                self.answered += 1
            self.slowest = max(self.slowest, time.monotonic() - begun)

    def _ask(self, end: float) -> str | None:
        while time.monotonic() < end:
            try:
                reply = self._server.ask(QUESTION)
            except requests.RequestException as error:
                return repr(error)
            if reply.status_code == 200:
                return None if reply.json() == self._right else reply.text
            if reply.status_code not in (429, 503) or "Retry-After" not in reply.headers:
                return f"{reply.status_code}: {reply.text}"
            self._stop.wait(float(reply.headers["Retry-After"]) / 4)
        return "no answer within a minute"


def hold(address: tuple[str, int], count: int, are_open: threading.Event) -> int:
    """Open connections without sending data, and return how many the server closes in time."""
    with ExitStack() as stack:
        opened = [stack.enter_context(socket.create_connection(address, PATIENCE)) for _ in range(count)]
        are_open.set()
        return sum(_is_closed(connection) for connection in opened)


def _is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False


def besiege(folder: Path, count: int, held: int) -> str:
    """Send malicious requests to a server together with valid ones, check its state afterwards, and return a summary.

    Args:
        folder: an empty folder.
        count: the number of malicious requests.
        held: the number of idle connections that are open meanwhile.
    """
    canary = socket.create_server(("127.0.0.1", 0))
    canary.setblocking(False)
    attacker = Attacker(SEED, f"http://127.0.0.1:{canary.getsockname()[1]}/")
    with canary, serving(folder, *OPTIONS.split()) as server:
        place = urlsplit(server.url)
        address = (str(place.hostname), int(place.port or 0))
        # The process that generates the description once must end before the measurement.
        requests.get(f"{server.url}/.well-known/void", timeout=60)
        until(lambda: len(children(server.process.pid)) == 1, "the description is made")
        until(lambda: state(server).workers == 5, "all workers are there")
        before, nursery = state(server), children(server.process.pid)

        begun = time.monotonic()
        are_open = threading.Event()
        with Good(server) as good, ThreadPoolExecutor(SENDERS + 1) as pool:
            holding = pool.submit(hold, address, held, are_open)
            assert are_open.wait(60)

            def attack(number: int) -> tuple[Hostile, Outcome]:
                request = attacker.request(number)
                return request, send(address, request, PATIENCE)

            done = list(pool.map(attack, range(count)))
        took = time.monotonic() - begun

        # The server gives up answers without a reader, and closed connections, after some time.
        until(lambda: server.in_state("idle") == 4, "all workers are free again")
        until(lambda: state(server).descriptors <= before.descriptors, "all connections are closed")
        after = state(server)
        entries = server.entries
        reasons = ("deadline", "memory", "engine", "killed", "left", "made way", "end")
        ended = {why: int(server.ended(why)) for why in reasons}
        answered = Counter(outcome.status for _, outcome in done)
        logged = Counter(entry["status"] for entry in entries if "status" in entry)
        faults = Counter(entry["fault"] for entry in entries if "fault" in entry)
        account = (
            f"seed {SEED}: {count:,} hostile requests in {took:.0f} s beside {held:,} connections",
            f"answered {dict(sorted(answered.items()))}",
            f"logged {dict(sorted(logged.items()))}, faults {dict(faults)}",
            f"workers ended {ended}",
            f"{good.answered:,} good ones answered, the slowest in {good.slowest:.1f} s",
            f"before {before}",
            f"after  {after}",
        )

        def shown(wrong: list[tuple[Hostile, Outcome]]) -> str:
            return f"seed {SEED}: " + "\n".join(f"{request} -> {outcome}" for request, outcome in wrong[:5])

        assert server.process.poll() is None, server.log[-2000:]
        assert children(server.process.pid) == nursery, "what holds the graph was started again"
        with pytest.raises(BlockingIOError):
            canary.accept()
        hanging = [pair for pair in done if not pair[1].ended]
        assert not hanging, shown(hanging)
        broken = [pair for pair in done if pair[1].status == 500]
        assert not broken, shown(broken)
        assert 500 not in logged, [entry for entry in entries if entry.get("status") == 500][:5]
        assert not ended["end"], f"seed {SEED}: a worker has ended by an error of ours"
        assert not good.wrong, f"seed {SEED}: {good.wrong[:5]}"
        assert good.answered
        assert holding.result() == held, "the server keeps connections that say nothing"
        assert after.workers == before.workers == 5
        assert after.memory <= 1.3 * before.memory + 50, f"seed {SEED}: {before} -> {after}"
        assert after.largest <= before.largest + _KEPT_MEMORY / MEBIBYTE + 10, (
            f"seed {SEED}: {before} -> {after}"
        )
        assert "Traceback" not in server.log, server.log[server.log.index("Traceback") :][:2000]
        return "\n".join(account)

"""Clients that leave, dawdle, or take nothing: they hold neither workers nor connections."""

from __future__ import annotations

import asyncio
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import pytest
from raw_http import DIRECT, connect, get, rest, status_of
from serving import Serving, children, serving
from under_load import ALL, ENDLESS, SHORT, nurseries, until

from aborting import aborting_query
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.serve.app import BODY_SECONDS
from jhaan_kg.serve.config import Limits
from jhaan_kg.serve.connection import HEAD_SECONDS
from jhaan_kg.serve.pool import Pool, Worker
from jhaan_kg.serve.protocol import HttpStatusError
from jhaan_kg.serve.spool import Space, Spool
from jhaan_kg.serve.turns import Job


def descriptors(pid: int) -> int:
    """Return how many descriptors a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that no other test asks, so that its counters count these queries only."""
    with serving(tmp_path_factory.mktemp("quiet"), "--timeout", "5", "--workers", "2") as running:
        until(lambda: running.in_state("idle") == 2)
        yield running


# --- clients that leave ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(b"", id="one request"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", id="another one behind it"),
        pytest.param(b"GET / HT", id="a part of another one behind it"),
    ],
)
@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_who_hangs_up_ends_the_query(more: bytes, reset: bool, quiet: Serving) -> None:
    before = quiet.ended("left")
    with connect(quiet) as opened:
        opened.sendall(get(ENDLESS) + more)
        until(lambda: quiet.in_state("busy") == 1)
        if reset:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    until(lambda: quiet.in_state("busy") == 0)
    until(lambda: quiet.in_state("idle") == 2)
    until(lambda: quiet.ended("left") == before + 1, "it is ended before its deadline", 3)


def test_who_hangs_up_while_a_worker_dies(tmp_path: Path) -> None:
    """Between the end of a worker and the news of it the client goes: nobody else may notice.

    The fork server is held, so that its news comes late; it is replaced then.
    """
    with serving(tmp_path, "--timeout", "5", "--workers", "2") as server:
        nursery = nurseries(server)[0]
        until(lambda: len(children(nursery)) >= 2)
        os.kill(nursery, signal.SIGSTOP)
        try:
            with connect(server) as opened:
                opened.sendall(get(aborting_query()))
                until(
                    lambda: any(" Z " in Path(f"/proc/{pid}/stat").read_text() for pid in children(nursery))
                )
                until(lambda: server.in_state("busy") == 1)
            until(lambda: server.in_state("busy") == 0)
        finally:
            os.kill(nursery, signal.SIGCONT)
        until(lambda: server.in_state("idle") == 2)
        assert server.ask(SHORT).status_code == 200


def test_a_turn_that_comes_when_the_time_is_over() -> None:
    """A worker that is given to a query whose time has just ended goes to the next one.

    The loop is held for a moment, so that both are due at once; in a server that is busy this comes about by itself.
    """
    limits = Limits(seconds=0.5, workers=1, page_workers=1)

    async def happen() -> None:
        pool = Pool(open_snapshot(), limits)
        await pool.start(lambda _: None)
        try:
            loop, lane, taken = asyncio.get_running_loop(), pool._lanes["sparql"], Job[Worker]("a")
            lane.enter(taken)
            pool._dispatch()

            def release() -> None:
                lane.end(taken)
                pool._idle.append(taken.worker.result())
                pool._dispatch()

            job = {
                "query": SHORT,
                "default_graphs": None,
                "named_graphs": None,
                "accept": None,
                "address": "",
            }
            waiting = asyncio.create_task(pool.answer(job, Spool(Space(2**20), "b"), "b", "sparql"))
            loop.call_later(limits.seconds - 0.2, time.sleep, 0.4)
            loop.call_later(limits.seconds - 0.1, release)
            with suppress(HttpStatusError):
                await waiting
            assert pool.lanes["sparql"] == (1, 0, 0), "the worker is lost"
        finally:
            await pool.end()

    asyncio.run(happen())


def test_what_answers_comes_back_when_descriptors_run_out(tmp_path: Path) -> None:
    """Connections use up all descriptors while workers die; when there are some again, queries are answered."""
    with serving(tmp_path, "--timeout", "1", "--workers", "2") as server, ExitStack() as stack:
        pid = server.process.pid
        until(lambda: server.in_state("idle") == 2)
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (descriptors(pid) + 10, before[1]))
        asked = [stack.enter_context(connect(server)) for _ in range(2)]
        for connection in asked:
            connection.sendall(get(ENDLESS))
        held = [connect(server) for _ in range(40)]
        assert all(status_of(connection.recv(4096)) in (503, 504) for connection in asked)
        for connection in held:
            connection.close()
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        until(lambda: server.ask(SHORT).status_code == 200)
        assert server.process.poll() is None


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

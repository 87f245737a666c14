"""Attacks of a few seconds each, which the clients of a server hardly notice; `trial_attacks.py` has long ones."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import pytest
import requests
from attacks import QUERY, Reading, attacking, check, others, outcome_of, read_slowly
from raw_http import answers, connect, get, head, rest, status_of
from serving import Serving, serving
from under_load import (
    ALL,
    CROSS,
    IN_TWO_GRAPHS,
    SHORT,
    Load,
    events,
    family,
    nurseries,
    small_release,
    until,
    workers,
)

from jhaan_kg.build.snapshot import Snapshot

SECONDS: Final = 6
SLOW_ROWS: Final = 8_000
"""About two million bytes."""

LESS: Final = f"{ALL} LIMIT 3000"
"""Less than a million bytes, so that an answer that does not fit is not begun."""

READERS: Final = {"20 kB/s": (20_000, 150), "5 kB/s": (5_000, 75), "5 B/s": (5, 150)}
"""How many bytes a second they read, and how many seconds at most."""


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with its default options."""
    with serving(tmp_path_factory.mktemp("attacked")) as server:
        yield server


@pytest.fixture(scope="module", autouse=True)
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Reading]]]:
    """Slow readers of another server, who read beside all other tests."""
    with serving(tmp_path_factory.mktemp("slow")) as server, ThreadPoolExecutor(len(READERS)) as threads:
        yield {
            name: threads.submit(read_slowly, server, SLOW_ROWS, rate, 4096, seconds)
            for name, (rate, seconds) in READERS.items()
        }


# --- attacks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attack", "count"),
    [
        ("tiny chunks", 1),
        ("tiny chunks", 3),
        ("unread answers", 3),
        ("large answers unread", 3),
        ("endless queries", 3),
        ("downloads", 3),
        ("pipelined requests", 3),
        ("idle connections", 1),
        ("idle connections", 5),
    ],
)
def test_others_hardly_notice(attacked: Serving, attack: str, count: int) -> None:
    check(outcome_of(attack, count, SECONDS, [attacked]))


def test_endless_queries_of_two_clients_leave_room_for_a_third(attacked: Serving) -> None:
    outcome = outcome_of("endless queries", 2, SECONDS, [attacked], [QUERY])
    assert not outcome.wrong, outcome.wrong[:5]
    assert outcome.median < 0.05, outcome
    assert outcome.slowest < 2, outcome


def test_what_is_refused_is_counted_and_logged(attacked: Serving) -> None:
    """One client has a quarter of all connections; the log has one line in a second for each reason."""

    def refused() -> float:
        lines = requests.get(f"{attacked.url}/metrics", timeout=60).text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("jhaan_refused_total{"))

    counted, logged = refused(), len(events(attacked, "refused"))
    with attacking("idle connections", attacked.url, others(1)):
        until(lambda: refused() >= counted + 20, "connections beyond the quarter are refused")
    until(lambda: len(events(attacked, "refused")) > logged, "they are logged")
    lines = events(attacked, "refused")[logged:]
    seconds = Counter((entry["time"][:19], entry["reason"]) for entry in lines)
    assert max(seconds.values()) <= 2


def test_answers_of_all_clients_together_have_a_limit_on_disk(tmp_path: Path) -> None:
    """What does not fit is refused, and small answers go on."""
    with serving(tmp_path, "--spool", "16") as server, ExitStack() as stack:
        size, statuses = len(server.ask(LESS).content), []
        for address in others(5) * 5:
            opened = stack.enter_context(connect(server, 4096, address))
            opened.sendall(get(LESS))
            statuses.append(status_of(opened.recv(100)))
        assert {*statuses} == {200, 503}
        assert 8 * 2**20 < statuses.count(200) * size <= 16 * 2**20
        assert server.ask(LESS).status_code == 503
        assert server.ask(SHORT).status_code == 200
        stack.close()
        until(lambda: server.ask(LESS).status_code == 200, "there is room again")


# --- what the machine lacks, and what is stopped ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A small release, which changes for nobody."""
    return small_release(tmp_path_factory.mktemp("releases") / "small", "small")


def test_a_full_disk(small: Snapshot, small_disk: Path, tmp_path: Path) -> None:
    """Large answers are refused, and the log says why."""
    disk = {"TMPDIR": str(small_disk)}
    with serving(tmp_path, "--snapshot", str(small.path), environment=disk) as server:
        for _ in range(3):
            reply = server.ask(f"{CROSS} LIMIT 30000")
            assert (reply.status_code, "Retry-After" in reply.headers) == (503, True), reply.text[:200]
            assert "Internal error" not in reply.text
            assert server.ask(IN_TWO_GRAPHS).status_code == 200
        until(lambda: "No space left on device" in server.log, "the log says why", 5)


def test_nobody_reads_what_the_server_says(small: Snapshot, tmp_path: Path) -> None:
    """Its standard error is a pipe, which is full after some hundred requests."""
    reading, writing = os.pipe()
    with serving(tmp_path, "--snapshot", str(small.path), errors=writing) as server:
        request = head("GET /elsewhere HTTP/1.1", "Host: a", close=False)
        for _ in range(10):
            with connect(server) as opened:
                opened.sendall(request * 299 + head("GET /elsewhere HTTP/1.1", "Host: a"))
                assert rest(opened).count(b"HTTP/1.1 404") == 300
        assert server.ask(IN_TWO_GRAPHS).status_code == 200
    os.close(writing)
    os.close(reading)


@pytest.mark.parametrize("what", [workers, nurseries])
def test_what_is_stopped_is_replaced(
    what: Callable[[Serving], list[int]], small: Snapshot, tmp_path: Path
) -> None:
    """Meanwhile each request ends with an answer."""
    with (
        serving(tmp_path, "--snapshot", str(small.path), "--workers", "2", "--per-client", "50") as server,
        ThreadPoolExecutor(8) as threads,
    ):

        def asked(path: str) -> tuple[int, float]:
            begun = time.monotonic()
            status = requests.get(server.url + path, timeout=30).status_code
            return status, time.monotonic() - begun

        until(lambda: server.ask(IN_TWO_GRAPHS).status_code == 200)
        stopped = stop(server, what)
        assert stopped
        found = [threads.submit(asked, path) for path in ("/health/ready", QUERY, "/read") * 2]
        until(lambda: not {*stopped} & {one.pid for one in family(server)}, "what was stopped has gone", 20)
        until(lambda: asked("/health/ready")[0] == 200, "the server is ready again", 20)
        assert {status for status, _ in (asked(path) for path in (QUERY, "/read"))} == {200}
        statuses, times = zip(*(one.result() for one in found), strict=True)
        assert {*statuses} <= {200, 503}
        assert max(times) < 10


def stop(server: Serving, what: Callable[[Serving], list[int]]) -> list[int]:
    """Stop processes of a server."""
    found = what(server)
    for pid in found:
        with suppress(ProcessLookupError):  # it has just ended
            os.kill(pid, signal.SIGSTOP)
    return found


def test_it_is_not_ready_while_nothing_can_answer(small: Snapshot, tmp_path: Path) -> None:
    """Whatever is started is stopped at once."""
    with serving(tmp_path, "--snapshot", str(small.path)) as server:

        def ready() -> int:
            return requests.get(f"{server.url}/health/ready", timeout=10).status_code

        until(lambda: ready() == 200)
        with Load(lambda _: [stop(server, what) for what in (nurseries, workers)]):
            until(lambda: ready() == 503, "it is not ready", 15)
        until(lambda: ready() == 200, "it is ready again", 20)


# --- what the slow readers got ---------------------------------------------------------------------------------------


def test_a_slow_reader_gets_the_whole_answer(readers: dict[str, Future[Reading]]) -> None:
    (got,) = answers(readers["20 kB/s"].result().data, "GET")
    assert len(json.loads(got.body)["results"]["bindings"]) == SLOW_ROWS
    assert readers["5 kB/s"].result().is_open
    assert len(readers["5 kB/s"].result().data) > 300_000


def test_who_reads_a_few_bytes_a_second_is_let_go(readers: dict[str, Future[Reading]]) -> None:
    assert not readers["5 B/s"].result().is_open

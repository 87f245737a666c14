"""A real server in short: one test of each kind. The slow tests beside have the rest."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from raw_http import connect, exchange, get, post, status_of
from serving import Serving, children
from under_load import ENDLESS, GREEDY, IN_TWO_GRAPHS, nurseries, rows, until

from aborting import aborting_query

WIDE = f"SELECT ('{'x' * 1000}' AS ?x) {{ ?a ?b ?c . ?d ?e ?f }}"

MARK = "nobody-else-should-know"


def test_a_query_is_answered(running: Serving) -> None:
    """By GET, by a form, and as it is; on a connection that is used again."""
    direct = {"Content-Type": "application/sparql-query"}
    with requests.Session() as session:
        for options in ({"params": {"query": IN_TWO_GRAPHS}}, {"data": {"query": IN_TWO_GRAPHS}}):
            method = "GET" if "params" in options else "POST"
            assert (
                rows(session.request(method, running.sparql, timeout=60, **options)) == [{"mark": "old"}] * 2
            )
        reply = session.post(running.sparql, IN_TWO_GRAPHS, headers=direct, timeout=60)
        assert rows(reply) == [{"mark": "old"}] * 2
    assert len(reply.headers["Jhaan-Release"]) == 16


@pytest.mark.parametrize(
    ("query", "status", "reason"),
    [(aborting_query(), 400, "engine"), (GREEDY, 503, "memory"), (ENDLESS, 504, "deadline")],
    ids=["it breaks the engine", "it takes too much memory", "it takes too long"],
)
def test_a_query_ends_no_other(running: Serving, query: str, status: int, reason: str) -> None:
    before = running.ended(reason)
    with ThreadPoolExecutor(1) as client:
        asked = client.submit(running.ask, query)
        assert rows(running.ask(IN_TWO_GRAPHS)) == [{"mark": "old"}] * 2
        assert asked.result().status_code == status, asked.result().text
    until(lambda: running.ended(reason) == before + 1, "it is counted")
    until(lambda: running.in_state("idle") == 2, "there is another worker")


def test_a_worker_has_nothing_left_to_open(running: Serving) -> None:
    """The system refuses to each worker any more descriptors than it has, so that a query reaches nothing."""
    born = [pid for server in nurseries(running) for pid in children(server)]
    assert born

    def limits() -> list[str]:
        return [Path(f"/proc/{pid}/limits").read_text() for pid in born]

    # One that has just been born has still to give up what it could do.
    shut = re.compile(r"Max open files +0 +0 +")
    until(lambda: all(map(shut.search, limits())), "none can open one, or lift its limit", 10)
    assert all(re.search(r"Max core file size +0 +", each) for each in limits())


def test_who_hangs_up_ends_the_query(running: Serving) -> None:
    with connect(running) as opened:
        opened.sendall(get(ENDLESS))
        until(lambda: running.in_state("busy") == 1, "it runs")
    until(lambda: running.ended("left") == 1, "it is ended")


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_cut_answer_never_looks_whole(version: str, running: Serving) -> None:
    """The limit is found out when some of the answer is sent; HTTP/1.0 has no sign for that."""
    reply = exchange(running, get(WIDE, version, "Connection: close"))
    if version == "1.1":
        assert status_of(reply) == 200
        assert len(reply) > 2**20
        assert not reply.endswith(b"0\r\n\r\n")
    else:
        assert status_of(reply) == 413
        assert len(reply) < 1000


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (post(b"ASK {}", "Content-Length: 6", "Content-Length: 5"), 400),
        (post(b"6\r\nASK {}\r\n0\r\n\r\n", "Content-Length: 6", "Transfer-Encoding: chunked"), 400),
        (post(b"6\r\nASK {}\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), 200),
        (post(b"", "Content-Length: 99999999"), 413),
    ],
    ids=["no request", "no host", "two lengths", "a length and chunks", "chunks", "too long"],
)
def test_requests_as_bytes(sent: bytes, status: int, running: Serving) -> None:
    reply = exchange(running, sent)
    assert status_of(reply) == status, reply[:200]
    assert reply.count(b"HTTP/1.1 ") == 1, "it was taken for two requests"
    assert b"Traceback" not in reply


def test_the_log_keeps_queries_to_itself(running: Serving) -> None:
    running.ask(f"ASK {{ ?s ?p '{MARK}' }}", headers={"User-Agent": MARK})
    requests.get(f"{running.url}/x%0A%7B%22status%22%3A%20200%7D", timeout=60)
    until(lambda: [entry for entry in running.entries if entry.get("status") == 404], "it is logged")
    assert MARK not in running.log
    lines = running.log.splitlines()[1:]
    assert all(line.isprintable() and json.loads(line)["time"] for line in lines)
    assert {entry["client"] for entry in running.entries if "client" in entry} == {"127.0.0.1"}

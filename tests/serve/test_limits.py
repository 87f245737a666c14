"""What one client and one answer may take, who the client is, and clients that leave."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
import requests
from raw_http import DIRECT, PATIENCE, connect, exchange, get, post, status_of
from serving import Serving, serving
from under_load import ALL, CROSS, ENDLESS, GREEDY, IN_TWO_GRAPHS, SHORT, small_release, until

from aborting import aborting_query
from jhaan_kg.serve.lanes import client_of

pytestmark = pytest.mark.slow


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


def test_too_long_an_answer_is_an_error(idle: Serving) -> None:
    for path in (f"/sparql?query={quote(ALL)}", "/graphs?default"):
        reply = requests.get(idle.url + path, timeout=PATIENCE)
        assert (reply.status_code, "more than 3,145,728 bytes" in reply.text) == (413, True)


def test_too_long_a_request(idle: Serving) -> None:
    """It is refused before it comes if its head states its length."""
    headers = {"Content-Type": DIRECT}
    chunks = iter([b"ASK { }", b" " * 2**20])
    reply = requests.post(idle.sparql, chunks, headers=headers, timeout=PATIENCE)
    assert (reply.status_code, "1,048,576 bytes" in reply.text) == (413, True)
    for length in (2**20 + 1, 10**20 - 1):
        assert status_of(exchange(idle, post(b"", f"Content-Length: {length}"))) in (400, 413)
    assert requests.post(idle.sparql, b"ASK { }".ljust(2**20), headers=headers, timeout=PATIENCE).ok


LONG_HEADS: Final = {
    "long": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000,
    "many": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 200,
    "address": b"GET /?" + b"a" * 20_000,
    "longest": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 400_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("sent", LONG_HEADS.values(), ids=LONG_HEADS)
def test_too_long_a_head(sent: bytes, server: Serving) -> None:
    """It is rejected before it ends. What is sent after that may reset the connection."""
    assert status_of(exchange(server, sent)) in ((400,) if len(sent) < 70_000 else (0, 400))


def test_too_slow_a_request(server: Serving) -> None:
    assert status_of(exchange(server, post(b"", "Content-Length: 6"))) == 408


# --- clients ---------------------------------------------------------------------------------------------------------


def test_who_the_client_is(server: Serving, idle: Serving) -> None:
    """A header that anybody can write counts only from a proxy."""
    forwarded = {"X-Forwarded-For": "192.0.2.9, 2001:db8::7", "Forwarded": "for=192.0.2.8"}

    def logged(running: Serving) -> list[str]:
        return [entry["client"] for entry in running.entries if entry.get("path") == "/forwarded"]

    for running, client in ((server, "127.0.0.1"), (idle, "2001:db8::/56")):
        requests.get(f"{running.url}/forwarded", headers=forwarded, timeout=PATIENCE)
        until(lambda one=running: logged(one), "the request is logged")
        assert logged(running) == [client]
    assert client_of("10.0.0.1", "x" * 1000) == "x" * 64


def test_how_much_one_client_may_ask(idle: Serving) -> None:
    """Two of its queries run, sixteen wait; other clients notice nothing."""
    with ExitStack() as stack:
        opened = [stack.enter_context(connect(idle)) for _ in range(18)]
        for connection in opened:
            connection.sendall(get(ENDLESS, "1.1", "X-Forwarded-For: 192.0.2.1"))
        until(lambda: idle.busy == 2)
        for forwarded in ("192.0.2.1", "198.51.100.9, 192.0.2.1"):  # the client can write all but the last
            headers = {"X-Forwarded-For": forwarded, "Origin": "https://a.example"}
            refused = idle.ask(SHORT, headers=headers)
            assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
            assert refused.headers["Access-Control-Allow-Origin"] == "*"
            assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]
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
    assert not list(small_disk.iterdir())

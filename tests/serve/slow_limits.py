"""A query that takes too much, and a client that asks for too much."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import pytest
import requests
from raw_http import DIRECT, PATIENCE, connect, exchange, get, status_of
from serving import Serving, serving
from under_load import ALL, ENDLESS, GREEDY, SHORT, small_release, until

from aborting import aborting_query


@contextmanager
def beside(work: Callable[[], Any]) -> Iterator[list[Any]]:
    """Do something beside, and wait for what comes of it."""
    given: list[Any] = []
    thread = threading.Thread(target=lambda: given.append(work()))
    thread.start()
    try:
        yield given
    finally:
        thread.join()


# --- a query that takes too much -------------------------------------------------------------------------------------


def test_a_query_that_never_ends(idle: Serving) -> None:
    before = idle.ended("deadline")
    with beside(lambda: idle.ask(ENDLESS)) as given:
        until(lambda: idle.in_state("busy") == 1)
        answered = 0
        while not given:
            reply = idle.ask(SHORT)
            assert (reply.status_code, reply.json()["results"]["bindings"][0]["x"]["value"]) == (200, "7")
            answered += 1
    (reply,) = given
    assert reply.status_code == 504
    assert "4 seconds" in reply.text
    assert answered > 3
    assert idle.ended("deadline") == before + 1
    until(lambda: idle.in_state("idle") == 2)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(GREEDY, id="one value"),
        pytest.param(
            f"SELECT (STRLEN(GROUP_CONCAT(?z)) AS ?n) {{ VALUES ?z {{ '{'z' * 1000}' }} ?a ?b ?c . ?c ?d ?e }}",
            id="GROUP_CONCAT",
        ),
        pytest.param("SELECT * { ?a a ?b . ?c a ?d } ORDER BY ?d LIMIT 1", id="ORDER BY"),
    ],
)
def test_a_query_that_takes_too_much_memory(query: str, idle: Serving) -> None:
    before = idle.ended("memory")
    with beside(lambda: idle.ask(query)) as given:
        while not given:
            assert idle.ask(SHORT).status_code == 200
    (reply,) = given
    assert reply.status_code == 503, reply.text
    assert "memory" in reply.text
    assert idle.ended("memory") == before + 1
    until(lambda: idle.in_state("idle") == 2)


BREAKING: Final = {
    "values of all types in order": aborting_query(),
    "brackets": "ASK { FILTER(" + "(" * 60_000 + "1" + ")" * 60_000 + ") }",
    "groups": "SELECT * " + "{" * 60_000 + "}" * 60_000,
    "negations": "ASK { FILTER(" + "!" * 200_000 + "true) }",
    "paths": "ASK { ?s " + "^" * 200_000 + "<urn:p> ?o }",
    "paths in brackets": "ASK { ?s " + "(" * 60_000 + "<urn:p>" + ")*" * 60_000 + " ?o }",
    "blank nodes": "ASK { ?s ?p " + "[ ?p " * 50_000 + "1" + "]" * 50_000 + " }",
    "sums": "ASK { FILTER(1" + "+1" * 200_000 + ") }",
}


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server of a small release with little time for a query: most of these are ended by that."""
    folder = tmp_path_factory.mktemp("hurried")
    release = small_release(folder / "release", "small")
    with serving(folder, "--snapshot", str(release.path), "--timeout", "2", "--workers", "2") as running:
        yield running


@pytest.mark.parametrize("query", BREAKING.values(), ids=BREAKING)
def test_a_query_that_breaks_the_engine(query: str, hurried: Serving) -> None:
    """It is the query's fault, or the engine can do it; the next one is answered."""
    reply = hurried.ask(query)
    assert reply.status_code in (200, 400, 503, 504), reply.text
    assert reply.status_code == 400 or query != aborting_query()
    assert hurried.ask(SHORT).status_code == 200
    until(lambda: hurried.in_state("idle") == 2)


# --- limits --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.1", "1.0", "0.9"])
def test_a_cut_answer_never_looks_whole(version: str, idle: Serving) -> None:
    """The limit is found out when some bytes have been sent; HTTP/1.0 and older have no sign for that."""
    reply = exchange(idle, get(ALL, version, "Connection: close"))
    head, _, body = reply.partition(b"\r\n\r\n")
    if version == "1.1":
        assert status_of(reply) == 200
        assert b"transfer-encoding: chunked" in head.lower()
        assert len(body) > 2**20
        assert not body.endswith(b"0\r\n\r\n")
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            idle.ask(ALL)
    else:
        assert status_of(reply) in (413, 400, 505)
        assert b"bindings" not in body
        assert len(body) < 1000


@pytest.mark.parametrize("coding", ["Content-Length", "chunked"])
def test_too_long_a_request(coding: str, idle: Serving) -> None:
    body = b"ASK { }" + b" " * 4096
    data = body if coding == "Content-Length" else iter([body[:1000], body[1000:]])
    reply = requests.post(idle.sparql, data, headers={"Content-Type": DIRECT}, timeout=PATIENCE)
    assert reply.status_code == 413
    assert "4,096 bytes" in reply.text
    assert requests.post(idle.sparql, body[:4096], headers={"Content-Type": DIRECT}, timeout=PATIENCE).ok


@pytest.mark.parametrize("length", [10**7, 10**15, 10**20 - 1])
def test_a_giant_body_is_refused_before_it_comes(length: int, server: Serving) -> None:
    head = f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: {DIRECT}\r\nContent-Length: {length}\r\n\r\n"
    assert status_of(exchange(server, head.encode())) == 413


@contextmanager
def asking(server: Serving, query: str, client: str, count: int = 1) -> Iterator[list[socket.socket]]:
    """Have queries of a client open."""
    with ExitStack() as stack:
        opened = [stack.enter_context(connect(server)) for _ in range(count)]
        for connection in opened:
            connection.sendall(get(query, "1.1", f"X-Forwarded-For: {client}"))
        yield opened


def as_client(server: Serving, client: str) -> requests.Response:
    """Send a query as a client."""
    return server.ask(SHORT, headers={"X-Forwarded-For": client})


def test_how_much_one_client_and_all_may_ask(idle: Serving) -> None:
    with asking(idle, ENDLESS, "192.0.2.1", 2) as opened:
        until(lambda: idle.in_state("busy") == 2)
        refused = as_client(idle, "192.0.2.1")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        # The last address counts, since the client itself can write the others.
        assert as_client(idle, "198.51.100.9, 192.0.2.1").status_code == 429
        with asking(idle, SHORT, "192.0.2.2") as (waiting,):
            until(lambda: idle.waiting == 1)
            full = as_client(idle, "192.0.2.3")
            assert (full.status_code, full.headers["Retry-After"]) == (503, "2")
            opened[0].close()  # it has hung up, so that the one that waits has its turn
            assert status_of(waiting.recv(4096)) == 200
        assert as_client(idle, "192.0.2.1").status_code == 200
        assert status_of(opened[1].recv(4096)) == 504
        assert as_client(idle, "192.0.2.1").status_code == 200

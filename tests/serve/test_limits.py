"""What one client and one answer may take, who the client is, and clients that leave."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import requests
from in_process import site_of
from raw_http import DIRECT, PATIENCE, connect, exchange, get, status_of
from serving import Serving, serving
from under_load import ALL, CROSS, ENDLESS, GREEDY, IN_TWO_GRAPHS, SHORT, small_release, until

from aborting import aborting_query
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.serve.lanes import client_of


def test_bytes_of_an_answer(loaded: Loaded) -> None:
    def asked(size: int) -> tuple[int, str]:
        reply = site_of(loaded, size=size).ask("SELECT ('abc' AS ?x) {}", "text/csv")
        return reply.status_code, reply.text

    assert asked(len("x\r\nabc\r\n")) == (200, "x\r\nabc\r\n")
    status, text = asked(len("x\r\nabc\r\n") - 1)
    assert (status, "more than 7 bytes" in text) == (413, True)
    graph = site_of(loaded, size=100).fetch("/graphs", graph=f"{GRAPH}register/agencies")
    assert (graph.status_code, "more than 100 bytes" in graph.text) == (413, True)


def test_a_refused_client_is_told_when_to_come_again(loaded: Loaded) -> None:
    reply = site_of(loaded, per_client=0).get("/sparql?query=ASK+{}", headers={"Origin": "https://a.example"})
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "2")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in reply.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.1, 203.0.113.2 , 2001:db8::7", "2001:db8::/56"),
        ("198.51.100.9, 192.0.2.1", "192.0.2.1"),
        ("x" * 1000, "x" * 64),
        (None, "10.0.0.1"),
    ],
)
def test_who_the_client_is(forwarded: str | None, client: str) -> None:
    assert client_of("10.0.0.1", forwarded) == client


@pytest.mark.parametrize("behind_proxy", [True, False])
def test_a_header_that_anybody_can_write_counts_only_from_a_proxy(
    loaded: Loaded, behind_proxy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = list[dict[str, Any]]()
    monkeypatch.setattr("jhaan_kg.serve.app.write_log", lambda **values: logged.append(values))
    site = site_of(loaded, behind_proxy=behind_proxy)
    site.get("/health/live", headers={"X-Forwarded-For": "192.0.2.1", "Forwarded": "for=192.0.2.2"})
    assert logged[0]["client"] == ("192.0.2.1" if behind_proxy else "testclient")


# --- a query that takes too much -------------------------------------------------------------------------------------


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


@pytest.mark.slow
def test_a_query_that_never_ends(idle: Serving) -> None:
    with beside(lambda: idle.ask(ENDLESS)) as given:
        until(lambda: idle.busy == 1)
        answered = 0
        while not given:
            reply = idle.ask(SHORT)
            assert (reply.status_code, reply.json()["results"]["bindings"][0]["x"]["value"]) == (200, "7")
            answered += 1
    (reply,) = given
    assert reply.status_code == 504
    assert "4 seconds" in reply.text
    assert answered > 3
    until(lambda: idle.busy == 0)


@pytest.mark.slow
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
    with beside(lambda: idle.ask(query)) as given:
        while not given:
            assert idle.ask(SHORT).status_code == 200
    (reply,) = given
    assert reply.status_code == 503, reply.text
    assert "memory" in reply.text


BREAKING: Final = {
    "values of all types in order": aborting_query(),
    "brackets": "ASK { FILTER(" + "(" * 60_000 + "1" + ")" * 60_000 + ") }",
    "negations": "ASK { FILTER(" + "!" * 200_000 + "true) }",
    "paths in brackets": "ASK { ?s " + "(" * 60_000 + "<urn:p>" + ")*" * 60_000 + " ?o }",
    "blank nodes": "ASK { ?s ?p " + "[ ?p " * 50_000 + "1" + "]" * 50_000 + " }",
    "sums": "ASK { FILTER(1" + "+1" * 200_000 + ") }",
}


@pytest.mark.slow
@pytest.mark.parametrize("query", BREAKING.values(), ids=BREAKING)
def test_a_query_that_breaks_the_engine(query: str, idle: Serving) -> None:
    """It is the query's fault, or the engine can do it; the next one is answered."""
    reply = idle.ask(query)
    assert reply.status_code in (200, 400, 503, 504), reply.text
    if query == aborting_query():
        assert (reply.status_code, "cannot order" in reply.text) == (400, True)
    assert idle.ask(SHORT).status_code == 200


# --- answers and requests --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_too_long_an_answer_is_an_error(version: str, idle: Serving) -> None:
    reply = exchange(idle, get(ALL, version, "Connection: close"))
    assert status_of(reply) == 413
    assert b"bindings" not in reply


@pytest.mark.slow
@pytest.mark.parametrize("coding", ["Content-Length", "chunked"])
def test_too_long_a_request(coding: str, idle: Serving) -> None:
    body = b"ASK { }" + b" " * 2**20
    data = body if coding == "Content-Length" else iter([body[: 2**19], body[2**19 :]])
    reply = requests.post(idle.sparql, data, headers={"Content-Type": DIRECT}, timeout=PATIENCE)
    assert reply.status_code == 413
    assert "1,048,576 bytes" in reply.text
    assert requests.post(idle.sparql, body[: 2**20], headers={"Content-Type": DIRECT}, timeout=PATIENCE).ok


@pytest.mark.slow
def test_a_giant_body_is_refused_before_it_comes(server: Serving) -> None:
    for length in (10**7, 10**20 - 1):
        head = (
            f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: {DIRECT}\r\nContent-Length: {length}\r\n\r\n"
        )
        assert status_of(exchange(server, head.encode())) in (400, 413)


@pytest.mark.slow
@pytest.mark.parametrize("sent", [b"X: " + b"a" * 20_000, b"X: a\r\n" * 200], ids=["long", "many"])
def test_too_long_a_head(sent: bytes, server: Serving) -> None:
    assert status_of(exchange(server, b"GET / HTTP/1.1\r\nHost: a\r\n" + sent)) == 400


# --- clients ---------------------------------------------------------------------------------------------------------


@contextmanager
def asking(server: Serving, query: str, client: str, count: int = 1) -> Iterator[list[socket.socket]]:
    """Have queries of a client open."""
    with ExitStack() as stack:
        opened = [stack.enter_context(connect(server)) for _ in range(count)]
        for connection in opened:
            connection.sendall(get(query, "1.1", f"X-Forwarded-For: {client}"))
        yield opened


@pytest.mark.slow
def test_how_much_one_client_may_ask(idle: Serving) -> None:
    """Two of its queries run, sixteen wait; other clients notice nothing."""
    with asking(idle, ENDLESS, "192.0.2.1", 18) as opened:
        until(lambda: idle.busy == 2)
        for forwarded in (
            "192.0.2.1",
            "198.51.100.9, 192.0.2.1",
        ):  # the client itself can write all but the last
            refused = idle.ask(SHORT, headers={"X-Forwarded-For": forwarded})
            assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
        assert idle.ask(SHORT, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 200
        assert status_of(opened[0].recv(4096)) == 504
    until(lambda: idle.busy == 0, "those that left have ended")
    assert idle.ask(SHORT, headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_who_hangs_up_ends_the_query(reset: bool, idle: Serving) -> None:
    with connect(idle) as opened:
        opened.sendall(get(ENDLESS))
        until(lambda: idle.busy == 1)
        if reset:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    until(lambda: idle.busy == 0, "it is ended before its deadline", 3)


@pytest.mark.slow
def test_who_takes_nothing_keeps_no_worker(server: Serving) -> None:
    with connect(server, 4096) as opened:
        opened.sendall(get(f"{ALL} LIMIT 30000"))
        assert status_of(opened.recv(64)) == 200
        until(lambda: server.busy == 0)


@pytest.mark.slow
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
    assert not list(small_disk.glob("jhaan-serve-*"))

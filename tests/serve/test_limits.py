"""What one client and one answer may take, and who the client is."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import pytest
import requests
from in_process import site_of
from raw_http import DIRECT, PATIENCE, connect, exchange, get, status_of
from serving import Serving, serving
from under_load import ALL, ENDLESS, GREEDY, SHORT, small_release, until

from aborting import aborting_query
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.serve.clients import Connections
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.protocol import HttpStatusError
from jhaan_kg.serve.spool import Space


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
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "1")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in reply.headers["Access-Control-Expose-Headers"]


class Opened:
    """A connection that knows whether it was closed."""

    def __init__(self, *, is_idle: bool = True) -> None:
        self.is_idle, self.is_closed = is_idle, False

    def abort(self) -> None:
        self.is_closed = True


def test_connections_of_one_client() -> None:
    connections, opened = Connections(9, 2), [Opened() for _ in range(3)]
    assert [connections.enter("a", one) for one in opened] == [True, True, False]
    connections.leave("a", opened[2])  # was never in
    assert not connections.enter("a", opened[2])
    connections.leave("a", opened[0])
    assert connections.enter("a", opened[2])
    assert not any(one.is_closed for one in opened)


def test_connections_of_all() -> None:
    """When there are no more, an idle one of the client with most of them is closed for a client with fewer."""
    connections = Connections(4, 3)
    busy, *idle = opened = [Opened(is_idle=False), Opened(), Opened()]
    assert all(connections.enter("a", one) for one in opened)
    assert connections.enter("b", Opened())
    assert connections.enter("c", Opened())
    assert [one.is_closed for one in opened] == [False, True, False], "the oldest that is idle"
    assert connections.enter("b", Opened()), "the one with fewer, though it has one already"
    assert (busy.is_closed, idle[1].is_closed) == (False, True)
    assert not connections.enter("b", Opened()), "nobody has more"


def test_room_for_long_answers() -> None:
    space = Space(100)
    space.take("a", 25)
    for client, size, status in (("a", 1, 429), ("b", 26, 429)):
        with pytest.raises(HttpStatusError) as refused:
            space.take(client, size)
        assert (refused.value.status, "Retry-After" in refused.value.headers) == (status, True)
    for client in "bcd":
        space.take(client, 25)
    with pytest.raises(HttpStatusError) as refused:
        space.take("e", 1)
    assert refused.value.status == 503
    space.give_back("a", 25)
    space.take("e", 25)


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.1, 203.0.113.2 , 2001:db8::7", "2001:db8::/56"),
        ("198.51.100.9, 192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:1234", "192.0.2.1"),
        ("x" * 1000, "x" * 64),
    ],
)
def test_who_the_client_is(
    loaded: Loaded, forwarded: str, client: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A header that anybody can write counts only where it comes from a proxy, and of it the last address."""
    for behind_proxy, expected in ((True, client), (False, "testclient")):
        site = site_of(loaded, behind_proxy=behind_proxy)
        site.get("/health/live", headers={"X-Forwarded-For": forwarded, "Forwarded": f"for={forwarded}"})
        logged = capsys.readouterr().err
        assert json.loads(logged)["client"] == expected
        assert behind_proxy or forwarded not in logged


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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("query", BREAKING.values(), ids=BREAKING)
def test_a_query_that_breaks_the_engine(query: str, hurried: Serving) -> None:
    """It is the query's fault, or the engine can do it; the next one is answered."""
    reply = hurried.ask(query)
    assert reply.status_code in (200, 400, 503, 504), reply.text
    assert reply.status_code == 400 or query != aborting_query()
    assert hurried.ask(SHORT).status_code == 200
    until(lambda: hurried.in_state("idle") == 2)


# --- limits --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("coding", ["Content-Length", "chunked"])
def test_too_long_a_request(coding: str, idle: Serving) -> None:
    body = b"ASK { }" + b" " * 4096
    data = body if coding == "Content-Length" else iter([body[:1000], body[1000:]])
    reply = requests.post(idle.sparql, data, headers={"Content-Type": DIRECT}, timeout=PATIENCE)
    assert reply.status_code == 413
    assert "4,096 bytes" in reply.text
    assert requests.post(idle.sparql, body[:4096], headers={"Content-Type": DIRECT}, timeout=PATIENCE).ok


@pytest.mark.slow
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


@pytest.mark.slow
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

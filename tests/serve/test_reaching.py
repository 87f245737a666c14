"""What a query can't reach: neither other servers nor files."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from pyoxigraph import Store
from raw_http import PATIENCE
from serving import Serving
from under_load import until

from calls import CALLS, UNREACHED
from jhaan_kg.isolation import confine

pytestmark = pytest.mark.slow


class Canary:
    """An address of this machine to which nobody should connect."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"

    def reached(self) -> bool:
        """Tell whether somebody has connected since this was asked before."""
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.close()


@pytest.mark.parametrize("query", [pytest.param(query, id=name) for name, query in CALLS.items()])
def test_nothing_goes_out(query: str, server: Serving, canary: Canary) -> None:
    reply = server.ask(query.replace("URL", canary.url), "*/*")
    assert not canary.reached()
    assert 400 <= reply.status_code < 500, reply.text


def test_what_is_answered_without_the_call_reaches_nobody(server: Serving, canary: Canary) -> None:
    for query in UNREACHED:
        assert server.ask(query.replace("URL", canary.url), "*/*").status_code < 500
        assert not canary.reached(), query


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("graph", ["URL", "file:///etc/passwd", "ftp://localhost/", "urn:nothing"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_graph_of_elsewhere_is_asked(
    method: str, graph: str, name: str, server: Serving, canary: Canary
) -> None:
    given = {"query": "ASK { ?s ?p ?o }", name: graph.replace("URL", canary.url)}
    params, data = (given, None) if method == "GET" else (None, given)
    reply = requests.request(method, server.sparql, params=params, data=data, timeout=PATIENCE)
    assert not canary.reached()
    assert reply.status_code == 400
    assert "Unknown graph" in reply.text


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param("application/sparql-update", "LOAD <URL>", id="body"),
        pytest.param("application/x-www-form-urlencoded", "update=LOAD+%3CURL%3E", id="form"),
    ],
)
def test_no_update_is_taken(content_type: str, body: str, server: Serving, canary: Canary) -> None:
    reply = requests.post(
        server.sparql,
        body.replace("URL", canary.url),
        headers={"Content-Type": content_type},
        timeout=PATIENCE,
    )
    assert not canary.reached()
    assert reply.status_code == 403


def test_a_graph_store_is_asked_for_graphs_of_ours_only(server: Serving, canary: Canary) -> None:
    for graph in (canary.url, "file:///etc/passwd", "/etc/passwd", "\0", "urn:\n"):
        reply = requests.get(f"{server.url}/graphs", params={"graph": graph}, timeout=PATIENCE)
        assert reply.status_code in (400, 404)
    assert not canary.reached()


def confined(work: Callable[[], object]) -> str:
    """Do something in a child as a worker is, and say what became of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.dup2(writing, 3)
            os.closerange(4, 65_536)
            with confine():
                work()
            os.write(3, b"done")
        except BaseException as error:
            os.write(3, type(error).__name__.encode())
        finally:
            os._exit(0)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as said:
            return said.read().decode()
    finally:
        os.waitpid(child, 0)


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(socket.socket, id="socket"),
        pytest.param(lambda: socket.socket(socket.AF_UNIX), id="local socket"),
        pytest.param(lambda: Path("/etc/passwd").read_text(), id="file"),
        pytest.param(lambda: os.open("/proc/self/mem", os.O_RDWR), id="memory"),
        pytest.param(os.pipe, id="pipe"),
        pytest.param(lambda: os.memfd_create("x"), id="memory file"),
        pytest.param(lambda: os.dup(0), id="copy"),
        pytest.param(lambda: Store("/tmp/jhaan-store"), id="store on disk"),  # noqa: S108 - it can't be made
    ],
)
def test_what_is_confined_opens_nothing(work: Callable[[], object]) -> None:
    assert confined(work) == "OSError"


def test_what_is_confined_calls_nobody(canary: Canary) -> None:
    """The engine would call, which shows that the wall is needed; confined, it can't."""
    query = f"SELECT * {{ SERVICE <{canary.url}> {{ ?s ?p ?o }} }}"
    assert confined(lambda: list(Store().query(query))) == "OSError"  # type: ignore[arg-type]
    assert not canary.reached()
    child = os.fork()
    if not child:
        with suppress(BaseException):
            list(Store().query(query))  # type: ignore[arg-type]
        os._exit(0)
    try:
        until(canary.reached)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

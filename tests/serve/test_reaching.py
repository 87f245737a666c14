"""What a query can't reach: neither other servers nor files."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from pyoxigraph import Store
from raw_http import PATIENCE
from serving import Serving

from calls import CALLS, UNREACHED
from jhaan_kg.errors import ServiceError
from jhaan_kg.isolation import confine, run_isolated

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def canary() -> Iterator[socket.socket]:
    """A socket of this machine to which nobody should connect."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.setblocking(False)
        yield made


def url_of(canary: socket.socket) -> str:
    """Return the address of a socket."""
    return f"http://127.0.0.1:{canary.getsockname()[1]}/"


def is_reached(canary: socket.socket) -> bool:
    """Return whether there is another connection to a socket."""
    try:
        canary.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.mark.parametrize("query", [*CALLS.values(), *UNREACHED])
def test_nothing_goes_out(query: str, server: Serving, canary: socket.socket) -> None:
    """What is answered without the call reaches nobody either."""
    reply = server.ask(query.replace("URL", url_of(canary)), "*/*")
    assert not is_reached(canary)
    assert reply.status_code < 500, reply.text
    assert reply.status_code >= 400 or query in UNREACHED


def test_no_parameter_leads_out(server: Serving, canary: socket.socket) -> None:
    """Neither one of queries, nor one of updates, nor one of graph stores."""
    ask = f"{server.sparql}?query=ASK+{{}}&"
    for start in (f"{ask}default-graph-uri=", f"{ask}named-graph-uri=", f"{server.url}/graphs?graph="):
        for graph in (url_of(canary), "file:///etc/passwd", "/etc/passwd", "\0"):
            reply = requests.get(start + quote(graph), timeout=PATIENCE)
            assert reply.status_code in (400, 404), (start, graph)
    update = f"LOAD <{url_of(canary)}>"
    direct = {"Content-Type": "application/sparql-update"}
    for data, headers in (({"update": update}, {}), (update, direct)):
        reply = requests.post(server.sparql, data, headers=headers, timeout=PATIENCE)
        assert reply.status_code == 403
    assert not is_reached(canary)


def confined(work: Callable[[], object]) -> bool:
    """Do something in a child that is confined as a worker is, and return whether that failed."""

    def attempt() -> int:
        try:
            with confine():
                work()
        except OSError:
            return 1
        return 0

    return run_isolated(attempt) == 1


def test_what_is_confined_opens_nothing() -> None:
    store = partial(Store, "/tmp/jhaan-store")  # noqa: S108 - it can't be made
    for work in (socket.socket, os.pipe, Path("/etc/passwd").read_text, store):
        assert confined(work), work


def test_what_is_confined_calls_nobody(canary: socket.socket) -> None:
    """The engine would call, which shows that the wall is needed; confined, it can't."""
    query = f"SELECT * {{ SERVICE <{url_of(canary)}> {{ ?s ?p ?o }} }}"

    def work() -> int:
        return len(list(Store().query(query)))  # type: ignore[arg-type]

    assert confined(work)
    assert not is_reached(canary)
    with pytest.raises(ServiceError):  # it waits for an answer
        run_isolated(work, 2)
    assert is_reached(canary)

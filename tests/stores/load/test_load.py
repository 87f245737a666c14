"""Loads into Oxigraph, and a transaction that is kept alive."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from load_cases import *  # noqa: F403

from endpoints import Request, Response, responding
from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.load import loading as loading_module
from jhaan_kg.stores.load.loading import Loading
from jhaan_kg.stores.load.store import open_store
from jhaan_kg.web.request import HttpRequest
from small_graph import NEW, release
from stores import FAST as SERVERS  # noqa: F401 - which load_cases.py is to try


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"Cannot connect to http://127\.0\.0\.1:9/query"):
        Loading(open_store("http://127.0.0.1:9", "oxigraph", 10), release(tmp_path / "new", NEW)).plan()


def rows(columns: str, *values: str) -> bytes:
    """Return an answer of one row."""
    named = dict(zip(columns, values, strict=True))
    kinds = {name: "uri" if value.startswith("http") else "literal" for name, value in named.items()}
    row = {name: {"type": kinds[name], "value": value} for name, value in named.items()}
    return json.dumps({"head": {"vars": [*columns]}, "results": {"bindings": [row]}}).encode()


OURS = GRAPH + "register/things"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda: rows("gt", OURS, "9" * 2_000_000), "did not answer a COUNT with a number"),
        (lambda: rows("gt", OURS, "-1"), "did not answer a COUNT with a number"),
        (lambda: rows("gt", OURS, OURS), "did not answer a COUNT with a number"),
        (lambda: rows("g", OURS), "answered with 1 column instead of 2"),
        (lambda: rows("gtx", OURS, "1", "1"), "answered with 3 columns instead of 2"),
        (lambda: b" " * 2**27 + rows("gt", OURS, "1"), "sent more than 134,217,728 bytes"),
        (
            lambda: rows("gt", OURS, "1" * 2**25),
            "sent an answer that is incomplete or not valid",
        ),
        (lambda: rows("gt", OURS, "1")[:-3] + b",{}" * 419_431 + b"]}}", "more than 419,430 rows or triples"),
    ],
    ids=("digits", "negative", "an IRI", "one column", "three columns", "bytes", "long", "rows"),
)
def test_nonsense_from_a_store_is_an_error(answer: Callable[[], bytes], said: str, tmp_path: Path) -> None:
    body = answer()  # made here, since some are long
    with (
        responding(lambda _: Response(body)) as url,
        pytest.raises(ServiceError, match=said),
    ):
        Loading(open_store(url, "oxigraph", 60), release(tmp_path / "new", NEW)).plan()


@pytest.mark.parametrize(
    "description",
    [b"<urn:a> <urn:b> " + b"[<urn:b> " * 50_000, b" " * 2**20 + b" ", b"<urn:\x1b", b"\xff"],
    ids=("nested", "long", "escapes", "bytes"),
)
def test_a_description_that_is_nonsense_describes_nothing(description: bytes) -> None:
    def respond(request: Request) -> Response:
        if request.method == "GET":
            return Response(description, "text/turtle")
        return Response(b'{"head": {}, "boolean": true}', status=200 if b"ASK" in request.body else 404)

    with responding(respond) as url, pytest.raises(JhaanError, match="no address for updates was found"):
        open_store(f"{url}/sparql", "generic", 10)


def test_signs_of_life_are_given_as_often_as_the_server_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thrice in the time that it waits; that one fails is no matter."""
    monkeypatch.setattr(loading_module, "SHORTEST_PAUSE", 0.001)
    monkeypatch.setattr(loading_module, "LONGEST_PAUSE", 0.01)
    sent: list[HttpRequest] = []

    @contextmanager
    def send(request: HttpRequest):  # type: ignore[no-untyped-def]
        sent.append(request)
        if len(sent) == 2:
            raise JhaanError("it doesn't answer")
        yield SimpleNamespace(read=lambda _: b"30" if len(sent) < 4 else b"60000")

    ping = HttpRequest("PUT", "http://localhost/t/1?action=PING")
    with loading_module.keep_alive(SimpleNamespace(send=send), ping):  # type: ignore[arg-type]
        while len(sent) < 4:
            time.sleep(0.001)
    assert sent == [ping] * len(sent)
    ended = len(sent)
    time.sleep(0.03)
    assert len(sent) == ended

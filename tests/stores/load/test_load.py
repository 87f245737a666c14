"""Loads into Oxigraph, and a transaction that is kept alive."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from load_cases import *  # noqa: F403

from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.stores.load import loading as loading_module
from jhaan_kg.stores.load.loading import Loading
from jhaan_kg.stores.load.store import open_store
from jhaan_kg.web.request import HttpRequest
from small_graph import NEW, release
from stores import FAST as SERVERS  # noqa: F401 - which load_cases.py is to try


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"http://127\.0\.0\.1:9/query: it can't be reached"):
        Loading(open_store("http://127.0.0.1:9", "oxigraph", 10), release(tmp_path / "new", NEW)).plan()


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

"""A transaction is kept alive as long as something else is sent."""

from __future__ import annotations

import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from jhaan_kg.errors import JhaanError
from jhaan_kg.stores.load import alive
from jhaan_kg.web.request import HttpRequest


def test_signs_of_life_are_given_as_often_as_the_server_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thrice in the time that it waits; that one fails is no matter."""
    monkeypatch.setattr(alive, "SHORTEST", 0.001)
    sent: list[HttpRequest] = []

    @contextmanager
    def send(call: HttpRequest):  # type: ignore[no-untyped-def]
        sent.append(call)
        if len(sent) == 2:
            raise JhaanError("it doesn't answer")
        yield SimpleNamespace(read=lambda _: b"30" if len(sent) < 4 else b"60000")

    monkeypatch.setattr(alive, "LONGEST", 0.01)
    with alive.kept_alive(
        SimpleNamespace(send=send), call := HttpRequest("PUT", "http://localhost/t/1?action=PING")
    ):  # type: ignore[arg-type]
        while len(sent) < 4:
            time.sleep(0.001)
    assert sent == [call] * len(sent)
    ended = len(sent)
    time.sleep(0.03)
    assert len(sent) == ended

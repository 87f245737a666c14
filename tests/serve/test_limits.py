"""What one client and one answer may take, and who the client is."""

from __future__ import annotations

from typing import Any

import pytest
from in_process import site_of

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


def test_who_the_client_is() -> None:
    assert client_of("10.0.0.1", "203.0.113.1, 203.0.113.2 , 2001:db8::7") == "2001:db8::/56"
    assert client_of("10.0.0.1", "x" * 1000) == "x" * 64


@pytest.mark.parametrize("behind_proxy", [True, False])
def test_a_header_that_anybody_can_write_counts_only_from_a_proxy(
    loaded: Loaded, behind_proxy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = list[dict[str, Any]]()
    monkeypatch.setattr("jhaan_kg.serve.app.write_log", lambda **values: logged.append(values))
    site = site_of(loaded, behind_proxy=behind_proxy)
    site.get("/health/live", headers={"X-Forwarded-For": "192.0.2.1", "Forwarded": "for=192.0.2.2"})
    assert logged[0]["client"] == ("192.0.2.1" if behind_proxy else "testclient")

"""What one client and one answer may take, and who the client is."""

from __future__ import annotations

import json

import pytest
from in_process import site_of

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

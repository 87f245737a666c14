"""What one client and one answer may take, and who the client is."""

from __future__ import annotations

import json
from contextlib import ExitStack

import pytest
from in_process import site_of

from jhaan_kg.namespaces import GRAPH
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.protocol import HttpStatusError
from jhaan_kg.serve.service import Clients, Connections

DIRECT = {"Content-Type": "application/sparql-query"}


def test_rows(loaded: Loaded) -> None:
    """As many as the limit are answered."""
    site = site_of(loaded, rows=9)
    for query in ("SELECT ?s {{ ?s ?p ?o }} LIMIT {}", "CONSTRUCT {{ ?s ?p ?o }} {{ ?s ?p ?o }} LIMIT {}"):
        assert site.ask(query.format(9), "*/*").status_code == 200
        refused = site.ask(query.format(10), "*/*")
        assert (refused.status_code, "more than 9 rows" in refused.text) == (413, True)
    graph = site.fetch("/graphs", graph=f"{GRAPH}register/agencies")
    assert (graph.status_code, "more than 9 rows" in graph.text) == (413, True)


def test_bytes_of_an_answer(loaded: Loaded) -> None:
    def asked(size: int) -> tuple[int, str]:
        reply = site_of(loaded, size=size).ask("SELECT ('abc' AS ?x) {}", "text/csv")
        return reply.status_code, reply.text

    assert asked(len("x\r\nabc\r\n")) == (200, "x\r\nabc\r\n")
    status, text = asked(len("x\r\nabc\r\n") - 1)
    assert (status, "longer than 7 bytes" in text) == (413, True)


def test_bytes_of_a_request(loaded: Loaded) -> None:
    site = site_of(loaded, request=100)
    assert site.post("/sparql", content=b"ASK {}".ljust(100), headers=DIRECT).status_code == 200
    refused = site.post("/sparql", content=b"ASK {}".ljust(101), headers=DIRECT)
    assert (refused.status_code, "100 bytes" in refused.text) == (413, True)


def test_queries_of_one_client() -> None:
    """Whose query is answered may ask again."""
    clients = Clients(2)
    with clients.count_query("a"), ExitStack() as stack:
        stack.enter_context(clients.count_query("a"))
        with pytest.raises(HttpStatusError) as refused, clients.count_query("a"):
            pass
        assert (refused.value.status, refused.value.headers) == (429, {"Retry-After": "1"})
        with clients.count_query("b"):
            stack.close()
            with clients.count_query("a"):
                pass


def test_a_refused_client_is_told_when_to_come_again(loaded: Loaded) -> None:
    reply = site_of(loaded, per_client=0).get("/sparql?query=ASK+{}", headers={"Origin": "https://a.example"})
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "1")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in reply.headers["Access-Control-Expose-Headers"]


def test_connections_of_all_and_of_one_client() -> None:
    connections = Connections(3, 2)
    assert [connections.enter(client) for client in "aaabb"] == [True, True, False, True, False]
    connections.leave("a")
    assert [connections.enter(client) for client in "bb"] == [True, False]


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.1, 203.0.113.2 , 2001:db8::7", "2001:db8::/64"),
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

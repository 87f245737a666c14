"""The server in short: one of each kind. The slow tests beside have the rest."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
import requests
from serving import Serving, serving

JSON = "application/sparql-results+json"
LABELS = (
    "SELECT ?l { <https://w3id.org/jhaan/id/agency/europol> <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
)


@pytest.mark.parametrize(
    "way",
    [
        {"method": "GET", "params": {"query": LABELS}},
        {"method": "POST", "data": {"query": LABELS}},
        {"method": "POST", "data": LABELS, "headers": {"Content-Type": "application/sparql-query"}},
    ],
    ids=["GET", "form", "direct"],
)
def test_a_query_is_answered(server: Serving, way: dict[str, object]) -> None:
    reply = requests.request(url=server.sparql, timeout=60, **way)  # type: ignore[arg-type]
    assert (reply.status_code, reply.headers["Content-Type"]) == (200, JSON)
    assert [row["l"]["value"] for row in reply.json()["results"]["bindings"]] == ["Europol"]
    assert reply.headers[
        "Access-Control-Allow-Origin" if "Origin" in reply.request.headers else "Jhaan-Release"
    ]


@pytest.mark.parametrize(
    ("accept", "text"),
    [
        ("text/csv", "l\r\nEuropol\r\n"),
        ("text/tab-separated-values", '?l\n"Europol"@en\n'),
        ("application/sparql-results+xml", "Europol</literal>"),
    ],
)
def test_rows_come_in_each_format(server: Serving, accept: str, text: str) -> None:
    assert text in server.ask(LABELS, accept).content.decode()


@pytest.mark.parametrize(
    ("status", "query", "accept"),
    [
        (400, "SELECT", JSON),
        (400, "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", JSON),
        (400, "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", JSON),
        (400, "SELECT (<urn:f>(1) AS ?x) {}", JSON),
        (406, "ASK {}", "image/png"),
    ],
)
def test_what_is_not_answered_is_told_in_a_sentence(
    server: Serving, status: int, query: str, accept: str
) -> None:
    reply = server.ask(query, accept)
    assert (reply.status_code, reply.headers["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert reply.text.endswith(".\n")


def test_an_update_is_refused(server: Serving) -> None:
    assert requests.post(server.sparql, data={"update": "CLEAR ALL"}, timeout=60).status_code == 403


@pytest.mark.parametrize("place", ["/", "/sparql", "/health/live", "/health/ready", "/metrics"])
def test_the_server_says_what_it_is(server: Serving, place: str) -> None:
    assert requests.get(server.url + place, timeout=60).status_code == 200


def test_a_graph_is_given(server: Serving) -> None:
    graph = {"graph": "https://w3id.org/jhaan/graph/register/agencies"}
    reply = requests.get(
        f"{server.url}/graphs", params=graph, headers={"Accept": "application/n-triples"}, timeout=60
    )
    assert (reply.status_code, len(reply.text.splitlines())) == (200, 18)


def test_the_server_ends_in_order(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "1") as server:
        assert server.ask("ASK {}").json()["boolean"] is True
        server.signal(signal.SIGTERM)
        assert server.wait() == 0

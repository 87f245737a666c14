"""Real connections: what HTTP asks of the server, and requests that are none, or mean two things."""

from __future__ import annotations

import json
from http.client import HTTPResponse
from typing import Final
from urllib.parse import quote

import pytest
import requests
from protocol_read import EVERYTHING
from raw_http import DIRECT, PATIENCE, answered, answers, connect, exchange, head, post, rest, status_of
from serving import Serving

pytestmark = pytest.mark.slow


def test_a_connection_is_used_again(server: Serving) -> None:
    with connect(server) as connection, requests.Session() as session:
        for number in range(3):
            connection.sendall(
                head(f"GET /sparql?query=SELECT+({number}+AS+?x)+{{}} HTTP/1.1", "Host: x", close=False)
            )
            answer = HTTPResponse(connection)
            answer.begin()
            assert json.loads(answer.read())["results"]["bindings"][0]["x"]["value"] == str(number)
            assert session.get(server.sparql, params={"query": "ASK {}"}, timeout=PATIENCE).ok


def test_requests_sent_ahead_are_answered_in_their_order(server: Serving) -> None:
    """The first takes longer."""
    slow = head(f"GET /sparql?query={quote(EVERYTHING)} HTTP/1.1", "Host: x", close=False)
    quick = head("GET /sparql?query=ASK+{} HTTP/1.1", "Host: x")
    with connect(server) as connection:
        connection.sendall(slow + quick)
        first, second = answers(rest(connection), "GET", "GET")
    assert "n" in json.loads(first.body)["results"]["bindings"][0]
    assert json.loads(second.body)["boolean"] is True


def test_a_body_in_chunks_is_read(server: Serving) -> None:
    lines = ("Host: x", f"Content-Type: {DIRECT}", "Transfer-Encoding: chunked")
    body = b"3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n"
    answer = answered(server, head("POST /sparql HTTP/1.1", *lines) + body, "POST")
    assert json.loads(answer.body)["boolean"] is True


# --- what is no request ----------------------------------------------------------------------------------------------

CHUNKED: Final = b"6\r\nASK {}\r\n0\r\n\r\n"
MALFORMED: Final = {
    "Content-Length with a sign": (post(b"ASK {}", "Content-Length: +6"), 400),
    "two Content-Lengths": (post(b"ASK {}", "Content-Length: 6", "Content-Length: 5"), 400),
    "Content-Length and chunked": (post(CHUNKED, "Content-Length: 6", "Transfer-Encoding: chunked"), 400),
    "chunked and another one": (post(CHUNKED, "Transfer-Encoding: gzip, chunked"), 400),
    "chunked with a space": (post(CHUNKED, "Transfer-Encoding : chunked"), 400),
    "chunk that is longer": (post(b"6\r\nASK {}XX\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), 400),
    "NUL in a header": (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400),
    "CR in a header": (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "a space in the address": (b"GET /sparql?query=ASK {} HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 20, 400),
}


@pytest.mark.parametrize(("sent", "status"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_request(sent: bytes, status: int, server: Serving) -> None:
    reply = exchange(server, sent)
    assert status_of(reply) == status, reply[:200]
    assert reply.count(b"HTTP/1.1 ") == 1, "it was taken for two requests"
    headers, _, body = reply.partition(b"\r\n\r\n")
    assert b"\r\ncontent-type: text/plain" in headers.lower()
    assert b"Traceback" not in body


BESIDE: Final = (
    *("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/sparql/../../etc/passwd", "/.git/config", "/%00"),
    *("/\\..\\..\\etc\\passwd", "/$/server", "/SPARQL"),
)


def test_there_is_nothing_beside(server: Serving) -> None:
    for path in BESIDE:
        reply = exchange(server, head(f"GET {path} HTTP/1.1", "Host: a"))
        assert status_of(reply) == 404, path
        assert b"root:" not in reply, path


def test_no_request_is_a_fault_of_the_server(server: Serving) -> None:
    for path in (
        "/graphs?" + "&".join("abcdefghijkl"),
        "/graphs?graph=%ff%fe",
        "/graphs?graph=%ED%A0%80",
        "/graphs?default&default",
        "/sparql?" + "&".join(["default-graph-uri=urn:a"] * 900) + "&query=ASK{}",
        "/sparql?query=ASK{}&named-graph-uri=%0d%0aX:y",
    ):
        for host in ("a", "[", "a:b:c", "[::1", "a" * 5000, "a/../b?c#d"):
            reply = exchange(server, head(f"GET {path} HTTP/1.1", f"Host: {host}"))
            assert status_of(reply) in (400, 404), (path[:50], host[:50])


def test_no_header_of_the_client_is_an_address(server: Serving) -> None:
    """Who puts another host into a request sends nobody there: such answers may be kept by a proxy for others."""
    for path in ("/sparql/", "/graphs/", "/health/live/", "/a%0A/"):
        reply = exchange(
            server, f"GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".encode()
        )
        assert b"evil.example" not in reply

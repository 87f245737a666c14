"""Three instances behind a real nginx: answers and limits."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from proxied import CONFIGURATION, Proxied, kill_and_move, proxied
from raw_http import rest
from under_load import CROSS, IN_TWO_GRAPHS, Load, rows, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cutting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """Three instances whose answers break off early."""
    with proxied(tmp_path_factory.mktemp("cutting"), "--max-answer", "4") as made:
        yield made


def test_answers_come_through(behind: Proxied) -> None:
    """With the headers of the server; its log names the client, and nginx packs what is long."""
    address = behind.another_address()
    reply = behind.ask(IN_TWO_GRAPHS, address=address)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/sparql-results+json")
    assert len(reply.headers["jhaan-release"]) == 16
    until(
        lambda: address in {entry.get("client") for one in behind.instances for entry in one.entries},
        "the log of an instance names the client",
    )
    long = requests.get(
        f"http://127.0.0.1:{behind.port}/sparql", params={"query": "SELECT * { ?s ?p ?o }"}, timeout=60
    )
    assert long.headers["Content-Encoding"] == "gzip"
    assert len(rows(long)) > 700


def test_what_is_for_operators_is_not_for_the_public(behind: Proxied) -> None:
    paths = ["/metrics", "/health/ready", "/health/live", "/%6detrics", "//metrics", "/x/../metrics"]
    for path in (*paths, "/metrics?query=1"):
        connection = http.client.HTTPConnection("127.0.0.1", behind.port, timeout=60)
        connection.request("GET", path)
        assert connection.getresponse().status == 403, path
        connection.close()


def test_too_many_requests_are_refused_until_there_are_fewer(behind: Proxied) -> None:
    """Others don't notice."""
    address = behind.another_address()
    with Load(*[lambda _: behind.ask(IN_TWO_GRAPHS, address=address)] * 3) as load:
        until(lambda: any(reply.status == 429 for reply in load.got), "there are too many")
        assert behind.ask(IN_TWO_GRAPHS).status == 200
    assert load.failed == []
    assert {reply.status for reply in load.got} == {200, 429}
    refused = [reply for reply in load.got if reply.status == 429]
    assert {reply.headers["retry-after"] for reply in refused} == {"1"}
    until(lambda: behind.ask(IN_TWO_GRAPHS, address=address).status == 200, "the client may ask again")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:ab12:1:2:3:4", "2001:db8:1:abff::5", True),
        ("2001:db8:1:ab12:1:2:3:4", "2001:db8:1:ac12:1:2:3:4", False),
        ("2001:db8:1:a12:1:2:3:4", "2001:db8:1:a9f::5", True),
        ("2001:db8:1:a12:1:2:3:4", "2001:db8:1:a1::5", False),
        ("2001:db8:1:a12:1:2:3:4", "2001:db8:1:a100::5", False),
        ("2001:db8:1::7", "2001:db8:1:9f:1:2:3:4", True),
        ("2001:db8:1:7::1", "2001:db8:1:0:1:2:3:4", True),
        ("2001:db8::7", "2001:db8::9:8", True),
        ("::7", "::8", False),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_56_bits_of_an_address_are_one_client(one: str, other: str, same: bool) -> None:
    patterns = re.findall(r'^ +"~(\S+)" \$1;$', CONFIGURATION.read_text(), re.MULTILINE)

    def client(address: str) -> str:
        found = (re.match(pattern, address) for pattern in patterns)
        return next((match[1] for match in found if match), address)

    assert (client(one) == client(other)) == same
    assert client(one)


def received(port: int, request: bytes, address: str) -> bytes:
    """Send bytes, and return what comes until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(address, 0)) as connection:
        connection.sendall(request)
        return rest(connection)


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_answer_that_breaks_off_breaks_off(cutting: Proxied, encoding: str) -> None:
    """Its last chunk doesn't come, so that no client takes it for whole."""
    path = f"/sparql?{urlencode({'query': CROSS})}"
    request = f"GET {path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: {encoding}\r\nConnection: close\r\n\r\n"
    got = received(cutting.port, request.encode(), cutting.another_address())
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"Transfer-Encoding: chunked" in head
    assert (b"Content-Encoding: gzip" in head) == (encoding == "gzip")
    assert len(body) > 1000
    assert not body.endswith(b"0\r\n\r\n")
    with pytest.raises(http.client.IncompleteRead):
        cutting.ask(CROSS)


def test_instances_are_killed_and_moved_to_another_release_under_load(tmp_path: Path) -> None:
    with proxied(tmp_path) as made:
        kill_and_move(made, tmp_path)

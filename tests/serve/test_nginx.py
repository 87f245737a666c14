"""Three instances behind a real nginx: answers and limits."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from proxied import CONFIGURATION, Proxied, kill_and_move, proxied
from under_load import CROSS, IN_TWO_GRAPHS, Load, rows, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cutting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """Three instances with short answers only."""
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


def test_too_long_an_answer_is_an_error(cutting: Proxied) -> None:
    reply = cutting.ask(CROSS)
    assert (reply.status, b"more than" in reply.body) == (413, True)


def test_instances_are_killed_and_moved_to_another_release_under_load(tmp_path: Path) -> None:
    with proxied(tmp_path) as made:
        kill_and_move(made, tmp_path)

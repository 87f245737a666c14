"""Three instances behind a real nginx: answers and limits."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from proxied import CONFIGURATION, MARKS, REPEATED, Proxied, proxied
from raw_http import exchange, head, status_of
from under_load import IN_TWO_GRAPHS, Load, events, rows, switch, until, workers

from jhaan_kg.serve.lanes import client_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """Three instances behind nginx, with default options."""
    with proxied(tmp_path_factory.mktemp("behind")) as made:
        yield made


def test_answers_come_through(behind: Proxied) -> None:
    """With the headers of the server; its log names the client, and nginx packs what is long."""
    address = behind.another_address()
    reply = behind.ask(IN_TWO_GRAPHS, address)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert len(reply.headers["Jhaan-Release"]) == 16
    until(
        lambda: address in {entry.get("client") for one in behind.instances for entry in one.entries},
        "the log of an instance names the client",
    )
    long = behind.front.ask("SELECT * { ?s ?p ?o }")
    assert long.headers["Content-Encoding"] == "gzip"
    assert len(rows(long)) > 700


def test_what_is_for_operators_is_not_for_the_public(behind: Proxied) -> None:
    for path in ("/metrics?query=1", "/health/ready", "/%6detrics", "//metrics", "/x/../metrics"):
        assert status_of(exchange(behind.front, head(f"GET {path} HTTP/1.1", "Host: a"))) == 403, path


def test_too_many_requests_are_refused_until_there_are_fewer(behind: Proxied) -> None:
    """Others don't notice."""
    address = behind.another_address()
    with Load(*[lambda _: behind.ask(IN_TWO_GRAPHS, address)] * 3) as load:
        until(lambda: any(reply.status == 429 for reply in load.got), "there are too many")
        assert behind.ask(IN_TWO_GRAPHS).status == 200
    assert load.failed == []
    assert {(one.status, one.headers.get("Retry-After")) for one in load.got} == {(200, None), (429, "1")}
    until(lambda: behind.ask(IN_TWO_GRAPHS, address).status == 200, "the client may ask again")


ADDRESSES = (
    *("2001:db8:1:ab12:1:2:3:4", "2001:db8:1:abff::5", "2001:db8:1:ac12:1:2:3:4", "2001:db8:1:a12:1:2:3:4"),
    *("2001:db8:1:a9f::5", "2001:db8:1:a1::5", "2001:db8:1:a100::5", "2001:db8:1::7", "2001:db8::9:8"),
    *("2001:db8:1:9f:1:2:3:4", "2001:db8:1:7::1", "2001:db8:1:0:1:2:3:4", "2001:db8::7", "192.0.2.1"),
)


def test_nginx_and_the_server_take_the_same_addresses_for_one_client() -> None:
    """Those with the same first 56 bits."""
    patterns = re.findall(r'^ +"~(\S+)" \$1;$', CONFIGURATION.read_text(), re.MULTILINE)

    def client(address: str) -> str:
        found = (re.match(pattern, address) for pattern in patterns)
        return next((match[1] for match in found if match), address)

    for one, other in combinations(ADDRESSES, 2):
        is_same = client_of(one, None) == client_of(other, None)
        assert (client(one) == client(other)) == is_same, (one, other)


def test_instances_are_killed_and_moved_to_another_release_under_load(tmp_path: Path) -> None:
    """Each answer comes from one release, and each client gets one in at most two attempts."""
    with proxied(tmp_path) as behind:

        def marks(query: str) -> tuple[str, str]:
            reply = behind.ask(query, retries=REPEATED)
            assert reply.status == 200, reply.data
            first, second = re.findall(rb"^mark-[a-z]+", reply.data, re.MULTILINE)
            assert first == second
            return first.decode(), reply.headers["Jhaan-Release"]

        short = [lambda _: marks(IN_TWO_GRAPHS)] * 3
        with Load(*short, lambda _: marks("SELECT ?o ?g { GRAPH ?g { ?s ?p ?o } }")) as load:
            load.more(20)
            killed = behind.instances[1]
            killed.signal(signal.SIGKILL)
            killed.wait()
            load.more(20)
            behind.instances[1] = started = behind.start(int(killed.url.rpartition(":")[2]))
            until(
                lambda: any(one.get("path") == "/sparql" for one in started.entries),
                "the new instance is asked",
            )
            assert {mark for mark, _ in load.got} == {MARKS[0]}
            switch(behind.link, tmp_path / MARKS[1])
            for instance in behind.instances:
                instance.signal(signal.SIGHUP)
                until(lambda one=instance: events(one, "release replaced"), "it has the new release")
                load.more(10)
        assert load.failed == []
        most = 1 + 2 + 2 + 2  # for health, short and long queries, and pages
        until(lambda: all(len(workers(one)) <= most for one in behind.instances), "the old ones have ended")
        assert {marks(IN_TWO_GRAPHS)[0] for _ in range(9)} == {MARKS[1]}
        assert len(set(load.got)) == len(MARKS)

"""Three instances behind a real nginx, with the configuration of the documentation: only ports and paths differ."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
import requests
from serving import Serving, serving
from under_load import (
    CROSS,
    IN_TWO_GRAPHS,
    Load,
    events,
    real_release,
    rows,
    small_release,
    switch,
    until,
)

from programs import program

pytestmark = pytest.mark.slow

CONFIGURATION = Path(__file__).resolve().parents[2] / "docs" / "serving" / "nginx.conf"
MARKS = ("mark-old", "mark-new")
GREEDY = (
    'SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?x), STR(?b), STR(?y)); separator=" ") AS ?all) '
    "{ ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }"
)
"""Takes all memory that there is."""


class Reply(NamedTuple):
    """An answer, which is whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Proxied:
    """Three instances and the nginx before them."""

    def __init__(self, folder: Path, options: tuple[str, ...]) -> None:
        self.link = folder / "current"
        self.instances: list[Serving] = []
        self._folder, self._options, self._open = folder, options, list[ExitStack]()
        self.port = free_port()
        self._addresses = count(1)

    def start(self, number: int | None = None) -> None:
        """Start an instance, in the place of one that has ended or as another one."""
        stack = ExitStack()
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        port = 0 if number is None else int(self.instances[number].url.rpartition(":")[2])
        shared = ("--workers", "2", "--timeout", "60", "--behind-proxy")
        given = ("--snapshot", str(self.link), *shared, *self._options)
        instance = stack.enter_context(serving(folder, *given, port=port))
        self._open.append(stack)
        if number is None:
            self.instances.append(instance)
        else:
            self.instances[number] = instance

    def close(self) -> None:
        """End all instances."""
        for stack in self._open:
            stack.close()

    def another_address(self) -> str:
        """Give an address of this machine that nothing has been sent from."""
        number = next(self._addresses)
        return f"127.1.{number // 250}.{number % 250 + 1}"

    def ask(
        self, query: str, accept: str = "application/sparql-results+json", address: str | None = None
    ) -> Reply:
        """Send a query by GET, as another client than any before if nothing is said."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(address or self.another_address(), 0)
        )
        try:
            connection.request("GET", f"/sparql?{urlencode({'query': query})}", headers={"Accept": accept})
            reply = connection.getresponse()
            return Reply(
                reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
            )
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def behind(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Proxied]:
    """Three instances behind nginx; a parameter gives them other options, or another release."""
    nginx = program("nginx", "nginx")
    make, options = getattr(request, "param", (small_release, ()))
    for mark in MARKS:
        make(tmp_path / mark, mark)
    proxied = Proxied(tmp_path, options)
    switch(proxied.link, tmp_path / MARKS[0])
    # Not in pytest's folder, which nobody else may enter: the workers of nginx run as another user.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        try:
            for _ in range(3):
                proxied.start()
            text = CONFIGURATION.read_text()
            for number, instance in enumerate(proxied.instances, 8101):
                text = text.replace(f"127.0.0.1:{number}", instance.url.removeprefix("http://"))
            text = text.replace("listen [::]:80;", "").replace(
                "listen 80;", f"listen 127.0.0.1:{proxied.port};"
            )
            for place in ("/run", "/var/log/nginx", "/var/lib/nginx"):
                text = text.replace(f" {place}/", f" {folder}/")
            if os.geteuid() != 0:
                text = text.replace("user www-data;", "")
            (folder / "nginx.conf").write_text(text)
            command = [nginx, "-c", folder / "nginx.conf", "-e", folder / "error.log", "-g", "daemon off;"]
            with subprocess.Popen(command) as process:
                try:
                    until(lambda: accepts(proxied.port) or process.poll() is not None, "nginx listens")
                    assert process.poll() is None, (folder / "error.log").read_text()
                    yield proxied
                finally:
                    process.terminate()
        finally:
            proxied.close()


def accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=10).close()
    except ConnectionError:
        return False
    return True


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


def test_a_query_that_is_long_comes_through_by_either_method(behind: Proxied) -> None:
    query = f"{IN_TWO_GRAPHS} # {'x' * 50_000}"
    url = f"http://127.0.0.1:{behind.port}/sparql"
    assert len(rows(requests.get(url, params={"query": query}, timeout=60))) == 2
    assert len(rows(requests.post(url, data={"query": query}, timeout=60))) == 2
    too_long = requests.post(url, data={"query": f"{IN_TWO_GRAPHS} # {'x' * 2**20}"}, timeout=60)
    assert too_long.status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/health/ready",
        "/health/live",
        "/%6detrics",
        "//metrics",
        "/x/../metrics",
        "/metrics?query=1",
    ],
)
def test_what_is_for_operators_is_not_for_the_public(behind: Proxied, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", behind.port, timeout=60)
    connection.request("GET", path)
    assert connection.getresponse().status == 403
    connection.close()


def test_too_many_requests_are_refused_until_there_are_fewer(behind: Proxied) -> None:
    """Others don't notice."""
    address = behind.another_address()
    refused = []
    with Load(*[lambda _: behind.ask(IN_TWO_GRAPHS, address=address)] * 3) as load:
        until(lambda: any(reply.status == 429 for reply in load.got), "there are too many")
        assert behind.ask(IN_TWO_GRAPHS).status == 200
    assert load.failed == []
    assert {reply.status for reply in load.got} == {200, 429}
    refused = [reply for reply in load.got if reply.status == 429]
    assert {reply.headers["retry-after"] for reply in refused} == {"1"}
    until(lambda: behind.ask(IN_TWO_GRAPHS, address=address).status == 200, "the client may ask again")


def received(port: int, request: bytes, address: str) -> bytes:
    """Send bytes, and give what comes until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(address, 0)) as connection:
        connection.sendall(request)
        found = bytearray()
        while piece := connection.recv(1 << 16):
            found += piece
    return bytes(found)


BREAKS_OFF = pytest.mark.parametrize("behind", [(small_release, ("--max-rows", "50000"))], indirect=True)


@BREAKS_OFF
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_answer_that_breaks_off_breaks_off(behind: Proxied, encoding: str) -> None:
    """Its last chunk doesn't come, so that no client takes it for whole."""
    path = f"/sparql?{urlencode({'query': CROSS})}"
    request = f"GET {path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: {encoding}\r\nConnection: close\r\n\r\n"
    got = received(behind.port, request.encode(), behind.another_address())
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"Transfer-Encoding: chunked" in head
    assert (b"Content-Encoding: gzip" in head) == (encoding == "gzip")
    assert len(body) > 1000
    assert not body.endswith(b"0\r\n\r\n")
    with pytest.raises(http.client.IncompleteRead):
        behind.ask(CROSS)


@BREAKS_OFF
def test_a_client_that_can_not_tell_gets_no_answer_that_breaks_off(behind: Proxied) -> None:
    """HTTP/1.0 has no sign for the end."""
    path = f"/sparql?{urlencode({'query': CROSS})}"
    got = received(behind.port, f"GET {path} HTTP/1.0\r\n\r\n".encode(), behind.another_address())
    assert got.startswith(b"HTTP/1.1 413 ")
    whole = f"/sparql?{urlencode({'query': CROSS + ' LIMIT 40000'})}"
    got = received(behind.port, f"GET {whole} HTTP/1.0\r\n\r\n".encode(), behind.another_address())
    assert got.startswith(b"HTTP/1.1 200 ")
    assert got.endswith(b"]}}\n") or got.endswith(b"]}}")


def test_a_slow_client_holds_nobody(behind: Proxied) -> None:
    """It has taken nothing of a long answer when the instances have given all of it, and others are answered."""
    query = f"{CROSS} LIMIT 100000"
    request = (
        f"GET /sparql?{urlencode({'query': query})} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
    )
    with ExitStack() as stack:
        slow = []
        for _ in range(8):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(60)
            connection.bind((behind.another_address(), 0))
            connection.connect(("127.0.0.1", behind.port))
            connection.sendall(request)
            slow.append(connection)

        def done() -> int:
            entries = [entry for instance in behind.instances for entry in instance.entries]
            return sum(entry["bytes"] > 10**6 and entry["status"] == 200 for entry in entries)

        until(lambda: done() == 8, "the instances have given all that was asked")
        assert all(instance.metric('jhaan_workers{state="busy"}') == 0 for instance in behind.instances)
        assert behind.ask(IN_TWO_GRAPHS).status == 200
        got = bytearray()
        while piece := slow[0].recv(1 << 16):
            got += piece
        assert got.endswith(b"0\r\n\r\n")


def test_an_instance_that_is_told_to_end_answers_what_it_was_asked(behind: Proxied) -> None:
    """Each is ended in order and started again; whoever asks by GET or POST doesn't notice."""

    def posted(_: requests.Session) -> Any:
        address = behind.another_address()
        body = urlencode({"query": IN_TWO_GRAPHS})
        connection = http.client.HTTPConnection("127.0.0.1", behind.port, 60, (address, 0))
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sparql", body, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    def short(_: requests.Session) -> int:
        return behind.ask(IN_TWO_GRAPHS).status

    def long(_: requests.Session) -> int:
        return behind.ask(f"{CROSS} LIMIT 20000").status

    with Load(short, long, posted) as load:
        load.more(10)
        for number in range(3):
            behind.instances[number].signal(signal.SIGTERM)
            assert behind.instances[number].wait() == 0
            load.more(20)
            behind.start(number)
            until(lambda at=number: is_asked(behind.instances[at]), "nginx asks it again")
    assert load.failed == []
    assert set(load.got) == {200}


def tried_twice(ask: Callable[[], Reply]) -> Reply:
    """Ask again, once, if there is no answer or one that says that there is none just now."""
    try:
        reply = ask()
        if reply.status != 503:
            return reply
    except (OSError, http.client.HTTPException):
        pass
    return ask()


@pytest.mark.parametrize(
    "behind",
    [pytest.param((make, ()), id=make.__name__) for make in (small_release, real_release)],
    indirect=True,
)
def test_instances_are_killed_and_moved_to_another_release_under_load(
    behind: Proxied, tmp_path: Path
) -> None:
    """Each answer is of one release, and no client that tries twice goes without one."""

    def marks(_: requests.Session) -> tuple[str, str]:
        reply = tried_twice(lambda: behind.ask(IN_TWO_GRAPHS, "text/csv"))
        return checked(reply)

    def everything(_: requests.Session) -> tuple[str, str]:
        reply = tried_twice(lambda: behind.ask("SELECT ?o ?g { GRAPH ?g { ?s ?p ?o } }", "text/csv"))
        return checked(reply)

    def checked(reply: Reply) -> tuple[str, str]:
        assert reply.status == 200, reply.body
        first, second = re.findall(rb"^mark-[a-z]+", reply.body, re.MULTILINE)
        assert first == second
        return first.decode(), reply.headers["jhaan-release"]

    with Load(marks, marks, marks, everything) as load:
        load.more(20)
        killed = behind.instances[1]
        killed.signal(signal.SIGKILL)
        killed.wait()
        load.more(20)
        behind.start(1)
        until(lambda: is_asked(behind.instances[1]), "the new instance is asked")
        assert {mark for mark, _ in load.got} == {MARKS[0]}
        switch(behind.link, tmp_path / MARKS[1])
        for instance in behind.instances:
            instance.signal(signal.SIGHUP)
            until(lambda one=instance: events(one, "release replaced"), "it has the new release")
            load.more(10)
    assert load.failed == []
    assert {marks(requests.Session())[0] for _ in range(9)} == {MARKS[1]}
    assert len(set(load.got)) == len(MARKS)


def is_asked(instance: Serving) -> bool:
    return any(entry.get("path") == "/sparql" for entry in instance.entries)


@pytest.mark.parametrize("behind", [(small_release, ("--memory", "64"))], indirect=True)
def test_queries_that_take_too_much_shut_nobody_else_out(behind: Proxied) -> None:
    """They are no fault of the instance, so none may be left alone for them."""

    def greedy(_: requests.Session) -> int:
        return behind.ask(GREEDY).status

    with Load(greedy, greedy) as load:
        others = []
        while len(load.got) < 30 and not load.failed:
            others.append(behind.ask(IN_TWO_GRAPHS).status)
    assert load.failed == []
    assert set(load.got) == {503}
    assert set(others) == {200}
    for instance in behind.instances:
        assert len([entry for entry in instance.entries if entry.get("status") == 503]) > 1

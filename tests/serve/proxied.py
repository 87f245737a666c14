"""Several instances behind a real nginx, with the documented configuration except ports and paths."""

from __future__ import annotations

import http.client
import itertools
import os
import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import requests
from serving import Serving, serving
from under_load import IN_TWO_GRAPHS, Load, events, fork_servers, small_release, switch, until

from jhaan_kg.build.snapshot import Snapshot
from programs import program

CONFIGURATION = Path(__file__).resolve().parents[2] / "docs" / "serving" / "nginx.conf"
MARKS = ("mark-old", "mark-new")


class Reply(NamedTuple):
    """A complete answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Proxied:
    """Instances of the server, and the nginx before them.

    Attributes:
        instances: the instances.
        front: nginx, with its error log.
    """

    front: Serving

    def __init__(self, folder: Path, options: tuple[str, ...]) -> None:
        self.link = folder / "current"
        self.instances: list[Serving] = []
        self._folder, self._options, self._open = folder, options, list[ExitStack]()
        self.port = free_port()
        self._addresses = itertools.count(1)

    def start(self, number: int | None = None) -> None:
        """Start an instance, either a new one or at the port of one that has ended."""
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
        """Return an unused loopback address."""
        number = next(self._addresses)
        return f"127.1.{number // 250}.{number % 250 + 1}"

    def ask(
        self, query: str, accept: str = "application/sparql-results+json", address: str | None = None
    ) -> Reply:
        """Send a query by GET, from an unused address by default."""
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
    """Return an unused port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def proxied(
    folder: Path, *options: str, make: Callable[[Path, str], Snapshot] = small_release, count: int = 3
) -> Iterator[Proxied]:
    """Run instances behind nginx.

    Args:
        folder: an empty folder, into which releases with both MARKS are written.
        options: the options of the instances.
        make: function that writes a release with a mark.
        count: the number of instances, at most three.
    """
    nginx = program("nginx", "nginx")
    for mark in MARKS:
        make(folder / mark, mark)
    made = Proxied(folder, options)
    switch(made.link, folder / MARKS[0])
    # The workers of nginx run as another user, who has no access to pytest's folder.
    with tempfile.TemporaryDirectory() as name:
        public = Path(name)
        public.chmod(0o755)
        try:
            for _ in range(count):
                made.start()
            text = CONFIGURATION.read_text()
            for number, instance in enumerate(made.instances, 8101):
                text = text.replace(f"127.0.0.1:{number}", instance.url.removeprefix("http://"))
            text = re.sub(r" +server 127\.0\.0\.1:810[1-3] .*\n", "", text)
            text = re.sub(r" listen \[::\]:80 .*;", "", text)
            text = text.replace(" listen 80 ", f" listen 127.0.0.1:{made.port} ")
            for place in ("/run", "/var/log/nginx", "/var/lib/nginx"):
                text = text.replace(f" {place}/", f" {public}/")
            if os.geteuid() != 0:
                text = text.replace("user www-data;", "")
            (public / "nginx.conf").write_text(text)
            command = [nginx, "-c", public / "nginx.conf", "-e", public / "error.log", "-g", "daemon off;"]
            with subprocess.Popen(command, text=True, start_new_session=True) as process:
                made.front = Serving(f"http://127.0.0.1:{made.port}", process, public / "error.log")
                try:
                    until(lambda: accepts(made.port) or process.poll() is not None, "nginx listens")
                    assert process.poll() is None, (public / "error.log").read_text()
                    yield made
                finally:
                    process.terminate()
        finally:
            made.close()


def accepts(port: int) -> bool:
    """Whether a server listens on a port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=10).close()
    except ConnectionError:
        return False
    return True


def tried_twice(ask: Callable[[], Reply]) -> Reply:
    """Send a request, and repeat it once if there is no answer or the status is 503."""
    try:
        reply = ask()
        if reply.status != 503:
            return reply
    except (OSError, http.client.HTTPException):
        pass
    return ask()


def is_asked(instance: Serving) -> bool:
    """Whether an instance has received a query."""
    return any(entry.get("path") == "/sparql" for entry in instance.entries)


def kill_and_move(behind: Proxied, folder: Path) -> None:
    """Kill an instance, restart it, and switch all to another release while clients send queries.

    Each answer must come from one release, and each client must get one in at most two attempts.
    """

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
        switch(behind.link, folder / MARKS[1])
        for instance in behind.instances:
            instance.signal(signal.SIGHUP)
            until(lambda one=instance: events(one, "release replaced"), "it has the new release")
            load.more(10)
    assert load.failed == []
    until(lambda: all(len(fork_servers(one)) == 1 for one in behind.instances), "the old servers have ended")
    assert {marks(requests.Session())[0] for _ in range(9)} == {MARKS[1]}
    assert len(set(load.got)) == len(MARKS)

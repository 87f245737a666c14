"""A server for tests, which can be started, awaited, killed, restarted on the same folder, and stopped."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import requests
from pyoxigraph import QueryResultsFormat, QuerySolutions, Triple, parse_query_results
from requests.auth import AuthBase, HTTPDigestAuth

from jhaan_kg.store_types import STORE_TYPES
from jhaan_kg.stores import find_target
from jhaan_kg.web import PASSWORD, USER, Credentials

UPDATES = {"fuseki": "/update", "oxigraph": "/update", "rdf4j": "/statements", "virtuoso": "/sparql-auth"}
START_SECONDS = 120
STOP_SECONDS = 30


class Server:
    """A triple store in a separate process.

    Attributes:
        kind: its name for `jhaan load --store`.
        version: its version.
        folder: the folder of its data, settings and log.
        url: its address for `jhaan load`; `query` and `update` are the addresses of these services.
        credentials: the credentials for writing; none if writing needs none.
        pid: the id of its process, which leads a separate process group.
    """

    def __init__(
        self,
        kind: str,
        version: str,
        folder: Path,
        command: Sequence[str | Path],
        *,
        url: str,
        credentials: Credentials | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.kind, self.version, self.folder = kind, version, folder
        self.url, self.credentials = url, credentials
        self.query = find_target(STORE_TYPES[kind], url).query
        self.update = url + UPDATES[kind]
        self._command = [str(part) for part in command]
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, "the server does not run"
        return self._process.pid

    @property
    def auth(self) -> AuthBase | None:
        """The authentication for writing with `requests`."""
        return HTTPDigestAuth(self.credentials.user, self.credentials.password) if self.credentials else None

    @property
    def secrets(self) -> dict[str, str]:
        """The environment variables with which `jhaan` may write."""
        found = self.credentials
        return {USER: found.user or "", PASSWORD: found.password or ""} if found else {}

    @property
    def log(self) -> str:
        """The output of the server."""
        return (self.folder / "server.log").read_text(errors="replace")

    def start(self) -> None:
        """Start the server, and wait until it answers a query."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while not self.answers():
            ended = self._process.poll()
            if ended is not None or time.monotonic() > end:
                why = "does not answer" if ended is None else f"has ended with {ended}"
                self.kill()
                raise AssertionError(f"{self.kind} {why}:\n{self.log[-5000:]}")
            time.sleep(0.05)

    def rows(self, query: str) -> list[dict[str, str]]:
        """Return the values of each row of an answer, without the code under test."""
        found = self._asked(query).json()["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in found]

    def triples(self, graph: str | None) -> list[Triple]:
        """Return the triples of a named graph, or of the default graph."""
        pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
        found: list[Triple] = []
        while True:  # page by page, for stores that truncate answers
            query = f"SELECT ?s ?p ?o WHERE {{ {pattern} }} ORDER BY ?s LIMIT 5000 OFFSET {len(found)}"
            page = parse_query_results(self._asked(query).content, format=QueryResultsFormat.JSON)
            assert isinstance(page, QuerySolutions)
            rows = [Triple(row["s"], row["p"], row["o"]) for row in page]
            found += rows
            if len(rows) < 5000:
                return found

    def change(self, update: str) -> None:
        """Send an update."""
        sent = {"query" if self.kind == "virtuoso" else "update": update}
        # Without a charset, Tomcat decodes a form as ISO 8859-1.
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        reply = requests.post(self.update, sent, auth=self.auth, headers=headers, timeout=60)
        assert reply.ok, reply.text

    def _asked(self, query: str) -> requests.Response:
        accept = {"Accept": "application/sparql-results+json"}
        reply = requests.post(self.query, {"query": query}, headers=accept, timeout=60)
        reply.raise_for_status()
        return reply

    def answers(self) -> bool:
        """Whether the server answers a query."""
        with suppress(requests.RequestException):
            asked = {"query": "ASK {}"}
            accept = {"Accept": "application/sparql-results+json"}
            reply = requests.post(self.query, data=asked, headers=accept, timeout=10)
            return bool(reply.ok and reply.json()["boolean"])
        return False

    def kill(self) -> None:
        """Kill the server, as in a failure of the machine."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop the server, and wait for its end."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Start a stopped or killed server again, with the same folder and port."""
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with process:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, how)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Start a server, and kill it afterwards: some wait for connections to end first, and nobody needs the data."""
    try:
        server.start()
        yield server
    finally:
        server.kill()


def free_port() -> int:
    """Return an unused port of the loopback interface.

    It is outside the range that the system assigns to clients, so that it stays free while a server is restarted.
    """
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as trial, suppress(OSError):
            trial.bind(("127.0.0.1", port))
            return port

"""Distinguishable releases, the processes of a server, and clients that send queries repeatedly."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import requests
from meetings_graph import triples
from pyoxigraph import Literal, NamedNode, Triple
from serving import Serving

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import GRAPH
from small_graph import NEW, release

MARK = NamedNode("https://example.org/mark")
"""The property that states the mark of a release in two of its graphs."""

IN_TWO_GRAPHS = f"SELECT ?mark {{ GRAPH ?g {{ {MARK} {MARK} ?mark }} }}"
"""A query with two rows; their marks differ if they are from different releases."""

LONG = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?q ?y . FILTER(STRLEN(CONCAT(STR(?x), STR(?y))) >= 0) }"
"""A query that takes some tenths of a second on a small release."""

ENDLESS = (
    "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ 0 1 2 3 4 5 6 7 8 9 }}" for n in range(12))
    + " }"
)
"""A query that runs for days and needs little memory."""

SHORT = "SELECT ?x { VALUES ?x { 7 } }"
ALL = "SELECT * { ?a ?b ?c }"

GREEDY = (
    "SELECT (STRLEN(?s30) AS ?n) { BIND('aaaa' AS ?s0) "
    + " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(30))
    + " }"
)
"""A query that uses all memory that it may have."""

CROSS = "SELECT ?a ?x ?b ?y { ?a ?p ?x . ?b ?q ?y }"
"""A query with half a million rows on a small release."""

ABOUT = '<https://w3id.org/jhaan/ontology> owl:versionInfo "0.0.1" ; dcterms:issued "2024-01-01"^^xsd:date .'
"""What the ontology of a small release states of itself."""


def small_release(folder: Path, mark: str) -> Snapshot:
    """Write a small release with a mark."""
    marked = {
        GRAPH + name: [*NEW[GRAPH + name], Triple(MARK, MARK, Literal(mark))]
        for name in ("context/places", "register/things")
    }
    return release(folder, {**NEW, **marked, GRAPH + "ontology": triples(ABOUT)}).snapshot


def switch(link: Path, folder: Path) -> None:
    """Change the target of a symbolic link to a folder, in one step."""
    beside = link.with_name(f"{link.name}.new")
    beside.symlink_to(folder)
    beside.replace(link)


def rows(reply: requests.Response) -> list[dict[str, str]]:
    """Return the rows of an answer as values by variable."""
    assert reply.status_code == 200, f"{reply.status_code}: {reply.text}"
    found: list[dict[str, dict[str, str]]] = reply.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


# --- processes -----------------------------------------------------------------------------------------------


def family(server: Serving) -> dict[int, int]:
    """Return the running processes of a server with their parents: itself and those in its session."""
    command = ["ps", "-s", str(server.process.pid), "-o", "pid=,ppid=,stat="]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = (line.split() for line in done.stdout.splitlines())
    return {int(pid): int(parent) for pid, parent, state in found if state[0] not in "ZX"}


def workers(server: Serving) -> list[int]:
    """Return the process ids of the workers, which are children of the process that forks them."""
    found = family(server)
    return [pid for pid, parent in found.items() if found.get(parent) == server.process.pid]


def until(true: Callable[[], object], what: str = "what the test waits for", seconds: float = 60) -> None:
    """Wait until a condition is true; fail at the time limit."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"after {seconds:g} seconds it is still not so: {what}"
        time.sleep(0.02)


def events(server: Serving, event: str) -> list[dict[str, Any]]:
    """Return the entries of the log for a kind of event."""
    return [entry for entry in server.entries if entry.get("event") == event]


def is_refused(server: Serving) -> bool:
    """Whether a server refuses connections."""
    host, port = server.url.removeprefix("http://").split(":")
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except ConnectionError:
        return True
    return False


# --- load ----------------------------------------------------------------------------------------------------


class Load:
    """Threads that each call a function repeatedly within a block, with separate connections.

    Attributes:
        got: the returned values.
        failed: the exceptions.
    """

    def __init__(self, *asking: Callable[[requests.Session], Any]) -> None:
        self.got: list[Any] = []
        self.failed: list[BaseException] = []
        self._ended = Event()
        self._threads = [Thread(target=self._run, args=(ask,), daemon=True) for ask in asking]

    def _run(self, ask: Callable[[requests.Session], Any]) -> None:
        with requests.Session() as session:
            while not self._ended.is_set():
                try:
                    self.got.append(ask(session))
                except Exception as error:
                    self.failed.append(error)

    def more(self, number: int) -> None:
        """Wait for a number of additional answers."""
        wanted = len(self.got) + number
        until(lambda: len(self.got) >= wanted or self.failed, f"{number} more answers")

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(120)

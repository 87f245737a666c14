"""`jhaan serve` against two other servers, `oxigraph serve-read-only` and `rdflib-endpoint`, with the same quads.

The quads are the dataset with its evidence; the default graph is the union of all graphs. Oxigraph reads them from its
store on disk, the others keep them in memory. Clients are separate processes with persistent connections, on the same
cores as the server, so all rates are lower bounds. Only one server is queried at a time.

    mix      8 clients. Of ten requests one is a join of eight patterns, one an aggregate over an OPTIONAL in an
             OPTIONAL, eight are short, in random order. All servers must first return the same rows.
    endless  One client with a short query, beside two clients whose query has no end. The time goes over deadlines of
             the endless queries, which are sent again then.
    start    From the start of the process to the first answer.
    profile  Pages, entities, stored questions, short and long SPARQL, slow readers and clients that leave in the
             middle, at a set rate. In time is a second, ten for long queries, thirty for a slow reader. Oxigraph
             has the part with SPARQL alone.
    size     The graph several times, under other IRIs, and the mix about the first copy.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

from asking import (
    Connection,
    Server,
    jhaan,
    many,
    memory,
    oxigraph,
    percentile,
    rdflib_endpoint,
    rows,
    served,
    settled,
)
from mixed_load import PROCESSES, QUICK, Wanted, loaded, share_in_time, site_requests, sparql_requests
from repeated import repeated
from timing import Row, compared, disk_store, elapsed, in_turn, run

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export
from jhaan_kg.namespaces import BASE
from jhaan_kg.serve.config import Limits

CLIENTS = 8
SECONDS = 4.0
"""How long clients of a round send requests."""

DEADLINE = 5
RATE = 15.0
"""Requests a second of the profile."""

COPIES = 5
SITE = "whole site"
OURS, RDFLIB, OXIGRAPH = "jhaan serve", "rdflib-endpoint", "oxigraph serve-read-only"
NAMES = (OURS, OXIGRAPH, RDFLIB)

PREFIXES = """PREFIX jhaan: <https://w3id.org/jhaan/ontology#>
PREFIX agency: <https://w3id.org/jhaan/id/agency/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
"""
JOIN = """SELECT ?agencyLabel ?eventLabel ?date ?roleLabel WHERE {
  ?own jhaan:participant ?agency ; jhaan:inActivity ?event ; jhaan:role ?role .
  ?agency rdfs:label ?agencyLabel .
  ?event a jhaan:Event ; rdfs:label ?eventLabel ; schema:startDate ?date .
  ?role rdfs:label ?roleLabel .
}"""
AGGREGATE = """SELECT ?agency (COUNT(DISTINCT ?event) AS ?events) (COUNT(?day) AS ?days) WHERE {
  ?agency a jhaan:Agency .
  OPTIONAL {
    ?own jhaan:participant ?agency ; jhaan:inActivity ?event .
    OPTIONAL { ?event schema:startDate ?day . }
  }
} GROUP BY ?agency"""
SHORT = {
    "labels": "SELECT ?agency ?label WHERE { ?agency a jhaan:Agency ; rdfs:label ?label }",
    "one thing": "SELECT ?p ?o WHERE { agency:europol ?p ?o }",
    "yes or no": "ASK { ?own jhaan:participant agency:frontex ; jhaan:inActivity ?event . ?event a jhaan:Event }",
    "first ten": (
        "SELECT ?event ?date WHERE { ?event a jhaan:Event ; schema:startDate ?date } ORDER BY ?date ?event LIMIT 10"
    ),
}
MIX = [
    (name, PREFIXES + query)
    for name, query in (("join", JOIN), ("aggregate", AGGREGATE), *SHORT.items(), *SHORT.items())
]
ONE_SHORT = [("labels", PREFIXES + SHORT["labels"])]
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ALL = "SELECT ?class (COUNT(*) AS ?n) WHERE { ?thing a ?class } GROUP BY ?class"


def of_first_copy(queries: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return queries about the first copy of a repeated graph."""
    return [(name, query.replace(BASE, f"{BASE}copy-1/")) for name, query in queries]


class Peers:
    """The commands of all servers, and their data."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.snapshot = open_snapshot()
        self._store, self._file = Path(self._folder.name, "store"), Path(self._folder.name, "dataset.nq")
        disk_store(self.snapshot, self._store)
        self._file.write_bytes(export(self.snapshot, "nquads", evidence=True))

    def command(self, name: str, *options: str) -> tuple[list[str], int, str]:
        if name == OURS:
            return jhaan(self.snapshot.path, *options)
        return oxigraph(self._store) if name == OXIGRAPH else rdflib_endpoint(self._file)


@cache
def peers() -> Peers:
    return Peers()


def pool(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, get_context("spawn"))


# --- the mix ---------------------------------------------------------------------------------------------------


def same_rows(servers: dict[str, Server]) -> None:
    """Check that all servers return the same rows."""
    for name, query in dict(MIX).items():
        answers = {}
        for server_name, server in servers.items():
            connection = Connection(server)
            answers[server_name] = rows(connection.ask(query))
            connection.close()
        if len({tuple(answer) for answer in answers.values()}) > 1:
            raise SystemExit(f"{name}: { ({server: len(answer) for server, answer in answers.items()}) }")


Figures = dict[tuple[str, str], float]
"""The results of a round, by what was measured and its unit."""


def answers(clients: ProcessPoolExecutor, server: Server, queries: Sequence[tuple[str, str]]) -> Figures:
    times = [spent for _, spent in many(clients, CLIENTS, server, queries, SECONDS)]
    return {
        ("requests a second", "1/s"): len(times) / SECONDS,
        ("median", "ms"): percentile(times, 50),
        ("99th percentile", "ms"): percentile(times, 99),
        ("memory", "MB"): memory(server.pid),
    }


def each_compared(
    what: str, values: dict[str, list[Figures]], goals: dict[str, dict[str, str]] | None = None
) -> Iterator[Row]:
    """Yield the rows of all that was measured."""
    for measured, unit in next(iter(values.values()))[0]:
        ours = {name: [figures[measured, unit] for figures in rounds] for name, rounds in values.items()}
        yield from compared(f"{what}: {measured}", unit, ours, (goals or {}).get(measured))


def mix(rounds: int) -> Iterator[Row]:
    with ExitStack() as opened:
        clients = opened.enter_context(pool(CLIENTS))
        servers = {name: opened.enter_context(served(*peers().command(name))) for name in NAMES}
        same_rows(servers)
        settled(servers[OURS])
        works = {name: partial(answers, clients, server, MIX) for name, server in servers.items()}
        values = in_turn(rounds, works)
    goals = {"requests a second": {OXIGRAPH: "≥ 0.5", RDFLIB: "≥ 8"}}
    yield from each_compared(f"mix of queries, {CLIENTS} clients", values, goals)


# --- together with endless queries -----------------------------------------------------------------------------


def send_endless(server: Server) -> None:
    """Send a query without an end, and again whenever the server ends it."""
    while True:
        connection = Connection(server, 3600)
        try:
            connection.send(connection.packed(ENDLESS))
        except (OSError, ValueError):
            time.sleep(0.1)
        connection.close()


@contextmanager
def endless_queries(server: Server, count: int) -> Iterator[None]:
    senders = [get_context("fork").Process(target=send_endless, args=[server]) for _ in range(count)]
    for sender in senders:
        sender.start()
    time.sleep(2)
    yield
    for sender in senders:
        sender.kill()


def beside(clients: ProcessPoolExecutor, name: str) -> dict[str, float]:
    """Return the rate and the times of a short query, alone and beside endless ones."""
    with served(*peers().command(name, "--timeout", str(DEADLINE))) as server:
        if name == OURS:
            settled(server)
        many(clients, 1, server, ONE_SHORT, 1)
        alone = [spent for _, spent in many(clients, 1, server, ONE_SHORT, SECONDS)]
        with endless_queries(server, 2):
            lasting = 2.5 * DEADLINE if name == OURS else SECONDS
            here = [spent for _, spent in many(clients, 1, server, ONE_SHORT, lasting, patience=lasting)]
        if name != OURS:  # nothing else ends their queries
            os.kill(server.pid, signal.SIGKILL)
    return {
        "alone": percentile(alone, 50),
        "median": percentile(here, 50),
        "99th": percentile(here, 99),
        "rate": len(here) / lasting,
    }


def endless(rounds: int) -> Iterator[Row]:
    with pool(1) as clients:
        values = in_turn(min(rounds, 2), {name: partial(beside, clients, name) for name in NAMES}, warm=False)
    found = {name: [each[name] for each in values[OURS]] for name in ("alone", "median", "99th")}
    what = "short query beside two endless ones"
    yield Row(f"{what}: 99th percentile", "ms", found["99th"], "its median", found["median"], "≤ 8")
    yield Row(f"{what}: median", "ms", found["median"], "without the two", found["alone"])
    rates = {name: [each["rate"] for each in values[name]] for name in NAMES}
    yield from compared(f"{what}: answers a second", "1/s", rates)


# --- the start -------------------------------------------------------------------------------------------------


def begun(command: Callable[[], tuple[list[str], int, str]]) -> float:
    """Return the seconds until a server answers."""
    made, begin = command(), time.perf_counter()
    with served(*made):
        return time.perf_counter() - begin


def start(rounds: int) -> Iterator[Row]:
    works = {name: partial(begun, partial(peers().command, name)) for name in NAMES}
    slow = works.pop(RDFLIB)
    checkout = {"checkout": partial(begun, jhaan), "a snapshot": works[OURS]}
    goals = dict.fromkeys((OXIGRAPH, "a snapshot"), "≤ 0.8 s")
    yield from compared("start, with a snapshot", "s", in_turn(rounds, works), goals)
    yield from compared(
        "start, with a snapshot", "s", in_turn(min(rounds, 2), {OURS: works[OURS], RDFLIB: slow}, warm=False)
    )
    yield from compared("start, from the checkout", "s", in_turn(rounds, checkout), goals)


# --- a mixed profile -------------------------------------------------------------------------------------------


def outcomes(clients: ProcessPoolExecutor, server: Server, requests: Sequence[Wanted]) -> Figures:
    done = loaded(clients, server.port, requests, SECONDS, partial(memory, server.pid), RATE)
    quick = [outcome.seconds for outcome in done.outcomes if outcome.end == "200" and outcome.kind in QUICK]
    return {
        ("answered in time", "%"): 100 * share_in_time(done.outcomes),
        ("median of short requests", "ms"): percentile(quick, 50),
        ("99th percentile of short requests", "ms"): percentile(quick, 99),
        ("peak memory", "MB"): max(done.watched),
    }


def profile(rounds: int) -> Iterator[Row]:
    with ExitStack() as opened:
        clients = opened.enter_context(pool(PROCESSES))
        works = {}
        for name in (OURS, OXIGRAPH):
            options = ["--per-client", str(Limits().per_client)] if name == OURS else []
            command, port, path = peers().command(name, *options)
            server = opened.enter_context(served(command, port, path))
            works[name] = partial(outcomes, clients, server, sparql_requests(path))
            if name == OURS:
                settled(server)
                requests = [*site_requests(), *sparql_requests(path)]
                works[SITE] = partial(outcomes, clients, server, requests)
        values = in_turn(min(rounds, 2), works)
    yield from each_compared(
        f"SPARQL, {RATE:g} requests a second", {name: values[name] for name in (OURS, OXIGRAPH)}
    )
    both = {SITE: values[SITE], "SPARQL alone": values[OURS]}
    yield from each_compared(f"{SITE}, {RATE:g} requests a second", both)


# --- more of the same ------------------------------------------------------------------------------------------


def write_repeated(folder: Path) -> None:
    snapshot = open_snapshot()
    repeated(snapshot, folder, COPIES * snapshot.triples(evidence=True))


def size(rounds: int) -> Iterator[Row]:
    options = ("--timeout", "120", "--workers", str(os.cpu_count()))
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()), "snapshot")
        with pool(1) as maker:  # which returns its memory
            maker.submit(write_repeated, folder).result()
        clients = opened.enter_context(pool(CLIENTS))
        works: dict[str, Callable[[], Figures]] = {}
        for name, place, queries in (
            ("many", folder, of_first_copy(MIX)),
            ("one copy", peers().snapshot.path, MIX),
        ):
            server = opened.enter_context(served(*jhaan(place, *options)))
            settled(server)

            def figures(server: Server = server, queries: Sequence[tuple[str, str]] = queries) -> Figures:
                connection = Connection(server)
                count = elapsed(lambda: connection.ask(ALL))()
                connection.close()
                return {**answers(clients, server, queries), ("entities by class", "ms"): count}

            works[name] = figures
        values = in_turn(min(rounds, 3), works)
    yield from each_compared(f"the graph {COPIES} times", values)


if __name__ == "__main__":
    run(5, mix, endless, start, profile, size)

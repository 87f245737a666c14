"""Benchmark of `jhaan serve` against two other servers, in one run, and of the limits of one machine.

The peers are `rdflib-endpoint serve` and `oxigraph serve-read-only`, both from PyPI. All servers have the same quads
(the dataset with its evidence), with the union of all graphs as default graph. Oxigraph reads them from its store on
disk, the others from memory. Clients are separate processes with persistent connections. They run on the same cores as
the server, so all rates are lower bounds. Of ten requests, one is a join of eight patterns, one is an aggregate over
nested OPTIONALs, and eight are short, in random order. First, all servers must return the same rows. Then one server is
queried at a time, round by round.

    mix      8 clients. Goal: at least 7 times the requests per second of rdflib-endpoint, and 0.6 times Oxigraph's.
    endless  One client with a short query, and two clients with an endless query, which is sent again when its time
             limit ends it. Goal: a 99th percentile of the short query below 5 times the median.
    start    The time from the start of the process to the first answer. Goal: at most one second.
    profile  Requests for pages, entities, stored questions, and short and long SPARQL, slow readers, and clients that
             leave early. The rate rises until fewer than 95 % are answered in time: one second, ten for long queries,
             thirty for slow readers. The peers, and `jhaan serve` in a second run, get only the SPARQL requests.
    size     The graph repeated 1, 4, 16, … times under other IRIs, and queries about the first copy. There are as many
             workers as cores, since a worker copies the memory that it uses: 64 copies with 8 workers could need 50 GB.

    python benchmarks/bench_serve.py [--rounds N] [--seconds N] [--starts N] [--rate N] [--sizes N…] [PART…]
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from asking import (
    Connection,
    Server,
    Times,
    jhaan,
    load_average,
    many,
    memory,
    oxigraph,
    peak,
    percentile,
    rdflib_endpoint,
    rows,
    served,
    settled,
)
from mixed_load import (
    PROCESSES,
    QUICK,
    Load,
    answered,
    errors,
    loaded,
    rising,
    share_in_time,
    site_requests,
    sparql_requests,
)
from repeated import repeated
from timing import disk_store

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export
from jhaan_kg.namespaces import BASE
from jhaan_kg.serve.config import Limits

PARTS = ("mix", "endless", "start", "profile", "size")
CLIENTS = 8
OURS, RDFLIB, OXIGRAPH = "jhaan serve", "rdflib-endpoint", "oxigraph"

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

    def __init__(self, folder: Path) -> None:
        self.snapshot = open_snapshot()
        self.quads = disk_store(self.snapshot, folder / "store")
        self.file = folder / "dataset.nq"
        self.file.write_bytes(export(self.snapshot, "nquads", evidence=True))
        self.store = folder / "store"

    def command(self, name: str) -> tuple[list[str], int, str]:
        if name == OURS:
            return jhaan(self.snapshot.path)
        return oxigraph(self.store) if name == OXIGRAPH else rdflib_endpoint(self.file)


# --- the mix ---------------------------------------------------------------------------------------------------


def same_rows(servers: dict[str, Server]) -> None:
    """Check that all servers return the same rows, and print their number."""
    counts = []
    for name, query in dict(MIX).items():
        answers = {}
        for server_name, server in servers.items():
            connection = Connection(server)
            answers[server_name] = rows(connection.ask(query))
            connection.close()
        if len({tuple(answer) for answer in answers.values()}) > 1:
            raise SystemExit(f"{name}: { ({server: len(answer) for server, answer in answers.items()}) }")
        counts.append(f"{name} {len(answers[OURS])}")
    print(f"The same rows from all: {', '.join(counts)}")


class Figures:
    """The results of one server's rounds."""

    def __init__(self) -> None:
        self._rounds: list[tuple[float, ...]] = []
        self._all: Times = []

    def add(self, times: Times, seconds: float) -> None:
        taken = [time_ for _, time_ in times]
        self._rounds.append((len(times) / seconds, *(percentile(taken, part) for part in (50, 95, 99))))
        self._all += times

    @property
    def medians(self) -> tuple[float, ...]:
        """The medians of the rounds: requests per second, and 50th, 95th and 99th percentile in milliseconds."""
        return tuple(median(figures) for figures in zip(*self._rounds, strict=True))

    def of(self, query: str) -> float:
        return percentile([time_ for name, time_ in self._all if name == query], 50)


def mix(peers: Peers, clients: ProcessPoolExecutor, rounds: int, seconds: float) -> None:
    found = {name: Figures() for name in (OURS, OXIGRAPH, RDFLIB)}
    with ExitStack() as open_things:
        servers = {name: open_things.enter_context(served(*peers.command(name))) for name in found}
        same_rows(servers)
        settled(servers[OURS])
        for server in servers.values():
            many(clients, CLIENTS, server, MIX, 1)
        for _ in range(rounds):
            for name, server in servers.items():
                found[name].add(many(clients, CLIENTS, server, MIX, seconds), seconds)
        taken = {name: memory(server.pid) for name, server in servers.items()}
    print(f"{CLIENTS} clients, {rounds} rounds of {seconds:g} s each, medians")
    print("                   req/s   ms: p50     p95     p99  memory, MB   p50 of: join  aggregate  labels")
    for name, figures in found.items():
        rate, *parts = figures.medians
        print(
            f"{name:<16}{rate:>8,.0f}  {''.join(f'{part:>8.1f}' for part in parts)}{taken[name]:>12.0f}"
            f"{figures.of('join'):>15.1f}{figures.of('aggregate'):>11.1f}{figures.of('labels'):>8.1f}"
        )
    ours = found[OURS].medians[0]
    print(
        f"jhaan serve answers {ours / found[RDFLIB].medians[0]:.1f} times what rdflib-endpoint does (goal: 7), "
        f"{ours / found[OXIGRAPH].medians[0]:.2f} times what oxigraph does (goal: 0.6)"
    )


# --- together with endless queries -----------------------------------------------------------------------------


def send_endless(server: Server) -> None:
    """Send an endless query repeatedly, each time after the server has ended the last one."""
    while True:
        connection = Connection(server, 3600)
        try:
            connection.send(connection.packed(ENDLESS))
        except (OSError, ValueError):
            time.sleep(0.1)
        connection.close()


@contextmanager
def endless(server: Server, count: int) -> Iterator[None]:
    senders = [get_context("fork").Process(target=send_endless, args=[server]) for _ in range(count)]
    for sender in senders:
        sender.start()
    time.sleep(2)
    yield
    for sender in senders:
        sender.kill()


def beside(peers: Peers, clients: ProcessPoolExecutor, seconds: float, over_deadline: float) -> None:
    print(
        "A short query (labels), one client, ms   alone: p50     p99   beside two: p50     p99  p99/p50  answers"
    )
    for name in (OURS, OXIGRAPH, RDFLIB):
        with served(*peers.command(name)) as server:
            if name == OURS:
                settled(server)
            many(clients, 1, server, ONE_SHORT, 1)
            alone = [time_ for _, time_ in many(clients, 1, server, ONE_SHORT, seconds)]
            with endless(server, 2):
                lasting = over_deadline if name == OURS else seconds
                here = [time_ for _, time_ in many(clients, 1, server, ONE_SHORT, lasting, patience=lasting)]
            if name != OURS:  # the peers have no time limit for queries
                os.kill(server.pid, signal.SIGKILL)
        figures = [percentile(times, part) for times in (alone, here) for part in (50, 99)]
        shown = f"{figures[2]:>19.2f}{figures[3]:>8.2f}{figures[3] / figures[2]:>9.1f}" if here else " " * 36
        print(f"{name:<36}{figures[0]:>12.2f}{figures[1]:>8.2f}{shown}  {len(here):,} in {lasting:g} s")


# --- the start -------------------------------------------------------------------------------------------------


def start(peers: Peers, starts: int) -> None:
    commands = {
        "jhaan serve --snapshot FOLDER": lambda: jhaan(peers.snapshot.path),
        "jhaan serve, from the checkout": jhaan,
        "oxigraph serve-read-only": lambda: peers.command(OXIGRAPH),
        "rdflib-endpoint serve": lambda: peers.command(RDFLIB),
    }
    times: dict[str, list[float]] = {what: [] for what in commands}
    for number in range(starts + 1):
        for what, command in commands.items():
            if "rdflib" in what and number > 3:
                continue
            made = command()
            begin = time.perf_counter()
            with served(*made):
                if number:  # the first start of each fills caches
                    times[what].append(time.perf_counter() - begin)
    print("From the start of the process to the first answer, seconds: median (least to most)")
    for what, taken in times.items():
        print(f"{what:<32}{median(taken):>7.2f} ({min(taken):.2f} to {max(taken):.2f}, {len(taken)} starts)")


# --- a mixed profile at rising rates ---------------------------------------------------------------------------


def profile(peers: Peers, rate: float, seconds: float) -> None:
    """Print the results of a mixed load, rate by rate."""
    print(f"A mixed load, {seconds:g} s at each rate; clients have addresses of their own")
    print(
        "                          asked   answered in time  quick, ms:       long, ms:  memory,    clients"
    )
    print(
        "                             /s        /s        %     p50     p99         p50       MB  behind, ms  errors"
    )
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        for name, what in ((OURS, "all"), (OURS, "SPARQL"), (OXIGRAPH, "SPARQL"), (RDFLIB, "SPARQL")):
            command, port, path = peers.command(name)
            limits = ["--per-client", str(Limits().per_client)] if name == OURS else []
            requests = [*(site_requests() if what == "all" else []), *sparql_requests(path)]
            with served([*command, *limits], port, path) as server:
                if name == OURS:
                    settled(server)
                ask = partial(loaded, pool, port, requests, seconds, partial(memory, server.pid))
                ask(rate)
                for at, done in rising(ask, rate):
                    print(f"{name + ', ' + what:<25}{row(at, seconds, done)}", flush=True)


def row(rate: float, seconds: float, done: Load) -> str:
    """Return the figures of one rate."""
    quick, slow = (
        [outcome.seconds for outcome in done.outcomes if outcome.end == "200" and outcome.kind in kinds]
        for kinds in (QUICK, ("long",))
    )
    behind = percentile([outcome.behind for outcome in done.outcomes], 99)
    wrong = ", ".join(f"{count} {error}" for error, count in errors(done.outcomes).most_common())
    return (
        f"{rate:>6.0f}{len(answered(done.outcomes)) / seconds:>10.1f}{100 * share_in_time(done.outcomes):>9.0f}"
        f"{percentile(quick, 50):>8.0f}{percentile(quick, 99):>9.0f}{percentile(slow, 50):>12.0f}"
        f"{max(done.watched):>9.0f}{behind:>13.0f}  {wrong}"
    )


# --- repeated graphs -------------------------------------------------------------------------------------------


def make(folder: Path, times: int) -> int:
    """Write a repeated graph, and return the number of quads."""
    snapshot = open_snapshot()
    quads = times * snapshot.triples(evidence=True)
    repeated(snapshot, folder, quads)
    return quads


def size(clients: ProcessPoolExecutor, sizes: list[int], rounds: int, seconds: float) -> None:
    queries, everything = of_first_copy(MIX), [("all", ALL)]
    print(f"The mix at {CLIENTS} clients; all is a query that counts all things by class, one client")
    print(
        "times       quads   start, s   MB: start    peak   after    req/s   ms: p50     p95     p99      all"
    )
    for number in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "snapshot"
            with ProcessPoolExecutor(1, get_context("spawn")) as maker:  # to release its memory
                quads = maker.submit(make, folder, number).result()
            begin = time.perf_counter()
            with served(*jhaan(folder, "--timeout", "120", "--workers", str(os.cpu_count()))) as server:
                started = time.perf_counter() - begin
                settled(server)
                fresh = memory(server.pid)
                many(clients, CLIENTS, server, queries, 1)
                found = Figures()
                for _ in range(rounds):
                    found.add(many(clients, CLIENTS, server, queries, seconds), seconds)
                scan = percentile([time_ for _, time_ in many(clients, 1, server, everything, seconds)], 50)
                rate, *parts = found.medians
                taken = "".join(
                    f"{megabytes:>8,.0f}" for megabytes in (fresh, peak(server.pid), memory(server.pid))
                )
                print(
                    f"{number:>5}{quads:>12,}{started:>11.1f}{taken:>28}{rate:>9,.0f}"
                    f"  {''.join(f'{part:>8.1f}' for part in parts)}{scan:>9.0f}",
                    flush=True,
                )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without any")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8, help="how long a round is")
    parser.add_argument("--over-deadline", type=float, default=35, help="seconds beside endless queries")
    parser.add_argument("--starts", type=int, default=9)
    parser.add_argument(
        "--rate", type=float, default=2, help="requests a second at the beginning of the profile"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 4, 16])
    options = parser.parse_args()
    parts = options.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(unknown)}")
    with ProcessPoolExecutor(CLIENTS, get_context("spawn")) as clients, tempfile.TemporaryDirectory() as name:
        peers = Peers(Path(name))
        print(f"{peers.quads:,} quads, {os.cpu_count()} cores; load before: {load_average()}", flush=True)
        if "mix" in parts:
            mix(peers, clients, options.rounds, options.seconds)
        if "endless" in parts:
            beside(peers, clients, options.seconds, options.over_deadline)
        if "start" in parts:
            start(peers, options.starts)
        if "profile" in parts:
            profile(peers, options.rate, options.seconds)
        if "size" in parts:
            size(clients, options.sizes, options.rounds, options.seconds)


if __name__ == "__main__":
    main()

"""The content of a store, as seen over plain HTTP: graphs of others, and our graphs during a load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final, NamedTuple

import requests
from pyoxigraph import Triple

from jhaan_kg.namespaces import GRAPH
from releases import RELEASE
from servers import Server

THEIRS: Final = "<http://example.org/a> <http://example.org/b> <http://example.org/c> ."
FOREIGN: Final = {
    "http://example.org/graph/staff": (
        '<http://example.org/ann> <http://example.org/name> "Ann \\"the boss\\" Ö."@en , '
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    ),
    # Names that begin as ours do, and are none of ours.
    GRAPH.removesuffix("/"): THEIRS,
    f"{GRAPH.removesuffix('/')}s/own": THEIRS,
    f"{GRAPH.upper()}report": THEIRS,
}
"""Graphs of others, with what they hold."""

STATE: Final = f"""
SELECT ?graph (COUNT(*) AS ?triples)
    (SUM(IF(?p = {RELEASE}, IF(STR(?o) = "older", 1, 0), 0)) AS ?older)
    (SUM(IF(?p = {RELEASE}, IF(STR(?o) = "newer", 1, 0), 0)) AS ?newer)
WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?graph), "{GRAPH}")) }}
GROUP BY ?graph
"""
MIXED: Final = f"""
SELECT (COUNT(*) AS ?pairs) WHERE {{
    GRAPH ?one {{ ?one {RELEASE} ?older }}
    GRAPH ?other {{ ?other {RELEASE} ?newer }}
    FILTER(STR(?older) = "older" && STR(?newer) = "newer")
}}
"""

Graph = tuple[int, int, int]
"""How many triples a graph has, and how many of them say that it is of the older and of the newer release."""


class Seen(NamedTuple):
    """What a reader has seen.

    Attributes:
        states: of the graphs of ours, less repetitions.
        pairs: how many pairs of graphs, one of the older and one of the newer release, a query that joins them found.
    """

    states: list[dict[str, Graph]]
    pairs: set[int]


def put_foreign(server: Server) -> None:
    """Put graphs of others into a store."""
    for graph, triples in FOREIGN.items():
        server.change(f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}")


def foreign(server: Server) -> dict[str, list[str]]:
    """Return what a store has in graphs of others, triple by triple."""
    return {graph: sorted(map(str, server.triples(graph))) for graph in FOREIGN}


def state(server: Server) -> dict[str, Graph]:
    """Return the state of the graphs of ours."""
    return {
        row["graph"]: (int(row["triples"]), int(row["older"]), int(row["newer"]))
        for row in server.rows(STATE)
        if row["graph"].startswith(GRAPH)
    }


def expected(graphs: Mapping[str, set[Triple]]) -> dict[str, Graph]:
    """Return the state in which a release is."""
    marks = {
        graph: Counter(triple.object.value for triple in triples if triple.predicate == RELEASE)
        for graph, triples in graphs.items()
    }
    return {
        graph: (len(triples), marks[graph]["older"], marks[graph]["newer"])
        for graph, triples in graphs.items()
    }


@contextmanager
def reader(server: Server) -> Iterator[Seen]:
    """Read again and again, as long as the server is there and the context lasts."""
    seen, ended = Seen([], set()), Event()

    def read() -> None:
        while not ended.is_set():
            try:
                found = state(server)
                seen.pairs.update(int(row["pairs"]) for row in server.rows(MIXED))
            except requests.RequestException:  # the server has been killed
                ended.wait(0.05)
                continue
            if found not in seen.states:
                seen.states.append(found)
            ended.wait(0.02)  # the store has more to do than to answer this

    thread = Thread(target=read)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()

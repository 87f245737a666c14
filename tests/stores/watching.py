"""The content of a store during a load, as read over plain HTTP: the project's graphs and foreign ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final, NamedTuple

import requests
from pyoxigraph import Triple
from releases import RELEASE

from jhaan_kg.namespaces import GRAPH
from servers import Server

THEIRS: Final = "<http://example.org/a> <http://example.org/b> <http://example.org/c> ."
FOREIGN: Final = {
    "http://example.org/graph/staff": (
        '<http://example.org/ann> <http://example.org/name> "Ann \\"the boss\\" Ö."@en , '
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    ),
    # Names that begin like those of the project's graphs, but are foreign.
    GRAPH.removesuffix("/"): THEIRS,
    f"{GRAPH.removesuffix('/')}s/own": THEIRS,
    f"{GRAPH.upper()}report": THEIRS,
}
"""Foreign graphs, with their triples."""

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
"""The numbers of triples in a graph: all, and those that state the older and the newer release."""


class Seen(NamedTuple):
    """The states of a store that a reader has observed.

    Attributes:
        states: the different states of the project's graphs.
        pairs: the observed numbers of pairs of graphs from different releases, found by a query that joins them.
    """

    states: list[dict[str, Graph]]
    pairs: set[int]


def put_foreign(server: Server) -> None:
    """Insert the foreign graphs into a store."""
    for graph, triples in FOREIGN.items():
        server.change(f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}")


def foreign(server: Server) -> dict[str, list[str]]:
    """Return the triples of the foreign graphs in a store."""
    return {graph: sorted(map(str, server.triples(graph))) for graph in FOREIGN}


def state(server: Server) -> dict[str, Graph]:
    """Return the state of the project's graphs."""
    return {
        row["graph"]: (int(row["triples"]), int(row["older"]), int(row["newer"]))
        for row in server.rows(STATE)
        if row["graph"].startswith(GRAPH)
    }


def expected(graphs: Mapping[str, set[Triple]]) -> dict[str, Graph]:
    """Return the state of the project's graphs after a load of a release."""
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
    """Read the state of a store repeatedly within a block, also while the server is not available."""
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
            ended.wait(0.02)  # a pause, so that the load gets most of the store's time

    thread = Thread(target=read)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()

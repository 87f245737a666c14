"""All stored questions in Python, warm, against the bare engine in memory and rdflib.

It measures the processor time of `KnowledgeGraph.query`, including reading the rows. Peers: the engine itself
(`pyoxigraph.Store.query` in memory with the same SPARQL, including reading the terms), and rdflib on the flat graph
for the slowest questions.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from statistics import median

from pyoxigraph import RdfFormat, Store, serialize
from rdflib import Graph
from timing import Row, compared, elapsed, in_turn, run

from jhaan_kg import KnowledgeGraph
from jhaan_kg.build.cache import open_snapshot, store_for
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.query.engine import StoreEngine, bind
from jhaan_kg.query.names import resolve_parameters

SLOWEST = 5
MILLISECONDS = 2.0
"""Differences up to this do not count for the question that is furthest from the bare engine."""


def questions(rounds: int) -> Iterator[Row]:
    snapshot = open_snapshot()
    catalogue = load_catalogue(snapshot.catalogue_path)
    graph = KnowledgeGraph.open()
    for stored in catalogue:
        if not stored.needs_evidence:
            graph.query(stored.name)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row("peak memory, all questions without evidence", "MB", [memory], goal="≤ 150 MB")

    stores = {
        evidence: store_for(snapshot, evidence=evidence, context=True, in_memory=True)
        for evidence in (False, True)
    }
    values, texts = {}, {}
    for stored in catalogue:
        store = stores[stored.needs_evidence]
        text = texts[stored.name] = bind(stored.text, resolve_parameters(StoreEngine(store), stored, {}))

        def own(name: str = stored.name) -> object:
            return graph.query(name).rows

        def bare(store: Store = store, text: str = text) -> object:
            return [tuple(row) for row in store.query(text, use_default_graph_as_union=True)]  # type: ignore[union-attr]

        works = {"ours": elapsed(own, time.process_time), "pyoxigraph": elapsed(bare, time.process_time)}
        values[stored.name] = in_turn(rounds, works)
    medians = {
        peer: [median(each) for each in zip(*(value[peer] for value in values.values()), strict=True)]
        for peer in works
    }
    yield from compared(f"median of {len(values)} questions", "ms", medians, {"pyoxigraph": "≤ 1.2"})
    least = {name: (min(value["ours"]), min(value["pyoxigraph"])) for name, value in values.items()}
    furthest = max(least, key=lambda name: (least[name][0] - MILLISECONDS) / least[name][1])
    goals = {"pyoxigraph": f"≤ 2, or {MILLISECONDS:g} ms more"}
    yield from compared(f"`{furthest}`, furthest from the peer", "ms", values[furthest], goals)
    triples = (quad.triple for quad in snapshot.quads(evidence=True, context=True))
    flat = Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
    for name in sorted(values, key=lambda name: -least[name][0])[:SLOWEST]:
        yield from compared(f"`{name}`, one of the slowest", "ms", values[name])
        works = {
            "ours": elapsed(lambda name=name: graph.query(name).rows, time.process_time),  # type: ignore[misc]
            "rdflib": elapsed(lambda name=name: list(flat.query(texts[name])), time.process_time),  # type: ignore[misc]
        }
        yield from compared(f"`{name}`, one of the slowest", "ms", in_turn(2, works, warm=False))


if __name__ == "__main__":
    run(5, questions)

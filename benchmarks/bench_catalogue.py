"""Benchmark of all stored questions in Python, warm, against the bare engine in memory and rdflib, in one run.

It measures `KnowledgeGraph.query`, including reading the rows, and two peers. One is the engine itself
(`pyoxigraph.Store.query` in memory with the same SPARQL, including reading the terms). The other is rdflib on the flat
graph, for the slowest five questions. Goals:

- the median question takes at most 1.2 times as long as in the bare engine;
- no question takes more than twice as long plus 2 ms;
- the process uses at most 150 MB after all questions that need no evidence.

    python benchmarks/bench_catalogue.py [RUNS]
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import RdfFormat, Store, serialize
from rdflib import Graph

from jhaan_kg import KnowledgeGraph
from jhaan_kg.build.cache import open_snapshot, store_for
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.query.engine import StoreEngine, bind
from jhaan_kg.query.names import resolve_parameters

SLOWEST = 5
MEDIAN, WIDEST, MILLISECONDS, MEBIBYTES = 1.2, 2.0, 2.0, 150


def milliseconds(runs: int, *works: Callable[[], object]) -> list[float]:
    """Return the minimum processor time of each function in milliseconds.

    The functions run in turn, after one run that fills caches.
    """
    for work in works:
        work()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, own in zip(works, times, strict=True):
            begin = time.process_time()
            work()
            own.append((time.process_time() - begin) * 1000)
    return [min(own) for own in times]


def memory() -> tuple[float, float]:
    """Return the current and the peak memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pages * resource.getpagesize() / 2**20, most / 2**10


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    snapshot = open_snapshot()
    catalogue = load_catalogue(snapshot.catalogue_path)
    graph = KnowledgeGraph.open()
    for stored in catalogue:
        if not stored.needs_evidence:
            graph.query(stored.name)
    now, most = memory()
    print(
        f"memory after all questions without evidence: {now:.0f} MiB, at most {most:.0f} (goal: {MEBIBYTES})"
    )

    stores = {
        evidence: store_for(snapshot, evidence=evidence, context=True, in_memory=True)
        for evidence in (False, True)
    }
    times, texts = {}, {}
    for stored in catalogue:
        store = stores[stored.needs_evidence]
        text = bind(stored.text, resolve_parameters(StoreEngine(store), stored, {}))

        def own(name: str = stored.name) -> object:
            return graph.query(name).rows

        def bare(store: Store = store, text: str = text) -> object:
            return [tuple(row) for row in store.query(text, use_default_graph_as_union=True)]  # type: ignore[union-attr]

        times[stored.name] = milliseconds(runs, own, bare)
        texts[stored.name] = text
    ratios = {name: own / peer for name, (own, peer) in times.items()}
    beyond = [name for name, (own, peer) in times.items() if own > WIDEST * peer + MILLISECONDS]
    print(f"{len(times)} questions, best of {runs} runs, warm, in milliseconds")
    print(f"median question {statistics.median(own for own, _ in times.values()):.1f}, ", end="")
    print(f"{statistics.median(ratios.values()):.2f} times the bare engine (goal: {MEDIAN})")
    print(f"beyond {WIDEST:g} times and {MILLISECONDS:g} ms: {', '.join(beyond) or 'none'}")
    flat = Graph().parse(
        data=serialize(
            (quad.triple for quad in snapshot.quads(evidence=True, context=True)), format=RdfFormat.N_TRIPLES
        ),
        format="nt",
    )
    print(f"\n{'slowest':<34}{'jhaan':>8}{'bare':>8}{'rdflib':>10}{'rdflib/':>9}")
    for name in sorted(times, key=lambda name: -times[name][0])[:SLOWEST]:
        mine, peer = times[name]
        (script,) = milliseconds(1, lambda name=name: list(flat.query(texts[name])))  # type: ignore[misc]
        print(f"{name:<34}{mine:>8.1f}{peer:>8.1f}{script:>10.0f}{script / mine:>9.1f}")


if __name__ == "__main__":
    main()

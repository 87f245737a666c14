"""How long each stored question takes, warm, on the embedded engine, against the bare engine and rdflib, in one run.

Peers: the engine itself (`pyoxigraph.Store.query` with the same SPARQL, its rows read), and rdflib on the flat graph,
which is asked the slowest five. Goals: the median question within 1.5 times the bare engine, the slowest under 50 ms.

    python benchmarks/bench_catalogue.py [RUNS]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from pyoxigraph import RdfFormat, Store, serialize
from rdflib import Graph

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.query.answer import answer, bind
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.names import resolve_parameters

SLOWEST = 5


def milliseconds(runs: int, work: Callable[[], object]) -> float:
    """Give the median time of some work, after one run that fills caches."""
    work()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    snapshot = open_snapshot()
    stores = {evidence: Store() for evidence in (False, True)}
    for evidence, store in stores.items():
        store.bulk_extend(snapshot.quads(evidence=evidence, context=True))
    times = {}
    texts = {}
    for stored in load_catalogue(snapshot.catalogue_path):
        store = stores[stored.needs_evidence]
        engine = StoreEngine(store)
        values = resolve_parameters(engine, stored, {})
        text = texts[stored.name] = bind(stored.text, values)

        def ours(engine: StoreEngine = engine, stored=stored, values=values) -> object:  # type: ignore[no-untyped-def]
            return answer(engine, stored, values)

        def bare(store: Store = store, text: str = text) -> object:
            return list(store.query(text, use_default_graph_as_union=True))

        times[stored.name] = (milliseconds(runs, ours), milliseconds(runs, bare))
    print(f"{len(times)} questions, medians of {runs} runs, warm, in milliseconds")
    ratios = [own / peer for own, peer in times.values()]
    print(f"median question {statistics.median(own for own, _ in times.values()):.1f}, ", end="")
    print(f"{statistics.median(ratios):.2f} times the bare engine (widest {max(ratios):.2f})")
    flat = Graph().parse(
        data=serialize(
            (quad.triple for quad in snapshot.quads(evidence=True, context=True)), format=RdfFormat.N_TRIPLES
        ),
        format="nt",
    )
    print(f"\n{'slowest':<34}{'jhaan':>8}{'bare':>8}{'rdflib':>10}{'rdflib/':>9}")
    for name in sorted(times, key=lambda name: -times[name][0])[:SLOWEST]:
        own, peer = times[name]
        script = milliseconds(1, lambda name=name: list(flat.query(texts[name])))  # type: ignore[misc]
        print(f"{name:<34}{own:>8.1f}{peer:>8.1f}{script:>10.0f}{script / own:>9.1f}")


if __name__ == "__main__":
    main()

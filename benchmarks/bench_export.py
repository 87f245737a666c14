"""Benchmark of JSON-LD against rdflib's serializer in one run, and of the time of documents of entities.

There are three measurements: writing the flat graph from loaded triples, whole processes that read and write files,
and documents for each entity. rdflib writes without a context and with the project's context. The documents are written
for the graph, and for copies of it under other IRIs. Goals: no slower than rdflib, and time linear in the size of the
graph.

    python benchmarks/bench_export.py [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import NamedNode, Triple
from rdflib import Graph
from timing import ENVIRONMENT

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export
from jhaan_kg.export.rdf import documents
from jhaan_kg.namespaces import ID
from jhaan_kg.results.jsonld import FILE, Compaction, lay_out, load_context

COPIES = (1, 2, 4, 8)
RDFLIB_SCRIPT = """
import json, sys
from rdflib import Graph
graph = Graph().parse(sys.argv[1], format="nt")
context = json.load(open(sys.argv[3]))["@context"] if len(sys.argv) > 3 else None
graph.serialize(sys.argv[2], format="json-ld", context=context, encoding="utf-8")
"""


def median(runs: int, work: Callable[[], object]) -> float:
    """Return the median time of a function in milliseconds, without the first run, which fills caches."""
    times = []
    for _ in range(runs + 1):
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times[1:])


def process(*command: str) -> Callable[[], object]:
    return lambda: subprocess.run(command, check=True, env=ENVIRONMENT, stderr=subprocess.DEVNULL)


def report(what: str, times: dict[str, float]) -> None:
    own = times["ours"]
    peers = ", ".join(
        f"{peer} {spent:.0f} ms ({spent / own:.2f})" for peer, spent in times.items() if peer != "ours"
    )
    print(f"{what}: ours {own:.0f} ms; {peers}")


def copy(triples: list[Triple], number: int) -> list[Triple]:
    """Return the graph under other IRIs, except those of vocabularies."""

    def renamed(term: object) -> object:
        if isinstance(term, NamedNode) and term.value.startswith(ID):
            return NamedNode(f"{ID}copy-{number}/{term.value.removeprefix(ID)}")
        return term

    return [Triple(*map(renamed, triple)) for triple in triples]


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    snapshot, context = open_snapshot(), load_context()
    triples = list(dict.fromkeys(quad.triple for quad in snapshot.quads(evidence=False, context=True)))
    flat = export(snapshot, "ntriples")
    graph = Graph().parse(data=flat, format="nt")
    print(f"{sys.executable}: medians of {runs} runs; {len(triples):,} triples; in brackets, times our time")

    def ours() -> bytes:
        nodes = list(Compaction(context).nodes(triples))
        return lay_out({"@context": context.definitions, "@graph": nodes})

    report(
        "from triples",
        {
            "ours": median(runs, ours),
            "rdflib without context": median(runs, lambda: graph.serialize(format="json-ld")),
            "rdflib with ours": median(
                runs, lambda: graph.serialize(format="json-ld", context=dict(context.definitions))
            ),
        },
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target, script = folder / "flat.nt", str(folder / "flat.jsonld"), folder / "write.py"
        source.write_bytes(flat)
        script.write_text(RDFLIB_SCRIPT)
        rdflib = (sys.executable, str(script), str(source), target)
        report(
            "whole process",
            {
                "ours": median(
                    runs, process(sys.executable, "-m", "jhaan_kg", "export", "jsonld", "-o", target)
                ),
                "rdflib without context": median(runs, process(*rdflib)),
                "rdflib with ours": median(runs, process(*rdflib, str(FILE))),
            },
        )
    things = [triple for triple in triples if str(triple.subject).startswith(f"<{ID}")]
    for copies in COPIES:
        many = [triple for number in range(copies) for triple in copy(things, number)]
        number = len(list(documents(many)))
        spent = median(max(1, runs // copies), lambda many=many: list(documents(many)))
        rate = number / spent * 1000
        print(f"a document for each thing, {copies} x: {number:,} in {spent:,.0f} ms, {rate:,.0f} a second")


if __name__ == "__main__":
    main()

"""Benchmark of the time and size of pages of `jhaan serve`, for all questions, all sections, and some entities.

One client requests each page three times in sequence. The shortest time until the last byte counts. The baseline is the
form for SPARQL, which does not query the graph. Goals: at most 150 ms and 150 kB for each page.

    python benchmarks/bench_pages.py [--things N]
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import requests
from asking import jhaan, load_average, served
from pyoxigraph import NamedNode

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.namespaces import BASE
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.report_text import open_reports
from jhaan_kg.serve.config import PAGES

SECONDS, BYTES = 0.15, 150_000
SHOWN = 5
PEER = "sparql"


def paths(things: int) -> list[str]:
    """Return the paths of the pages to request, with about a number of entities."""
    snapshot = open_snapshot()
    subjects = {
        quad.subject.value.partition("#")[0]
        for quad in snapshot.quads(evidence=False, context=True)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE)
    }
    drawn = sorted(subjects)[:: max(1, len(subjects) // things)]
    sections = [
        f"read/{name}/{section.iri.rpartition('/section/')[2]}"
        for name, report in open_reports(snapshot).items()
        for section in report.document.sections
    ]
    questions = [f"questions/{query.name}" for query in load_catalogue(snapshot.catalogue_path)]
    alone = ["", PEER, "questions", "ontology", *PAGES, "search?q=frontx"]
    return [*alone, *questions, *sections, *(iri.removeprefix(BASE) for iri in drawn)]


def main() -> None:
    """Request the pages, and print the slowest and the largest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--things", type=int, default=500, metavar="N", help="how many things (default: 500)")
    options = parser.parse_args()
    seconds: dict[str, float] = {}
    sizes: dict[str, int] = {}
    with served(*jhaan()) as server, requests.Session() as session:
        address = f"http://127.0.0.1:{server.port}"
        for path in dict.fromkeys(paths(options.things)):
            for _ in range(3):
                begun = time.perf_counter()
                reply = session.get(f"{address}/{path}", headers={"Accept": "text/html"}, timeout=60)
                reply.raise_for_status()
                took = time.perf_counter() - begun
                seconds[path] = min(took, seconds.get(path, took))
            sizes[path] = len(reply.content)
    peer = seconds[PEER]
    print(f"{len(seconds)} pages; load of the machine {load_average()}")
    print(f"median {median(seconds.values()) * 1000:.1f} ms, {median(sizes.values()) / 1000:.1f} kB")
    slow = sum(each > SECONDS for each in seconds.values())
    print(f"{slow} pages take more than {SECONDS * 1000:.0f} ms; the slowest (and as a multiple of /{PEER}):")
    for path in sorted(seconds, key=lambda path: -seconds[path])[:SHOWN]:
        print(f"  {seconds[path] * 1000:7.1f} ms {seconds[path] / peer:8.0f}  /{path}")
    long = sum(each > BYTES for each in sizes.values())
    print(f"{long} pages have more than {BYTES / 1000:.0f} kB; the longest:")
    for path in sorted(sizes, key=lambda path: -sizes[path])[:SHOWN]:
        print(f"  {sizes[path] / 1000:7.1f} kB  /{path}")


if __name__ == "__main__":
    main()

"""Benchmark of a whole process that answers one stored question, against named peers, in one run.

The peers are Oxigraph's command line on a disk store of the same quads, and a script that parses the flat graph with
rdflib and queries it. Goals: at most 2 times Oxigraph's time, and at most a fifth of the script's time. The benchmark
also measures a search and `--help`, whose goal is less than 4 times an empty Python process.

    python benchmarks/bench_query.py [RUNS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from timing import disk_store, milliseconds

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export
from jhaan_kg.query.catalogue import load_catalogue

BIN = Path(sys.executable).parent
QUERIES = ("empact-co-run", "events-by-month", "event-participants", "contradictions")
RDFLIB_SCRIPT = """
import sys
from rdflib import Graph
graph = Graph().parse(sys.argv[1], format="nt")
print(graph.query(open(sys.argv[2]).read()).serialize(format="csv").decode())
"""


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    snapshot = open_snapshot()
    catalogue = load_catalogue(snapshot.catalogue_path)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        disk_store(snapshot, folder / "store")
        (folder / "flat.nt").write_bytes(export(snapshot, "ntriples"))
        (folder / "ask.py").write_text(RDFLIB_SCRIPT)
        print(f"{sys.executable}: medians of {runs} runs, whole process, in milliseconds")
        print(f"{'question':<22}{'jhaan':>8}{'oxigraph':>10}{'rdflib':>9}{'/oxigraph':>11}{'rdflib/':>9}")
        for question in QUERIES:
            (folder / "q.rq").write_text(catalogue.get(question).text)
            commands = {
                "jhaan": [str(BIN / "jhaan"), "query", question, "--format", "csv"],
                "oxigraph": [
                    *(
                        str(BIN / "oxigraph"),
                        "query",
                        "--location",
                        str(folder / "store"),
                        "--union-default-graph",
                    ),
                    *("--query-file", str(folder / "q.rq"), "--results-format", "csv"),
                ],
                "rdflib": [
                    sys.executable,
                    str(folder / "ask.py"),
                    str(folder / "flat.nt"),
                    str(folder / "q.rq"),
                ],
            }
            times: dict[str, list[float]] = {peer: [] for peer in commands}
            for command in commands.values():  # the first run of each fills caches
                milliseconds(command)
            for _ in range(runs):
                for peer, command in commands.items():
                    times[peer].append(milliseconds(command))
            own, peer, script = (statistics.median(times[name]) for name in ("jhaan", "oxigraph", "rdflib"))
            print(
                f"{question:<22}{own:>8.1f}{peer:>10.1f}{script:>9.0f}{own / peer:>11.2f}{script / own:>9.1f}"
            )
        jhaan = str(BIN / "jhaan")
        start, shown, found = (
            statistics.median(milliseconds(command) for _ in range(runs))
            for command in ([sys.executable, "-c", "pass"], [jhaan, "--help"], [jhaan, "find", "eurojst"])
        )
        print(f"python -c pass {start:.1f}; jhaan --help {shown:.1f}, {shown / start:.2f} times that")
        print(f"jhaan find {found:.0f}, {found / start:.0f} times that")


if __name__ == "__main__":
    main()

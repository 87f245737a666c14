"""Benchmark of writing the dataset as N-Quads, against Oxigraph's own dump of the same quads, in one run.

Whole processes, from start to end, each writing a file: `jhaan export nquads -o FILE` from a warm snapshot, and
`oxigraph dump` from a disk store of the same quads. Goal: at most 2 times Oxigraph's time. Other formats are listed
for comparison. Both files are read and compared before the measurements.

    python benchmarks/bench_nquads.py [RUNS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from timing import disk_store, milliseconds

from jhaan_kg.build.cache import open_snapshot

BIN = Path(sys.executable).parent


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    snapshot = open_snapshot()
    jhaan, oxigraph = str(BIN / "jhaan"), str(BIN / "oxigraph")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        quads = disk_store(snapshot, folder / "store")
        ours, theirs = str(folder / "jhaan.nq"), str(folder / "oxigraph.nq")
        commands = {
            "jhaan export nquads": [jhaan, "export", "nquads", "-o", ours],
            "oxigraph dump": [oxigraph, "dump", "--location", str(folder / "store"), "--file", theirs],
            "jhaan export ntriples": [jhaan, "export", "ntriples", "-o", str(folder / "jhaan.nt")],
            "jhaan export turtle": [jhaan, "export", "turtle", "-o", str(folder / "jhaan.ttl")],
            "jhaan export rdfxml": [jhaan, "export", "rdfxml", "-o", str(folder / "jhaan.rdf")],
        }
        for command in commands.values():  # the first run of each fills caches
            milliseconds(command)
        read = [set(Path(file).read_bytes().splitlines()) for file in (ours, theirs)]
        if read[0] != read[1] or len(read[0]) != quads:
            raise SystemExit("The two files differ.")
        times: dict[str, list[float]] = {peer: [] for peer in commands}
        for _ in range(runs):
            for peer, command in commands.items():
                times[peer].append(milliseconds(command))
        print(f"{sys.executable}: {quads:,} quads, medians of {runs} runs, whole process, in milliseconds")
        peer = statistics.median(times["oxigraph dump"])
        for what, taken in times.items():
            own = statistics.median(taken)
            print(f"{what:<24}{own:>8.0f}{own / peer:>8.2f} times oxigraph dump")


if __name__ == "__main__":
    main()

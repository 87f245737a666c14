"""Benchmark of loading a store: speed against `curl` with the same bytes, in one run, and memory.

The data are the real graph, repeated under other IRIs up to 1,000,000 quads. For each store, one curl process sends all
graphs by the Graph Store Protocol (`curl -T`), and the loader sends them as `jhaan load` does. The store is restarted
for each run. Goal: at least 0.8 times curl's rate. The time of the verification is measured separately. The loader's
memory is also measured with a quarter of the quads, since it must not grow with the data.

    make tools; python benchmarks/bench_load.py [QUADS [STORE…]]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from repeated import repeated

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import Request
from jhaan_kg.stores.kinds import KINDS, addresses
from jhaan_kg.stores.load.loading import Loading
from jhaan_kg.stores.load.plan import Content
from jhaan_kg.stores.load.store import open_store

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from servers import Server, fuseki, oxigraph, rdf4j, virtuoso

QUADS = 1_000_000
STORES: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {
    "oxigraph": oxigraph,
    "virtuoso": virtuoso,
    "fuseki-tdb2": partial(fuseki, tdb2=True, union=False),
    # With little memory, RDF4J keeps a large transaction on disk, in a file per statement.
    "rdf4j-native": partial(rdf4j, sail="native", heap="2g"),
}


def contents(snapshot: Snapshot) -> list[Content]:
    return [Content(file.graph, (file,)) for file in Request(snapshot, "nquads", evidence=True).files()]


def write_for_curl(snapshot: Snapshot, folder: Path) -> None:
    """Write the N-Triples of each graph to a file."""
    folder.mkdir()
    for number, content in enumerate(contents(snapshot)):
        with (folder / f"{number}.nt").open("wb") as file:
            file.writelines(content.ntriples())


def by_curl(server: Server, snapshot: Snapshot, folder: Path) -> float:
    """Send all graphs by one curl process on a persistent connection, and return the seconds."""
    place = addresses(KINDS[server.kind], server.url).graphs
    transfers = []
    for number, content in enumerate(contents(snapshot)):
        lines = [
            f'url = "{place}?graph={quote(content.graph or "", safe="")}"',
            f'upload-file = "{folder / f"{number}.nt"}"',
            'header = "Content-Type: application/n-triples"',
            *("fail", "silent", "show-error", f'output = "{os.devnull}"'),
        ]
        if server.credentials:
            lines += ["digest", f'user = "{server.credentials.user}:{server.credentials.password}"']
        transfers.append("\n".join(lines))
    settings = folder / "curl.conf"
    settings.write_text("\nnext\n".join(transfers))
    begin = time.perf_counter()
    subprocess.run(["curl", "--config", settings], check=True)
    return time.perf_counter() - begin


def by_us(server: Server, snapshot: Snapshot) -> dict[str, float]:
    """Load in a separate process, and return its measurements."""
    secrets = {}
    if server.credentials:
        secrets["JHAAN_STORE_USER"] = str(server.credentials.user)
        secrets["JHAAN_STORE_PASSWORD"] = str(server.credentials.password)
    done = subprocess.run(
        [sys.executable, __file__, "--load", server.url, server.kind, str(snapshot.path)],
        env={**os.environ, **secrets},
        stdout=subprocess.PIPE,
        check=True,
    )
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def peak_memory() -> float:
    """Return the peak memory of this process in MB; `getrusage` would count that of its parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def load(url: str, kind: str, path: str) -> dict[str, Any]:
    """Load a snapshot into a store, and return the measured times (seconds) and memory (MB)."""
    loading = Loading(
        open_store(url, kind, 3600.0), Request(Snapshot.open(Path(path)), "nquads", evidence=True)
    )
    plan = loading.plan()
    begin, worked = time.perf_counter(), time.process_time()
    loading.carry_out(plan)
    sent = time.perf_counter()
    own = time.process_time() - worked
    memory = peak_memory()
    if loading.differences(plan):
        raise SystemExit("The store differs from what was sent.")
    proved = time.perf_counter()
    whole = peak_memory()
    return {"seconds": sent - begin, "own": own, "proof": proved - sent, "memory": memory, "whole": whole}


def measure(name: str, snapshots: list[Snapshot], folder: Path) -> None:
    """Measure one store, and print the results."""
    quarter, whole = snapshots
    quads = whole.triples(evidence=True)
    by_hand = folder / f"{name}-files"
    write_for_curl(whole, by_hand)
    found = []
    for number, (what, snapshot) in enumerate((("curl", whole), ("us", whole), ("us", quarter))):
        place = folder / f"{name}-{number}"
        place.mkdir()
        with STORES[name](place) as server:
            if what == "curl":
                curl = by_curl(server, snapshot, by_hand)
            else:
                found.append(by_us(server, snapshot))
    ours, smaller = found
    print(
        f"{name:<13}{quads / curl:>10,.0f}{quads / ours['seconds']:>10,.0f}{curl / ours['seconds']:>7.2f}"
        f"{ours['own']:>9.1f}{ours['proof']:>9.1f}{smaller['memory']:>9.0f}{ours['memory']:>8.0f}"
        f"{smaller['whole']:>9.0f}{ours['whole']:>8.0f}",
        flush=True,
    )


def main() -> None:
    quads = int(sys.argv[1]) if len(sys.argv) > 1 else QUADS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshots = [repeated(open_snapshot(), folder / str(size), size) for size in (quads // 4, quads)]
        size = sum(file.size for file in snapshots[1].graphs)
        print(f"{quads:,} quads in {len(snapshots[1].graphs)} graphs, {size / 1e6:.0f} MB")
        print("             quads a second        ratio  our CPU    proof  memory, MB       with proof")
        print("                   curl    jhaan          seconds  seconds  quarter   whole  quarter   whole")
        for store in sys.argv[2:] or STORES:
            measure(store, snapshots, folder)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        print(json.dumps(load(*sys.argv[2:])))
    else:
        main()

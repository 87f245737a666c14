"""Loading a store by the Graph Store Protocol, against `curl` with the same bytes: rate and memory.

The graph is the real one repeated under other IRIs. The server is restarted for each load. One curl process puts each
graph (`curl -T`), and our loader does the same as `jhaan load`; its verification is measured apart. The memory of the
loader, with its verification, should not grow with the graph.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from repeated import repeated
from timing import NotRun, Row, compared, in_turn, run

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import Request
from jhaan_kg.stores.kinds import KINDS, addresses
from jhaan_kg.stores.load.loading import Loading
from jhaan_kg.stores.load.plan import Content
from jhaan_kg.stores.load.store import open_store

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from servers import Server, fuseki, oxigraph, rdf4j, virtuoso

QUADS = 150_000
START: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {
    "oxigraph": oxigraph,
    "virtuoso": virtuoso,
    "fuseki": partial(fuseki, tdb2=True, union=False),
    # With little memory a large transaction goes to disk, where each statement costs a file.
    "rdf4j": partial(rdf4j, sail="native", heap="2g"),
}


@cache
def folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


@cache
def snapshot_of(quads: int) -> Snapshot:
    return repeated(open_snapshot(), Path(folder().name, str(quads)), quads)


def contents(snapshot: Snapshot) -> list[Content]:
    return [Content(file.graph, (file,)) for file in Request(snapshot, "nquads", evidence=True).files()]


def by_curl(server: Server, quads: int) -> dict[str, float]:
    """Put all graphs with one curl, which keeps its connection."""
    files = Path(folder().name)
    place = addresses(KINDS[server.kind], server.url).graphs
    transfers = []
    for number, content in enumerate(contents(snapshot_of(quads))):
        file = files / f"{number}.nt"
        file.write_bytes(b"".join(content.ntriples()))
        lines = [
            f'url = "{place}?graph={quote(content.graph or "", safe="")}"',
            f'upload-file = "{file}"',
            'header = "Content-Type: application/n-triples"',
            *("fail", "silent", "show-error", f'output = "{os.devnull}"'),
        ]
        if server.credentials:
            lines += ["digest", f'user = "{server.credentials.user}:{server.credentials.password}"']
        transfers.append("\n".join(lines))
    settings = files / "curl.conf"
    settings.write_text("\nnext\n".join(transfers))
    begin = time.perf_counter()
    subprocess.run(["curl", "--config", settings], check=True)
    return {"seconds": time.perf_counter() - begin}


def by_us(server: Server, quads: int) -> dict[str, float]:
    """Load in a separate process, and return its measurements."""
    done = subprocess.run(
        [sys.executable, __file__, server.url, server.kind, str(snapshot_of(quads).path)],
        env={**os.environ, **server.secrets},
        stdout=subprocess.PIPE,
        check=True,
    )
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def load(url: str, kind: str, path: str) -> dict[str, float]:
    """Load a snapshot, and measure it; `getrusage` would count the memory of the parent."""
    loading = Loading(
        open_store(url, kind, 3600.0), Request(Snapshot.open(Path(path)), "nquads", evidence=True)
    )
    plan = loading.plan()
    begin = time.perf_counter()
    loading.carry_out(plan)
    sent = time.perf_counter()
    if loading.differences(plan):
        raise SystemExit("The store differs from what was sent.")
    verified = time.perf_counter()
    peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return {"seconds": sent - begin, "verification": verified - sent, "memory": peak}


def loaded(store: str, by: Callable[[Server, int], dict[str, Any]], quads: int) -> dict[str, Any]:
    """Start a store in an empty folder, and load it."""
    with tempfile.TemporaryDirectory() as name:
        try:
            with START[store](Path(name)) as server:
                return {**by(server, quads), "version": server.version}
        except pytest.skip.Exception as why:
            raise NotRun(str(why)) from None


def part(store: str) -> Callable[[int], Iterator[Row]]:
    """Return the part of the benchmark for a store."""
    quarter = f"{QUADS // 4:,} quads"
    works = {
        "ours": partial(loaded, store, by_us, QUADS),
        "curl": partial(loaded, store, by_curl, QUADS),
        quarter: partial(loaded, store, by_us, QUADS // 4),
    }

    def rows(rounds: int) -> Iterator[Row]:
        values = in_turn(rounds, works, warm=False)
        title = f"{KINDS[store].title} {values['ours'][0]['version']}"
        rates = {name: [QUADS / each["seconds"] / 1000 for each in values[name]] for name in ("ours", "curl")}
        yield from compared(f"{title}: thousand quads a second", "k/s", rates, {"curl": "≥ 0.8"})
        seconds = [each["verification"] for each in values["ours"]]
        yield Row(f"{title}: verification of {QUADS:,} quads", "s", seconds)
        memory = {name: [each["memory"] for each in values[name]] for name in ("ours", quarter)}
        yield from compared(f"{title}: peak memory, {QUADS:,} quads", "MB", memory)

    rows.__name__ = store
    return rows


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1].startswith("http"):
        print(json.dumps(load(*sys.argv[1:])))
    else:
        run(3, *map(part, START))

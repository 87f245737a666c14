"""Loading a store by the Graph Store Protocol, against `curl` with the same requests.

One curl process puts each graph (`curl -T`) over one connection, and our loader does the same as `jhaan load`, without
its checks. Both load the whole dataset, in turn, into a new store each time.
"""

from __future__ import annotations

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
from timing import NotRun, Row, compared, in_turn, run

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import Request
from jhaan_kg.store_types import STORE_TYPES
from jhaan_kg.stores import Loader, find_target

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from servers import Server, fuseki, oxigraph, rdf4j, virtuoso

START: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {
    "oxigraph": oxigraph,
    "virtuoso": virtuoso,
    "fuseki": partial(fuseki, tdb2=True),
    # With little memory a large transaction goes to disk, where each statement costs a file.
    "rdf4j": partial(rdf4j, sail="native", heap="2g"),
}
GOALS = {"fuseki": "≥ 0.8"}


@cache
def dataset() -> Request:
    return Request(open_snapshot(), "nquads", evidence=True)


def by_curl(server: Server, folder: Path) -> float:
    """Put all graphs with one curl, which keeps its connection, and return the seconds."""
    place, transfers = find_target(STORE_TYPES[server.kind], server.url).graphs, []
    for number, graph in enumerate(dataset().files()):
        file = folder / f"{number}.nt"
        file.write_bytes(graph.read().replace(f" <{graph.graph}> .\n".encode(), b" .\n"))
        lines = [
            f'url = "{place}?graph={quote(graph.graph, safe="")}"',
            f'upload-file = "{file}"',
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


def by_us(server: Server, _: Path) -> float:
    """Load as `jhaan load` does, and return the seconds."""
    loader = Loader(find_target(STORE_TYPES[server.kind], server.url), server.credentials, 3600)
    begin = time.perf_counter()
    for graph in dataset().files():
        loader.write(graph)
    return time.perf_counter() - begin


def loaded(store: str, by: Callable[[Server, Path], float]) -> dict[str, Any]:
    """Start a store in an empty folder, and load it."""
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as files:
        try:
            with START[store](Path(name)) as server:
                return {"seconds": by(server, Path(files)), "version": server.version}
        except pytest.skip.Exception as why:
            raise NotRun(str(why)) from None


def part(store: str) -> Callable[[int], Iterator[Row]]:
    """Return the part of the benchmark for a store."""
    works = {"ours": partial(loaded, store, by_us), "curl": partial(loaded, store, by_curl)}

    def rows(rounds: int) -> Iterator[Row]:
        values = in_turn(rounds, works, warm=False)
        quads = sum(file.triples for file in dataset().files())
        rates = {name: [quads / each["seconds"] / 1000 for each in found] for name, found in values.items()}
        title = f"{STORE_TYPES[store].title} {values['ours'][0]['version']}: load, thousand quads a second"
        yield from compared(title, "k/s", rates, {"curl": GOALS.get(store, "≥ 0.9")})

    rows.__name__ = store
    return rows


if __name__ == "__main__":
    run(5, *map(part, START))

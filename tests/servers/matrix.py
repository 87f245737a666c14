"""The rows of `docs/store-compatibility.md`: `make stores` prints them, or those of the stores in STORES."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from compared import differing
from jhaan_kg import __version__
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import Request
from jhaan_kg.query.endpoint import EndpointEngine, with_all_graphs
from jhaan_kg.store_types import STORE_TYPES
from jhaan_kg.stores import Loader, find_target
from servers import Server, fuseki, oxigraph, rdf4j, virtuoso
from servers.comunica import comunica

SECONDS: Final = 900.0
"""The time limit for an answer of a store."""


class Setup(NamedTuple):
    """A configuration of a store, in words, and the function that starts it in a folder."""

    how: str
    start: Callable[[Path], AbstractContextManager[Server]]


SETUPS: Final = {
    "fuseki": Setup("in memory", fuseki),
    "fuseki-union": Setup("TDB2 in memory, union", partial(fuseki, union=True)),
    "fuseki-tdb2": Setup("TDB2", partial(fuseki, tdb2=True)),
    "fuseki-tdb2-union": Setup("TDB2, union", partial(fuseki, tdb2=True, union=True)),
    "rdf4j": Setup("in memory", rdf4j),
    "rdf4j-native": Setup("native", partial(rdf4j, sail="native")),
    "virtuoso": Setup("Debian default", virtuoso),
    "oxigraph": Setup("on disk", oxigraph),
    "oxigraph-union": Setup("on disk, union", partial(oxigraph, union=True)),
}


def see(name: str, folder: Path) -> tuple[list[str], list[str]]:
    """Start a store in an empty folder, load the release, and compare all answers.

    Returns:
        The row of the table, and a line for each question that differs.
    """
    setup, request = SETUPS[name], Request(open_snapshot(), "nquads", evidence=True)
    with setup.start(folder) as server:
        loader = Loader(find_target(STORE_TYPES[server.kind], server.url), server.credentials, SECONDS)
        begin = time.perf_counter()
        loader.load(request, lambda _: None, [])
        rate = sum(file.triples for file in request.files()) / (time.perf_counter() - begin)
        findings, _, in_default_graph = loader.check(request)
        engine = with_all_graphs(EndpointEngine(server.query, timeout=SECONDS), evidence=True)
        lines = [*map(str, findings), *differing(request.snapshot, engine)]
        by_comunica: list[str] | None = None
        if in_default_graph:  # Comunica always queries the default graph
            with comunica(server.query) as client:
                by_comunica = differing(request.snapshot, client, cited=False)  # type: ignore[arg-type]
        title = STORE_TYPES[server.kind].title
        results = [_tell(lines), "not tested" if by_comunica is None else _tell(by_comunica)]
        today = f"{date.today():%-d %B %Y}"
        row = [title, server.version, setup.how, *results, f"{rate:,.0f}", today, __version__]
    return row, lines + (by_comunica or [])


def _tell(lines: list[str]) -> str:
    return f"all except {len(lines)}" if lines else "all"


def main(names: Sequence[str]) -> None:
    """Print the rows of the named configurations, or of all."""
    for name in names or SETUPS:
        with tempfile.TemporaryDirectory(prefix="jhaan-store-") as folder:
            row, lines = see(name, Path(folder))
        print("\n  ".join([f"| {' | '.join(row)} |", *lines]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])

"""The server of Oxigraph."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import Quad, Store

from servers.server import Server, free_port, running


def saved(folder: Path, quads: Iterable[Quad]) -> Path:
    """Load quads into the store in a folder, faster than through the server, and return the folder."""
    store = Store(str(folder / "store"))
    store.bulk_extend(quads)
    store.flush()
    return folder


@contextmanager
def oxigraph(
    folder: Path, *, union: bool = False, read_only: bool = False, timeout: int | None = None
) -> Iterator[Server]:
    """Serve the store in a folder, or a new one.

    Args:
        folder: the folder, with the store in its subfolder `store`.
        union: whether the default graph is the union of all named graphs.
        read_only: whether the store is opened only for reading.
        timeout: the time limit of a query in seconds; None for no limit.
    """
    place = f"127.0.0.1:{free_port()}"
    command = [
        Path(sys.executable).parent / "oxigraph",
        "serve-read-only" if read_only else "serve",
        *("--location", folder / "store", "--bind", place),
        *(["--union-default-graph"] if union else []),
        *(["--timeout-s", str(timeout)] if timeout else []),
    ]
    server = Server("oxigraph", version("oxigraph"), folder, command, url=f"http://{place}")
    with running(server):
        yield server

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
    """Put quads into the store of a folder, quicker than its server takes them, and give the folder."""
    store = Store(str(folder / "store"))
    store.bulk_extend(quads)
    store.flush()
    return folder


@contextmanager
def oxigraph(
    folder: Path, *, union: bool = False, read_only: bool = False, timeout: int | None = None
) -> Iterator[Server]:
    """Serve what lies in a folder, or a new store there.

    Args:
        folder: The folder; the store lies in its folder `store`.
        union: Whether queries see all named graphs as the default graph.
        read_only: Whether the store is opened for reading only.
        timeout: After how many seconds the server gives a query up; None for never.
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

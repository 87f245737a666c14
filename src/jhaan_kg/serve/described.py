"""The descriptions of a release that is served: made once, and kept in each format that somebody wanted."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Hashable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from pyoxigraph import Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.serve.description import service, void
from jhaan_kg.serve.formats import GRAPHS, write_graph
from jhaan_kg.serve.refusal import RefusalError


class Described:
    """What is said of a release and of the place where it is served."""

    def __init__(self, snapshot: Snapshot, address: str) -> None:
        """Begin to count what VoID says.

        Args:
            snapshot: the release.
            address: where clients reach the server, without a slash at the end.
        """
        self._snapshot, self._endpoint = snapshot, f"{address}/sparql"
        self._tasks: dict[Hashable, asyncio.Task[bytes]] = {}
        self._counted()

    async def service(self, media: str) -> bytes:
        """Give the service description in a media type of `formats.GRAPHS`."""
        return await self._written("service", media, service(self._endpoint, self._snapshot.graphs))

    async def void(self, media: str) -> bytes:
        """Give the VoID description in a media type of `formats.GRAPHS`.

        Raises:
            RefusalError: it can't be made.
        """
        counted = await asyncio.shield(self._counted())
        return await self._written("void", media, void(counted, self._endpoint))

    async def close(self) -> None:
        """Give up what is being made."""
        for task in self._tasks.values():
            task.cancel()
            with suppress(asyncio.CancelledError, RefusalError):
                await task

    def _counted(self) -> asyncio.Task[bytes]:
        return self._once("void", lambda: _counted(self._snapshot.path))

    async def _written(self, what: str, media: str, triples: Iterator[Triple]) -> bytes:
        writing = self._once((what, media), lambda: asyncio.to_thread(_written, triples, media))
        return await asyncio.shield(writing)

    def _once(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, bytes]]) -> asyncio.Task[bytes]:
        """Begin some work, unless it has begun; what has failed is tried again."""
        task = self._tasks.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._tasks[key] = asyncio.create_task(work())
            task.add_done_callback(_looked_at)
        return task


def _looked_at(task: asyncio.Task[bytes]) -> None:
    """Look at what went wrong, lest asyncio complains that nobody did: whoever asks next tries again."""
    if not task.cancelled():
        task.exception()


def _written(triples: Iterator[Triple], media: str) -> bytes:
    out = BytesIO()
    write_graph(triples, GRAPHS[media], out)
    return out.getvalue()


async def _counted(snapshot: Path) -> bytes:
    """Have VoID made by another process, since counting takes seconds of processor time."""
    command = [sys.executable, "-m", "jhaan_kg.serve.description", str(snapshot)]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        described = (await process.communicate())[0]
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise RefusalError(503, "The description of the graph can't be made. The log of the server says why.")
    return described

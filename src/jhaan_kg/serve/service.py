"""What is served at the moment: a release, its pool and its description; another one can take its place."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Final, TypeVar

from pyoxigraph import Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.serve import log
from jhaan_kg.serve.clients import Clients
from jhaan_kg.serve.description import service, void
from jhaan_kg.serve.formats import GRAPHS, write_graph
from jhaan_kg.serve.limits import Limits
from jhaan_kg.serve.metrics import Metrics
from jhaan_kg.serve.pool import Pool

_AGAIN_SECONDS: Final = 2
_Result = TypeVar("_Result")


class Service:
    """A server's state.

    Attributes:
        limits: what a client, a query and an answer may take.
        clients: who asks.
        metrics: what is counted.
        address: where clients reach the server, without a slash at the end.
        behind_proxy: whether connections come from a proxy, which says who the client is.
        log_queries: whether the log has the texts of queries.
        leaving: whether the server is about to end.
    """

    def __init__(self, limits: Limits, address: str, *, behind_proxy: bool, log_queries: bool) -> None:
        self.limits, self.address = limits, address
        self.behind_proxy, self.log_queries = behind_proxy, log_queries
        self.clients, self.metrics = Clients(limits.per_client), Metrics()
        self.leaving = False
        self._pool: Pool | None = None
        self._void: asyncio.Task[bytes]
        self._kept: dict[tuple[str, str], bytes] = {}
        self._beside = set[asyncio.Task[Any]]()

    @property
    def pool(self) -> Pool | None:
        """Who answers now; None while nobody can."""
        return None if self._pool is None or self._pool.gone.is_set() else self._pool

    async def described(self, media: str) -> bytes:
        """Give the service description in a media type of `formats.GRAPHS`; something must be served."""
        graphs = () if self._pool is None else self._pool.snapshot.graphs
        triples = service(f"{self.address}/sparql", graphs)
        return await self._written("service", media, triples)

    async def void(self, media: str) -> bytes:
        """Give the VoID description of the release in a media type of `formats.GRAPHS`; something must be served."""
        described = await asyncio.shield(self._void)
        return await self._written("void", media, void(described, f"{self.address}/sparql"))

    async def take(self, pool: Pool) -> None:
        """Serve what a pool loads, from now on; what is being answered is answered from the one before.

        Raises:
            JhaanError: it can't be loaded.
        """
        await pool.start(lambda why: self.metrics.ended.labels(why).inc())
        before, self._pool = self._pool, pool
        self._void, self._kept = self._run_beside(_described(pool.snapshot.path)), {}
        self._run_beside(self._watch(pool))
        if before is not None:
            self.metrics.releases.inc()
            self._run_beside(before.close())

    async def replace(self, find: Callable[[], Snapshot]) -> None:
        """Serve what is found now, if it is another; what goes wrong is logged, and the one before goes on.

        Args:
            find: gives the snapshot; it may take long.
        """
        try:
            snapshot = await asyncio.to_thread(find)
            if self._pool is not None and snapshot.key == self._pool.release:
                log.write(event="release is the same", release=snapshot.key)
                return
            await self.take(Pool(snapshot, self.limits))
            log.write(event="release replaced", release=snapshot.key)
        except (JhaanError, OSError) as error:
            log.write(event="release not replaced", why=str(error))

    async def close(self) -> None:
        """End all that answers."""
        self.leaving = True
        for task in list(self._beside):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._pool is not None:
            await self._pool.end()

    async def _written(self, what: str, media: str, triples: Iterator[Triple]) -> bytes:
        """Write a description, once for each release; VoID takes some tenths of a second."""

        def write() -> bytes:
            out = BytesIO()
            write_graph(triples, GRAPHS[media], out)
            return out.getvalue()

        kept = self._kept
        if (what, media) not in kept:
            kept[what, media] = await asyncio.to_thread(write)
        return kept[what, media]

    async def _watch(self, pool: Pool) -> None:
        """Start again what answers when it has ended by itself."""
        await pool.gone.wait()
        if self._pool is pool and not self.leaving:
            self._pool = None
            while self._pool is None:
                log.write(event="what answers has ended; it is started again", release=pool.release)
                try:
                    await self.take(Pool(pool.snapshot, self.limits))
                except JhaanError as error:
                    log.write(event="it can't be started", why=str(error))
                    await asyncio.sleep(_AGAIN_SECONDS)

    def _run_beside(self, work: Coroutine[Any, Any, _Result]) -> asyncio.Task[_Result]:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
        return task


async def _described(snapshot: Path) -> bytes:
    """Have the VoID description made by another process."""
    command = [sys.executable, "-m", "jhaan_kg.serve.description", str(snapshot)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        return (await process.communicate())[0]
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise

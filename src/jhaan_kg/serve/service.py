"""What is served at the moment, and how another release takes its place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.serve import log
from jhaan_kg.serve.clients import Clients
from jhaan_kg.serve.described import Described
from jhaan_kg.serve.limits import Limits
from jhaan_kg.serve.metrics import Metrics
from jhaan_kg.serve.pool import Pool

_AGAIN_SECONDS: Final = 2
"""After how many seconds something that couldn't be started is tried again."""


class Serving(NamedTuple):
    """A release that is served.

    Attributes:
        pool: who answers.
        described: its descriptions.
    """

    pool: Pool
    described: Described


class Service:
    """A server's state.

    Attributes:
        limits: what a client, a query and an answer may take.
        address: where clients reach the server, without a slash at the end.
        clients: who asks.
        metrics: what is counted.
        behind_proxy: whether connections come from a proxy, which says who the client is.
        log_queries: whether the log has the texts of queries.
        leaving: whether the server is about to end.
    """

    def __init__(self, limits: Limits, address: str, *, behind_proxy: bool, log_queries: bool) -> None:
        self.limits, self.address = limits, address
        self.behind_proxy, self.log_queries = behind_proxy, log_queries
        self.clients, self.metrics = Clients(limits.per_client), Metrics()
        self.leaving = False
        self._served: Serving | None = None
        self._texts: Sequence[Path] = ()
        self._taking = asyncio.Lock()
        self._beside = set[asyncio.Task[None]]()

    @property
    def served(self) -> Serving | None:
        """What is served now; None while nobody can answer."""
        return None if self._served is None or self._served.pool.gone.is_set() else self._served

    async def begin(self, pool: Pool) -> None:
        """Serve what a pool loads.

        Raises:
            JhaanError: it can't be loaded.
        """
        async with self._taking:
            self._texts = pool.texts
            await self._take(pool)

    async def replace(self, find: Callable[[], Snapshot]) -> None:
        """Serve what is found now, if it is another; what goes wrong is logged, and the one before goes on.

        What is being answered is answered from the one before.

        Args:
            find: gives the snapshot; it may take long.
        """
        async with self._taking:
            try:
                snapshot = await asyncio.to_thread(find)
                if self._served is not None and snapshot.key == self._served.pool.release:
                    log.write(event="release is the same", release=snapshot.key)
                    return
                await self._take(Pool(snapshot, self.limits, self._texts))
                self.metrics.releases.inc()
                log.write(event="release replaced", release=snapshot.key)
            except (JhaanError, OSError) as error:
                log.write(event="release not replaced", why=str(error))

    async def close(self) -> None:
        """End all that answers."""
        self.leaving = True
        for task in list(self._beside):
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)
        if self._served is not None:
            await self._served.described.close()
            await self._served.pool.end()

    async def _take(self, pool: Pool) -> None:
        try:
            await pool.start(lambda why: self.metrics.ended.labels(why).inc())
        except JhaanError:
            await pool.end()
            raise
        before, self._served = self._served, Serving(pool, Described(pool.snapshot, self.address))
        self._run_beside(self._watch(pool))
        if before is not None:
            self._run_beside(before.pool.close())

    async def _watch(self, pool: Pool) -> None:
        """Start again what answers when it has ended by itself."""
        await pool.gone.wait()
        while not self.leaving:
            async with self._taking:
                if self._served is None or self._served.pool is not pool:
                    return
                log.write(event="what answers has ended; it is started again", release=pool.release)
                try:
                    await self._take(Pool(pool.snapshot, self.limits, self._texts))
                except (JhaanError, OSError) as error:
                    log.write(event="it can't be started", why=str(error))
            await asyncio.sleep(_AGAIN_SECONDS)

    def _run_beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

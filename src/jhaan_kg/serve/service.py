"""The state of the server: release, workers, and clients."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.query.reports import ReportTitle
from jhaan_kg.report_text import titles_in
from jhaan_kg.serve.clients import Clients
from jhaan_kg.serve.config import Limits
from jhaan_kg.serve.monitoring import Metrics, Refusals, write_log
from jhaan_kg.serve.pool import Pool
from jhaan_kg.serve.spool import Space
from jhaan_kg.serve.turns import run_in_background


class Serving(NamedTuple):
    """The served release.

    Attributes:
        pool: the workers for the release.
        reports: the titles of the reports in the release.
    """

    pool: Pool
    reports: tuple[ReportTitle, ...]


class Service:
    """The state of a server.

    Attributes:
        limits: the limits of clients, queries and answers.
        address: the address of the server for clients, without a slash at the end.
        errors: the address for reports on errors, as returned by `parse_address`; empty for none.
        clients: the open requests of clients.
        space: the disk space for long answers.
        metrics: the metrics for Prometheus.
        refusals: the counter of rejections.
        behind_proxy: whether connections come from a proxy, which states the client's address.
        log_queries: whether to log the texts of queries.
        leaving: whether the server is shutting down.
    """

    def __init__(
        self, limits: Limits, address: str, *, behind_proxy: bool, log_queries: bool, errors: str = ""
    ) -> None:
        self.limits, self.address, self.errors = limits, address, errors
        self.behind_proxy, self.log_queries = behind_proxy, log_queries
        self.clients, self.space = Clients(limits.per_client), Space(limits.spool)
        self.metrics = Metrics()
        self.refusals = Refusals(self.metrics)
        self.leaving = False
        self._served: Serving | None = None
        self._texts: Sequence[Path] = ()
        self._replacing = asyncio.Lock()
        self._background = set[asyncio.Task[None]]()

    @property
    def served(self) -> Serving | None:
        """The current release; None while no worker can answer."""
        return self._served if self._served is not None and self._served.pool.is_able else None

    async def begin(self, pool: Pool) -> None:
        """Start to serve the release of a pool.

        Raises:
            JhaanError: the release cannot be loaded.
        """
        async with self._replacing:
            self._texts = pool.texts
            await self._start(pool)

    async def replace(self, find: Callable[[], Snapshot]) -> None:
        """Replace the current release by a new snapshot, if there is one.

        Open requests are answered from the current release. If an error occurs, the current release remains, and the
        error is logged.

        Args:
            find: function that returns the snapshot to serve.
        """
        async with self._replacing:
            try:
                snapshot = await asyncio.to_thread(find)
                # The key depends only on the manifest, so check the graph files as well.
                await asyncio.to_thread(snapshot.verify)
                if self._served is not None and snapshot.key == self._served.pool.release:
                    write_log(event="release is the same", release=snapshot.key)
                    return
                await self._start(Pool(snapshot, self.limits, self._texts))
                self.metrics.releases.inc()
                write_log(event="release replaced", release=snapshot.key)
            except (JhaanError, OSError) as error:
                write_log(event="release not replaced", why=str(error))

    async def close(self) -> None:
        """Cancel background tasks, and end the workers."""
        self.leaving = True
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self._served is not None:
            await self._served.pool.end()

    async def _start(self, pool: Pool) -> None:
        try:
            await pool.start(lambda why: self.metrics.ended.labels(why).inc())
            reports = await asyncio.to_thread(titles_in, pool.snapshot)
        except (JhaanError, OSError):
            await pool.end()
            raise
        before, self._served = self._served, Serving(pool, reports)
        if before is not None:
            run_in_background(before.pool.close(), self._background)

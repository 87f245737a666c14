"""The state of the server: its release, the workers that answer, and the open requests of each client."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Final, NamedTuple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.serve.config import Limits
from jhaan_kg.serve.describe import Descriptions
from jhaan_kg.serve.monitoring import Metrics, write_log
from jhaan_kg.serve.pool import Pool
from jhaan_kg.serve.protocol import HttpStatusError

_CLIENT_PREFIX: Final = 64
"""How many leading bits of an address of IPv6 stand for one client; the others are its own to choose."""


def client_of(peer: str | None, forwarded_for: str | None, *, behind_proxy: bool) -> str:
    """Return the client of a request.

    Args:
        peer: the address that the connection comes from; None for a local socket.
        forwarded_for: the header X-Forwarded-For, which anyone can write; its last address is the proxy's word.
        behind_proxy: whether the peer is a proxy of ours.

    >>> client_of("10.0.0.1", "6.6.6.6, 192.0.2.7", behind_proxy=True)
    '192.0.2.7'
    >>> client_of("2001:db8:1:2:3:4:5:6", None, behind_proxy=False)
    '2001:db8:1:2::/64'
    """
    address = peer or "local"
    if behind_proxy and forwarded_for:
        address = _without_port(forwarded_for.rpartition(",")[2].strip())
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 4 or parsed.ipv4_mapped is not None:
        return str(parsed)
    return str(ip_network((parsed, _CLIENT_PREFIX), strict=False))


def _without_port(address: str) -> str:
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


class Connections:
    """Counts open connections, in all and of each client."""

    def __init__(self, most: int, most_per_client: int) -> None:
        self._most, self._most_per_client, self._open = most, most_per_client, Counter[str]()

    def enter(self, client: str) -> bool:
        """Count one more, if the limits allow it; return whether they do."""
        if self._open.total() >= self._most or self._open[client] >= self._most_per_client:
            return False
        self._open[client] += 1
        return True

    def leave(self, client: str) -> None:
        _decrement(self._open, client)


class Clients:
    """Counts the open queries of each client."""

    def __init__(self, most: int) -> None:
        self._most, self._open = most, Counter[str]()

    @contextmanager
    def count_query(self, client: str) -> Iterator[None]:
        """Count a query as long as it is open.

        Raises:
            HttpStatusError: the client has too many open.
        """
        if self._open[client] >= self._most:
            raise HttpStatusError(
                429,
                f"You have {self._most} queries open, as many as one client may. Wait until one is answered.",
                {"Retry-After": "1"},
            )
        self._open[client] += 1
        try:
            yield
        finally:
            _decrement(self._open, client)


def _decrement(counts: Counter[str], client: str) -> None:
    """Count one less, and forget clients that have none."""
    counts[client] -= 1
    if not counts[client]:
        del counts[client]


_RETRY_SECONDS: Final = 2
"""After how many seconds a start that failed is tried again."""


class Serving(NamedTuple):
    """The release that is served.

    Attributes:
        pool: its workers.
        described: its descriptions.
    """

    pool: Pool
    described: Descriptions


class Service:
    """A server's state.

    Attributes:
        limits: of clients, queries and answers.
        address: where clients reach the server, without a slash at the end.
        clients: counts their open queries.
        metrics: for Prometheus.
        behind_proxy: whether connections come from a proxy, which names the client.
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
        self._replacing = asyncio.Lock()
        self._background = set[asyncio.Task[None]]()

    @property
    def served(self) -> Serving | None:
        """What is served now; None while no worker can answer."""
        return None if self._served is None or self._served.pool.gone.is_set() else self._served

    async def begin(self, pool: Pool) -> None:
        """Serve the release of a pool.

        Raises:
            JhaanError: it can't be loaded.
        """
        async with self._replacing:
            self._texts = pool.texts
            await self._start(pool)

    async def replace(self, find: Callable[[], Snapshot]) -> None:
        """Serve the snapshot that is found, if it is another one; log an error and keep the current one.

        Requests in progress are answered from the current one.
        """
        async with self._replacing:
            try:
                snapshot = await asyncio.to_thread(find)
                if self._served is not None and snapshot.key == self._served.pool.release:
                    write_log(event="release is the same", release=snapshot.key)
                    return
                await self._start(Pool(snapshot, self.limits, self._texts))
                self.metrics.releases.inc()
                write_log(event="release replaced", release=snapshot.key)
            except (JhaanError, OSError) as error:
                write_log(event="release not replaced", why=str(error))

    async def close(self) -> None:
        """End the workers."""
        self.leaving = True
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self._served is not None:
            await self._served.described.close()
            await self._served.pool.end()

    async def _start(self, pool: Pool) -> None:
        try:
            await pool.start(lambda why: self.metrics.ended.labels(why).inc())
        except JhaanError:
            await pool.end()
            raise
        before, self._served = self._served, Serving(pool, Descriptions(pool.snapshot, self.address))
        self._run_in_background(self._watch(pool))
        if before is not None:
            self._run_in_background(before.pool.close())

    async def _watch(self, pool: Pool) -> None:
        """Restart the pool when it has ended by itself."""
        await pool.gone.wait()
        while not self.leaving:
            async with self._replacing:
                if self._served is None or self._served.pool is not pool:
                    return
                write_log(event="what answers has ended; it is started again", release=pool.release)
                try:
                    await self._start(Pool(pool.snapshot, self.limits, self._texts))
                except (JhaanError, OSError) as error:
                    write_log(event="it can't be started", why=str(error))
            await asyncio.sleep(_RETRY_SECONDS)

    def _run_in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

"""What is served at the moment: a release, with those who answer; and how much each client takes."""

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
from jhaan_kg.serve.protocol import RefusalError

_OF_ONE: Final = 64
"""How many leading bits of an address of IPv6 stand for one client; the others are its own to choose."""


def client_of(peer: str | None, forwarded_for: str | None, *, behind_proxy: bool) -> str:
    """Say who asks.

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
    return str(ip_network((parsed, _OF_ONE), strict=False))


def _without_port(address: str) -> str:
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


class Connections:
    """Counts the connections that are open, all and those of each client."""

    def __init__(self, most: int, most_of_one: int) -> None:
        """Begin to count.

        Args:
            most: how many connections may be open.
            most_of_one: how many of them may be one client's.
        """
        self._most, self._most_of_one, self._open = most, most_of_one, Counter[str]()

    def enter(self, client: str) -> bool:
        """Count one more, if there is room for it, and tell so."""
        if self._open.total() >= self._most or self._open[client] >= self._most_of_one:
            return False
        self._open[client] += 1
        return True

    def leave(self, client: str) -> None:
        """Count one less."""
        _one_less(self._open, client)


class Clients:
    """Counts what each client has asked and not yet got."""

    def __init__(self, most: int) -> None:
        """Begin to count.

        Args:
            most: how many queries a client may have open.
        """
        self._most, self._open = most, Counter[str]()

    @contextmanager
    def one_more(self, client: str) -> Iterator[None]:
        """Count a query as long as it is open.

        Raises:
            RefusalError: the client has too many open.
        """
        if self._open[client] >= self._most:
            raise RefusalError(
                429,
                f"You have {self._most} queries open, as many as one client may. Wait until one is answered.",
                {"Retry-After": "1"},
            )
        self._open[client] += 1
        try:
            yield
        finally:
            _one_less(self._open, client)


def _one_less(open_things: Counter[str], client: str) -> None:
    """Count one less, and keep nothing of a client who has none."""
    open_things[client] -= 1
    if not open_things[client]:
        del open_things[client]


_AGAIN_SECONDS: Final = 2
"""After how many seconds something that couldn't be started is tried again."""


class Serving(NamedTuple):
    """A release that is served.

    Attributes:
        pool: who answers.
        described: its descriptions.
    """

    pool: Pool
    described: Descriptions


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
                    write_log(event="release is the same", release=snapshot.key)
                    return
                await self._take(Pool(snapshot, self.limits, self._texts))
                self.metrics.releases.inc()
                write_log(event="release replaced", release=snapshot.key)
            except (JhaanError, OSError) as error:
                write_log(event="release not replaced", why=str(error))

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
        before, self._served = self._served, Serving(pool, Descriptions(pool.snapshot, self.address))
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
                write_log(event="what answers has ended; it is started again", release=pool.release)
                try:
                    await self._take(Pool(pool.snapshot, self.limits, self._texts))
                except (JhaanError, OSError) as error:
                    write_log(event="it can't be started", why=str(error))
            await asyncio.sleep(_AGAIN_SECONDS)

    def _run_beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

"""Clients of the server, and their open connections and requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network
from typing import Final, Protocol

from jhaan_kg.serve.protocol import HttpStatusError

SHARES: Final = 4
"""The number of equal shares of the connections and of the disk space for answers.

A client may use one share.
"""


def client_of(peer: str | None, forwarded_for: str | None, prefix: int, *, behind_proxy: bool) -> str:
    """Return the client of a request.

    Args:
        peer: the address of the other end of the connection; None for a local socket.
        forwarded_for: the header X-Forwarded-For. Only the last address is reliable, because the proxy adds it.
        prefix: the number of leading bits of an IPv6 address that identify a client. A client can vary the other bits.
        behind_proxy: whether the peer is the operator's own proxy.

    >>> client_of("10.0.0.1", "6.6.6.6, 192.0.2.7", 56, behind_proxy=True)
    '192.0.2.7'
    >>> client_of("2001:db8:1:2:3:4:5:6", None, 56, behind_proxy=False)
    '2001:db8:1::/56'
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
    return str(ip_network((parsed, prefix), strict=False))


def _without_port(address: str) -> str:
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


class Connection(Protocol):
    """An open connection."""

    @property
    def is_idle(self) -> bool:
        """Whether the connection has no request or answer in progress."""

    def abort(self) -> None:
        """Close the connection at once."""


class Connections:
    """The open connections of each client, oldest first."""

    def __init__(self, most: int, most_per_client: int) -> None:
        self._most, self._most_per_client = most, most_per_client
        self._open: dict[str, dict[Connection, None]] = {}

    def enter(self, client: str, connection: Connection) -> bool:
        """Add a connection, and return whether it may stay.

        At the limit, the new connection replaces an idle one of the client with the most connections.
        """
        own = len(self._open.get(client, ()))
        if own >= self._most_per_client:
            return False
        if sum(map(len, self._open.values())) >= self._most:
            most = max(self._open, key=lambda other: len(self._open[other]))
            idle = (other for other in self._open[most] if other.is_idle)
            if len(self._open[most]) <= own or (closed := next(idle, None)) is None:
                return False
            self.leave(most, closed)
            closed.abort()
        self._open.setdefault(client, {})[connection] = None
        return True

    def leave(self, client: str, connection: Connection) -> None:
        """Remove a connection, if it is registered."""
        if (own := self._open.get(client)) is not None:
            own.pop(connection, None)
            if not own:
                del self._open[client]


class Clients:
    """The number of open requests of each client."""

    def __init__(self, most: int) -> None:
        self._most, self._open = most, Counter[str]()

    @contextmanager
    def count_request(self, client: str) -> Iterator[None]:
        """Count a request while it is open.

        Raises:
            HttpStatusError: the client has too many open requests.
        """
        if self._open[client] >= self._most:
            raise HttpStatusError(
                429,
                f"A client can have {self._most} open requests. Wait for one of them.",
                {"Retry-After": "1"},
            )
        self._open[client] += 1
        try:
            yield
        finally:
            decrease(self._open, client)


def decrease(counts: Counter[str], client: str, by: int = 1) -> None:
    """Decrease the count of a client, and remove the client at zero."""
    counts[client] -= by
    if not counts[client]:
        del counts[client]

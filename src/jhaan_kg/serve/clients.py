"""Who asks, and how much of the server they take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network
from typing import Final

from jhaan_kg.serve.refusal import RefusalError

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

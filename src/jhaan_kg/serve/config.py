"""The limits and the socket of the server."""

from __future__ import annotations

import errno
import os
import socket
from ipaddress import ip_address
from pathlib import Path
from typing import Final, NamedTuple

from jhaan_kg.errors import JhaanError

MEBIBYTE: Final = 2**20

OUT_OF_MEMORY: Final = "The query exceeded the memory limit of this server. Ask for less: use fewer patterns."

_BACKLOG: Final = 512
"""The maximum number of connections that wait to be accepted."""

_REASONS: Final = {
    errno.EADDRINUSE: "another program uses the port. Choose another with --port, or 0 for any free port.",
    errno.EACCES: "ports below 1024 need root. Choose another with --port.",
    errno.EADDRNOTAVAIL: "this machine does not have that address. Choose another with --host, or 0.0.0.0 for all.",
}


class Limits(NamedTuple):
    """The limits of clients, queries and answers.

    Attributes:
        seconds: the maximum time of a query in seconds.
        memory: the maximum memory of a query in bytes, in addition to the graph.
        size: the maximum size of an answer in bytes.
        workers: the number of SPARQL queries answered at once.
        page_workers: the number of other requests answered at once: pages, entities and stored questions.
        per_client: the number of requests of a client that are answered at once.
    """

    seconds: float = 30.0
    memory: int = 1024 * MEBIBYTE
    size: int = 256 * MEBIBYTE
    workers: int = 2 * (os.cpu_count() or 1)
    page_workers: int = 2
    per_client: int = 4


class Settings(NamedTuple):
    """What the server and its workers know.

    Attributes:
        limits: the limits.
        address: the address of the server for clients, without a slash at the end.
        errors: the address for reports on errors, as returned by `parse_address`; empty for none.
        texts: the files with the texts of reports.
        behind_proxy: whether connections come from a proxy, which states the client's address.
    """

    limits: Limits
    address: str
    errors: str = ""
    texts: tuple[Path, ...] = ()
    behind_proxy: bool = False


def listen(host: str, port: int) -> socket.socket:
    """Open a port, and return the listening socket.

    Args:
        host: a host name, or an IPv4 or IPv6 address.
        port: the port number; 0 for any free port.

    Raises:
        JhaanError: the port cannot be opened.
    """
    endpoint = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        family, _, _, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.create_server(place[:2], family=family, backlog=_BACKLOG)
        # Connections inherit it. asyncio does not set it, and the last part of an answer would wait for 40 ms.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened
    except (socket.gaierror, UnicodeError):
        raise JhaanError(f'Unknown host "{host}". Choose another with --host.') from None
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, f"{error.strerror or error}.")
        raise JhaanError(f"Cannot listen at {endpoint}: {reason}") from None


def is_local(opened: socket.socket) -> bool:
    """Return whether only this machine can reach a socket."""
    return ip_address(opened.getsockname()[0]).is_loopback


def address(opened: socket.socket) -> str:
    """Return the URL of a socket for clients on this machine or in its network.

    If the socket listens on all addresses of the machine, the URL contains the machine's name.
    """
    host, port = opened.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

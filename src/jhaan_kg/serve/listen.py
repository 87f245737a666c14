"""Where the server listens."""

from __future__ import annotations

import errno
import socket
from typing import Final

from jhaan_kg.errors import JhaanError

BACKLOG: Final = 512
"""How many connections wait to be accepted."""


def listen(host: str, port: int) -> socket.socket:
    """Open the port.

    Args:
        host: a name, or an address of IPv4 or IPv6.
        port: its number; 0 for any that is free.

    Raises:
        JhaanError: it can't be opened.
    """
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind, protocol)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(BACKLOG)
    except (socket.gaierror, UnicodeError):
        raise JhaanError(f"{host}: there is no such host here. Choose another with --host.") from None
    except OSError as error:
        raise JhaanError(f"{place}: {_why(error, port)}") from None
    return opened


def _why(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program listens there. Choose another port with --port, or 0 for any that is free."
    if error.errno == errno.EACCES:
        return f"only root may open ports below 1024, and {port} is one. Choose another with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return "this machine doesn't have that address. Choose another with --host; 0.0.0.0 stands for all it has."
    return f"it can't be opened: {error.strerror or error}."


def address(opened: socket.socket) -> str:
    """Give the address where clients on this machine or near to it reach a socket.

    A socket that listens on all addresses of the machine is reached by the machine's name.
    """
    host, port = opened.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - told apart, not opened
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

"""The limits, the paths, and the socket of the server."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Mapping
from typing import Final, NamedTuple

from jhaan_kg.errors import JhaanError

MEBIBYTE: Final = 2**20

OUT_OF_MEMORY: Final = "The query takes more memory than one may take here. Ask for less: fewer patterns."
"""The message of an error 503 for such a query."""


HEAD, BODY, REFUSAL = b"H", b"B", b"R"
"""With what a part of a worker's answer begins: the media type and headers as JSON, bytes of the answer, and an error
in place of its end as JSON."""


class Limits(NamedTuple):
    """The limits of clients, queries and answers; beyond them there is an error.

    Attributes:
        seconds: how long a query may take.
        memory: how much memory a query may take, in bytes, beside the graph itself.
        size: how long an answer may be, in bytes.
        request: how long the body of a request may be, in bytes.
        workers: how many SPARQL queries are answered at once.
        page_workers: how many other requests are: pages, things and stored questions.
        queue: how many of either kind wait beside those.
        per_client: how many requests one client may have open.
        connections: how many connections may be open at once.
        spool: how much room long answers may take in temporary files, in bytes.
        min_rate: how many bytes a second a client has to take of its answer.
        ipv6_prefix: how many leading bits of an address of IPv6 stand for one client.
    """

    seconds: float = 30.0
    memory: int = 1024 * MEBIBYTE
    size: int = 256 * MEBIBYTE
    request: int = MEBIBYTE
    workers: int = max(8, 2 * (os.cpu_count() or 1))
    page_workers: int = 4
    queue: int = 64
    per_client: int = 6
    connections: int = 2000
    spool: int = 1024 * MEBIBYTE
    min_rate: int = 2000
    ipv6_prefix: int = 56


THINGS: Final = ("id", "ontology", "graph", "query", "prefixes")
"""The first parts of the paths of things, as of their IRIs."""

QUESTIONS: Final = "questions"
"""The first part of the paths of stored questions."""

PAGES: Final = (
    *("search", "read", "attendance", "timeline", "network", "pair"),
    *("contradictions", "gaps", "proof", "downloads"),
)
"""The first parts of the paths of pages that are neither of a thing nor of a question."""

DOWNLOADS: Final[Mapping[str, str]] = {
    "jhaan.xlsx": "xlsx",
    "jhaan.ics": "ics",
    "jhaan.ttl": "turtle",
    "jhaan.nt": "ntriples",
    "jhaan.jsonld": "jsonld",
    "jhaan.rdf": "rdfxml",
    "jhaan.nq": "nquads",
    "jhaan.trig": "trig",
    "jhaan.gexf": "gexf",
    "jhaan.graphml": "graphml",
}
"""The names of the files below `downloads`, and their formats."""

OPENAPI: Final = "openapi.json"
"""The path of the description for programs."""


BACKLOG: Final = 512
"""How many connections wait to be accepted."""


def listen(host: str, port: int) -> socket.socket:
    """Open the port and listen.

    Args:
        host: a name, or an address of IPv4 or IPv6.
        port: its number; 0 for any that is free.

    Raises:
        JhaanError: it can't be opened.
    """
    endpoint = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind, protocol)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(BACKLOG)
    except (socket.gaierror, UnicodeError):
        raise JhaanError(f'Unknown host "{host}". Choose another with --host.') from None
    except OSError as error:
        raise JhaanError(f"Cannot listen at {endpoint}: {_explain(error, port)}") from None
    return opened


def _explain(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program uses the port. Choose another with --port, or 0 for any free port."
    if error.errno == errno.EACCES:
        return f"port {port} is below 1024 and needs root. Choose another with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return "this machine does not have that address. Choose another with --host, or 0.0.0.0 for all."
    return f"{error.strerror or error}."


def address(opened: socket.socket) -> str:
    """Return the address by which clients on this machine or near it reach a socket.

    A socket that listens on all addresses of the machine is reached by the machine's name.
    """
    host, port = opened.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - told apart, not opened
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

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
"""The message of an error 503 for a query without enough memory."""


HEAD, BODY, REFUSAL = b"H", b"B", b"R"
"""The first bytes of the parts of a worker's answer: the media type and headers as JSON, bytes of the answer, and an
error instead of the end as JSON."""


class Limits(NamedTuple):
    """The limits of clients, queries and answers, beyond which there is an error.

    Attributes:
        seconds: the maximum time of a query.
        memory: the maximum memory of a query in bytes, besides the graph itself.
        size: the maximum size of an answer in bytes.
        request: the maximum size of a request body in bytes.
        workers: the number of SPARQL queries answered at once.
        page_workers: the number of other requests answered at once: pages, entities and stored questions.
        queue: the number of waiting requests of either kind.
        per_client: the maximum number of open requests of a client.
        connections: the maximum number of open connections.
        spool: the room for long answers in temporary files, in bytes.
        min_rate: the minimum number of bytes per second that a client must accept.
        ipv6_prefix: the number of leading bits of an IPv6 address that identify a client.
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
"""The first parts of the paths of entities, as in their IRIs."""

QUESTIONS: Final = "questions"
"""The first part of the paths of stored questions."""

REPORT_ERROR: Final = "report-error"
"""The path of the page for a report on one statement."""

PAGES: Final = (
    *("search", "read", "attendance", "timeline", "network", "pair"),
    *("contradictions", "gaps", "proof", "downloads", REPORT_ERROR),
)
"""The first parts of the paths of other pages."""

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
"""The maximum number of connections that wait to be accepted."""


def listen(host: str, port: int) -> socket.socket:
    """Open the port and listen.

    Args:
        host: a name, or an IPv4 or IPv6 address.
        port: the number of the port; 0 for any free one.

    Raises:
        JhaanError: the port cannot be opened.
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
    """Return the address of a socket for clients on this machine or nearby.

    For a socket on all addresses of the machine, it contains the machine's name.
    """
    host, port = opened.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not opened
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

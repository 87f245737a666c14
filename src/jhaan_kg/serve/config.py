"""The limits, the paths, and the socket of the server."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Mapping
from typing import Final, NamedTuple

from jhaan_kg.errors import JhaanError

MEBIBYTE: Final = 2**20

OUT_OF_MEMORY: Final = "The query exceeded the memory limit of this server. Ask for less: use fewer patterns."
"""The error message (status 503) for a query that exceeds its memory limit."""


HEAD, BODY, REFUSAL = b"H", b"B", b"R"
"""The first byte of each part of a worker's answer, which states the type of the part.

`HEAD` precedes the media type and headers (JSON), `BODY` a piece of the answer, and `REFUSAL` an error (JSON) that
ends the answer.
"""


class Limits(NamedTuple):
    """The limits of clients, queries and answers.

    Attributes:
        seconds: the maximum time of a query in seconds.
        memory: the maximum memory of a query in bytes, in addition to the graph.
        size: the maximum size of an answer in bytes.
        request: the maximum size of a request body in bytes.
        workers: the number of SPARQL queries answered at once.
        page_workers: the number of other requests answered at once: pages, entities and stored questions.
        queue: the maximum number of waiting requests, separately for SPARQL queries and for other requests.
        per_client: the maximum number of open requests of a client.
        connections: the maximum number of open connections.
        spool: the maximum disk space for long answers in temporary files, in bytes.
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
"""The first segments of the paths of entities, as in the IRIs of the entities."""

QUESTIONS: Final = "questions"
"""The first segment of the paths of stored questions."""

"""The path of the page for a report on one statement."""

PAGES: Final = (
    *("search", "read", "attendance", "timeline", "network", "pair"),
    *("contradictions", "gaps", "proof", "downloads"),
)
"""The first segments of the paths of other pages."""

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
"""The export format of each file below the path `downloads`."""

OPENAPI: Final = "openapi.json"
"""The path of the OpenAPI description."""


BACKLOG: Final = 512
"""The maximum number of connections that wait to be accepted."""


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
    """Return the URL of a socket for clients on this machine or in its network.

    If the socket listens on all addresses of the machine, the URL contains the machine's name.
    """
    host, port = opened.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not opened
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

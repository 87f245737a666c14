"""Endpoints for tests: a handler, a store in this process, and a proxy before another one."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Thread
from typing import Final, NamedTuple
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode

from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store

QUERIES = {
    "rows": "SELECT ?agency ?label { ?agency a jhaan:Agency ; rdfs:label ?label } ORDER BY ?label",
    "none": "SELECT ?x ?y { ?x jhaan:nothing ?y }",
    "odd": "SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) ('a\\tb\\n\"c\"'@en-GB 0.50) ('' UNDEF) } }",
    "graph": "CONSTRUCT { ?agency a jhaan:Agency ; rdfs:label ?label } { ?agency a jhaan:Agency ; rdfs:label ?label }",
    "blank": "CONSTRUCT { [] rdfs:label ?label } { ?agency a jhaan:Agency ; rdfs:label ?label }",
    "ask": "ASK { ?agency a jhaan:Agency }",
}
"""Queries for endpoints and for the built-in engine, by name."""

JSON: Final = "application/sparql-results+json"


class Request(NamedTuple):
    """A received request."""

    method: str
    path: str
    headers: Message
    body: bytes

    @property
    def form(self) -> list[tuple[str, str]]:
        """The fields of its form."""
        return parse_qsl(self.body.decode())

    @property
    def query(self) -> str:
        """Its SPARQL query."""
        return dict(self.form)["query"]


class Response(NamedTuple):
    """A response; `length` is the declared length, if it differs from the actual one."""

    body: bytes = b""
    media_type: str = JSON
    status: int = 200
    headers: Mapping[str, str] = {}
    length: int | None = None


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], tls: SSLContext | None = None) -> Iterator[str]:
    """Run a server with a handler, and yield its address, without a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def responding(respond: Callable[[Request], Response | None], tls: SSLContext | None = None) -> Iterator[str]:
    """Run a server that answers each request by a function; None closes the connection without an answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            response = respond(Request(self.command, self.path, self.headers, body))
            if response is None:
                return
            length = len(response.body) if response.length is None else response.length
            with suppress(BrokenPipeError, ConnectionResetError):  # the client may have closed the connection
                self.send_response(response.status)
                if response.media_type:
                    self.send_header("Content-Type", response.media_type)
                self.send_header("Content-Length", str(length))
                for name, value in response.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"" if self.command == "HEAD" else response.body)

        do_GET = do_HEAD = do_PUT = do_DELETE = do_POST  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Write no log."""

    with serving(Handler, tls) as address:
        yield address


def forward(url: str, request: Request, form: Sequence[tuple[str, str]]) -> Response:
    """Send a request with another form to an endpoint, and return the response."""
    asked = urllib.request.Request(  # noqa: S310
        url, urlencode(form).encode(), headers={"Accept": request.headers["Accept"]}
    )
    try:
        with urllib.request.urlopen(asked) as response:  # noqa: S310
            return Response(response.read(), response.headers["Content-Type"])
    except HTTPError as error:
        return Response(error.read(), error.headers["Content-Type"], error.code)


@contextmanager
def answering(store: Store, *, union: bool, allowed: str | None = None) -> Iterator[str]:
    """Serve a store of this process by the SPARQL 1.1 Protocol.

    Args:
        store: the store.
        union: whether the default graph of queries is the union of all graphs.
        allowed: the required value of the header Authorization; None if none is required.
    """

    def respond(request: Request) -> Response:
        if request.method == "HEAD" or (allowed and request.headers.get("Authorization") != allowed):
            return Response(b"", "", 401, {"WWW-Authenticate": 'Basic realm="store"'})
        default, named = (
            [NamedNode(value) for name, value in request.form if name == f"{which}-graph-uri"]
            for which in ("default", "named")
        )
        try:
            if default or named:
                found = store.query(request.query, default_graph=default, named_graphs=named)
            else:
                found = store.query(request.query, use_default_graph_as_union=union)
        except (SyntaxError, ValueError) as error:
            return Response(str(error).encode(), "text/plain", 400)
        if isinstance(found, QueryTriples):
            return Response(found.serialize(format=RdfFormat.N_TRIPLES), "application/n-triples")
        return Response(found.serialize(format=QueryResultsFormat.JSON))

    with responding(respond) as address:
        yield address


@contextmanager
def standard_only(url: str, refused: int | None = None) -> Iterator[str]:
    """Run a proxy before an endpoint that removes, or rejects, fields of forms that SPARQL 1.1 does not define."""

    def respond(request: Request) -> Response:
        known = [
            item for item in request.form if item[0] in ("query", "default-graph-uri", "named-graph-uri")
        ]
        if refused and known != request.form:
            return Response(b"", "", refused)
        return forward(url, request, known)

    with responding(respond) as address:
        yield address

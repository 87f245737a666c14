"""Endpoints of our own for tests: what a handler gives, a store of this process, and a door before one of others."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
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
"""What endpoints are asked, and the embedded engine too."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve what a handler gives, and yield the address of the server, without a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def answering(store: Store, *, union: bool, allowed: str | None = None) -> Iterator[str]:
    """Serve a store of this process by the SPARQL 1.1 Protocol.

    Args:
        store: the store.
        union: whether a client that names no graphs is answered from the union of all; else from the default graph.
        allowed: the value of the header Authorization without which nobody is let in.
    """

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
            if allowed and self.headers.get("Authorization") != allowed:
                self._refuse()
                return
            default, named = (
                [NamedNode(value) for name, value in form if name == f"{which}-graph-uri"]
                for which in ("default", "named")
            )
            try:
                if default or named:
                    found = store.query(dict(form)["query"], default_graph=default, named_graphs=named)
                else:
                    found = store.query(dict(form)["query"], use_default_graph_as_union=union)
            except (SyntaxError, ValueError) as error:
                self.send_error(400, str(error))
                return
            triples = isinstance(found, QueryTriples)
            written = found.serialize(format=RdfFormat.N_TRIPLES if triples else QueryResultsFormat.JSON)
            self.send_response(200)
            kind = "application/n-triples" if triples else "application/sparql-results+json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def do_HEAD(self) -> None:
            self._refuse()

        def _refuse(self) -> None:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="store"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Write no log."""

    with serving(Endpoint) as address:
        yield address


@contextmanager
def standard_only(url: str, refused: int | None = None) -> Iterator[str]:
    """Put a door before an endpoint that takes away, or refuses, what SPARQL 1.1 doesn't know."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
            known = [item for item in form if item[0] in ("query", "default-graph-uri", "named-graph-uri")]
            if refused and known != form:
                self.send_error(refused)
                return
            asked = urllib.request.Request(  # noqa: S310
                url, urlencode(known).encode(), headers={"Accept": self.headers["Accept"]}
            )
            try:
                with urllib.request.urlopen(asked) as response:  # noqa: S310
                    data, kind, status = response.read(), response.headers["Content-Type"], 200
            except HTTPError as error:
                data, kind, status = error.read(), error.headers["Content-Type"], error.code
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Write no log."""

    with serving(Door) as address:
        yield address

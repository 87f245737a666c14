"""Endpoints of our own for tests: what a handler gives, and a door before a store that knows the standard only."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve what a handler gives, and give the address of the server, without a slash at its end."""
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
            """Say nothing."""

    with serving(Door) as address:
        yield address

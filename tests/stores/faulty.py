"""A proxy before a store, over a real socket, that simulates failures of stores and networks.

Each request is forwarded to the store and its answer returned, unless a `Fault` applies to it. Tests can read the
recorded requests.
"""

from __future__ import annotations

import socket
import struct
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import NamedTuple
from urllib.parse import urlsplit

from endpoints import Request, serving

HTML = "<!DOCTYPE html><html><title>Sign in</title><body>Welcome to the network of the hotel.</body></html>"


class Fault(NamedTuple):
    """A simulated failure.

    Attributes:
        happen: function that causes it, and returns whether the request is then finished; otherwise it is forwarded.
        when: function that selects requests by all but their bodies, which are read later.
        times: the number of times that it occurs; None for no limit.
        after: the number of selected requests that succeed before it.
    """

    happen: Happening
    when: Callable[[Request], bool] = lambda _: True
    times: int | None = None
    after: int = 0


class Door:
    """A running proxy.

    Attributes:
        address: its address, without a path.
        asked: the received requests in order, without bodies.
        happened: the requests to which a fault applied, without bodies.
        passed: the complete requests that were forwarded to the store.
        closing: set when the proxy is being closed.
    """

    def __init__(self, behind: str, faults: tuple[Fault, ...]) -> None:
        self.address = ""
        self.asked: list[Request] = []
        self.happened: list[Request] = []
        self.passed: list[Request] = []
        self.closing = Event()
        self._behind = urlsplit(behind).netloc
        self._faults = faults
        self._met = [0] * len(faults)

    def choose_faults(self, request: Request) -> list[Happening]:
        """Record a request, and return the faults that apply to it."""
        self.asked.append(request)
        chosen = []
        for number, fault in enumerate(self._faults):
            if fault.when(request):
                place = self._met[number] - fault.after
                self._met[number] += 1
                if place >= 0 and (fault.times is None or place < fault.times):
                    chosen.append(fault.happen)
        return chosen

    def ask_behind(self, request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
        """Forward a request to the store, and return status, headers and body of the answer."""
        kept = {name: value for name, value in request.headers.items() if name.lower() not in _OF_ONE_HOP}
        connection = HTTPConnection(self._behind, timeout=120)
        try:
            connection.request(request.method, request.path, request.body or None, kept)
            answer = connection.getresponse()
            headers = [item for item in answer.getheaders() if item[0].lower() not in _OF_ONE_HOP]
            return answer.status, headers, answer.read()
        finally:
            connection.close()


_OF_ONE_HOP = frozenset(
    ("connection", "keep-alive", "transfer-encoding", "content-length", "host", "authorization", "expect")
)


class Handler(BaseHTTPRequestHandler):
    """Handler that forwards requests or applies faults to them."""

    protocol_version = "HTTP/1.1"
    door: Door

    def handle_one_request(self) -> None:
        """Answer a request; ignore the error if the client has closed the connection."""
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Return the same handler for all methods."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def handle_expect_100(self) -> bool:
        """Do not ask for the body yet, since a fault may reject the request before."""
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Write no log."""

    def body(self, most: int | None = None) -> bytes:
        """Read the body, or its first bytes."""
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            whole = int(self.headers.get("Content-Length", 0))
            return self.rfile.read(whole if most is None else min(whole, most))
        data = b""
        while most is None or len(data) < most:
            size = int(self.rfile.readline().partition(b";")[0], 16)
            data += self.rfile.read(size)
            self.rfile.readline()
            if not size:
                break
        return data

    def answer(
        self, status: int, headers: list[tuple[str, str]], data: bytes, *, length: int | None = None
    ) -> None:
        """Send an answer; `length` is the declared length, if it differs from the actual one."""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def ask_behind(self) -> tuple[int, list[tuple[str, str]], bytes]:
        """Forward the request to the store, and return status, headers and body of the answer."""
        return self.door.ask_behind(Request(self.command, self.path, self.headers, self.body()))

    def cut(self) -> None:
        """Reset the connection, as if the process had been killed."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _answer(self) -> None:
        request = Request(self.command, self.path, self.headers, b"")
        for happen in self.door.choose_faults(request):
            self.door.happened.append(request)
            if happen(self):
                return
        request = request._replace(body=self.body())
        self.door.passed.append(request)
        self.answer(*self.door.ask_behind(request))


Happening = Callable[[Handler], bool]
"""Function that applies a fault to a request, and returns whether the request is then finished."""


@contextmanager
def door(behind: str, *faults: Fault) -> Iterator[Door]:
    """Run a proxy before a server.

    Args:
        behind: an address of the server, whose path is ignored.
        faults: the simulated failures; after the first one that finishes a request, no further one applies to it.
    """
    opened = Door(behind, faults)
    with serving(type("_Handler", (Handler,), {"door": opened})) as opened.address:
        try:
            yield opened
        finally:
            opened.closing.set()


def refuse(status: int, said: str = "", kind: str = "text/plain", **headers: str) -> Happening:
    """Return a fault that reads the request and answers with a status; underscores in header names become hyphens."""

    def happen(handler: Handler) -> bool:
        handler.body()
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        handler.answer(status, [("Content-Type", kind), *named], said.encode())
        return True

    return happen


def keep_silent(handler: Handler) -> bool:
    """Read the request, and never answer."""
    handler.body()
    handler.door.closing.wait()
    handler.cut()
    return True


def cut_request(size: int = 1000) -> Happening:
    """Return a fault that resets the connection after some bytes of the body."""

    def happen(handler: Handler) -> bool:
        handler.body(size)
        handler.cut()
        return True

    return happen


def cut_answer(handler: Handler) -> bool:
    """Forward the request, and reset the connection in the middle of the answer."""
    status, headers, data = handler.ask_behind()
    handler.answer(status, headers, data[: len(data) // 2], length=len(data) + 1)
    handler.cut()
    return True


def lose_answer(handler: Handler) -> bool:
    """Forward the request, and reset the connection before the answer, so that the client does not get the result."""
    handler.ask_behind()
    handler.cut()
    return True


def send_on(place: str, status: int = 307) -> Happening:
    """Return a fault that redirects to the same path at another address."""

    def happen(handler: Handler) -> bool:
        return refuse(status, Location=place + handler.path)(handler)

    return happen


def want_basic(user: str, password: str) -> Happening:
    """Return a fault that requires the credentials of a user, by Basic authentication (RFC 7617)."""
    right = "Basic " + b64encode(f"{user}:{password}".encode()).decode()

    def happen(handler: Handler) -> bool:
        if handler.headers.get("Authorization") == right:
            return False
        return refuse(401, "Who are you?", WWW_Authenticate='Basic realm="store"')(handler)

    return happen

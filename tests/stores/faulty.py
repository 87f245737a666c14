"""A door before a store, over a real socket, that does what stores and networks do on bad days.

Each request goes through to the store behind, and its answer comes back, unless a `Fault` is meant for it. What was
asked is kept, so that a test can say what arrived.
"""

from __future__ import annotations

import socket
import struct
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

HTML = "<!DOCTYPE html><html><title>Sign in</title><body>Welcome to the network of the hotel.</body></html>"


class Asked(NamedTuple):
    """A request that came to a door.

    Attributes:
        method: GET, POST and so on.
        target: the path with what stands behind the question mark.
        headers: with small letters.
        body: its bytes, if it was read.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Happening(Protocol):
    """What happens to a request."""

    def __call__(self, handler: Handler) -> bool:
        """Do it.

        Returns:
            Whether the request has found its end by that; if not, it goes on to the store.
        """


class Fault(NamedTuple):
    """Something that goes wrong.

    Attributes:
        then: what happens.
        when: the requests to which it happens: all, those with one of these methods, or those that a function picks by
            all but their bodies, which are not yet read.
        times: how often it happens; None for always.
        after: how many such requests go well before.
    """

    then: Happening
    when: str | Callable[[Asked], bool] = ""
    times: int | None = None
    after: int = 0

    def is_for(self, asked: Asked) -> bool:
        """Tell whether a request is of those to which it happens."""
        return self.when(asked) if callable(self.when) else not self.when or asked.method in self.when.split()


class Door:
    """A door that is open.

    Attributes:
        address: of the door, without a path.
        asked: what was asked, in its order, less the bodies.
        happened: the requests to which a fault happened, less the bodies.
        passed: the requests that went through to the store, whole.
        closing: set when the door is being closed.
    """

    def __init__(self, behind: str, faults: tuple[Fault, ...]) -> None:
        self.address = ""
        self.asked: list[Asked] = []
        self.happened: list[Asked] = []
        self.passed: list[Asked] = []
        self.closing = Event()
        self._behind = urlsplit(behind).netloc
        self._faults = faults
        self._met = [0] * len(faults)

    def faults_for(self, asked: Asked) -> list[Happening]:
        """Note a request, and give what is to happen to it."""
        self.asked.append(asked)
        chosen = []
        for number, fault in enumerate(self._faults):
            if fault.is_for(asked):
                place = self._met[number] - fault.after
                self._met[number] += 1
                if place >= 0 and (fault.times is None or place < fault.times):
                    chosen.append(fault.then)
        return chosen

    def ask_behind(self, asked: Asked) -> tuple[int, list[tuple[str, str]], bytes]:
        """Hand a request on to the store, and give what it answers."""
        kept = {name: value for name, value in asked.headers.items() if name not in _OF_ONE_HOP}
        connection = HTTPConnection(self._behind, timeout=120)
        try:
            connection.request(asked.method, asked.target, asked.body or None, kept)
            answer = connection.getresponse()
            headers = [item for item in answer.getheaders() if item[0].lower() not in _OF_ONE_HOP]
            return answer.status, headers, answer.read()
        finally:
            connection.close()


_OF_ONE_HOP = frozenset(
    ("connection", "keep-alive", "transfer-encoding", "content-length", "host", "authorization", "expect")
)


class Handler(BaseHTTPRequestHandler):
    """Lets a request pass, or makes a fault happen to it."""

    protocol_version = "HTTP/1.1"
    door: Door

    def handle_one_request(self) -> None:
        """Answer a request; a peer that has gone is no fault of the door's."""
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Answer all methods alike."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def handle_expect_100(self) -> bool:
        """Let the fault decide whether the body is wanted."""
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    @property
    def asked(self) -> Asked:
        """What is asked, less the body."""
        return Asked(
            self.command, self.path, {name.lower(): text for name, text in self.headers.items()}, b""
        )

    def body(self, most: int | None = None) -> bytes:
        """Read the body, or the beginning of it."""
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
        """Send an answer; `length` is what is promised, if that is not what is sent."""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def cut(self) -> None:
        """End the connection as a process does that is killed: without a farewell."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _answer(self) -> None:
        asked = self.asked
        for fault in self.door.faults_for(asked):
            self.door.happened.append(asked)
            if fault(self):
                return
        asked = asked._replace(body=self.body())
        self.door.passed.append(asked)
        self.answer(*self.door.ask_behind(asked))


@contextmanager
def door(behind: str, *faults: Fault) -> Iterator[Door]:
    """Put a door before a server.

    Args:
        behind: an address of the server; its path is of no matter.
        faults: what goes wrong; the first that ends a request is the last that happens to it.
    """
    opened = Door(behind, faults)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("_Handler", (Handler,), {"door": opened}))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up
    opened.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield opened
    finally:
        opened.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def refuse(status: int, said: str = "", kind: str = "text/plain", **headers: str) -> Happening:
    """Read the request and answer with a status; names of headers are written with underscores."""

    def happen(handler: Handler) -> bool:
        handler.body()
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        handler.answer(status, [("Content-Type", kind), *named], said.encode())
        return True

    return happen


def refuse_unread(status: int, said: str = "") -> Happening:
    """Answer before the body is read, and hang up, as servers do with what is too large for them."""

    def happen(handler: Handler) -> bool:
        handler.answer(status, [("Content-Type", "text/plain"), ("Connection", "close")], said.encode())
        handler.close_connection = True
        return True

    return happen


def keep_silent(handler: Handler) -> bool:
    """Read the request, and never answer."""
    handler.body()
    handler.door.closing.wait()
    handler.cut()
    return True


def cut_request(size: int = 1000) -> Happening:
    """Die when so many bytes of the body have been read."""

    def happen(handler: Handler) -> bool:
        handler.body(size)
        handler.cut()
        return True

    return happen


def cut_answer(handler: Handler) -> bool:
    """Do what is asked, and die in the middle of the answer."""
    asked = handler.asked._replace(body=handler.body())
    status, headers, data = handler.door.ask_behind(asked)
    handler.answer(status, headers, data[: len(data) // 2], length=len(data) + 1)
    handler.cut()
    return True


def end_answer(handler: Handler) -> bool:
    """Do what is asked, and end the connection in good form in the middle of the answer, as some proxies do."""
    asked = handler.asked._replace(body=handler.body())
    status, headers, data = handler.door.ask_behind(asked)
    handler.answer(status, headers, data[: len(data) // 2], length=len(data) + 1)
    handler.close_connection = True
    return True


def lose_answer(handler: Handler) -> bool:
    """Do what is asked, and die before the answer: who asks can't know that it was done."""
    handler.door.ask_behind(handler.asked._replace(body=handler.body()))
    handler.cut()
    return True


def send_on(place: str, status: int = 307) -> Happening:
    """Send on to the same target at another place."""

    def happen(handler: Handler) -> bool:
        return refuse(status, Location=place + handler.path)(handler)

    return happen


def want_basic(user: str, password: str) -> Happening:
    """Let only this user in, by Basic (RFC 7617)."""
    right = "Basic " + b64encode(f"{user}:{password}".encode()).decode()

    def happen(handler: Handler) -> bool:
        if handler.headers.get("Authorization") == right:
            return False
        return refuse(401, "Who are you?", WWW_Authenticate='Basic realm="store"')(handler)

    return happen

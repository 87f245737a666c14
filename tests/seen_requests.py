"""A server that records its requests, requires credentials, and fails on demand."""

from __future__ import annotations

import hashlib
import threading
import time
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from urllib.request import parse_http_list, parse_keqv_list

from jhaan_kg.web.credentials import Credentials

Log = list[tuple[str, str, dict[str, str], bytes]]
"""Method, path, headers and body of each request."""

ADA = Credentials("ada", "love:läce")
"""The credentials that the server accepts."""

AS_JSON = {"Content-Type": "application/json"}


_CHALLENGE = 'WWW-Authenticate: Digest realm="store", nonce="abc", qop="auth"'
ENDLESS = {
    "trickle": ("200 OK\nContent-Length: 1000\n\n", b" ", 0.1),
    "trickling-head": ("200 OK\nX-Header: ", b"x", 0.1),
    "trickling-size": ("200 OK\nTransfer-Encoding: chunked\n\n", b"0", 0.1),
    "continuing": ("100 Continue\n\n", b"HTTP/1.1 100 Continue\r\n\r\n", 0.0001),
    "trailing": ("200 OK\nTransfer-Encoding: chunked\n\n0\n", b"X-Trailer: x\r\n", 0.0001),
    "endless": ("200 OK\nContent-Type: application/json\n\n", b" " * 2**16, 0),
    "endless-503": ("503 Busy\nContent-Type: application/json\n\n", b" " * 2**16, 0),
    "endless-500": ("500 Oops\nContent-Type: text/plain\n\n", b"oops " * 2**14, 0),
    "endless-401": (f"401 Who?\n{_CHALLENGE}\n\n", b" " * 2**16, 0),
}
"""Endless answers: the beginning, the repeated piece, and the pause in seconds before each piece."""


class Seen(BaseHTTPRequestHandler):
    """A server that records requests, and whose behaviour depends on the first part of the path."""

    protocol_version = "HTTP/1.1"
    log: Log
    failures: dict[str, int]
    stop: threading.Event
    ports: list[int]

    def setup(self) -> None:
        super().setup()
        self.ports.append(self.client_address[1])

    def _serve(self) -> None:
        kind = self.path.split("/")[1].partition("?")[0]
        if kind == "early":  # answer without reading the body, and close the connection
            self._reply(413, {"Connection": "close"}, b"no more than 1 MB")
            self.close_connection = True
            return
        body = self._body()
        self.log.append((self.command, self.path, dict(self.headers), body))
        if kind in ("basic", "digest", "both", "negotiate", "bearer") and not self._allowed(kind):
            return
        if kind == "puts-digest" and self.command == "PUT" and not self._allowed("digest"):
            return
        self._behave(kind)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _serve  # noqa: N815

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            data = b""
            while size := int(self.rfile.readline(), 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return data
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _behave(self, kind: str) -> None:
        fails = kind.startswith("fails")
        self.failures[kind] = self.failures.get(kind, 0) + 1
        if kind == "fails-once" and self.failures[kind] > 1:
            fails = False
        if fails and kind == "fails-hanging-up":
            self.close_connection = True
        elif fails:
            until = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
            wait = {
                "fails-long": "3600",
                "fails-short": "0",
                "fails-soon": "soon",
                "fails-until": until,
                "fails-odd": "9" * 5000,
            }.get(kind)
            self._reply(503, {"Retry-After": wait} if wait else {}, b"")
        elif kind == "torn":
            self._reply(200, {**AS_JSON, "Content-Length": "1000"}, b"{}", whole=False)
            self.close_connection = True
        elif kind == "torn-chunks":
            self._reply(200, {**AS_JSON, "Transfer-Encoding": "chunked"}, b"2\r\n{}\r\n", whole=False)
            self.close_connection = True
        elif kind in ENDLESS and self.command != "HEAD":
            self._go_on(*ENDLESS[kind])
        elif kind == "silent":
            self.stop.wait(5)
        elif kind == "noise":
            self.wfile.write(b"220 mail.example.org ESMTP\r\n")
            self.close_connection = True
        elif kind == "moved":
            self._reply(307, {"Location": "http://127.0.0.1:1/elsewhere?token=xyz"}, b"x" * 100)
        elif kind == "echo":
            said = f"you sent {self.headers.get('Authorization')} ada love:läce".encode()
            self._reply(400, {"Content-Type": "text/plain; charset=utf-8"}, said)
        elif kind == "charset":
            self._reply(500, {"Content-Type": "text/plain; charset=x-none"}, "schön".encode())
        elif kind == "page":
            self._reply(200, {"Content-Type": "text/html; charset=utf-8"}, b"<html></html>")
        elif kind.isdigit():
            self._reply(int(kind), {"Content-Type": "text/plain"}, b"\x1b[31mno\nway")
        else:
            self._reply(200, {"Content-Type": "Application/JSON; charset=utf-8"}, b'{"a": 1}')

    def _go_on(self, beginning: str, piece: bytes, pause: float) -> None:
        """Send a beginning, and then a piece repeatedly, for at most five seconds."""
        self.close_connection = True
        with suppress(OSError):
            self.wfile.write(f"HTTP/1.1 {beginning}".replace("\n", "\r\n").encode())
            end = time.monotonic() + 5
            while time.monotonic() < end and not self.stop.wait(pause):
                self.wfile.write(piece)

    def _allowed(self, kind: str) -> bool:
        given = self.headers.get("Authorization", "")
        basic = "Basic " + b64encode("ada:love:läce".encode()).decode()
        if kind == "bearer" and given == "Bearer t0k3n":
            return True
        if kind == "basic" and given == basic:
            return True
        if kind in ("digest", "both") and given.startswith("Digest ") and self._digest_fits(given):
            return True
        challenge = {
            "basic": 'Basic realm="store, public"',
            "digest": 'Digest realm="store", nonce="abc", qop="auth", algorithm=MD5',
            "both": 'Basic realm="digest", Digest realm="store", nonce="abc", qop="auth"',
            "bearer": 'Bearer realm="store"',
            "negotiate": "Negotiate",
        }[kind]
        self._reply(401, {"WWW-Authenticate": challenge}, b"")
        return False

    def _digest_fits(self, given: str) -> bool:
        """Whether the response of digest authentication is correct (RFC 7616, section 3.4.1)."""
        said = parse_keqv_list(parse_http_list(given.removeprefix("Digest ")))

        def md5(text: str) -> str:
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

        user, place = md5("ada:store:love:läce"), md5(f"{self.command}:{self.path}")
        expected = md5(f"{user}:abc:{said['nc']}:{said['cnonce']}:auth:{place}")
        return said["response"] == expected and said["uri"] == self.path

    def _reply(self, status: int, headers: dict[str, str], body: bytes, *, whole: bool = True) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if whole:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Write no log."""


def fresh() -> type[Seen]:
    return type("Handler", (Seen,), {"log": [], "failures": {}, "stop": threading.Event(), "ports": []})

"""The ASGI application: routes, methods, limits of requests, and responses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any, Final

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from werkzeug.http import parse_etags

from jhaan_kg import __version__
from jhaan_kg.files import read_yaml
from jhaan_kg.pages import FILES, HEADERS
from jhaan_kg.pages.representation import HTML, HttpStatusError, choose
from jhaan_kg.serve.config import MEBIBYTE
from jhaan_kg.serve.lanes import client_of
from jhaan_kg.serve.monitoring import METRICS_MEDIA, write_log
from jhaan_kg.serve.protocol import content_type
from jhaan_kg.serve.service import Service
from jhaan_kg.serve.worker import Job, Reply, first_segment, sends_query

MOST_BODY: Final = MEBIBYTE
"""The maximum size of a request's body in bytes."""

BODY_SECONDS: Final = 10.0
"""The time limit for receiving the body of a request."""

_UNWATCHED: Final = 0.2
"""How often the server checks whether a client still waits, in seconds."""

_CLIENT_GONE: Final = 499
"""The status code logged when a client disconnects before the response starts, as nginx does."""

_RELEASE: Final = "Jhaan-Release"
"""The header that identifies the release by the first digits of the snapshot's checksum."""

_INTERFACE: Final[dict[str, Any]] = read_yaml(Path(__file__).with_name("openapi.yaml"))
_READING: Final = ["GET", "HEAD"]
_EXPOSED: Final = [_RELEASE, "ETag", "Content-Location", "Link", "Retry-After"]

FileResponse.chunk_size = 1 << 18


def application(service: Service) -> ASGIApp:
    """Return the ASGI application (https://asgi.readthedocs.io)."""
    files = {
        **{f"/{name}": file for name, file in FILES.items()},
        "/openapi.json": ("application/json", _describe_interface(service.settings.address)),
        "/health/live": ("text/plain", b"live\n"),
    }
    endpoints: dict[str, Callable[[Request], Awaitable[Response]]] = {
        **{path: partial(_send_file, *file) for path, file in files.items()},
        "/health/ready": _ready,
        "/metrics": _metrics,
    }
    app = Starlette(
        routes=[
            Route("/sparql", _Answer(), methods=[*_READING, "POST"]),
            Route("/sparql.{suffix}", _Answer(), methods=[*_READING, "POST"]),
            *(Route(path, endpoint, methods=_READING) for path, endpoint in endpoints.items()),
            Route("/{path:path}", _Answer(), methods=_READING),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=[*_READING, "POST", "OPTIONS"],
                allow_headers=["*"],
                expose_headers=_EXPOSED,
                max_age=86_400,
            )
        ],
        exception_handlers={
            HttpStatusError: _explain,
            HTTPException: _explain_method,
            Exception: _report_fault,
        },
    )
    app.router.redirect_slashes = False  # a redirect would go to the header Host, such as that of /a%0A/
    return _AccessLog(app, service)


class _Answer:
    """The endpoint for everything that workers answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        async with request.state.service.turns.turn(request.state.client):
            file = request.state.release.new_file()
            try:
                body = await _body(request) if request.method == "POST" else None
                response = await _unless_gone(request, self._respond(request, body, file))
                if response is not None:
                    await response(scope, receive, send)
            except ClientDisconnect:
                pass
            finally:
                file.unlink(missing_ok=True)

    async def _respond(self, request: Request, body: bytes | None, file: Path) -> Response:
        release, path = request.state.release, _path(request)
        query = request.scope["query_string"]
        tag = _tag(request, body)
        headers = {_RELEASE: release.snapshot.key[:16], "Vary": "Accept"}
        if media := release.downloads.media(path):
            headers |= {"ETag": tag, "Content-Type": media}
            if _is_known(request, tag):
                return Response(status_code=304, headers=headers)
            return FileResponse(await release.downloads.find(path), headers=headers)
        job = Job(path, query, _header(request, "accept"), str(file), body, _header(request, "content-type"))
        is_query = body is not None or path == "graphs" or sends_query(path, query)
        reply: Reply = await release.lanes.run(job, request.state.client, is_query=is_query)
        headers |= {"Content-Type": reply.media, **reply.headers}
        if "Cache-Control" not in reply.headers:  # the answer changes only with the release
            headers["ETag"] = tag
            if _is_known(request, tag):
                return Response(status_code=304, headers=headers)
        if reply.body is None:
            return FileResponse(file, headers=headers)
        return Response(reply.body, headers=headers)


async def _unless_gone(request: Request, work: Awaitable[Response]) -> Response | None:
    """Return the response; None if the client leaves before, which ends its query."""
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait((task,), timeout=_UNWATCHED))[0]:
            if await request.is_disconnected():
                return None
        return await task
    finally:
        task.cancel()


async def _body(request: Request) -> bytes:
    """Read the body of a request.

    Raises:
        HttpStatusError: the body is too long (413), has a content coding (415), or arrives too slowly (408).
        ClientDisconnect: the client has left.
    """
    if _header(request, "content-encoding").lower() not in ("", "identity"):
        raise HttpStatusError(
            415, "Send the request without Content-Encoding.", {"Accept-Encoding": "identity"}
        )
    too_long = HttpStatusError(413, f"The request must have at most {MOST_BODY:,} bytes.")
    if len(length := _header(request, "content-length")) > 9 or int(length or 0) > MOST_BODY:
        raise too_long
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > MOST_BODY:
                    raise too_long
    except TimeoutError:
        raise HttpStatusError(
            408, f"The request did not arrive within {BODY_SECONDS:g} seconds. Send it again."
        ) from None
    return bytes(body)


def _path(request: Request) -> str:
    """Return the path without its first slash, and without what is not Unicode."""
    return str(request.scope["path"])[1:].encode(errors="replace").decode()


def _header(request: Request, name: str) -> str:
    return ",".join(request.headers.getlist(name))


def _tag(request: Request, body: bytes | None = None) -> str:
    """Return the ETag of the answer to a request, which depends on the request and the release."""
    parts = (
        *(request.state.release.snapshot.key, __version__, request.state.service.settings.address),
        *(request.scope["path"], request.scope["query_string"]),
        *(_header(request, "accept"), _header(request, "content-type"), body),
    )
    return f'"{sha256(ascii(parts).encode()).hexdigest()[:32]}"'


def _is_known(request: Request, tag: str) -> bool:
    """Return whether the client has the current answer already (RFC 9110, section 13.1.2)."""
    return parse_etags(_header(request, "if-none-match")[:1000]).contains_weak(tag.strip('"'))


# --- what the server itself answers ---------------------------------------------------------------------------------


def _describe_interface(address: str) -> bytes:
    """Return the description of the interface (OpenAPI 3.1)."""
    own = {"info": {**_INTERFACE["info"], "version": __version__}, "servers": [{"url": address}]}
    return json.dumps({**_INTERFACE, **own}, ensure_ascii=False, indent=1).encode()


async def _send_file(media: str, data: bytes, request: Request) -> Response:
    tag = _tag(request)
    if _is_known(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(data, headers={**HEADERS, "ETag": tag, "Content-Type": content_type(media)})


async def _ready(request: Request) -> Response:
    state = request.state
    if state.service.is_leaving or await state.release.find_fault():
        raise HttpStatusError(503, "The server is not ready.", {"Retry-After": "1"})
    return PlainTextResponse("ready\n", headers={_RELEASE: state.release.snapshot.key[:16]})


async def _metrics(request: Request) -> Response:
    release = request.state.release
    text = request.state.service.metrics.text(release.snapshot.key, release.lanes.by_name)
    return Response(text, media_type=METRICS_MEDIA)


async def _explain(request: Request, error: Any) -> Response:
    """Return an error as a page if a client that reads prefers HTML, otherwise as text."""
    accept, headers = _header(request, "accept"), {**HEADERS, **error.headers}
    is_page = error.status != 429 and choose(accept, ("text/plain", HTML)) == HTML
    if is_page and request.method in _READING:
        shown = (error.status, error.message)
        job = Job(_path(request), request.scope["query_string"], accept, error=shown)
        with suppress(TimeoutError, HttpStatusError):
            reply: Reply = await request.state.release.lanes.by_name["pages"].run(job, 2)
            return Response(reply.body, error.status, {**headers, "Content-Type": reply.media})
    return PlainTextResponse(f"{error.message}\n", error.status, headers)


async def _explain_method(request: Request, error: Any) -> Response:
    """Return the methods of a path; other errors of routing are unusual paths, such as those with line ends."""
    if error.status_code != 405:
        return await _explain(request, HttpStatusError(404, "There is no page at this address."))
    allowed = ", ".join(sorted([*error.headers["Allow"].split(", "), "OPTIONS"]))
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": allowed})
    return await _explain(request, HttpStatusError(405, f"Use one of: {allowed}.", {"Allow": allowed}))


async def _report_fault(_request: Request, _error: Exception) -> Response:
    """Return a generic error for an internal fault; only the log contains the details."""
    return PlainTextResponse("Internal error. Please report it.\n", 500)


class _AccessLog:
    """Middleware that identifies the client of each request, logs and counts it."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        begun, status, sent = monotonic(), 0, 0
        service, fault = self._service, None
        forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin-1")
        peer = (scope["client"] or [""])[0]
        client = client_of(peer, forwarded if service.settings.behind_proxy else None)

        async def counted(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                if service.is_leaving:
                    headers["Connection"] = "close"
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            with service.use_release() as release:
                scope["state"] = {"service": service, "release": release, "client": client}
                await self._app(scope, receive, counted)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
            raise
        finally:
            seconds, place = monotonic() - begun, _place(scope["path"])
            service.metrics.requests.labels(place, str(status or _CLIENT_GONE)).inc()
            service.metrics.seconds.labels(place).observe(seconds)
            service.metrics.sent.inc(sent)
            write_log(
                method=scope["method"][:16],
                path=scope["path"][:200],
                status=status or _CLIENT_GONE,
                bytes=sent,
                seconds=round(seconds, 4),
                client=client,
                fault=fault,
            )


def _place(path: str) -> str:
    """Return the first segment of a path if the metrics count it."""
    first = first_segment(path[1:])
    return (
        first if first in ("", "sparql", "graphs", "questions", "id", "health", "downloads") else "elsewhere"
    )

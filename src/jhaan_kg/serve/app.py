"""The ASGI application: routes, methods, errors, and responses."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack, nullcontext
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any, Final, cast
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jhaan_kg import __version__
from jhaan_kg.export.formats import FORMATS
from jhaan_kg.files import read_yaml
from jhaan_kg.pages import FILES, HEADERS
from jhaan_kg.query.reports import name_reports
from jhaan_kg.serve.clients import client_of
from jhaan_kg.serve.config import DOWNLOADS, OPENAPI, PAGES, QUESTIONS, THINGS
from jhaan_kg.serve.monitoring import METRICS_MEDIA, write_log
from jhaan_kg.serve.pool import Pool
from jhaan_kg.serve.protocol import (
    ANSWERS,
    GRAPHS,
    HTML,
    HttpStatusError,
    choose,
    content_type,
    etag,
    file_etag_basis,
    graph_iris,
    is_not_modified,
    negotiate,
    parse_parameters,
    parse_request,
)
from jhaan_kg.serve.service import Service, Serving
from jhaan_kg.serve.spool import HELD, NO_ROOM, BrokenOffError, Spool
from jhaan_kg.serve.turns import RETRY_AFTER

BODY_SECONDS: Final = 10.0
"""The time limit in seconds for receiving the body of a request."""

_READY_SECONDS: Final = 2.0
"""The time limit in seconds of the query that checks whether the server is ready."""

_MOST_LOGGED: Final = 10_000
"""The maximum number of characters of a query in the log."""

_CLIENT_GONE: Final = 499
"""The status code logged when a client disconnects before the response starts.

The logs of nginx use the same code.
"""

_WHOLE_TARGET: Final = re.compile(r"https?://[^/]*(/.*)?", re.IGNORECASE | re.DOTALL)
"""The absolute form of a request target.

Every server must accept it (RFC 9112, section 3.2.2).
"""

_RELEASE: Final = "Jhaan-Release"
"""The response header that identifies the release.

Its value is the first 16 digits of the snapshot's checksum.
"""

_INTERFACE: Final[dict[str, Any]] = read_yaml(Path(__file__).with_name("openapi.yaml"))

_READING: Final = ("GET", "HEAD")
_QUERYING: Final = (*_READING, "POST")
_NOT_READY: Final = HttpStatusError(
    503, "The graph is still loading. Try again in a moment.", {"Retry-After": RETRY_AFTER}
)
_FAULT: Final = "Internal error. Please report it."


def application(service: Service) -> ASGIApp:
    """Return the ASGI application (https://asgi.readthedocs.io)."""
    endpoints: dict[str, Callable[[Request], Awaitable[Response]]] = {
        "/": _contents,
        "/sparql": _sparql,
        "/graphs": _graph,
        "/.well-known/void": _void,
        "/health/live": _live,
        "/health/ready": _ready,
        "/metrics": _metrics,
        **{f"/{name}": _file for name in FILES},
        f"/{OPENAPI}": _openapi,
        f"/{QUESTIONS}": _question,
        **{f"/{name}": _page for name in PAGES},
        **{f"/{name}": _thing for name in THINGS},
    }
    paths = {path: path for path in endpoints} | {"/sparql.{suffix}": "/sparql"}
    for name in (QUESTIONS, *PAGES, *THINGS):  # the pages below this path, and the path with a format suffix
        paths |= {f"/{name}{rest}": f"/{name}" for rest in ("/{rest:path}", ".{suffix}")}
    cors = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=[*_QUERYING, "OPTIONS"],
        allow_headers=["*"],
        expose_headers=[_RELEASE, "ETag", "Content-Location", "Link", "Retry-After"],
        max_age=86_400,
    )
    app = Starlette(
        routes=[
            Route(path, endpoints[name], methods=_QUERYING if name == "/sparql" else _READING)
            for path, name in paths.items()
        ],
        middleware=[cors, Middleware(_Gate)],
        exception_handlers={
            HttpStatusError: _explain,
            HTTPException: _explain_route,
            ClientDisconnect: _note_disconnect,
            Exception: _report_fault,
        },
    )
    app.state.service = service
    app.router.redirect_slashes = False
    return _AccessLog(app, service, frozenset(endpoints))


def _service(request: Request) -> Service:
    return cast(Service, request.app.state.service)


class _AccessLog:
    """Middleware that logs and counts each request."""

    def __init__(self, app: ASGIApp, service: Service, paths: frozenset[str]) -> None:
        self._app, self._service, self._paths = app, service, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        begun, status, sent = monotonic(), 0, 0
        if whole := _WHOLE_TARGET.fullmatch(scope["path"]):
            scope["path"] = whole[1] or "/"
        headers, service = dict(scope["headers"]), self._service
        client = client_of(
            (scope["client"] or [None])[0],
            headers.get(b"x-forwarded-for", b"").decode("latin-1"),
            service.limits.ipv6_prefix,
            behind_proxy=service.behind_proxy,
        )
        scope["jhaan"] = log = {"client": client}

        async def counted(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Content-Type-Options"] = "nosniff"
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        except BrokenOffError as error:
            log["broken off"] = str(error)
            raise
        except Exception as error:
            log["fault"] = f"{type(error).__name__}: {error}"
            raise
        finally:
            seconds, route = monotonic() - begun, self._route(scope["path"])
            service.metrics.requests.labels(route, str(status or _CLIENT_GONE)).inc()
            service.metrics.seconds.labels(route).observe(seconds)
            service.metrics.sent.inc(sent)
            if "broken off" in log:
                service.metrics.broken_off.inc()
            if log.pop("refused", ""):  # `Refusals` logs these requests in one line per second
                service.refusals.count("requests", client)
            else:
                write_log(
                    method=scope["method"][:16],
                    path=scope["path"][:200],
                    status=status or _CLIENT_GONE,
                    bytes=sent,
                    seconds=round(seconds, 4),
                    **log,
                )

    def _route(self, path: str) -> str:
        """Return the route that the metrics count a path under."""
        first = re.match("/[^/.]*", path)
        return next((route for route in (path, first and first[0]) if route in self._paths), "elsewhere")


class _Gate:
    """Middleware that rejects requests of busy clients or of ambiguous length.

    A busy client has too many open requests.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        with ExitStack() as counted:
            try:
                counted.enter_context(_service(request).clients.count_request(scope["jhaan"]["client"]))
                if {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
                    # Both headers together may be an attempt at request smuggling (RFC 9112, section 6.3).
                    raise HttpStatusError(
                        400, "Content-Length and Transfer-Encoding disagree.", {"Connection": "close"}
                    )
            except HttpStatusError as error:
                if error.status == 429:
                    scope["jhaan"]["refused"] = True
                await (await _explain(request, error))(scope, receive, send)
            else:
                await self._app(scope, receive, send)


async def _explain(request: Request, error: Any) -> Response:
    """Return an error as a page if a GET or HEAD client prefers HTML, otherwise as text."""
    headers, address = {**HEADERS, **error.headers}, _service(request).address
    if request.method not in _READING or choose(_accept(request), ["text/plain", HTML]) != HTML:
        return PlainTextResponse(f"{error.message}\n", error.status, headers)
    from jhaan_kg.pages.templates import error_page, pages_on  # imported here because few requests need it

    path, root = request.scope["path"], urlsplit(address).path
    query = request.query_params.get("query", "") if path.startswith("/sparql") else ""
    back = root + path if error.status == 400 and path.startswith(f"/{QUESTIONS}/") else ""
    served = _service(request).served
    with pages_on(served.reports) if served else nullcontext():
        page = error_page(error.status, error.message, root, query=query, back=back)
    return Response(page, error.status, headers, media_type=content_type(HTML))


async def _explain_route(request: Request, error: Any) -> Response:
    if error.status_code != 405:
        return await _explain(
            request, HttpStatusError(404, "There is no page at this address. For an overview, see /")
        )
    allowed = ", ".join(sorted({*(error.headers or {})["Allow"].split(", "), "OPTIONS"}))
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": allowed})
    return await _explain(
        request, HttpStatusError(405, f"Use one of these methods: {allowed}.", {"Allow": allowed})
    )


async def _note_disconnect(_request: Request, _error: Exception) -> Response:
    return Response(status_code=_CLIENT_GONE)


async def _report_fault(_request: Request, _error: Exception) -> Response:
    """Return a generic error for an internal fault; only the log contains the details."""
    return PlainTextResponse(f"{_FAULT}\n", 500)


# --- the graph ------------------------------------------------------------------------------


async def _sparql(request: Request) -> Response:
    """Answer a query (SPARQL 1.1 Protocol).

    Without a query, return the service description, or the query form if the client prefers HTML.
    """
    accept, body = _accept(request), b""
    if suffix := request.path_params.get("suffix"):
        if f".{suffix}" not in ANSWERS:
            raise HttpStatusError(
                404, f'Unknown format "{suffix[:20]}". Choose one of: {", ".join(ANSWERS)}.'
            )
        accept = ANSWERS[f".{suffix}"]
    sends_query = request.method == "POST" or "query" in parse_parameters(request.scope["query_string"])
    if not sends_query and choose(accept, [*GRAPHS, HTML]) == HTML:
        return await _page(request)
    service = _service(request)
    if request.method == "POST":
        body = await _body(request, service.limits.request)
    query = parse_request(
        request.method, request.scope["query_string"], request.headers.get("content-type"), body
    )
    served = _serving(request)
    if query is None:
        return await _answer(
            {"described": "service", "address": service.address, "accept": accept}, request, served.pool
        )
    log = request.scope["jhaan"]
    log["query"] = (
        query.query[:_MOST_LOGGED] if service.log_queries else sha256(query.query.encode()).hexdigest()[:16]
    )
    has_dataset = bool(query.default_graphs or query.named_graphs)
    job = {
        "query": query.query,
        "default_graphs": query.default_graphs if has_dataset else None,
        "named_graphs": query.named_graphs if has_dataset else None,
        "address": service.address,
        "accept": accept,
    }
    return await _answer(job, request, served.pool, "sparql")


async def _graph(request: Request) -> Response:
    """Return the graph selected by `?graph=IRI` or `?default`.

    See SPARQL 1.1 Graph Store HTTP Protocol.
    """
    parameters = parse_parameters(request.scope["query_string"])
    named = graph_iris(parameters, "graph")
    if len(parameters.get("graph", ())) + len(parameters.get("default", ())) != 1:
        raise HttpStatusError(
            400, "Name one graph: ?graph=IRI for a named graph, or ?default for their union."
        )
    return await _answer({"graph": named[0] if named else None}, request, _serving(request).pool)


async def _thing(request: Request) -> Response:
    """Return the description of the entity that the path identifies."""
    job = {"thing": request.scope["path"][1:], "address": _service(request).address}
    return await _answer(job, request, _serving(request).pool)


async def _question(request: Request) -> Response:
    return await _resource("question", request)


async def _page(request: Request) -> Response:
    """Return a download, or a page other than those of entities and questions."""
    name = request.scope["path"].removeprefix("/downloads/")
    if name in DOWNLOADS:  # creating the file takes seconds, so the ETag is compared first
        release = _serving(request).pool.release
        headers = {
            "ETag": etag(FORMATS[DOWNLOADS[name]].media_type, file_etag_basis(name, release)),
            _RELEASE: release[:16],
        }
        if is_not_modified(request.headers, headers):
            return Response(status_code=304, headers=headers | {"Vary": "Accept"})
    return await _resource("page", request)


async def _openapi(request: Request) -> Response:
    """Return the description of the interface (OpenAPI 3.1)."""
    own = {
        "info": {**_INTERFACE["info"], "version": __version__},
        "servers": [{"url": _service(request).address}],
    }
    data = json.dumps({**_INTERFACE, **own}, ensure_ascii=False, indent=1).encode()
    headers = {"ETag": etag("application/json", data)}
    if is_not_modified(request.headers, headers):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type="application/json", headers=headers)


async def _resource(what: str, request: Request) -> Response:
    sent = request.scope["query_string"].decode("latin-1")
    job = {what: request.scope["path"][1:], "parameters": sent, "address": _service(request).address}
    return await _answer(job, request, _serving(request).pool)


async def _answer(job: dict[str, Any], request: Request, pool: Pool, lane: str = "pages") -> Response:
    """Send a job to a worker, and cancel it when the client disconnects."""
    job.setdefault("accept", _accept(request))
    job["errors"] = _service(request).errors

    async def fill(spool: Spool) -> None:
        await pool.answer(job, spool, request.scope["jhaan"]["client"], lane)

    return await _spooled(fill, request, pool)


async def _spooled(fill: Callable[[Spool], Awaitable[None]], request: Request, pool: Pool) -> Response:
    """Return a response that is sent while its spool is being filled."""
    with ExitStack() as open_things:
        spool = Spool(_service(request).space, request.scope["jhaan"]["client"])
        open_things.callback(spool.close)
        for work in (_fill(spool, fill, request), _abandon(spool, request)):
            open_things.callback(asyncio.create_task(work).cancel)
        # In HTTP/1.0, a truncated response of unknown length looks complete, so the whole response is buffered.
        held = HELD if request.scope["http_version"] >= "1.1" else float("inf")
        await spool.ready(held)
        headers = {_RELEASE: pool.release[:16], **spool.headers}
        if is_not_modified(request.headers, spool.headers):
            return Response(status_code=304, headers=headers | {"Vary": "Accept"})
        return _SpooledResponse(spool, headers, open_things.pop_all())


async def _fill(spool: Spool, fill: Callable[[Spool], Awaitable[None]], request: Request) -> None:
    try:
        await fill(spool)
    except HttpStatusError as error:
        spool.fail(error)
    except OSError as error:
        request.scope["jhaan"]["no room"] = str(error)
        spool.fail(HttpStatusError(503, NO_ROOM, {"Retry-After": RETRY_AFTER}))
    except Exception as error:
        request.scope["jhaan"]["fault"] = f"{type(error).__name__}: {error}"
        spool.fail(HttpStatusError(500, _FAULT))


async def _abandon(spool: Spool, request: Request) -> None:
    """Cancel an answer when the client disconnects.

    Other messages of the client are discarded.
    """
    while (await request.receive())["type"] != "http.disconnect":
        pass
    spool.abandon()


class _SpooledResponse(Response):
    """A response that is sent while a worker still produces the answer."""

    def __init__(self, spool: Spool, headers: Mapping[str, str], open_things: ExitStack) -> None:
        super().__init__(headers=headers, media_type=content_type(spool.media))
        del self.headers["content-length"]
        if spool.whole:
            self.headers["content-length"] = str(spool.length)
        self.headers["vary"] = "Accept"
        self._spool, self._open_things = spool, open_things

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        with self._open_things:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for piece, is_last in self._spool.pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": not is_last})
                if not is_last:
                    await asyncio.sleep(0)  # `send` never waits after a disconnect, so yield here


async def _body(request: Request, most: int) -> bytes:
    """Read the body of a request.

    Raises:
        HttpStatusError: the body is too long, is compressed, or arrives too slowly.
    """
    too_long = HttpStatusError(413, f"The request must have at most {most:,} bytes.")
    encoding = ",".join(request.headers.getlist("content-encoding"))
    if encoding.lower() not in ("", "identity"):
        raise HttpStatusError(
            415,
            f'Unsupported Content-Encoding "{encoding[:40]}". Send the request without encoding.',
            {"Accept-Encoding": "identity"},
        )
    if (length := request.headers.get("content-length", "")).isdecimal() and int(length[:20]) > most:
        raise too_long
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise too_long
    except TimeoutError:
        raise HttpStatusError(
            408, f"The request did not arrive within {BODY_SECONDS:g} seconds. Send it again."
        ) from None
    return bytes(body)


def _serving(request: Request) -> Serving:
    if (served := _service(request).served) is None:
        raise _NOT_READY
    return served


# --- the server itself --------------------------------------------------------------------------


async def _contents(request: Request) -> Response:
    """Return the list of URLs as text, or the home page if the client prefers HTML."""
    base = _service(request).address
    if negotiate(_accept(request), {"text/plain": "", HTML: ""}) == HTML:
        return await _page(request)
    served = _service(request).served
    reports = name_reports(served.reports if served else (), "JHAAN reports")
    return PlainTextResponse(
        f"The {reports} as a knowledge graph\n\n"
        f"{base}/sparql             SPARQL 1.1 endpoint; without a query, its service description\n"
        f"{base}/graphs?graph=IRI   a named graph, or ?default for the union of all graphs\n"
        f"{base}/id/agency/europol  description of an entity, at the path of its IRI; .ttl, .jsonld, .nt or .rdf\n"
        f"{base}/questions/NAME     answer to a stored question; .json, .csv, .tsv, .xml, .md, .xlsx or .html\n"
        f"{base}/.well-known/void   statistics of the graph (VoID)\n"
        f"{base}/{OPENAPI}       description of the API (OpenAPI 3.1)\n"
    )


async def _void(request: Request) -> Response:
    """Return the VoID description at its well-known URL (RFC 5785; VoID, section 7.2)."""
    job = {"described": "graph", "address": _service(request).address}
    return await _answer(job, request, _serving(request).pool)


def _accept(request: Request) -> str | None:
    return ",".join(request.headers.getlist("accept")) or None


async def _file(request: Request) -> Response:
    """Return the style sheet or the icon of all pages."""
    media, data = FILES[request.scope["path"][1:]]
    headers = {**HEADERS, "ETag": etag(media, data)}
    if is_not_modified(request.headers, headers):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=media, headers=headers)


async def _live(_request: Request) -> Response:
    return PlainTextResponse("live\n")


async def _ready(request: Request) -> Response:
    """Check that the server answers a query within the time limit, even under load."""
    service = _service(request)
    if service.leaving or service.served is None:
        raise _NOT_READY
    pool, client = service.served.pool, request.scope["jhaan"]["client"]
    job = {"query": "ASK {}", "default_graphs": None, "named_graphs": None, "accept": None, "address": ""}
    spool = Spool(service.space, client)
    try:
        async with asyncio.timeout(_READY_SECONDS):
            await pool.answer(job, spool, client, "pages")
    except TimeoutError:
        raise _NOT_READY from None
    finally:
        spool.close()
    if not spool.whole:
        raise _NOT_READY
    return PlainTextResponse("ready\n", headers={_RELEASE: pool.release[:16]})


async def _metrics(request: Request) -> Response:
    service = _service(request)
    pool = None if service.served is None else service.served.pool
    text = service.metrics.text("", {}) if pool is None else service.metrics.text(pool.release, pool.lanes)
    return Response(text, media_type=METRICS_MEDIA)

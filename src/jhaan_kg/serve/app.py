"""The application: routes, methods, errors, and answers on their way to clients."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from hashlib import sha256
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jhaan_kg.export.formats import FORMATS
from jhaan_kg.pages import FILES, HEADERS
from jhaan_kg.serve.config import DOWNLOADS, OPENAPI, PAGES, QUESTIONS, THINGS
from jhaan_kg.serve.monitoring import METRICS_MEDIA, write_log
from jhaan_kg.serve.pool import RETRY_AFTER, Pool
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
from jhaan_kg.serve.service import Service, Serving, client_of
from jhaan_kg.serve.spool import HELD, BrokenOffError, Spool

BODY_SECONDS: Final = 10.0
"""How long the body of a request may take to arrive."""

SEND_SECONDS: Final = 30.0
"""How long a client may read nothing of its answer."""

_MOST_LOGGED: Final = 10_000
"""How many characters of a query are logged."""

_CLIENT_GONE: Final = 499
"""The status code in the log where the client disconnected before it got one, as in the logs of nginx."""

_WHOLE_TARGET: Final = re.compile(r"https?://[^/]*(/.*)?", re.IGNORECASE | re.DOTALL)
"""A target with scheme and host, which every server must take (RFC 9112, section 3.2.2)."""

_RELEASE: Final = "Jhaan-Release"
"""The header that names the release of an answer: the beginning of the digest of its snapshot."""

_READING: Final = ("GET", "HEAD", "OPTIONS")
_QUERYING: Final = (*_READING, "POST")
_NOT_READY: Final = HttpStatusError(
    503, "The graph isn't here yet. Try again in a moment.", {"Retry-After": RETRY_AFTER}
)

_Handler = Callable[[Request, Service], Awaitable[Response]]


def application(service: Service) -> ASGIApp:
    """Return the application (https://asgi.readthedocs.io)."""
    handlers: dict[str, tuple[_Handler, tuple[str, ...]]] = {
        "/": (_contents, _READING),
        "/sparql": (_sparql, _QUERYING),
        "/graphs": (_graph, _READING),
        "/.well-known/void": (_void, _READING),
        "/health/live": (_live, _READING),
        "/health/ready": (_ready, _READING),
        "/metrics": (_metrics, _READING),
        **{f"/{name}": (_file, _READING) for name in FILES},
        f"/{OPENAPI}": (_openapi, _READING),
        f"/{QUESTIONS}": (_question, _READING),
        **{f"/{name}": (_page, _READING) for name in PAGES},
        **{f"/{name}": (_thing, _READING) for name in THINGS},
    }
    cors = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=list(_QUERYING),
        allow_headers=["*"],
        expose_headers=[_RELEASE, "ETag", "Content-Location", "Link", "Retry-After"],
        max_age=86_400,
    )
    endpoints = {path: _Endpoint(handler, methods, service) for path, (handler, methods) in handlers.items()}
    routes = [Route(path, endpoint) for path, endpoint in endpoints.items()]
    for name in (QUESTIONS, *PAGES, *THINGS):  # below it, and with a suffix
        routes += [Route(f"/{name}{rest}", endpoints[f"/{name}"]) for rest in ("/{rest:path}", ".{suffix}")]
    routes.append(Route("/sparql.{suffix}", endpoints["/sparql"]))

    async def not_found(request: Request, _error: Exception) -> Response:
        return _error_response(
            request.scope,
            service,
            HttpStatusError(404, "There is nothing at this address. What is where is said at /"),
        )

    app = Starlette(routes=routes, middleware=[cors], exception_handlers={404: not_found})
    app.router.redirect_slashes = False
    return _AccessLog(app, service, frozenset(handlers))


class _AccessLog:
    """Logs and counts each request."""

    def __init__(self, app: ASGIApp, service: Service, paths: frozenset[str]) -> None:
        self._app, self._service, self._paths = app, service, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        begun, status, sent = monotonic(), 0, 0
        if whole := _WHOLE_TARGET.fullmatch(scope["path"]):
            scope["path"] = whole[1] or "/"
        headers = dict(scope["headers"])
        client = client_of(
            (scope["client"] or [None])[0],
            headers.get(b"x-forwarded-for", b"").decode("latin-1"),
            behind_proxy=self._service.behind_proxy,
        )
        scope["jhaan"] = log = {"client": client}

        async def counted(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        except (BrokenOffError, TimeoutError) as error:
            log["broken off"] = str(error) or "the client took nothing for too long"
            self._service.metrics.broken_off.inc()
            raise
        except Exception as error:
            log["fault"] = f"{type(error).__name__}: {error}"
            raise
        finally:
            seconds = monotonic() - begun
            route = self._route(scope["path"])
            counts = self._service.metrics
            counts.requests.labels(route, str(status or _CLIENT_GONE)).inc()
            counts.seconds.labels(route).observe(seconds)
            counts.sent.inc(sent)
            write_log(
                method=scope["method"][:16],
                path=scope["path"][:200],
                status=status or _CLIENT_GONE,
                bytes=sent,
                seconds=round(seconds, 4),
                **log,
            )

    def _route(self, path: str) -> str:
        """Return the route under which a path is counted; there are few of them."""
        first = re.match("/[^/.]*", path)
        return next((route for route in (path, first and first[0]) if route in self._paths), "elsewhere")


class _Endpoint:
    """One route: its methods, and its errors. The details of our own faults are in the log only."""

    def __init__(self, handler: _Handler, methods: tuple[str, ...], service: Service) -> None:
        self._handler, self._methods, self._service = handler, methods, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = {"Allow": ", ".join(self._methods)}
        try:
            if scope["method"] == "OPTIONS":
                response = Response(status_code=204, headers=allowed)
            elif {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
                # RFC 9112, section 6.3: it may be an attempt to smuggle a second request.
                raise HttpStatusError(
                    400, "Content-Length and Transfer-Encoding disagree.", {"Connection": "close"}
                )
            elif scope["method"] not in self._methods:
                raise HttpStatusError(405, f"Send one of these: {allowed['Allow']}.", allowed)
            else:
                response = await self._handler(Request(scope, receive), self._service)
        except HttpStatusError as error:
            response = _error_response(scope, self._service, error)
        except ClientDisconnect:
            return
        except Exception as error:
            scope["jhaan"]["fault"] = f"{type(error).__name__}: {error}"
            response = PlainTextResponse("This should not happen. Please report it.\n", 500)
        await response(scope, receive, send)


def _error_response(scope: Scope, service: Service, error: HttpStatusError) -> Response:
    """Return an error: as a page to clients that prefer pages, else as a text."""
    headers = {**HEADERS, **error.headers}
    request = Request(scope)
    if request.method not in _READING or choose(_accept(request), ["text/plain", HTML]) != HTML:
        return PlainTextResponse(f"{error.message}\n", error.status, headers)
    from jhaan_kg.pages.templates import error_page  # only few need it

    query = request.query_params.get("query", "") if scope["path"].startswith("/sparql") else ""
    root = urlsplit(service.address).path
    back = root + scope["path"] if error.status == 400 and scope["path"].startswith(f"/{QUESTIONS}/") else ""
    page = error_page(error.status, error.message, root, query=query, back=back)
    return Response(page, error.status, headers, media_type=content_type(HTML))


# --- the graph ------------------------------------------------------------------------------


async def _sparql(request: Request, service: Service) -> Response:
    """Answer a query (SPARQL 1.1 Protocol); without one return the service description, and a form to people."""
    accept, body = _accept(request), b""
    if suffix := request.path_params.get("suffix"):
        if f".{suffix}" not in ANSWERS:
            raise HttpStatusError(
                404, f"An answer has no form {suffix[:20]!r}. It has one of: {', '.join(ANSWERS)}."
            )
        accept = ANSWERS[f".{suffix}"]
    sends_query = request.method == "POST" or "query" in parse_parameters(request.scope["query_string"])
    if not sends_query and choose(accept, [*GRAPHS, HTML]) == HTML:
        return await _page(request, service)
    if request.method == "POST":
        with service.clients.count_query(request.scope["jhaan"]["client"]):
            body = await _body(request, service.limits.request)
    query = parse_request(
        request.method, request.scope["query_string"], request.headers.get("content-type"), body
    )
    served = _serving(service)
    if query is None:
        return await _description(served.described.service, accept, served.pool)
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
    return await _answer(job, request, service, served.pool)


async def _graph(request: Request, service: Service) -> Response:
    """Return a graph (SPARQL 1.1 Graph Store HTTP Protocol, for reading): `?graph=IRI` or `?default`."""
    parameters = parse_parameters(request.scope["query_string"])
    named = graph_iris(parameters, "graph")
    if len(parameters.get("graph", ())) + len(parameters.get("default", ())) != 1:
        raise HttpStatusError(
            400, "Name one graph: ?graph=IRI for a named one, or ?default for all of them together."
        )
    return await _answer({"graph": named[0] if named else None}, request, service, _serving(service).pool)


async def _thing(request: Request, service: Service) -> Response:
    """Describe a thing, at the path of its IRI."""
    job = {"thing": request.scope["path"][1:], "address": service.address}
    return await _answer(job, request, service, _serving(service).pool)


async def _question(request: Request, service: Service) -> Response:
    return await _resource("question", request, service)


async def _page(request: Request, service: Service) -> Response:
    """Return a page that is neither of a thing nor of a question, or a file."""
    name = request.scope["path"].removeprefix("/downloads/")
    if name in DOWNLOADS:  # making it takes seconds, and a client that has it should not wait
        release = _serving(service).pool.release
        headers = {
            "ETag": etag(FORMATS[DOWNLOADS[name]].media_type, file_etag_basis(name, release)),
            _RELEASE: release[:16],
        }
        if is_not_modified(request.headers, headers):
            return Response(status_code=304, headers=headers | {"Vary": "Accept"})
    return await _resource("page", request, service)


async def _openapi(request: Request, service: Service) -> Response:
    return await _resource("openapi", request, service)


async def _resource(what: str, request: Request, service: Service) -> Response:
    sent = request.scope["query_string"].decode("latin-1")
    job = {what: request.scope["path"][1:], "parameters": sent, "address": service.address}
    return await _answer(job, request, service, _serving(service).pool)


async def _answer(job: dict[str, Any], request: Request, service: Service, pool: Pool) -> Response:
    """Send a job to a worker, and cancel it when the client disconnects."""
    job.setdefault("accept", _accept(request))
    with ExitStack() as open_things:
        open_things.enter_context(service.clients.count_query(request.scope["jhaan"]["client"]))
        spool = Spool()
        open_things.callback(spool.close)
        answering = asyncio.create_task(_fill(spool, job, pool))
        open_things.callback(answering.cancel)
        gone = asyncio.create_task(_disconnected(request))
        open_things.callback(gone.cancel)
        # HTTP/1.0 cannot mark the end of an answer of unknown length: a truncated one would pass for whole.
        held = HELD if request.scope["http_version"] >= "1.1" else float("inf")
        ready = asyncio.create_task(spool.ready(held))
        open_things.callback(ready.cancel)
        await asyncio.wait([ready, gone], return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            raise ClientDisconnect
        ready.result()
        headers = {_RELEASE: pool.release[:16], **spool.headers}
        if is_not_modified(request.headers, spool.headers):
            return Response(status_code=304, headers=headers | {"Vary": "Accept"})
        return _SpooledResponse(spool, gone, headers, open_things.pop_all())


async def _fill(spool: Spool, job: dict[str, Any], pool: Pool) -> None:
    try:
        await pool.answer(job, spool)
    except HttpStatusError as error:
        spool.fail(error)
    except Exception:
        spool.fail(HttpStatusError(500, "This should not happen. Please report it."))
        raise


async def _disconnected(request: Request) -> None:
    """Wait until the client disconnects; its body was read before, or is ignored."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


class _SpooledResponse(Response):
    """An answer that is sent while it comes."""

    def __init__(
        self, spool: Spool, gone: asyncio.Task[None], headers: Mapping[str, str], open_things: ExitStack
    ) -> None:
        super().__init__(headers=headers, media_type=content_type(spool.media))
        del self.headers["content-length"]
        if spool.whole:
            self.headers["content-length"] = str(spool.length)
        self.headers["vary"] = "Accept"
        self._spool, self._gone, self._open_things = spool, gone, open_things

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        with self._open_things:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for piece, is_last in self._spool.pieces():
                if self._gone.done():
                    return
                async with asyncio.timeout(SEND_SECONDS):
                    await send({"type": "http.response.body", "body": piece, "more_body": not is_last})


async def _body(request: Request, most: int) -> bytes:
    """Read the body of a request.

    Raises:
        HttpStatusError: it is too long, compressed, or too slow.
    """
    too_long = HttpStatusError(413, f"The request is longer than {most:,} bytes, the most that is read.")
    encoding = ",".join(request.headers.getlist("content-encoding"))
    if encoding.lower() not in ("", "identity"):
        raise HttpStatusError(
            415,
            f"The request is encoded as {encoding[:40]!r}. Send it as it is.",
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
            408, f"The request didn't come within {BODY_SECONDS:g} seconds. Send it again."
        ) from None
    return bytes(body)


def _serving(service: Service) -> Serving:
    if service.served is None:
        raise _NOT_READY
    return service.served


# --- the server itself --------------------------------------------------------------------------


async def _contents(request: Request, service: Service) -> Response:
    """Return the list of addresses; people get the home page."""
    base = service.address
    if negotiate(_accept(request), {"text/plain": "", HTML: ""}) == HTML:
        return await _page(request, service)
    return PlainTextResponse(
        "The JHAAN Final Report 2023 as a knowledge graph\n\n"
        f"{base}/sparql             SPARQL 1.1 queries; without one, what this service can do\n"
        f"{base}/graphs?graph=IRI   a named graph, or all together with ?default\n"
        f"{base}/id/agency/europol  what is said of a thing, at the path of its IRI; .ttl, .jsonld, .nt or .rdf\n"
        f"{base}/questions/NAME     a stored question; .json, .csv, .tsv, .xml, .md, .xlsx or .html\n"
        f"{base}/.well-known/void   what is in the graph\n"
        f"{base}/{OPENAPI}       all of this for programs (OpenAPI 3.1)\n"
    )


async def _void(request: Request, service: Service) -> Response:
    """Return VoID, at the path of RFC 5785 and of VoID, section 7.2."""
    served = _serving(service)
    return await _description(served.described.void, _accept(request), served.pool)


async def _description(write: Callable[[str], Awaitable[bytes]], accept: str | None, pool: Pool) -> Response:
    media = negotiate(accept, GRAPHS)
    headers = {"Content-Type": content_type(media), _RELEASE: pool.release[:16], "Vary": "Accept"}
    return Response(await write(media), headers=headers)


def _accept(request: Request) -> str | None:
    return ",".join(request.headers.getlist("accept")) or None


async def _file(request: Request, _service: Service) -> Response:
    """Return the style sheet or the icon of all pages."""
    media, data = FILES[request.scope["path"][1:]]
    headers = {**HEADERS, "ETag": etag(media, data)}
    if is_not_modified(request.headers, headers):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=media, headers=headers)


async def _live(_request: Request, _service: Service) -> Response:
    return PlainTextResponse("live\n")


async def _ready(_request: Request, service: Service) -> Response:
    if service.leaving or service.served is None:
        raise HttpStatusError(503, "not ready")
    return PlainTextResponse("ready\n", headers={_RELEASE: service.served.pool.release[:16]})


async def _metrics(_request: Request, service: Service) -> Response:
    pool = None if service.served is None else service.served.pool
    text = service.metrics.text(
        release="" if pool is None else pool.release,
        idle=0 if pool is None else pool.idle,
        busy=0 if pool is None else pool.running,
        waiting=0 if pool is None else pool.waiting,
    )
    return Response(text, media_type=METRICS_MEDIA)

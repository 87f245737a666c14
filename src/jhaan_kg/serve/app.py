"""What is at which address of the server."""

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
    RefusalError,
    asked,
    choose,
    content_type,
    etag_basis,
    graphs,
    is_known,
    negotiated,
    parameters,
    tag,
)
from jhaan_kg.serve.service import Service, Serving, client_of
from jhaan_kg.serve.spool import HELD, BrokenOffError, Spool

BODY_SECONDS: Final = 10.0
"""How long the body of a request may take to come."""

SEND_SECONDS: Final = 30.0
"""How long a client may take nothing of its answer."""

_LOGGED: Final = 10_000
"""How many characters of a query are logged."""

_LEFT: Final = 499
"""What stands for a status code where the client has gone before it got one, as in the logs of nginx."""

_WHOLE_TARGET: Final = re.compile(r"https?://[^/]*(/.*)?", re.IGNORECASE | re.DOTALL)
"""A target with scheme and host, which every server must take (RFC 9112, section 3.2.2)."""

_RELEASE: Final = "Jhaan-Release"
"""The header that says which release an answer is of: the beginning of the digest of its snapshot."""

_READING: Final = ("GET", "HEAD", "OPTIONS")
_ASKING: Final = (*_READING, "POST")
_NOT_SERVED: Final = RefusalError(
    503, "The graph isn't here yet. Try again in a moment.", {"Retry-After": RETRY_AFTER}
)

_Handler = Callable[[Request, Service], Awaitable[Response]]


def application(state: Service) -> ASGIApp:
    """Make the application (https://asgi.readthedocs.io).

    Args:
        state: what is served.
    """
    places: dict[str, tuple[_Handler, tuple[str, ...]]] = {
        "/": (_contents, _READING),
        "/sparql": (_sparql, _ASKING),
        "/graphs": (_graph, _READING),
        "/.well-known/void": (_void, _READING),
        "/health/live": (_live, _READING),
        "/health/ready": (_ready, _READING),
        "/metrics": (_metrics, _READING),
        **{f"/{name}": (_file, _READING) for name in FILES},
        f"/{OPENAPI}": (_openapi, _READING),
        f"/{QUESTIONS}": (_question, _READING),
        **{f"/{place}": (_page, _READING) for place in PAGES},
        **{f"/{place}": (_thing, _READING) for place in THINGS},
    }
    cors = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=list(_ASKING),
        allow_headers=["*"],
        expose_headers=[_RELEASE, "ETag", "Content-Location", "Link", "Retry-After"],
        max_age=86_400,
    )
    at = {place: _Place(handler, methods, state) for place, (handler, methods) in places.items()}
    routes = [Route(place, answering) for place, answering in at.items()]
    for place in (QUESTIONS, *PAGES, *THINGS):  # below it, and with a suffix
        routes += [Route(f"/{place}{rest}", at[f"/{place}"]) for rest in ("/{rest:path}", ".{suffix}")]
    routes.append(Route("/sparql.{suffix}", at["/sparql"]))

    async def nothing(request: Request, _error: Exception) -> Response:
        return _refused(
            request.scope,
            state,
            RefusalError(404, "There is nothing at this address. What is where is said at /"),
        )

    made = Starlette(routes=routes, middleware=[cors], exception_handlers={404: nothing})
    made.router.redirect_slashes = False
    return _Recorded(made, state, frozenset(places))


class _Recorded:
    """Logs and counts each request."""

    def __init__(self, app: ASGIApp, state: Service, places: frozenset[str]) -> None:
        self._app, self._state, self._places = app, state, places

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
            behind_proxy=self._state.behind_proxy,
        )
        scope["jhaan"] = noted = {"client": client}

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
            noted["broken off"] = str(error) or "the client took nothing for too long"
            self._state.metrics.broken_off.inc()
            raise
        except Exception as error:
            noted["fault"] = f"{type(error).__name__}: {error}"
            raise
        finally:
            seconds = monotonic() - begun
            place = self._place(scope["path"])
            counts = self._state.metrics
            counts.requests.labels(place, str(status or _LEFT)).inc()
            counts.seconds.labels(place).observe(seconds)
            counts.sent.inc(sent)
            write_log(
                method=scope["method"][:16],
                path=scope["path"][:200],
                status=status or _LEFT,
                bytes=sent,
                seconds=round(seconds, 4),
                **noted,
            )

    def _place(self, path: str) -> str:
        """Give the address under which a path is counted; there are few of them."""
        first = re.match("/[^/.]*", path)
        return next((place for place in (path, first and first[0]) if place in self._places), "elsewhere")


class _Place:
    """One address: its methods, and what is said where it gives no answer; of a fault of ours no more than that."""

    def __init__(self, handler: _Handler, methods: tuple[str, ...], state: Service) -> None:
        self._handler, self._methods, self._state = handler, methods, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = {"Allow": ", ".join(self._methods)}
        try:
            if scope["method"] == "OPTIONS":
                response = Response(status_code=204, headers=allowed)
            elif {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
                # RFC 9112, section 6.3: it may be an attempt to have one part of it taken for another request.
                raise RefusalError(
                    400, "Content-Length and Transfer-Encoding disagree.", {"Connection": "close"}
                )
            elif scope["method"] not in self._methods:
                raise RefusalError(405, f"Send one of these: {allowed['Allow']}.", allowed)
            else:
                response = await self._handler(Request(scope, receive), self._state)
        except RefusalError as refusal:
            response = _refused(scope, self._state, refusal)
        except ClientDisconnect:
            return
        except Exception as error:
            scope["jhaan"]["fault"] = f"{type(error).__name__}: {error}"
            response = PlainTextResponse("This should not happen. Please report it.\n", 500)
        await response(scope, receive, send)


def _refused(scope: Scope, state: Service, refusal: RefusalError) -> Response:
    """Say why there is no answer: as a page to those who like that best, else as a text."""
    headers = {**HEADERS, **refusal.headers}
    request = Request(scope)
    if request.method not in _READING or choose(_accept(request), ["text/plain", HTML]) != HTML:
        return PlainTextResponse(f"{refusal.message}\n", refusal.status, headers)
    from jhaan_kg.pages.templates import refused_page  # only few need it

    query = request.query_params.get("query", "") if scope["path"].startswith("/sparql") else ""
    root = urlsplit(state.address).path
    back = (
        root + scope["path"] if refusal.status == 400 and scope["path"].startswith(f"/{QUESTIONS}/") else ""
    )
    page = refused_page(refusal.status, refusal.message, root, query=query, back=back)
    return Response(page, refusal.status, headers, media_type=content_type(HTML))


# --- what is asked of the graph ------------------------------------------------------------------------------


async def _sparql(request: Request, state: Service) -> Response:
    """SPARQL 1.1 Protocol; without a query the service describes itself, and people get a form."""
    accept, body = _accept(request), b""
    if suffix := request.path_params.get("suffix"):
        if f".{suffix}" not in ANSWERS:
            raise RefusalError(
                404, f"An answer has no form {suffix[:20]!r}. It has one of: {', '.join(ANSWERS)}."
            )
        accept = ANSWERS[f".{suffix}"]
    sends_query = request.method == "POST" or "query" in parameters(request.scope["query_string"])
    if not sends_query and choose(accept, [*GRAPHS, HTML]) == HTML:
        return await _page(request, state)
    if request.method == "POST":
        with state.clients.one_more(request.scope["jhaan"]["client"]):
            body = await _body(request, state.limits.request)
    wanted = asked(request.method, request.scope["query_string"], request.headers.get("content-type"), body)
    served = _served(state)
    if wanted is None:
        return await _description(served.described.service, accept, served.pool)
    noted = request.scope["jhaan"]
    noted["query"] = (
        wanted.query[:_LOGGED] if state.log_queries else sha256(wanted.query.encode()).hexdigest()[:16]
    )
    chosen = bool(wanted.default_graphs or wanted.named_graphs)
    job = {
        "query": wanted.query,
        "default_graphs": wanted.default_graphs if chosen else None,
        "named_graphs": wanted.named_graphs if chosen else None,
        "address": state.address,
        "accept": accept,
    }
    return await _answered(job, request, state, served.pool)


async def _graph(request: Request, state: Service) -> Response:
    """SPARQL 1.1 Graph Store HTTP Protocol, for reading: `?graph=IRI` or `?default`."""
    given = parameters(request.scope["query_string"])
    named = graphs(given, "graph")
    if len(given.get("graph", ())) + len(given.get("default", ())) != 1:
        raise RefusalError(
            400, "Name one graph: ?graph=IRI for a named one, or ?default for all of them together."
        )
    return await _answered({"graph": named[0] if named else None}, request, state, _served(state).pool)


async def _thing(request: Request, state: Service) -> Response:
    """Say what is said of a thing, at the path of its IRI."""
    job = {"thing": request.scope["path"][1:], "address": state.address}
    return await _answered(job, request, state, _served(state).pool)


async def _question(request: Request, state: Service) -> Response:
    """Answer a stored question."""
    return await _made("question", request, state)


async def _page(request: Request, state: Service) -> Response:
    """Give a page that is neither of a thing nor of a question, or a file."""
    name = request.scope["path"].removeprefix("/downloads/")
    if name in DOWNLOADS:  # to make it takes seconds, which a client that has it need not wait for
        release = _served(state).pool.release
        headers = {
            "ETag": tag(FORMATS[DOWNLOADS[name]].media_type, etag_basis(name, release)),
            _RELEASE: release[:16],
        }
        if is_known(request.headers, headers):
            return Response(status_code=304, headers=headers | {"Vary": "Accept"})
    return await _made("page", request, state)


async def _openapi(request: Request, state: Service) -> Response:
    """Describe all places for programs."""
    return await _made("openapi", request, state)


async def _made(what: str, request: Request, state: Service) -> Response:
    sent = request.scope["query_string"].decode("latin-1")
    job = {what: request.scope["path"][1:], "parameters": sent, "address": state.address}
    return await _answered(job, request, state, _served(state).pool)


async def _answered(job: dict[str, Any], request: Request, state: Service, pool: Pool) -> Response:
    """Have a worker do a job, as long as the client is there."""
    job.setdefault("accept", _accept(request))
    with ExitStack() as open_things:
        open_things.enter_context(state.clients.one_more(request.scope["jhaan"]["client"]))
        spool = Spool()
        open_things.callback(spool.close)
        answering = asyncio.create_task(_into(spool, job, pool))
        open_things.callback(answering.cancel)
        gone = asyncio.create_task(_gone(request))
        open_things.callback(gone.cancel)
        # Before HTTP/1.1 there is no sign for the end of an answer of unknown length: a cut one would pass for whole.
        held = HELD if request.scope["http_version"] >= "1.1" else float("inf")
        ready = asyncio.create_task(spool.ready(held))
        open_things.callback(ready.cancel)
        await asyncio.wait([ready, gone], return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            raise ClientDisconnect
        ready.result()
        headers = {_RELEASE: pool.release[:16], **spool.headers}
        if is_known(request.headers, spool.headers):
            return Response(status_code=304, headers=headers | {"Vary": "Accept"})
        return _Spooled(spool, gone, headers, open_things.pop_all())


async def _into(spool: Spool, job: dict[str, Any], pool: Pool) -> None:
    try:
        await pool.answer(job, spool)
    except RefusalError as refusal:
        spool.fail(refusal)
    except Exception:
        spool.fail(RefusalError(500, "This should not happen. Please report it."))
        raise


async def _gone(request: Request) -> None:
    """Wait until the client has gone; the body has come before, or means nothing."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


class _Spooled(Response):
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
        RefusalError: it is too long, compressed, or too slow.
    """
    too_long = RefusalError(413, f"The request is longer than {most:,} bytes, the most that is read.")
    encoding = ",".join(request.headers.getlist("content-encoding"))
    if encoding.lower() not in ("", "identity"):
        raise RefusalError(
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
        raise RefusalError(
            408, f"The request didn't come within {BODY_SECONDS:g} seconds. Send it again."
        ) from None
    return bytes(body)


def _served(state: Service) -> Serving:
    if state.served is None:
        raise _NOT_SERVED
    return state.served


# --- what the server says of itself --------------------------------------------------------------------------


async def _contents(request: Request, state: Service) -> Response:
    """Say what is where; people get the home page."""
    base = state.address
    if negotiated(_accept(request), {"text/plain": "", HTML: ""}) == HTML:
        return await _page(request, state)
    return PlainTextResponse(
        "The JHAAN Final Report 2023 as a knowledge graph\n\n"
        f"{base}/sparql             SPARQL 1.1 queries; without one, what this service can do\n"
        f"{base}/graphs?graph=IRI   a named graph, or all together with ?default\n"
        f"{base}/id/agency/europol  what is said of a thing, at the path of its IRI; .ttl, .jsonld, .nt or .rdf\n"
        f"{base}/questions/NAME     a stored question; .json, .csv, .tsv, .xml, .md, .xlsx or .html\n"
        f"{base}/.well-known/void   what is in the graph\n"
        f"{base}/{OPENAPI}       all of this for programs (OpenAPI 3.1)\n"
    )


async def _void(request: Request, state: Service) -> Response:
    """VoID, where RFC 5785 and VoID, section 7.2, have it looked for."""
    served = _served(state)
    return await _description(served.described.void, _accept(request), served.pool)


async def _description(write: Callable[[str], Awaitable[bytes]], accept: str | None, pool: Pool) -> Response:
    media = negotiated(accept, GRAPHS)
    headers = {"Content-Type": content_type(media), _RELEASE: pool.release[:16], "Vary": "Accept"}
    return Response(await write(media), headers=headers)


def _accept(request: Request) -> str | None:
    return ",".join(request.headers.getlist("accept")) or None


async def _file(request: Request, _state: Service) -> Response:
    """Give what all pages have: their style and their icon."""
    media, data = FILES[request.scope["path"][1:]]
    headers = {**HEADERS, "ETag": tag(media, data)}
    if is_known(request.headers, headers):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=media, headers=headers)


async def _live(_request: Request, _state: Service) -> Response:
    return PlainTextResponse("live\n")


async def _ready(_request: Request, state: Service) -> Response:
    if state.leaving or state.served is None:
        raise RefusalError(503, "not ready")
    return PlainTextResponse("ready\n", headers={_RELEASE: state.served.pool.release[:16]})


async def _metrics(_request: Request, state: Service) -> Response:
    pool = None if state.served is None else state.served.pool
    text = state.metrics.text(
        release="" if pool is None else pool.release,
        idle=0 if pool is None else pool.idle,
        busy=0 if pool is None else pool.running,
        waiting=0 if pool is None else pool.waiting,
    )
    return Response(text, media_type=METRICS_MEDIA)

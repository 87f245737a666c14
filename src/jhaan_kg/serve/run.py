"""The server process: its start, its signals, its end, and the connections of clients."""

from __future__ import annotations

import asyncio
import logging
import resource
import signal
import socket
from asyncio import TimerHandle, Transport
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.serve.app import SEND_SECONDS, application
from jhaan_kg.serve.config import BACKLOG
from jhaan_kg.serve.monitoring import write_log
from jhaan_kg.serve.pool import Pool
from jhaan_kg.serve.service import Connections, Service, client_of

HEAD_SECONDS: Final = 10.0
"""How long the head of a request may take to come."""

_IDLE_SECONDS: Final = 5
_LINGER_SECONDS: Final = 2
_LONGEST_HEAD: Final = 65_536
_OTHER_DESCRIPTORS: Final = 256
"""How many descriptors are kept for all that is no connection."""

_SHARES: Final = 4
"""Into how many shares connections are divided, of which one client gets one."""

_NO_ROOM_TEXT: Final = b"There are too many connections. Try again in a moment.\n"
_NO_ROOM: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 2\r\n"
    b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(_NO_ROOM_TEXT), _NO_ROOM_TEXT)
)
"""The answer to a connection beyond the limit."""


def serve(
    state: Service,
    opened: socket.socket,
    pool: Pool,
    find: Callable[[], Snapshot],
    started: Callable[[], None],
) -> None:
    """Serve until the process is asked to end.

    SIGTERM and Ctrl-C end it when what was asked is answered, a second of either at once; SIGHUP looks for another
    release.

    Args:
        state: of the server.
        opened: the socket to listen on.
        pool: of the first release.
        find: returns the snapshot to serve after SIGHUP.
        started: called when the server is ready.

    Raises:
        JhaanError: the snapshot can't be loaded.
    """
    # the access log says what there is to say
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(SEND_SECONDS * 1000))
    asyncio.run(_serve(state, opened, pool, find, started))


async def _serve(
    state: Service,
    opened: socket.socket,
    pool: Pool,
    find: Callable[[], Snapshot],
    started: Callable[[], None],
) -> None:
    most = _raise_descriptor_limit(state.limits.connections)
    per_client = most if state.behind_proxy else max(most // _SHARES, 1)

    class Protocol(_Protocol):
        open_connections = Connections(most, per_client)

    server = _Server(
        uvicorn.Config(
            application(state),
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=BACKLOG,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=2 * int(state.limits.seconds) + 5,
            h11_max_incomplete_event_size=_LONGEST_HEAD,
        )
    )
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_log_fault)

    def leave() -> None:
        server.force_exit = server.should_exit
        server.should_exit = state.leaving = True

    replacing = set[asyncio.Task[None]]()

    def replace() -> None:
        task = asyncio.create_task(state.replace(find))
        replacing.add(task)
        task.add_done_callback(replacing.discard)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, leave)
    loop.add_signal_handler(signal.SIGHUP, replace)
    try:
        await state.begin(pool)
        if not server.should_exit:
            started()
            await server.serve([opened])
    finally:
        await state.close()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `_serve`: the process ends in order then, and not by the signal."""
        yield


class _Protocol(H11Protocol):
    """HTTP/1.1 with a time limit for the head of a request, and without waiting for bodies that are not read.

    Attributes:
        open_connections: counts them.
    """

    open_connections: Connections
    _head_timer: TimerHandle | None = None
    _is_closed = False
    _client: str | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        client = client_of(self.client[0] if self.client else None, None, behind_proxy=False)
        if self.open_connections.enter(client):
            self._client = client
            self._start_head_timer()
            return
        self._is_closed = True
        transport.write(_NO_ROOM)
        transport.close()

    def data_received(self, data: bytes) -> None:
        if self._is_closed:
            return
        if self._head_timer is None and (self.cycle is None or self.cycle.response_complete):
            self._start_head_timer()
        super().data_received(data)

    def handle_events(self) -> None:
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._cancel_head_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._client is not None:
            self.open_connections.leave(self._client)
        self._cancel_head_timer()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY and not self.transport.is_closing():
            # What still comes is not wanted; but to close now would be to lose what the client hasn't read yet.
            self._is_closed = True
            self._unset_keepalive_if_required()
            self.transport.write_eof()
            self.loop.call_later(_LINGER_SECONDS, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            super().send_400_response(msg)
            return
        # The body turns out to be none while an answer is made, or sent: it has no place here any more.
        cycle.disconnected = True
        cycle.message_event.set()
        if cycle.response_started:
            self.transport.abort()
        else:
            super().send_400_response(msg)

    def _start_head_timer(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _cancel_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


def _log_fault(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log an uncaught error as a line like the others."""
    error = context.get("exception")
    why = f"{type(error).__name__}: {error}" if error else context.get("message", "")
    write_log(event="fault", why=str(why))


def _raise_descriptor_limit(connections: int) -> int:
    """Raise the limit of descriptors, and return how many of them may be connections.

    As many connections as wait to be accepted may be open at once before the first of them is refused.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    others = _OTHER_DESCRIPTORS + BACKLOG
    wanted = connections + others
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(min(connections, soft - others), 1)

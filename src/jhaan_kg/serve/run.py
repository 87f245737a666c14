"""The server process: start, signals, shutdown, and client connections."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import uvicorn

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.serve.app import application
from jhaan_kg.serve.clients import SHARES, Connections
from jhaan_kg.serve.config import BACKLOG
from jhaan_kg.serve.connection import Connection
from jhaan_kg.serve.monitoring import log_in_thread, write_log
from jhaan_kg.serve.pool import Pool
from jhaan_kg.serve.service import Service
from jhaan_kg.serve.turns import Turns, run_in_background

_IDLE_SECONDS: Final = 5
_LONGEST_HEAD: Final = 65_536
_OTHER_DESCRIPTORS: Final = 256
"""The number of file descriptors reserved for uses other than client connections."""

_AT_ONCE: Final = 16
"""The number of connections accepted in one round of the event loop."""

_TCP_NOTSENT_LOWAT: Final = 25
"""The socket option TCP_NOTSENT_LOWAT of tcp(7).

Python has a constant for it only since 3.12.
"""

_MOST_NOT_SENT: Final = 1 << 16
"""The maximum number of unsent bytes of a connection in the operating system.

Without a limit, the system buffers megabytes.
"""

_CHECK_SECONDS: Final = 5


def serve(
    state: Service,
    opened: socket.socket,
    pool: Pool,
    find: Callable[[], Snapshot],
    started: Callable[[], None],
) -> None:
    """Serve until the process gets a signal to end.

    SIGTERM and Ctrl-C end the server after all open requests, and a second signal ends it at once. SIGHUP makes it
    switch to a new release.

    Args:
        state: the state of the server.
        opened: the socket to listen on.
        pool: the pool of the first release.
        find: function that returns the snapshot to serve after SIGHUP.
        started: called when the server is ready.

    Raises:
        JhaanError: the snapshot cannot be loaded.
    """
    # The access log already contains these events.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
    opened.setsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, _MOST_NOT_SENT)
    with log_in_thread():
        asyncio.run(_serve(state, opened, pool, find, started))


async def _serve(
    state: Service,
    opened: socket.socket,
    pool: Pool,
    find: Callable[[], Snapshot],
    started: Callable[[], None],
) -> None:
    most = _raise_descriptor_limit(state.limits.connections)
    per_client = most if state.behind_proxy else max(most // SHARES, 1)

    class Protocol(Connection):
        service, turns, open_connections = state, Turns(), Connections(most, per_client)

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
            backlog=_AT_ONCE,
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

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, leave)
    loop.add_signal_handler(signal.SIGHUP, lambda: run_in_background(state.replace(find), replacing))
    checking = asyncio.create_task(_check_connections(server))
    try:
        await state.begin(pool)
        if not server.should_exit:
            gc.freeze()  # permanent objects need no garbage collection
            started()
            await server.serve([opened])
    finally:
        checking.cancel()
        await state.close()


async def _check_connections(server: uvicorn.Server) -> None:
    """Close connections of slow clients, and free memory, at regular intervals.

    Free memory is returned to the system.
    """
    while True:
        await asyncio.sleep(_CHECK_SECONDS)
        for connection in list(server.server_state.connections):
            if isinstance(connection, Connection):
                connection.check_rate()
        # The GNU C library keeps freed memory of connections. Other C libraries do not have this function.
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for opened in sockets or ():
            # asyncio uses one number for the connections that wait and for those accepted in one round.
            opened.listen(BACKLOG)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing, since `_serve` handles signals and shuts the process down in order."""
        yield


def _log_fault(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log an uncaught error as a JSON line."""
    error = context.get("exception")
    why = f"{type(error).__name__}: {error}" if error else context.get("message", "")
    write_log(event="fault", why=str(why))


def _raise_descriptor_limit(connections: int) -> int:
    """Raise the limit of file descriptors, and return the number available for connections.

    The reserve includes the waiting connections, because all may be accepted before the first is rejected.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    others = _OTHER_DESCRIPTORS + BACKLOG
    wanted = connections + others
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(min(connections, soft - others), 1)

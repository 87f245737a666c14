"""The server process: it loads a release, and answers until SIGTERM."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jhaan_kg.build.cache import store_folder
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.report_text import open_reports, read_texts
from jhaan_kg.serve.config import Settings
from jhaan_kg.serve.lanes import Lanes, start_fork_server

if TYPE_CHECKING:
    import uvicorn

_IDLE_SECONDS: Final = 5
_LONGEST_HEAD: Final = 16_384
_MOST_CONNECTIONS: Final = 1000


def serve(
    settings: Settings,
    opened: socket.socket,
    snapshot: Snapshot,
    before: str,
    tell: Callable[[str], None],
) -> None:
    """Serve a release until SIGTERM.

    Args:
        settings: the settings.
        opened: the socket to listen on.
        snapshot: the release.
        before: the checksum of the release that is served already; empty for none.
        tell: function to call with the checksum of the release when the server is ready.

    Raises:
        JhaanError: the release cannot be loaded.
    """
    if before:
        snapshot.verify()
    start_fork_server()  # it imports what workers need while this process imports the server
    store_folder(snapshot)  # makes it if needed
    if settings.texts:
        # A wrong text ends the start, not each worker.
        open_reports(snapshot, read_texts(settings.texts))
    from jhaan_kg.serve.monitoring import log_in_thread, write_log

    with log_in_thread():
        if snapshot.key == before:
            write_log(event="release is the same", release=before)
        else:
            asyncio.run(_serve(settings, opened, snapshot, before, tell))


async def _serve(
    settings: Settings,
    opened: socket.socket,
    snapshot: Snapshot,
    before: str,
    tell: Callable[[str], None],
) -> None:
    import uvicorn
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    from jhaan_kg.serve.app import Service, application
    from jhaan_kg.serve.monitoring import write_log

    class Protocol(HttpToolsProtocol):
        """Protocol that limits the head of a request, and rejects heads that servers may read differently."""

        _head, _in_head = 0, False

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._head = self._head + len(data) if self._in_head else 0
            if self._head > _LONGEST_HEAD and not self.transport.is_closing():
                self.send_400_response(f"The head of a request must have at most {_LONGEST_HEAD:,} bytes.")

        def on_message_begin(self) -> None:
            self._in_head = True
            super().on_message_begin()

        def on_header(self, name: bytes, value: bytes) -> None:
            if len(self.headers) >= 100:
                raise ValueError("too many headers")
            super().on_header(name, value)

        def on_headers_complete(self) -> None:
            self._in_head = False
            version, names = self.parser.get_http_version(), [name for name, _ in self.headers]
            codings = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
            if version not in ("1.0", "1.1") or codings not in ([], [b"chunked"]):
                raise ValueError("unknown version or transfer coding")
            if version == "1.1" and names.count(b"host") != 1:  # RFC 9112, section 3.2
                raise ValueError("not one host")
            super().on_headers_complete()

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            """Do nothing: SIGTERM is handled below, and the supervisor handles the others."""
            yield

    service = Service(settings, snapshot, Lanes(snapshot.path, settings))
    server = Server(
        uvicorn.Config(
            application(service),
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=int(2 * settings.limits.seconds) + 5,
        )
    )
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL + 1)  # the access log has what it would say
    draining = set[asyncio.Task[None]]()

    def leave() -> None:
        server.force_exit = server.should_exit
        server.should_exit = service.is_leaving = True

    def drain() -> None:
        service.is_leaving = True
        draining.add(asyncio.ensure_future(_drain(server)))

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, leave)
    loop.add_signal_handler(signal.SIGUSR1, drain)
    try:
        if why := await service.find_fault():
            raise JhaanError(why)
        serving = asyncio.ensure_future(server.serve([opened]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.005)
        tell(snapshot.key)
        if before:
            write_log(event="release replaced", release=snapshot.key)
        await serving
    finally:
        await asyncio.to_thread(service.close)


async def _drain(server: uvicorn.Server) -> None:
    """Accept no more connections, and let the open ones end, so that no request on one of them fails.

    Each answer says that it is the last one of its connection, and idle connections end by themselves.
    """
    for listening in server.servers:
        listening.close()
    for _ in range(10 * (_IDLE_SECONDS + 1)):
        if not server.server_state.connections:
            break
        await asyncio.sleep(0.1)
    server.should_exit = True

"""The server process: it loads a release, and answers until SIGTERM."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.util import get_temp_dir
from threading import Event, Thread
from typing import TYPE_CHECKING, Final, TypeAlias

from jhaan_kg.build.cache import store_folder
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.report_text import open_reports, read_texts
from jhaan_kg.serve.config import Settings
from jhaan_kg.serve.lanes import start_fork_server

if TYPE_CHECKING:
    from jhaan_kg.serve.service import Service

Find: TypeAlias = Callable[[], tuple[Snapshot, Settings]]
"""A function that opens the release to serve, and returns it with the settings."""

_IDLE_SECONDS: Final = 5
_LONGEST_HEAD: Final = 16_384
_MOST_CONNECTIONS: Final = 1000


def serve(opened: socket.socket, find: Find, started: Callable[[], None]) -> None:
    """Serve a release until SIGTERM or Ctrl-C. After SIGHUP, serve the one that is found then.

    Open requests are answered before the end; a second signal ends the server at once.

    Args:
        opened: the socket to listen on.
        find: the function that opens the release.
        started: called when the server is ready.

    Raises:
        JhaanError: the release cannot be loaded.
    """
    snapshot, settings = find()
    start_fork_server()  # it imports what workers need while this process imports the server
    try:
        _prepare(snapshot, settings)
        from jhaan_kg.serve.monitoring import log_in_thread

        with log_in_thread():
            asyncio.run(_serve(opened, snapshot, settings, find, started))
    finally:
        shutil.rmtree(get_temp_dir(), ignore_errors=True)  # the command ends without the functions of atexit


def _prepare(snapshot: Snapshot, settings: Settings) -> None:
    """Make the store if needed, and check the texts, so that an error is reported once and not by each worker."""
    store_folder(snapshot)
    if settings.texts:
        open_reports(snapshot, read_texts(settings.texts))


async def _serve(
    opened: socket.socket, snapshot: Snapshot, settings: Settings, find: Find, started: Callable[[], None]
) -> None:
    import uvicorn
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    from jhaan_kg.serve.app import application
    from jhaan_kg.serve.service import Service, start_release

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
            """Do nothing: signals are handled below."""
            yield

    def leave() -> None:
        server.force_exit = server.should_exit
        server.should_exit = service.is_leaving = True

    service = Service(settings, await start_release(snapshot, settings))
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
    loop, is_wanted = asyncio.get_running_loop(), Event()
    loop.add_signal_handler(signal.SIGTERM, leave)
    loop.add_signal_handler(signal.SIGINT, leave)
    loop.add_signal_handler(signal.SIGHUP, is_wanted.set)
    try:
        # As a daemon, it does not delay the end of the server.
        Thread(target=_replace_releases, args=(is_wanted, find, service, loop), daemon=True).start()
        started()
        await server.serve([opened])
    finally:
        await asyncio.to_thread(service.release.close)


def _replace_releases(
    is_wanted: Event, find: Find, service: Service, loop: asyncio.AbstractEventLoop
) -> None:
    """Replace the release whenever this is wanted. Opening one takes long, so this needs a thread of its own."""
    from jhaan_kg.serve.monitoring import write_log

    while is_wanted.wait():
        is_wanted.clear()
        try:
            snapshot, settings = find()
            snapshot.verify()
            _prepare(snapshot, settings)
            if snapshot.key == service.release.snapshot.key:
                write_log(event="release is the same", release=snapshot.key)
                continue
            replacing = service.replace_release(snapshot, settings)
            asyncio.run_coroutine_threadsafe(replacing, loop).result()
            write_log(event="release replaced", release=snapshot.key)
        except Exception as error:
            is_expected = isinstance(error, JhaanError | OSError)
            why = str(error) if is_expected else f"Internal error: {error!r}. Please report it."
            write_log(event="release not replaced", why=why)

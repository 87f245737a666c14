"""Connections with a time limit for whole responses.

The timeout of a socket restarts at each byte.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


@contextmanager
def within(seconds: float, end: Callable[[], object]) -> Iterator[None]:
    """Limit the time of the work within this context.

    Args:
        seconds: the time limit in seconds.
        end: function that makes the work fail; called when the time is over.

    Raises:
        TimeoutError: the time limit was exceeded.
    """
    late = Event()

    def stop() -> None:
        late.set()
        with suppress(OSError, RuntimeError, ValueError):  # the work may have ended in the meantime
            end()

    timer = Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception:
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
    if late.is_set():
        raise TimeoutError


class _Connection(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        sock: socket.socket = self.sock
        with within(float(self.timeout or 0), lambda: socket.socket.shutdown(sock, socket.SHUT_RDWR)):
            return super().getresponse()


class _SecureConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class TimedAdapter(HTTPAdapter):
    """Adapter for sessions that limits the time until the headers of a response are complete."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self.poolmanager.pool_classes_by_scheme
        return manager

"""The first process of the server, which starts the server itself and replaces it after SIGHUP."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final, NoReturn

from jhaan_kg.errors import JhaanError

_SIGNALS: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGUSR1)
_DIE_WITH_PARENT: Final = 1


def supervise(
    opened: socket.socket, serve: Callable[[str, Callable[[str], None]], None], started: Callable[[], None]
) -> int:
    """Run the server in a child process, and replace it after SIGHUP.

    The new child accepts connections from the same socket. The old one then finishes its requests. SIGTERM and Ctrl-C
    end the server after all open requests, and a second signal ends it at once.

    Args:
        opened: the socket that all servers listen on.
        serve: function that serves until SIGTERM, or until SIGUSR1, when another server has taken over. It gets the
            checksum of the current release, and a function to call with that of its own release when it is ready.
        started: called when the first child is ready.

    Returns:
        The exit code.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    first = _Child(serve, "")
    coming: _Child | None = first
    children, release, current = {first.pid}, "", 0
    is_leaving = is_wanted = False
    while True:
        number = signal.sigwait(_SIGNALS)
        if number == signal.SIGUSR1 and coming is not None and (key := coming.read_release()):
            for pid in children - {coming.pid}:
                os.kill(pid, signal.SIGUSR1)
            if not current:
                started()
            release, current, coming = key, coming.pid, None
        elif number == signal.SIGHUP:
            is_wanted = True
        elif number in (signal.SIGTERM, signal.SIGINT):
            is_leaving = True
            opened.close()
            for pid in children:
                os.kill(pid, signal.SIGTERM)
        for pid, code in _reap():
            children.discard(pid)
            if coming is not None and pid == coming.pid:
                coming = None
            if is_leaving and not children:
                return max(code, 0)
            if (pid == current or not current) and not is_leaving:
                for other in children:
                    os.kill(other, signal.SIGKILL)
                return code if code > 0 else 1
        if is_wanted and coming is None and not is_leaving:
            is_wanted, coming = False, _Child(serve, release)
            children.add(coming.pid)


def _reap() -> Iterator[tuple[int, int]]:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            yield ended[0], os.waitstatus_to_exitcode(ended[1])


class _Child:
    """A server process, as its parent sees it."""

    def __init__(self, serve: Callable[[str, Callable[[str], None]], None], release: str) -> None:
        self._pipe, theirs = os.pipe()
        parent, self.pid = os.getpid(), os.fork()
        if not self.pid:
            os.close(self._pipe)
            _run_child(serve, release, theirs, parent)
        os.close(theirs)

    def read_release(self) -> str:
        """Return the checksum of the release that the process is ready to serve."""
        return os.read(self._pipe, 100).decode()


def _run_child(
    serve: Callable[[str, Callable[[str], None]], None], release: str, pipe: int, parent: int
) -> NoReturn:
    code = 2
    try:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        # Ctrl-C reaches this process too, but the parent decides.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

        def tell(key: str) -> None:
            os.write(pipe, key.encode())
            os.kill(parent, signal.SIGUSR1)

        try:
            serve(release, tell)
            code = 0
        except Exception as error:
            from jhaan_kg.serve.monitoring import log_line

            why = str(error)
            if not isinstance(error, JhaanError | OSError):
                why = f"Internal error: {type(error).__name__}: {error}. Please report it."
            line = log_line(event="release not replaced", why=why) if release else f"jhaan: {why}\n"
            sys.stderr.write(line)
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 2
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)

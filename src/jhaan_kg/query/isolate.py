"""Work in a process of its own, for queries that never end or make the engine abort the process in which they run.

Oxigraph aborts when it orders values of different types (seen with pyoxigraph 0.5.13): no exception can be caught then.
Nor does it look at signals while it answers, so that only the end of its process ends it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, NoReturn

from jhaan_kg.errors import JhaanError, ServiceError


def isolated(work: Callable[[], bytes], timeout: float | None = None) -> bytes:
    """Do some work in a child process, and give what it gives.

    The child never outlives this function: not the timeout, not Ctrl-C, and not a request to this process to end.
    Where the system knows no fork, the work is done in this process, and no time can be set.

    Args:
        work: what to do; it must not use what this process has opened.
        timeout: after how many seconds the work is given up; None to wait as long as it takes.

    Raises:
        ServiceError: the time is over.
        JhaanError: the work raised one, or its process was aborted.

    >>> isolated(lambda: b"done")
    b'done'
    >>> import time
    >>> isolated(lambda: time.sleep(60) or b"", timeout=0.01)
    Traceback (most recent call last):
    jhaan_kg.errors.ServiceError: The query was ended after 0.01 seconds without an answer. Give it more time with \
--timeout, or ask for less.
    """
    if not hasattr(os, "fork"):
        if timeout is not None:
            raise JhaanError("This system can't end a query after some time. Leave --timeout out.")
        return work()
    with _scratch() as result, _scratch() as messages, ended_by_request():
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            _work_as_child(work, timeout, result, messages)
        try:
            status = os.waitpid(child, 0)[1]
        except BaseException:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise
        ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if ended_by not in (0, signal.SIGALRM):  # what an engine says when it aborts helps nobody
            raise JhaanError(death(ended_by))
        messages.seek(0)
        sys.stderr.write(messages.read().decode(errors="replace"))
        if ended_by:
            raise ServiceError(
                f"The query was ended after {timeout:g} seconds without an answer. "
                "Give it more time with --timeout, or ask for less."
            )
        result.seek(0)
        data = result.read()
    if os.WEXITSTATUS(status):
        error = JhaanError(data.decode())
        error.exit_code = os.WEXITSTATUS(status)
        raise error
    return data


def _scratch() -> IO[bytes]:
    """Open a file for what the child leaves; in memory where that is possible, since no disk may be writable."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("jhaan"), "w+b")
    import tempfile

    return tempfile.TemporaryFile()


def death(signal_number: int) -> str:
    """Say why a child has died.

    >>> death(signal.SIGKILL)
    'The query was killed by the system, most likely for want of memory. Ask for less: a LIMIT, or fewer patterns.'
    """
    if signal_number == signal.SIGABRT:
        return (
            "The engine gave up on this query. It can't order values of different types: "
            "write ORDER BY STR(?x)."
        )
    if signal_number == signal.SIGKILL:
        return (
            "The query was killed by the system, most likely for want of memory. "
            "Ask for less: a LIMIT, or fewer patterns."
        )
    return f"The engine broke down on this query (signal {signal_number}). Write it otherwise."


@contextmanager
def ended_by_request() -> Iterator[None]:
    """Make a request to end (SIGTERM) an exception, so that what has begun something can clear it away first."""

    def leave(*_: object) -> NoReturn:
        raise SystemExit(128 + signal.SIGTERM)

    try:
        before = signal.signal(signal.SIGTERM, leave)
    except ValueError:  # outside of the main thread, which alone hears signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _work_as_child(
    work: Callable[[], bytes], timeout: float | None, result: IO[bytes], messages: IO[bytes]
) -> None:
    """Do the work and leave; what the engine says when it aborts goes where nobody reads it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    if timeout is not None:
        signal.setitimer(signal.ITIMER_REAL, timeout)
    os.dup2(messages.fileno(), 2)
    code = JhaanError.exit_code
    try:
        result.write(work())
        result.flush()
        code = 0
    except JhaanError as error:
        _instead(result, str(error))
        code = error.exit_code
    except OSError as error:
        _instead(result, f"The answer can't be kept: {error.strerror or error}.")
    except BaseException as error:
        _instead(result, f"this should not happen: {type(error).__name__}: {error}")
    finally:  # whatever happens, the child must not go on as if it were its parent
        with suppress(OSError):
            sys.stderr.flush()
        os._exit(code)


def _instead(result: IO[bytes], message: str) -> None:
    """Write a message in place of what was written of a result."""
    os.ftruncate(result.fileno(), 0)
    os.pwrite(result.fileno(), message.encode(errors="replace"), 0)

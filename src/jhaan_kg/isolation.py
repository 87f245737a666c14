"""Queries in a fork of a command's process, and code that all query processes share.

Oxigraph aborts its process when it orders values of different types (seen with pyoxigraph 0.5.13), without an
exception that could be caught. While it answers, it handles no signal, so only the end of its process stops it. Each
query therefore runs in its own process. A command forks itself. Programs with threads, in which a fork is not safe,
use `jhaan_kg.sandbox`.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final, NoReturn, TypeAlias

from jhaan_kg.errors import JhaanError, ServiceError

Send: TypeAlias = Callable[[bytes], object]
"""Function that sends a part of an answer."""

Answer: TypeAlias = Callable[[bytes, Send], object]
"""Function that answers a request in parts.

A JhaanError is passed on to the calling program.
"""

HAS_FORK: Final = hasattr(os, "fork")
ALARM: Final = getattr(signal, "SIGALRM", 14)

DATA, NOTE, ERROR, END, LAST = b"D", b"N", b"X", b"E", b"L"
"""Kinds of frames.

A frame contains a part of an answer, text for standard error, or an error in place of the answer. The last two kinds
end the answer, or both the answer and the worker.
"""


def run_isolated(work: Callable[[], bytes], timeout: float | None = None) -> bytes:
    """Run a function in a fork of this process, and return its result.

    The child never outlives this function, whether it ends by timeout, Ctrl-C or a termination signal. If the system
    has no fork, the work is done in this process, without a timeout.

    Args:
        work: the function; it must not use files or stores that this process has opened.
        timeout: the time limit in seconds.

    Raises:
        ServiceError: the time limit was reached.
        JhaanError: the work raised one, or its process was aborted.

    >>> run_isolated(lambda: b"done")
    b'done'
    >>> import time
    >>> run_isolated(lambda: time.sleep(60) or b"", timeout=0.01)
    Traceback (most recent call last):
    jhaan_kg.errors.ServiceError: The query was stopped after 0.01 seconds. Increase --timeout or ask for less.
    """
    if not HAS_FORK:
        if timeout is not None:
            raise JhaanError("Time limits are not supported on this system. Remove --timeout.")
        return work()
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    with exit_on_sigterm(), os.fdopen(reading, "rb") as pipe:
        child = os.fork()
        if child == 0:
            _work_once(work, timeout, writing)
        try:
            os.close(writing)
            kind, data, failure = read_answer(pipe)
            status = os.waitpid(child, 0)[1]
        except BaseException:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise
    if failure is not None:
        raise failure
    if not kind:
        raise explain_death(os.WTERMSIG(status), timeout, "Increase --timeout or ask for less.")
    return data


@contextmanager
def confine() -> Iterator[None]:
    """Keep this process from opening files and connections within a block.

    This includes whatever a query makes the engine try.
    """
    if not HAS_FORK:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def spare_others() -> None:
    """Make this process the one that is killed when memory runs out, and write no core file."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # only Linux has this file
        Path("/proc/self/oom_score_adj").write_text("500")


@contextmanager
def exit_on_sigterm() -> Iterator[None]:
    """Turn a termination request (SIGTERM) into an exception.

    Unfinished work can then be cleaned up.
    """

    def leave(*_: object) -> NoReturn:
        raise SystemExit(128 + signal.SIGTERM)

    try:
        before = signal.signal(signal.SIGTERM, leave)
    except ValueError:  # this is not the main thread, the only one that gets signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def death_message(signal_number: int) -> str:
    """Return a message for the death of a process that answered a query.

    >>> death_message(signal.SIGKILL)
    'The system stopped the query, probably for lack of memory. Use a LIMIT or fewer patterns.'
    """
    if signal_number == signal.SIGABRT:
        return "The engine failed on this query. It cannot order values of different types. Use ORDER BY STR(?x)."
    if signal_number == getattr(signal, "SIGKILL", 9):
        return "The system stopped the query, probably for lack of memory. Use a LIMIT or fewer patterns."
    return f"The engine failed on this query (signal {signal_number}). Rewrite the query."


def explain_death(signal_number: int, timeout: float | None, advice: str) -> JhaanError:
    if timeout is not None and signal_number == ALARM:
        return ServiceError(f"The query was stopped after {timeout:g} seconds. {advice}")
    return JhaanError(death_message(signal_number))


def _work_once(work: Callable[[], bytes], timeout: float | None, writing: int) -> NoReturn:
    """Run the work in the child process, and exit.

    The child then never runs the code of the parent.
    """
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        if timeout is not None:
            signal.setitimer(signal.ITIMER_REAL, timeout)
        spare_others()
        _silence()
        out = os.fdopen(writing, "wb")
        sys.stderr = _Notes(out)
        send_answer(lambda _, send: send(work()), b"", out)
        send_frame(out, END)
    finally:
        os._exit(0)


def _silence() -> None:
    """Hide the messages of an engine that aborts, since the parent reports the abort."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


class _Notes(io.TextIOBase):
    """Standard error of a child process, forwarded to that of the parent."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, text: str) -> int:
        send_frame(self._out, NOTE, text.encode(errors="replace"))
        return len(text)


# --- frames --------------------------------------------------------------------------------------------------------


def frame(kind: bytes, data: bytes = b"") -> bytes:
    """Return a frame: its kind, the length of its data, and the data."""
    return kind + len(data).to_bytes(8, "big") + data


def send_frame(out: IO[bytes], kind: bytes, data: bytes = b"") -> None:
    out.write(frame(kind, data))
    out.flush()


def receive_frame(pipe: IO[bytes]) -> tuple[bytes, bytes]:
    """Wait for a frame, and return its kind and data.

    The kind is empty if the other side has closed.
    """
    head = pipe.read(9)
    length = int.from_bytes(head[1:], "big")
    data = pipe.read(length) if len(head) == 9 else b""
    return (head[:1], data) if len(head) == 9 and len(data) == length else (b"", b"")


def send_answer(answer: Answer, request: bytes, out: IO[bytes]) -> None:
    """Send the parts of an answer, or an error instead.

    Short parts are sent with the next frame.
    """
    code = JhaanError.exit_code
    try:
        answer(request, lambda part: out.write(frame(DATA, part)))
    except JhaanError as error:
        code, message = error.exit_code, str(error)
    except OSError as error:
        message = f"Cannot run the query: {error.strerror or error}."
    except BaseException as error:
        message = f"Internal error: {type(error).__name__}: {error}"
    else:
        return
    send_frame(out, ERROR, f"{code}\n{message}".encode(errors="replace"))


def read_answer(pipe: IO[bytes]) -> tuple[bytes, bytes, JhaanError | None]:
    """Return the kind of the last frame, the answer, and the error.

    The kind is empty if the process died before.
    """
    parts, failure = [], None
    while True:
        kind, data = receive_frame(pipe)
        if kind == DATA:
            parts.append(data)
        elif kind == NOTE:
            sys.stderr.write(data.decode())
        elif kind == ERROR:
            code, _, message = data.decode().partition("\n")
            failure = JhaanError(*message.split("\n"))
            failure.exit_code = int(code)
        else:
            return kind, b"".join(parts), failure

"""Queries in a fork of the command's process, which the engine may abort.

Oxigraph aborts its process when it orders values of different types (seen with pyoxigraph 0.5.13), without an
exception that could be caught. While it answers, it handles no signal, so only the end of its process stops it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from jhaan_kg.errors import JhaanError, ServiceError

_HAS_FORK = hasattr(os, "fork")


def run_isolated(work: Callable[[], int], timeout: float | None = None) -> int:
    """Run a function in a fork of this process, and return its result, an exit code.

    The child never outlives this function, whether it ends by timeout, Ctrl-C or a termination signal. If the system
    has no fork, the work is done in this process, without a timeout.

    Args:
        work: the function; it must not use stores that this process has opened.
        timeout: the time limit in seconds.

    Raises:
        ServiceError: the time limit was reached.
        JhaanError: the child was aborted.

    >>> run_isolated(lambda: 3)
    3
    >>> import time
    >>> run_isolated(lambda: time.sleep(60) or 0, timeout=0.01)
    Traceback (most recent call last):
    jhaan_kg.errors.ServiceError: The query was stopped after 0.01 seconds. Increase --timeout or ask for less.
    """
    if not _HAS_FORK:
        if timeout is not None:
            raise JhaanError("Time limits are not supported on this system. Remove --timeout.")
        return work()
    sys.stdout.flush()
    sys.stderr.flush()
    with exit_on_sigterm():
        child = os.fork()
        if child == 0:
            _run_child(work, timeout)
        try:
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        except BaseException:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise
    if code == -signal.SIGALRM:
        raise ServiceError(
            f"The query was stopped after {timeout:g} seconds. Increase --timeout or ask for less."
        )
    if code < 0:
        raise JhaanError(death_message(-code))
    return code


def _run_child(work: Callable[[], int], timeout: float | None) -> NoReturn:
    """Do the work in the child process, which then never runs the code of its parent."""
    code = 2
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        if timeout is not None:
            signal.setitimer(signal.ITIMER_REAL, timeout)
        spare_others()
        code = work()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def end_timeout() -> None:
    """Let the rest of the work take any time, such as the writing of a complete answer."""
    if _HAS_FORK:
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def confine(errors: int | None = None) -> Iterator[None]:
    """Keep this process from opening files and connections within a block, whatever a query makes the engine try.

    Args:
        errors: the file descriptor that gets what the engine writes before it aborts; None for nowhere.
    """
    if not _HAS_FORK:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere if errors is None else errors, 2)
    os.close(nowhere)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        os.dup2(kept, 2)
        os.close(kept)


def spare_others() -> None:
    """Make this process the one that is killed when memory runs out, and write no core file."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # only Linux has this file
        Path("/proc/self/oom_score_adj").write_text("500")


@contextmanager
def exit_on_sigterm() -> Iterator[None]:
    """Turn a termination request (SIGTERM) into an exception, so that unfinished work can be cleaned up."""

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

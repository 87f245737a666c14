"""Work in a process of its own, for queries that make the engine abort the process in which they run.

Oxigraph aborts when it orders values of different types (seen with pyoxigraph 0.5.13): no exception can be caught then.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import IO

from jhaan_kg.errors import JhaanError


def isolated(work: Callable[[], bytes]) -> bytes:
    """Do some work in a child process, and give what it gives.

    Where the system knows no fork, the work is done in this process.

    Args:
        work: what to do; it must not use what this process has opened.

    Raises:
        JhaanError: the work raised one, or its process was aborted.

    >>> isolated(lambda: b"done")
    b'done'
    >>> isolated(lambda: os.kill(os.getpid(), 9) or b"")
    Traceback (most recent call last):
    jhaan_kg.errors.JhaanError: The engine gave up on this query. It can't order values of different types: \
write ORDER BY STR(?x).
    """
    if not hasattr(os, "fork"):
        return work()
    with _scratch() as result, _scratch() as messages:
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            _work_as_child(work, result, messages)
        status = os.waitpid(child, 0)[1]
        if os.WIFSIGNALED(status):
            raise JhaanError(
                "The engine gave up on this query. It can't order values of different types: "
                "write ORDER BY STR(?x)."
            )
        messages.seek(0)
        sys.stderr.write(messages.read().decode())
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


def _work_as_child(work: Callable[[], bytes], result: IO[bytes], messages: IO[bytes]) -> None:
    """Do the work and leave; what the engine says when it aborts goes where nobody reads it."""
    os.dup2(messages.fileno(), 2)
    try:
        result.write(work())
        code = 0
    except JhaanError as error:
        result.write(str(error).encode())
        code = error.exit_code
    except BaseException as error:
        result.write(f"this should not happen: {type(error).__name__}: {error}".encode())
        code = JhaanError.exit_code
    result.flush()
    sys.stderr.flush()
    os._exit(code)

"""Work in a separate process, so that a build uses all processors."""

from __future__ import annotations

import gc
import multiprocessing
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def beside(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Start work in a separate process, and yield a function that waits for its result.

    The process is a fork, which needs no copy of the input. If the system has no safe fork, the work is done in this
    process when its result is requested. The same happens if this process has other threads, since a fork would keep
    their locks for ever.

    >>> with beside(lambda: 6 * 7) as result:
    ...     result()
    42
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        yield cache(work)
        return
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, sender))
    gc.freeze()  # a garbage collection in either process would copy all shared pages
    process.start()
    sender.close()

    @cache
    def result() -> T:
        try:
            value: T = receiver.recv()
        except EOFError:  # it failed or was killed; work here, which raises any exception again
            return work()
        return value

    try:
        yield result
    finally:
        process.terminate()
        process.join()
        receiver.close()
        gc.unfreeze()


def _run(work: Callable[[], object], sender: Connection) -> None:
    gc.disable()  # this process ends soon, so collecting its garbage is useless
    with suppress(BaseException):
        sender.send(work())

"""Work in a process of its own, so that a build uses all processors."""

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
    """Start work in a process of its own, and yield a function that waits for its result.

    A fork needs no copy of what the work reads. Where the system has none that is safe, or other threads run in this
    process, whose locks a fork would keep for ever, the work is done here when its result is asked for.

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
    gc.freeze()  # a collection in either process would copy all pages that they share
    process.start()
    sender.close()

    @cache
    def result() -> T:
        try:
            value: T = receiver.recv()
        except EOFError:  # it failed or was killed; what it raises is raised here, as it is
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
    gc.disable()  # this process ends before its garbage matters
    with suppress(BaseException):
        sender.send(work())

"""Pools of worker processes, and the turns of clients.

A query starts in the lane for quick queries. If it does not end there in time, it starts again in the lane for long
ones, and for a while its client starts there at once. So clients with long queries wait only for each other. Pages
have a lane of their own, and so has the check of readiness.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address, ip_network
from multiprocessing import forkserver, get_context
from pathlib import Path
from typing import Any, Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.isolation import death_message
from jhaan_kg.pages.representation import HttpStatusError
from jhaan_kg.serve.config import OUT_OF_MEMORY, Settings

QUICK: Final = 0.5
"""The time limit of the quick lane in seconds."""

_TASKS: Final = 2_000
"""A worker ends after this number of requests, because the engine rarely returns memory."""

_LONG_SECONDS: Final = 30.0
"""For this time after a long query, its client does not use the quick lane."""

_WAITING: Final = 8
"""How many requests of a client may wait, for each one that may run."""

_SOON: Final = {"Retry-After": "5"}

_WORKERS: Final = get_context("forkserver")


def start_fork_server() -> None:
    """Start the process that imports what workers need, and forks them."""
    _WORKERS.set_forkserver_preload(["jhaan_kg.serve.preload"])
    try:
        forkserver.ensure_running()
    except OSError as error:  # the path of its socket may have about 100 characters
        raise JhaanError(
            f"Cannot start workers: {error}. Set TMPDIR to a folder with a short path."
        ) from None


class _Worker:
    """A worker process, and the pipe to it. It does one job at a time.

    Attributes:
        is_alive: whether the process still runs, as far as is known.
        answered: the number of jobs done.
    """

    def __init__(self, setup: Mapping[str, Any]) -> None:
        from jhaan_kg.serve.worker import work

        self._pipe, theirs = _WORKERS.Pipe()
        self._process = _WORKERS.Process(target=work, args=(theirs,), kwargs=setup, daemon=True)
        self._process.start()
        theirs.close()
        self.is_alive, self._is_ready, self.answered = True, False, 0
        self._loop = asyncio.get_running_loop()
        self._message = self._loop.create_future()
        self._loop.add_reader(self._pipe.fileno(), self._receive)

    def _receive(self) -> None:
        try:
            message = self._pipe.recv()
        except (EOFError, OSError):
            message = None
            self.kill()
        if not self._message.done():
            self._message.set_result(message)

    async def answer(self, job: Any, seconds: float) -> Any:
        """Return the reply to a job.

        Raises:
            TimeoutError: the time limit was reached.
            HttpStatusError: there is no answer, or the process ended (400, 503).
            RuntimeError: the job failed.
        """
        if not self._is_ready:
            if why := await self._next(job):
                raise HttpStatusError(500, why)
            self._is_ready = True
        with suppress(OSError):  # it has ended, and the next message says so
            self._pipe.send(job)
        async with asyncio.timeout(seconds):
            reply = await self._next(job)
        self.answered += 1
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def _next(self, job: Any) -> Any:
        message, self._message = await self._message, self._loop.create_future()
        if message is None:
            await asyncio.to_thread(self._process.join, 1)
            raise _explain(-(self._process.exitcode or -signal.SIGKILL), job.file)
        return message

    def kill(self) -> None:
        """End the process, even while the engine answers."""
        if self.is_alive:
            self.is_alive = False
            self._loop.remove_reader(self._pipe.fileno())
            self._pipe.close()
            self._process.kill()


def _explain(number: int, file: str) -> HttpStatusError:
    """Return the error for a worker that a signal ended; the end of the file of its answer may say why."""
    with suppress(OSError), Path(file).open("rb") as written:
        written.seek(max(0, Path(file).stat().st_size - 1000))
        if b"memory allocation" in written.read():
            return HttpStatusError(503, OUT_OF_MEMORY)
    is_fault = number in (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL)
    return HttpStatusError(400 if is_fault else 503, death_message(number if is_fault else signal.SIGKILL))


class Lane:
    """A pool of workers.

    Attributes:
        workers: the maximum number of workers.
        busy: the number of workers that answer.
        waiting: the number of requests that wait for a worker.
    """

    def __init__(self, workers: int, seconds: float, started: int, **setup: Any) -> None:
        """Start the first workers; the others start when they are needed.

        Args:
            workers: their maximum number.
            seconds: the time limit of a request.
            started: how many start at once.
            setup: the arguments of `worker.work` after the pipe.
        """
        self.workers, self.busy, self.waiting = workers, 0, 0
        self._seconds, self._setup = seconds, setup
        self._free = asyncio.Semaphore(workers)
        self._idle = deque(_Worker(self._setup) for _ in range(started))

    async def run(self, job: Any, patience: float) -> Any:
        """Return the reply to a job.

        Args:
            job: the job, see `worker.Job`.
            patience: how many seconds to wait for a worker.

        Raises:
            TimeoutError: the time limit of this lane was reached.
            HttpStatusError: there is no answer, no worker was free in time (503), or the worker ended (400, 503).
            RuntimeError: the job failed.
        """
        self.waiting += 1
        try:
            async with asyncio.timeout(patience):
                await self._free.acquire()
        except TimeoutError:
            raise HttpStatusError(503, "The server is busy. Try again later.", _SOON) from None
        finally:
            self.waiting -= 1
        self.busy += 1
        try:
            return await self._run(job)
        finally:
            self.busy -= 1
            self._free.release()

    async def _run(self, job: Any) -> Any:
        worker = self._take()
        before = worker.answered
        try:
            return await worker.answer(job, self._seconds)
        finally:
            if before < worker.answered < _TASKS:
                self._idle.append(worker)  # it is the first to be used again
            else:  # also at the deadline, and when the client has left
                worker.kill()
                with suppress(OSError, EOFError):  # otherwise the next job starts one
                    self._idle.appendleft(_Worker(self._setup))

    def _take(self) -> _Worker:
        while self._idle:
            if (worker := self._idle.pop()).is_alive:
                return worker
        try:
            return _Worker(self._setup)
        except (OSError, EOFError):
            raise HttpStatusError(503, "The workers do not start. Try again later.", _SOON) from None

    def close(self) -> None:
        """End the workers; those that answer end with this process."""
        for worker in self._idle:
            worker.kill()


class Lanes:
    """All workers of a release."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        """Start the workers.

        Args:
            folder: the folder of the snapshot.
            settings: the settings of the server.
        """
        limits, setup = settings.limits, {"folder": str(folder), "settings": settings}
        self._seconds = limits.seconds
        self.by_name = {
            "health": Lane(1, 2, 1, **setup),
            "quick": Lane(limits.workers, min(QUICK, limits.seconds), 1, **setup),
            "long": Lane(limits.workers, limits.seconds, 0, **setup, niceness=10),
            "pages": Lane(limits.page_workers, limits.seconds, limits.page_workers, **setup, in_memory=True),
        }
        self._long_until: dict[str, float] = {}

    async def run(self, job: Any, client: str, *, is_query: bool) -> Any:
        """Return the reply to a job of a client; see `Lane.run`.

        Raises:
            HttpStatusError: also if the time limit was reached (504).
        """
        lanes, seconds = self.by_name, self._seconds
        try:
            if not is_query:
                return await lanes["pages"].run(job, seconds)
            if self._long_until.get(client, 0) <= (now := time.monotonic()):
                try:
                    return await lanes["quick"].run(job, seconds)
                except TimeoutError:
                    self._long_until = {name: end for name, end in self._long_until.items() if end > now}
                    self._long_until[client] = now + _LONG_SECONDS
            return await lanes["long"].run(job, seconds)
        except TimeoutError:
            raise HttpStatusError(
                504, f"The query took more than {seconds:g} seconds, the limit of this server. Ask for less."
            ) from None

    def close(self) -> None:
        """End all workers."""
        for lane in self.by_name.values():
            lane.close()


class Turns:
    """How many requests of each client run and wait."""

    def __init__(self, running: int) -> None:
        self._running = running
        self._open: Counter[str] = Counter()
        self._gates: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Wait for the turn of a client, which lasts until its answer is sent.

        Raises:
            HttpStatusError: too many requests of the client wait (429).
        """
        if self._open[client] >= self._running * (1 + _WAITING):
            raise HttpStatusError(
                429,
                "Too many open requests from your address. Wait for the answers.",
                {"Retry-After": "2", "Connection": "close"},
            )
        self._open[client] += 1
        try:
            async with self._gates.setdefault(client, asyncio.Semaphore(self._running)):
                yield
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client], self._gates[client]


def client_of(peer: str, forwarded_for: str | None) -> str:
    """Return the client of a request: an IPv4 address, or the first 56 bits of an IPv6 address.

    Args:
        peer: the address of the other end of the connection; empty for a local socket.
        forwarded_for: the header X-Forwarded-For, if connections come from a proxy. Only its last address is reliable,
            because the proxy adds it.

    >>> client_of("10.0.0.1", "6.6.6.6, 192.0.2.7")
    '192.0.2.7'
    >>> client_of("2001:db8:1:2:3:4:5:6", None)
    '2001:db8:1::/56'
    """
    address = (forwarded_for or peer).rpartition(",")[2].strip()
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 4 or parsed.ipv4_mapped is not None:
        return str(parsed)
    return str(ip_network((parsed, 56), strict=False))

"""Fair turns of clients that wait for a worker or for the event loop, and background tasks."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from time import monotonic, perf_counter
from typing import Any, Final, Generic, TypeVar

from jhaan_kg.serve.clients import decrease
from jhaan_kg.serve.protocol import HttpStatusError

_RESERVED: Final = 4
"""The number of workers of which one is reserved for clients without a running job."""

_ONLY_ONE_SECONDS: Final = 5.0
"""The time in seconds after which a client's only running query may be ended.

Another client then gets its worker.
"""

_TURN_SECONDS: Final = 0.0005
"""The time in seconds added to each turn.

It is for the later work of the request that the turn starts.
"""

RETRY_AFTER: Final = "2"
"""The value of the header Retry-After, in seconds, when the server is busy."""

_Worker = TypeVar("_Worker")


class Job(Generic[_Worker]):
    """A request that has a worker, or waits for one.

    Attributes:
        client: the id of the client.
        worker: the future of the worker for the request.
        begun: the time when the worker was assigned (`time.monotonic`).
        is_long: whether the request counts as long.
    """

    def __init__(self, client: str) -> None:
        self.client, self.is_long, self.begun = client, False, 0.0
        self.worker: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()


class Lane(Generic[_Worker]):
    """A group of requests with its own number of workers and its own queue.

    Attributes:
        running: the jobs with a worker.
        waiting: the other jobs, in order of arrival.
    """

    def __init__(self, size: int, queue: int) -> None:
        """Create a lane without jobs.

        Args:
            size: the maximum number of workers.
            queue: the maximum number of waiting jobs.
        """
        self._size, self._queue = size, queue
        self.running: list[Job[_Worker]] = []
        self.waiting: list[Job[_Worker]] = []
        self._counts = Counter[str]()
        self._used = dict[str, float]()

    def enter(self, job: Job[_Worker]) -> None:
        """Add a job to the queue.

        If the queue is full, reject the last job of the client with the most waiting jobs.

        Raises:
            HttpStatusError: the queue is full, and no client has more waiting jobs than this client would have.
        """
        if len(self.waiting) >= self._queue:
            waiting = Counter(other.client for other in self.waiting)
            client, most = waiting.most_common(1)[0]
            full = HttpStatusError(
                503, "The server is busy. Try again in a moment.", {"Retry-After": RETRY_AFTER}
            )
            if most <= waiting[job.client] + 1:
                raise full
            last = [other for other in self.waiting if other.client == client][-1]
            self.waiting.remove(last)
            last.worker.set_exception(full)
        clients = {other.client for other in (*self.running, *self.waiting)}
        self._used = {client: self._used[client] for client in clients}
        self._used.setdefault(job.client, min(self._used.values(), default=0.0))
        self.waiting.append(job)

    def next_job(self) -> Job[_Worker] | None:
        """Return the next job for a worker; None if no job may start.

        Clients with the fewest running jobs come first, and among these the client with the least worker time.
        """
        job = self._first()
        if job is None:
            return None
        reserved = self._size // _RESERVED if self._counts[job.client] else 0
        return job if self.free > reserved else None

    def start(self, job: Job[_Worker], worker: _Worker) -> None:
        self.waiting.remove(job)
        self.running.append(job)
        job.begun = monotonic()
        self._counts[job.client] += 1
        job.worker.set_result(worker)

    def end(self, job: Job[_Worker]) -> None:
        """Remove a running job, and add its time to the worker time of the client."""
        self.running.remove(job)
        self._used[job.client] += monotonic() - job.begun
        decrease(self._counts, job.client)

    def job_to_end(self) -> Job[_Worker] | None:
        """Return the long job to end for a client with fewer running jobs.

        It is None if there is none.

        Jobs are only ended while all workers of the lane are busy.
        """
        job = self._first()
        if job is None or self.free > 0:
            return None
        fewest, now = self._counts[job.client], monotonic()
        long = [
            job
            for job in self.running
            if job.is_long
            and (count := self._counts[job.client]) > fewest
            and (count > 1 or now - job.begun > _ONLY_ONE_SECONDS)
        ]
        return max(long, key=lambda job: (self._counts[job.client], -job.begun), default=None)

    @property
    def free(self) -> int:
        """The number of workers that the lane may still use."""
        return self._size - len(self.running)

    def _first(self) -> Job[_Worker] | None:
        return min(
            self.waiting, key=lambda job: (self._counts[job.client], self._used[job.client]), default=None
        )


def run_in_background(work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> None:
    """Run a task, and keep a reference to it.

    The event loop keeps only weak references.
    """
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


class Turns:
    """Fair turns of clients in the event loop: the client with the least time used is next.

    Turns are short, and each round of the loop runs one. So no client waits long, even if another one sends much.
    """

    def __init__(self) -> None:
        self._queues: dict[str, deque[Callable[[], None]]] = {}
        self._used: dict[str, float] = {}
        self._least = 0.0

    def add(self, client: str, work: Callable[[], None]) -> None:
        """Run a function at the client's next turn."""
        if not self._queues:
            asyncio.get_running_loop().call_soon(self._run)
        if client not in self._queues:
            self._queues[client] = deque()
            self._used[client] = self._least
        self._queues[client].append(work)

    def _run(self) -> None:
        client = min(self._queues, key=self._used.__getitem__)
        queue = self._queues[client]
        work, self._least = queue.popleft(), self._used[client]
        begun = perf_counter()
        try:
            work()
        finally:
            self._used[client] += perf_counter() - begun + _TURN_SECONDS
            if not queue:
                del self._queues[client], self._used[client]
            if self._queues:
                asyncio.get_running_loop().call_soon(self._run)

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
"""One of this number of workers is reserved for clients without a running job."""

_ONLY_ONE_SECONDS: Final = 5.0
"""The time in seconds after which the only query of a client gives way."""

_TURN_SECONDS: Final = 0.0005
"""The cost of a turn in addition to its time, since the request that it starts takes time later."""

RETRY_AFTER: Final = "2"
"""The number of seconds for Retry-After when there is no room."""

_Worker = TypeVar("_Worker")


class Job(Generic[_Worker]):
    """A request that has a worker, or waits for one.

    Attributes:
        client: the client.
        worker: its worker, once there is one.
        begun: the time when it got the worker.
        is_long: whether it takes long.
    """

    def __init__(self, client: str) -> None:
        self.client, self.is_long, self.begun = client, False, 0.0
        self.worker: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()


class Lane(Generic[_Worker]):
    """The workers for requests of one kind, and the requests.

    Attributes:
        running: the jobs with a worker.
        waiting: the other jobs, in the order of their arrival.
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
        """Add a waiting job; at the limit, reject one of the client with the most waiting jobs.

        Raises:
            HttpStatusError: too many jobs wait.
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
        """Return the next job for a worker.

        It belongs to a client with the fewest running jobs and, among those, with the least worker time.
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
        """Remove a job that has a worker."""
        self.running.remove(job)
        self._used[job.client] += monotonic() - job.begun
        decrease(self._counts, job.client)

    def job_to_end(self) -> Job[_Worker] | None:
        """Return the long job that gives way if all workers are busy and a client with fewer running jobs waits."""
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
        """The number of additional workers it may have."""
        return self._size - len(self.running)

    def _first(self) -> Job[_Worker] | None:
        return min(
            self.waiting, key=lambda job: (self._counts[job.client], self._used[job.client]), default=None
        )


def run_in_background(work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> None:
    """Run a task, and keep a reference to it: the event loop alone might drop it."""
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


class Turns:
    """Turns of clients in the event loop: the client that has used it least is first.

    A turn is short, and there is one in each round of the loop, so that no client waits for more than a few turns,
    whatever another one sends.
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

"""The pool of worker processes of the server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from asyncio import Future, IncompleteReadError, StreamReader, StreamWriter
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.isolation import DATA, END, ERROR, death_message
from jhaan_kg.sandbox import Sandbox, SandboxWorker, pack_request, parse_death
from jhaan_kg.serve.config import BODY, HEAD, OUT_OF_MEMORY, Limits
from jhaan_kg.serve.loading import prepare_worker
from jhaan_kg.serve.monitoring import write_log
from jhaan_kg.serve.protocol import HttpStatusError
from jhaan_kg.serve.spool import Spool
from jhaan_kg.serve.turns import RETRY_AFTER, Job, Lane, run_in_background

QUICK: Final = 0.25
"""The processor time in seconds after which a query counts as long.

Its worker then gets a lower priority.
"""

_NICENESS: Final = 15
"""The niceness (nice value) of a worker with a long query."""

_GRACE: Final = 1.0
"""The additional time in seconds to end a worker after its deadline.

It is also the maximum time to wait for the report of the worker's end.
"""

_RETRY_SECONDS: Final = 2
"""The time in seconds before a failed start of a worker is repeated."""

_WATCH_SECONDS: Final = 1
"""The interval in seconds of checks for suspended processes, and for long queries to end."""

_NO_MEMORY: Final = b"memory allocation"
"""The start of the engine's message on standard error when memory runs out."""

_GAVE_WAY: Final = HttpStatusError(
    503,
    "The query was stopped because other clients are waiting. Ask for less, or try again later.",
    {"Retry-After": "10"},
)


class Death(NamedTuple):
    """The reason why a worker has ended.

    Attributes:
        reason: one word for metrics: deadline, memory, killed, engine or end.
        status: the status code for the client.
        message: the message for the client.
    """

    reason: str
    status: int
    message: str


def explain_death(ended_by: int, errors: bytes, seconds: float) -> Death:
    """Return the reason why a worker has ended, with the status and message for the client.

    Args:
        ended_by: the number of the signal that ended the worker; 0 for none.
        errors: the worker's output on standard error.
        seconds: the time limit of a query.

    >>> explain_death(signal.SIGALRM, b"", 30).status, explain_death(signal.SIGABRT, b"", 30).status
    (504, 400)
    """
    if ended_by == signal.SIGALRM:
        return Death("deadline", 504, f"The query was stopped after {seconds:g} seconds. Ask for less.")
    if _NO_MEMORY in errors:
        return Death("memory", 503, OUT_OF_MEMORY)
    if ended_by == signal.SIGKILL:
        return Death("killed", 503, death_message(ended_by))
    if ended_by:
        return Death("engine", 400, death_message(ended_by))
    return Death("end", 503, "The process for this query ended. Try again.")


class Worker:
    """A process that answers one job at a time."""

    def __init__(
        self, process: SandboxWorker, reader: StreamReader, writer: StreamWriter, status: StreamWriter
    ) -> None:
        self._process, self._status = process, status
        self.pid, self.reader, self.writer = process.pid, reader, writer
        self.death: Future[Death] = asyncio.get_running_loop().create_future()
        self.killed_for = ""

    def close(self) -> None:
        """Close the connections to the process."""
        self.writer.close()
        self._status.close()

    def kill(self, why: str) -> None:
        if not self.death.done():
            self.killed_for = self.killed_for or why
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


class Pool:
    """Workers for one release, in two lanes.

    One lane is for SPARQL queries, the other for all other requests.

    Attributes:
        snapshot: the release.
        texts: files with the texts of reports, for quotations.
    """

    def __init__(self, snapshot: Snapshot, limits: Limits, texts: Sequence[Path] = ()) -> None:
        """Start to load a snapshot in the background; `start` waits for the first worker."""
        self.snapshot, self.texts, self._limits = snapshot, texts, limits
        self._sandbox = Sandbox(prepare_worker, (snapshot.path, texts, limits), memory=limits.memory)
        self._starter = ThreadPoolExecutor(1)
        self._first = self._starter.submit(self._sandbox.start_worker)
        self._lanes = {
            lane: Lane[Worker](size, limits.queue)
            for lane, size in (("sparql", limits.workers), ("pages", limits.page_workers))
        }
        self._workers: dict[int, Worker] = {}
        self._idle: deque[Worker] = deque()
        self._count_end: Callable[[str], None] = lambda _: None
        self._asked, self._too_few = 0, asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def release(self) -> str:
        """The checksum (SHA-256) of the release."""
        return self.snapshot.key

    @property
    def is_able(self) -> bool:
        """Whether the pool has a worker."""
        return bool(self._workers)

    @property
    def lanes(self) -> dict[str, tuple[int, int, int]]:
        """The numbers of idle and busy workers and of waiting requests in each lane."""
        return {
            name: (min(lane.free, len(self._idle)), len(lane.running), len(lane.waiting))
            for name, lane in self._lanes.items()
        }

    async def start(self, count_end: Callable[[str], None]) -> None:
        """Wait until the first worker can answer.

        Args:
            count_end: called for each worker that has ended, with the reason in one word.

        Raises:
            JhaanError: the snapshot cannot be loaded.
        """
        self._count_end = count_end
        await self._add(await asyncio.wrap_future(self._first))
        self._too_few.set()
        run_in_background(self._keep_complete(), self._tasks)
        run_in_background(self._watch(), self._tasks)

    async def answer(self, request: dict[str, Any], spool: Spool, client: str, lane: str) -> None:
        """Write the answer to a request to a spool; if cancelled, end the worker.

        Args:
            request: the request for `worker.answer`.
            spool: the spool for the answer.
            client: the id of the client; see `clients.client_of`.
            lane: "sparql" or "pages".

        Raises:
            HttpStatusError: too many requests are waiting, the wait was too long, or the worker has ended.
            OSError: the disk is full.
        """
        self._asked += 1
        try:
            await self._answer(request, spool, Job(client), self._lanes[lane])
        finally:
            self._asked -= 1

    async def _answer(
        self, request: dict[str, Any], spool: Spool, job: Job[Worker], lane: Lane[Worker]
    ) -> None:
        lane.enter(job)
        self._dispatch()
        goes_on, why = True, "left"
        try:
            worker = await self._wait_for_worker(job)
            making_way = _PriorityTimer(worker.pid, lambda: self._mark_long(job))
            goes_on = False
            try:
                async with asyncio.timeout(self._limits.seconds + _GRACE):
                    worker.writer.write(pack_request(json.dumps(request).encode(), self._limits.seconds))
                    goes_on = await _collect(worker, spool)
                    why = "made way" if job.is_long else "retired"
            except (IncompleteReadError, ConnectionError):
                raise await _explain_end(worker) from None
            except TimeoutError:
                why = "deadline"
                raise HttpStatusError(
                    504, f"The query was stopped after {self._limits.seconds:g} seconds. Ask for less."
                ) from None
            except (HttpStatusError, OSError):
                why = "no room"
                raise
            finally:
                making_way.cancel()
        finally:
            if job in lane.waiting:
                lane.waiting.remove(job)
            elif job in lane.running:
                lane.end(job)
                worker = job.worker.result()
                if goes_on and not job.is_long:
                    self._idle.append(worker)
                else:  # without privileges, a process cannot raise its priority again
                    worker.kill(why)
            self._dispatch()

    async def _wait_for_worker(self, job: Job[Worker]) -> Worker:
        if job.worker.done():
            return job.worker.result()
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await asyncio.shield(job.worker)
        except TimeoutError:
            raise HttpStatusError(
                503, "The server is busy. Try again in a moment.", {"Retry-After": RETRY_AFTER}
            ) from None

    async def close(self) -> None:
        """Wait until all requests are answered, then end the workers."""
        while self._asked:
            await asyncio.sleep(0.05)
        await self.end()

    async def end(self) -> None:
        """End the workers at once."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in self._workers.values():
            worker.kill("end")
            worker.close()
        self._refuse_waiting()
        await asyncio.to_thread(self._sandbox.close)
        self._starter.shutdown(wait=False)

    def _dispatch(self) -> None:
        """Assign idle workers to the next jobs, and end long queries that block other clients."""
        for lane in self._lanes.values():
            while self._idle and (job := lane.next_job()) is not None:
                # Use the most recently used worker, because its data may still be in the processor's caches.
                lane.start(job, self._idle.pop())
            ends_already = any(job.worker.result().killed_for for job in lane.running)
            if not ends_already and (job := lane.job_to_end()) is not None:
                job.worker.result().kill("gave way")

    def _mark_long(self, job: Job[Worker]) -> None:
        job.is_long = True
        self._dispatch()

    async def _keep_complete(self) -> None:
        """Start workers whenever there are too few."""
        size = self._limits.workers + self._limits.page_workers
        while True:
            await self._too_few.wait()
            self._too_few.clear()
            while len(self._workers) < size:
                before = self._sandbox.server_pid
                try:
                    process = await asyncio.get_running_loop().run_in_executor(
                        self._starter, self._sandbox.start_worker
                    )
                    await self._add(process)
                except (JhaanError, OSError) as error:
                    write_log(event="no worker can be started", why=str(error))
                    if not self._workers:
                        self._refuse_waiting()
                    await asyncio.sleep(_RETRY_SECONDS)
                if self._sandbox.server_pid != before:
                    write_log(event="fork server started again", release=self.release)

    async def _add(self, process: SandboxWorker) -> None:
        reader, writer = await asyncio.open_unix_connection(sock=process.connection)
        ending, status = await asyncio.open_unix_connection(sock=process.status)
        worker = self._workers[process.pid] = Worker(process, reader, writer, status)
        self._idle.append(worker)
        run_in_background(self._remove_at_end(worker, ending), self._tasks)
        self._dispatch()

    async def _remove_at_end(self, worker: Worker, ending: StreamReader) -> None:
        """Wait for the end of a worker, and remove the worker from the pool."""
        death = explain_death(*parse_death(await ending.read()), self._limits.seconds)
        worker.death.set_result(death)
        self._count_end(worker.killed_for or death.reason)
        del self._workers[worker.pid]
        with suppress(ValueError):
            self._idle.remove(worker)
        worker.close()
        self._too_few.set()

    async def _watch(self) -> None:
        """Kill suspended processes, and end long queries, at regular intervals.

        Long queries are ended if they block other clients.
        """
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            for worker in list(self._workers.values()):
                if _is_stopped(worker.pid):
                    worker.kill("stopped")
            # Child processes are fork servers, whose workers end with them.
            for child in _children():
                if _is_stopped(child):
                    os.kill(child, signal.SIGKILL)
            self._dispatch()

    def _refuse_waiting(self) -> None:
        for lane in self._lanes.values():
            for job in lane.waiting:
                if not job.worker.done():
                    job.worker.set_exception(
                        HttpStatusError(
                            503,
                            "The server is restarting its processes. Try again.",
                            {"Retry-After": RETRY_AFTER},
                        )
                    )


async def _collect(worker: Worker, spool: Spool) -> bool:
    """Copy a worker's answer to a spool, and return whether the worker can go on.

    Raises:
        IncompleteReadError: the worker has ended.
        ConnectionError: the worker has ended.
        HttpStatusError: there is no disk space for the answer.
        OSError: the disk is full.
    """
    refusal: HttpStatusError | None = None
    while True:
        head = await worker.reader.readexactly(9)
        kind, data = head[:1], await worker.reader.readexactly(int.from_bytes(head[1:], "big"))
        if kind == ERROR:
            raise RuntimeError(data.decode())
        if kind != DATA:
            break
        part, body = data[:1], data[1:]
        if part == BODY:
            spool.put(body)
        elif part == HEAD:
            head_of_answer = json.loads(body)
            spool.media, spool.headers = head_of_answer["media"], head_of_answer.get("headers", {})
        else:
            error = json.loads(body)
            refusal = HttpStatusError(error["status"], error["message"])
    if refusal is None:
        spool.end()
    else:
        spool.fail(refusal)
    return kind == END


async def _explain_end(worker: Worker) -> HttpStatusError:
    """Return the error for the client when the worker for its request has ended."""
    if worker.killed_for == "gave way":
        return _GAVE_WAY
    if not worker.killed_for:
        with suppress(TimeoutError):
            death = await asyncio.wait_for(asyncio.shield(worker.death), _GRACE)
            return HttpStatusError(death.status, death.message)
    return HttpStatusError(503, "The process for this query ended. Try again.")


class _PriorityTimer:
    """Timer that lowers the priority of a worker after `QUICK` seconds of processor time.

    It does not measure elapsed time, because a short query may wait for long on a busy machine.
    """

    def __init__(self, pid: int, mark: Callable[[], None]) -> None:
        self._pid, self._mark = pid, mark
        self._end = _processor_time(pid) + QUICK
        self._timer = asyncio.get_running_loop().call_later(QUICK, self._check)

    def cancel(self) -> None:
        """Cancel the timer."""
        self._timer.cancel()

    def _check(self) -> None:
        left = self._end - _processor_time(self._pid)
        if left > 0:
            self._timer = asyncio.get_running_loop().call_later(left, self._check)
            return
        with suppress(OSError):  # the process may have ended
            os.setpriority(os.PRIO_PROCESS, self._pid, _NICENESS)
        self._mark()


def _processor_time(pid: int) -> float:
    """Return the processor time of a process in seconds; 0 if the process has ended.

    The id of the clock is computed from the process id, as in clock_getcpuclockid(3) on Linux.
    """
    try:
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return 0.0


def _children() -> Iterator[int]:
    """Yield the ids of the child processes of this process."""
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # the thread may have ended
            yield from map(int, (thread / "children").read_text().split())


def _is_stopped(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "tT"
    except OSError:
        return False

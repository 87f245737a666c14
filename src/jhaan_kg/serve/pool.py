"""The workers as the server sees them: which are idle, which requests wait, which workers must end."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from asyncio import Future, IncompleteReadError, StreamReader, StreamWriter
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.serve.config import Limits
from jhaan_kg.serve.frames import HEADER, Frame, What, packed, unpacked
from jhaan_kg.serve.protocol import HttpStatusError
from jhaan_kg.serve.spool import Spool

QUICK: Final = 0.25
"""After how many seconds of processor time a query counts as long, and its worker gets a lower priority."""

_NICENESS: Final = 15
"""The niceness of a worker with a long query."""

_GRACE: Final = 1.0
"""How many seconds after its deadline a worker that hasn't ended itself is ended."""

_AGAIN_SECONDS: Final = 0.1
"""After how many seconds a command that failed is tried again."""

RETRY_AFTER: Final = "2"
"""After how many seconds a client should come again when there is no room."""


class Worker:
    """A process that answers one query at a time."""

    def __init__(self, pid: int, reader: StreamReader, writer: StreamWriter) -> None:
        self.pid, self.reader, self.writer = pid, reader, writer
        self.death: Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.is_long, self.ended_for = False, ""


class Pool:
    """Workers that all hold the same release.

    Attributes:
        snapshot: the release that they hold.
        texts: files with the texts of reports, whose words they show.
        running: how many queries are being answered.
        gone: set when all that answers has ended.
    """

    def __init__(self, snapshot: Snapshot, limits: Limits, texts: Sequence[Path] = ()) -> None:
        """Start to load a snapshot; `start` waits for it."""
        self.snapshot, self.texts, self._limits = snapshot, texts, limits
        self._told: Callable[[str], None] = lambda _: None
        self.running, self._asked = 0, 0
        self._workers: dict[int, Worker] = {}
        self._idle: deque[Worker] = deque()
        self._waiting: deque[Future[Worker]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self.gone = asyncio.Event()
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)
        number, settings = theirs.fileno(), json.dumps(limits._asdict())
        command = [sys.executable, "-m", "jhaan_kg.serve.nursery", str(number), str(snapshot.path), settings]
        command += map(str, texts)
        self._nursery = subprocess.Popen(command, pass_fds=[number], stdin=subprocess.DEVNULL)
        theirs.close()

    @property
    def release(self) -> str:
        """The digest that stands for the release."""
        return self.snapshot.key

    @property
    def waiting(self) -> int:
        """How many queries wait for a worker."""
        return len(self._waiting)

    @property
    def idle(self) -> int:
        """How many workers wait for a query."""
        return len(self._idle)

    async def start(self, told: Callable[[str], None]) -> None:
        """Wait until there is a worker.

        Args:
            told: told of each worker that has ended, why, in one word.

        Raises:
            JhaanError: the snapshot can't be loaded.
        """
        self._told = told
        first: Future[None] = asyncio.get_running_loop().create_future()
        self._keep(self._listen(first))
        await first

    async def answer(self, job: dict[str, Any], spool: Spool) -> None:
        """Send a job to a worker and put its answer into a spool; when this is cancelled, end the worker.

        Raises:
            HttpStatusError: too many wait already, or for too long.
        """
        self._asked += 1
        try:
            await self._answer(job, spool)
        finally:
            self._asked -= 1

    async def _answer(self, job: dict[str, Any], spool: Spool) -> None:
        worker = await self._free()
        self.running += 1
        making_way = _MakingWay(worker)
        goes_on, why = False, "left"
        try:
            async with asyncio.timeout(self._limits.seconds + _GRACE):
                worker.writer.write(packed(What.JOB, job))
                goes_on = await _collect(worker, spool)
                why = "made way" if worker.is_long else "retired"
        except (IncompleteReadError, ConnectionError):
            died = await asyncio.shield(worker.death)
            spool.fail(HttpStatusError(died["status"], died["message"]))
        except TimeoutError:
            why = "deadline"
            spool.fail(
                HttpStatusError(
                    504, f"The query takes more than {self._limits.seconds:g} seconds, so it was ended."
                )
            )
        finally:
            making_way.cancel()
            self.running -= 1
            if goes_on and not worker.is_long:
                self._release(worker)
            else:  # a process that made way can't take it back
                self._kill(worker, why)

    async def close(self) -> None:
        """Wait until all requests are answered, then end the workers."""
        while self._asked:
            await asyncio.sleep(0.05)
        await self.end()

    async def end(self) -> None:
        """End the workers at once."""
        with suppress(OSError):  # it has gone by itself
            self._control.shutdown(socket.SHUT_RDWR)
        await self.gone.wait()
        await asyncio.to_thread(self._nursery.wait)
        self._control.close()

    async def _free(self) -> Worker:
        if self.gone.is_set():
            raise _gone()
        if self._idle:
            return self._idle.pop()  # the one whose memory was used last
        if len(self._waiting) >= self._limits.queue:
            raise HttpStatusError(
                503, "Too many queries wait already. Try again in a moment.", {"Retry-After": RETRY_AFTER}
            )
        turn: Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await turn
        except TimeoutError:
            if turn.done() and not turn.cancelled():  # it came at the very moment that the time was over
                return turn.result()
            raise HttpStatusError(
                503, "No turn came for this query. Try again in a moment.", {"Retry-After": RETRY_AFTER}
            ) from None
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # its turn came at the very moment that it was given up
                self._release(turn.result())
            raise
        finally:
            with suppress(ValueError):
                self._waiting.remove(turn)

    def _release(self, worker: Worker) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(worker)
                return
        self._idle.append(worker)

    def _kill(self, worker: Worker, why: str) -> None:
        if not worker.death.done():
            worker.ended_for = why
            self._have_killed(worker.pid)

    def _have_killed(self, pid: int) -> None:
        try:
            self._control.send(packed(What.KILL, {"pid": pid}))
        except BlockingIOError:
            asyncio.get_running_loop().call_later(_AGAIN_SECONDS, self._have_killed, pid)
        except OSError:  # the nursery has gone, and all workers with it
            pass

    async def _listen(self, first: Future[None]) -> None:
        """Handle messages of the nursery until it ends."""
        heard: asyncio.Queue[tuple[Frame, list[int]] | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        control = self._control.fileno()
        loop.add_reader(control, _Hearing(self._control, heard))
        try:
            while (said := await heard.get()) is not None:
                await self._heard(*said)
                if self._idle and not first.done():
                    first.set_result(None)
        except JhaanError as error:
            if not first.done():
                first.set_exception(error)
        finally:
            loop.remove_reader(control)
            self.gone.set()
            for worker in list(self._workers.values()):
                self._bury(worker, _GONE)
            for turn in self._waiting:
                if not turn.done():
                    turn.set_exception(_gone())
            if not first.done():
                first.set_exception(JhaanError("What holds the graph has ended before it was loaded."))

    async def _heard(self, frame: Frame, descriptors: list[int]) -> None:
        if frame.what is What.REFUSED:
            raise JhaanError(frame.json()["message"])
        said = frame.json()
        if frame.what is What.BORN:
            if not descriptors:  # there was none free for it
                asyncio.get_running_loop().call_later(_AGAIN_SECONDS, self._have_killed, said["pid"])
                return
            connection = socket.socket(fileno=descriptors.pop(0))
            worker = Worker(said["pid"], *await asyncio.open_unix_connection(sock=connection))
            self._workers[worker.pid] = worker
            self._release(worker)
        elif (dead := self._workers.get(said["pid"])) is not None:
            self._told(dead.ended_for or said["reason"])
            self._bury(dead, said)

    def _bury(self, worker: Worker, why: dict[str, Any]) -> None:
        del self._workers[worker.pid]
        with suppress(ValueError):
            self._idle.remove(worker)
        worker.writer.close()
        if not worker.death.done():
            worker.death.set_result(why)

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a task in the background, with a reference to it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_GONE: Final[dict[str, Any]] = {
    "status": 503,
    "message": "What answers queries is gone for a moment. Try again.",
}


def _gone() -> HttpStatusError:
    return HttpStatusError(_GONE["status"], _GONE["message"], {"Retry-After": RETRY_AFTER})


class _Hearing:
    """Splits what arrives from the nursery into frames."""

    def __init__(self, control: socket.socket, heard: asyncio.Queue[tuple[Frame, list[int]] | None]) -> None:
        self._control, self._heard = control, heard
        self._data, self._descriptors = bytearray(), list[int]()

    def __call__(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 65_536, 64)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        self._data += data
        self._descriptors += descriptors
        while (frame := unpacked(self._data)) is not None:
            self._heard.put_nowait((frame, self._descriptors))
        if not data:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._heard.put_nowait(None)


async def _collect(worker: Worker, spool: Spool) -> bool:
    """Put an answer into a spool; return whether its worker continues."""
    while True:
        frame = await _next_frame(worker.reader)
        if frame.what is What.HEAD:
            said = frame.json()
            spool.media, spool.headers = said["media"], said.get("headers", {})
        elif frame.what is What.DATA:
            spool.put(frame.body)
        else:
            said = frame.json()
            if frame.what is What.END:
                spool.end()
            else:
                spool.fail(HttpStatusError(said["status"], said["message"]))
            return not said["last"]


async def _next_frame(reader: StreamReader) -> Frame:
    """Wait for the next frame.

    Raises:
        IncompleteReadError: the other side has gone.
        ConnectionError: the same.
    """
    what, length = HEADER.unpack(await reader.readexactly(HEADER.size))
    return Frame(What(what), await reader.readexactly(length))


class _MakingWay:
    """Waits until a worker has taken long, and then lets others go first.

    Its own time counts, not that of the clock: on a busy machine a short query may wait for long.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._end = _processor_time(worker.pid) + QUICK
        self._timer = asyncio.get_running_loop().call_later(QUICK, self._look)

    def cancel(self) -> None:
        """Wait no longer."""
        self._timer.cancel()

    def _look(self) -> None:
        left = self._end - _processor_time(self._worker.pid)
        if left > 0:
            self._timer = asyncio.get_running_loop().call_later(left, self._look)
            return
        self._worker.is_long = True
        with suppress(OSError):  # it has just ended
            os.setpriority(os.PRIO_PROCESS, self._worker.pid, _NICENESS)


def _processor_time(pid: int) -> float:
    """Return the seconds of processor time of a process; 0 if it has just ended.

    A process has a clock, whose number is made of its own as clock_getcpuclockid(3) makes it on Linux.
    """
    try:
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return 0.0

"""Worker processes for queries.

Queries may abort, run out of memory, or be killed at a deadline.

They can open neither files nor connections. An interpreter loads the graph once and forks the workers, which share
its memory and are ready in a few milliseconds. If the system has no fork, an interpreter loads the graph for each
query. Reasons and measurements: `docs/decisions/sandbox.md`.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import io
import os
import pickle
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, NoReturn, TypeAlias, cast

from jhaan_kg.errors import JhaanError
from jhaan_kg.isolation import (
    ALARM,
    DATA,
    END,
    HAS_FORK,
    LAST,
    Answer,
    explain_death,
    frame,
    read_answer,
    receive_frame,
    send_answer,
    send_frame,
    spare_others,
)

_Preparation: TypeAlias = tuple[Callable[..., Answer], Sequence[object], int | None]

_SPARE: Final = 4
"""The number of idle workers that are kept."""

_KEPT_MEMORY: Final = 64 * 2**20
"""The memory growth in bytes after which a worker ends.

An engine rarely releases memory.
"""

_DIE_WITH_PARENT: Final = 1
"""PR_SET_PDEATHSIG of Linux."""


class Sandbox:
    """A pool of workers, each in its own process.

    Any number of threads may send requests at once.

    Dead workers, and those whose caller was interrupted, are replaced. All end with this object or its process.
    """

    def __init__(
        self, prepare: Callable[..., Answer], arguments: Sequence[object] = (), *, memory: int | None = None
    ) -> None:
        """Configure the workers; the first request starts one.

        Args:
            prepare: a module-level function that loads the shared data and returns the function that answers
                requests.
            arguments: its arguments, which can be pickled.
            memory: the maximum number of additional bytes that a worker may use.
        """
        self._preparation: Final = (prepare, arguments, memory)
        self._lock: Final = threading.Lock()
        self._owner = os.getpid()
        self._server: _ForkServer | None = None
        self._idle: list[SandboxWorker] = []

    def call(self, request: bytes, timeout: float | None = None, advice: str = "Ask for less.") -> bytes:
        """Return the answer to a request.

        Args:
            request: the request.
            timeout: the time limit in seconds.
            advice: the recommendation in the error at the time limit.

        Raises:
            ServiceError: the time limit was reached.
            JhaanError: the answer is an error, the worker was aborted, or none can be started.
        """
        if not HAS_FORK:
            return _call_interpreter(self._preparation, request, timeout, advice)
        with self._lock:
            if os.getpid() != self._owner:  # this process is a fork of the one that owns the workers
                self._owner, self._server, self._idle = os.getpid(), None, []
            alive = [worker for worker in self._idle if worker.is_alive()]
            self._idle = alive[:-1]
        worker = alive[-1] if alive else self.start_worker()
        try:
            kind, data, failure = worker.ask(request, timeout)
        except BaseException:
            worker.kill()
            raise
        if kind == END:
            with self._lock:
                self._idle = [*self._idle, worker][-_SPARE:]
        if failure is not None:
            raise failure
        if not kind:
            raise explain_death(worker.wait(), timeout, advice)
        return data

    @property
    def server_pid(self) -> int | None:
        """The process id of the fork server; None without one."""
        return None if self._server is None else self._server.pid

    def close(self) -> None:
        """End all workers and the fork server."""
        with self._lock:
            self._server, self._idle = None, []

    def start_worker(self) -> SandboxWorker:
        """Start a process that answers requests.

        Raises:
            JhaanError: the process cannot be started, or cannot load its data.
        """
        with self._lock:
            if self._server is not None:
                with suppress(OSError):  # the server was killed: start another one
                    return self._server.fork()
            self._server = _ForkServer(self._preparation)
            try:
                return self._server.fork()
            except OSError as error:
                raise JhaanError(f"Cannot start a process: {error.strerror}. Close other programs.") from None


class SandboxWorker:
    """A process that answers one request at a time, as seen from the calling program.

    Attributes:
        connection: the connection for requests and answers, as frames.
        status: the connection for its last text on standard error and the signal that ended it; see `parse_death`.
        pid: the process id.
    """

    def __init__(self, connection: socket.socket, status: socket.socket) -> None:
        self.connection, self.status = connection, status
        weakref.finalize(self, _close, connection, status)
        self.pid = int.from_bytes(status.recv(4), "big")
        if not self.pid:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    def ask(self, request: bytes, timeout: float | None) -> tuple[bytes, bytes, JhaanError | None]:
        """Send a request, and wait for the end of its answer; see `read_answer`."""
        with suppress(ConnectionError), self.connection.makefile("rb") as reading:
            self.connection.sendall(pack_request(request, timeout))
            return read_answer(reading)
        return b"", b"", None

    def is_alive(self) -> bool:
        """Return whether the process is still running."""
        return not select.select([self.status], [], [], 0)[0]

    def kill(self) -> None:
        """End the process at once."""
        if self.is_alive():
            os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        """Wait for the end of the process, and return the signal that ended it, or 0."""
        with self.status.makefile("rb") as ending:
            return parse_death(ending.read())[0]


def pack_request(request: bytes, timeout: float | None) -> bytes:
    """Return a request and its time limit in seconds as a frame for a worker."""
    return frame(DATA, struct.pack(">d", timeout or 0.0) + request)


def parse_death(status: bytes) -> tuple[int, bytes]:
    """Return the signal that ended a worker (or 0) and its last text on standard error.

    Args:
        status: all bytes received on its status connection; less than four bytes if the fork server has ended too.
    """
    return (int.from_bytes(status[-4:], "big"), status[:-4]) if len(status) >= 4 else (signal.SIGKILL, b"")


class _ForkServer:
    """An interpreter that has loaded the shared data and forks workers."""

    def __init__(self, preparation: _Preparation) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            process = _start_interpreter(f"serve_forks({number})", preparation, pass_fds=[number])
        self.pid = process.pid
        weakref.finalize(self, _close, self._control, process.stdin, process.stdout, process)

    def fork(self) -> SandboxWorker:
        """Start a worker; raise an OSError if the system cannot, or this interpreter has ended."""
        connection, its_connection = socket.socketpair()
        status, its_status = socket.socketpair()
        with its_connection, its_status:
            socket.send_fds(self._control, [b"f"], [its_connection.fileno(), its_status.fileno()])
        return SandboxWorker(connection, status)


def _close(*parts: IO[bytes] | socket.socket | subprocess.Popen[bytes] | None) -> None:
    """Close the connections to a process, which then ends, and wait for its end."""
    for part in parts:
        with suppress(OSError):  # closing fails if data for a dead process is unsent
            if isinstance(part, subprocess.Popen):
                part.wait()
            elif part is not None:
                part.close()


def _start_interpreter(
    call: str, preparation: _Preparation, pass_fds: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Start an interpreter that loads the shared data and calls a function of this module.

    It uses the same module path, and does not import the calling program, as multiprocessing would.
    """
    if not sys.executable:
        raise JhaanError(
            "Queries need a second Python process, but sys.executable is empty. "
            "Set it, or use the command: jhaan sparql FILE"
        )
    paths = [path or str(Path.cwd()) for path in sys.path]
    program = f"import sys; sys.path[:] = {paths!r}; from jhaan_kg import sandbox; sandbox.{call}"
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=pass_fds
        )
    except OSError as error:
        raise JhaanError(
            f"Cannot start a Python process for the query: {error.strerror}. "
            "Close other programs and try again."
        ) from None
    try:
        with suppress(ConnectionError):
            send_frame(cast(IO[bytes], process.stdin), DATA, pickle.dumps(preparation))
        kind, _, failure = read_answer(cast(IO[bytes], process.stdout))
    except BaseException:
        process.kill()
        raise
    if failure is not None:
        raise failure
    if not kind:
        if (code := process.wait()) < 0:
            raise JhaanError(f"The process for queries was stopped by signal {-code}. Try again.")
        raise JhaanError(
            f"Cannot run queries in {sys.executable} (exit code {code}). "
            "Set sys.executable to a Python with jhaan-kg, or use: jhaan sparql FILE"
        )
    return process


def _call_interpreter(preparation: _Preparation, request: bytes, timeout: float | None, advice: str) -> bytes:
    """Return the answer to a request from a separate interpreter, for systems without fork."""
    process = _start_interpreter("serve_once()", preparation)
    try:
        out, _ = process.communicate(frame(DATA, request), timeout)
    except BaseException as error:
        process.kill()
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise explain_death(ALARM, timeout, advice) from None
        raise
    kind, data, failure = read_answer(io.BytesIO(out))
    if failure is not None:
        raise failure
    if not kind:  # Windows has no signals: an abort is a large number there
        code = process.returncode
        raise explain_death(-code if code < 0 else signal.SIGABRT, None, advice)
    return data


# --- in the other interpreter --------------------------------------------------------------------------------------


def serve_forks(number: int) -> None:
    """Fork a worker for each pair of sockets received.

    This ends when the other end closes the connection.

    The first socket of a pair is for requests and answers. The second gets the process id, the text on standard
    error, and the signal that ended the process.
    """
    answer, memory, _ = _prepare()
    own, control = os.getpid(), socket.socket(fileno=number)
    statuses: dict[int, int] = {}

    def report_deaths(*_: object) -> None:
        with suppress(
            ChildProcessError
        ):  # a nested call, for a later signal, has already handled all ended processes
            while statuses:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                with suppress(OSError), os.fdopen(statuses.pop(pid), "wb") as out:
                    out.write((os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0).to_bytes(4, "big"))

    signal.signal(signal.SIGCHLD, report_deaths)
    try:
        while descriptors := socket.recv_fds(control, 1, 2)[1]:
            connection, status = descriptors
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # until the process id is recorded
            try:
                pid = os.fork()
                if not pid:
                    for other in (number, *statuses.values()):
                        os.close(other)
                    _work(connection, status, answer, memory, own)
                os.write(status, pid.to_bytes(4, "big"))
                statuses[pid] = status
            except OSError:  # the system cannot start a process, or the caller has closed the connection
                os.close(status)
            os.close(connection)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for pid in statuses:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def serve_once() -> None:
    """Answer the request on standard input."""
    answer, _, out = _prepare()
    send_answer(answer, receive_frame(sys.stdin.buffer)[1], out)
    send_frame(out, END)


def _prepare() -> tuple[Answer, int | None, IO[bytes]]:
    """Load the shared data, and report readiness."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # keep the output of libraries out of the answers
    # Ctrl-C reaches the whole process group, but only the calling program decides when to stop.
    for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGINT)):
        signal.signal(number, signal.SIG_IGN)
    prepare, arguments, memory = pickle.loads(receive_frame(sys.stdin.buffer)[1])  # noqa: S301 - from the caller
    made: list[Answer] = []
    send_answer(lambda *_: made.append(prepare(*arguments)), b"", out)
    send_frame(out, END)
    if not made:
        sys.exit(1)
    gc.freeze()
    return made[0], memory, out


def _work(connection: int, status: int, answer: Answer, memory: int | None, parent: int) -> NoReturn:
    """Answer requests until the connection is closed or too much memory is used."""
    try:
        for each in (signal.SIGCHLD, signal.SIGALRM):
            signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
            if os.getppid() != parent:  # it ended before the system was told
                os._exit(0)
        os.dup2(status, 2)
        os.close(status)
        pipe = cast(IO[bytes], socket.socket(fileno=connection).makefile("rwb"))
        _confine(memory)
        most = _peak_memory() + _KEPT_MEMORY
        kind = END
        while kind == END and (request := receive_frame(pipe)[1]):
            (timeout,) = struct.unpack(">d", request[:8])
            signal.setitimer(signal.ITIMER_REAL, timeout)
            send_answer(answer, request[8:], pipe)
            signal.setitimer(signal.ITIMER_REAL, 0)
            kind = LAST if _peak_memory() > most else END
            send_frame(pipe, kind)
    finally:
        os._exit(0)


def _confine(memory: int | None) -> None:
    """Keep this process from opening files and connections, and limit its memory."""
    import resource

    spare_others()
    if memory is not None:
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _peak_memory() -> int:
    """Return the peak memory of this process in bytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

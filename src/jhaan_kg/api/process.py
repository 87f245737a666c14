"""Queries of a program in other Python processes, which the engine may abort and a time limit may end.

A fork is not safe in a program with threads, and multiprocessing would run the program's script again, so each process
is a new interpreter. It is kept for later queries.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, NoReturn, cast

from pyoxigraph import Triple

from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.isolation import confine, death_message, spare_others
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.query.engine import Answer, StoreEngine, read_boolean, read_rows, read_triples

_SPARE: Final = 4
"""The number of idle processes that are kept."""


class ProcessEngine:
    """Engine that answers queries in other processes; any number of threads may use it.

    It declares the prefixes of the project.
    """

    def __init__(self, *graph: object, timeout: float | None) -> None:
        """Configure an engine; the first query starts a process.

        Args:
            graph: the arguments of `_open`.
            timeout: the time limit of a query in seconds.
        """
        self._graph, self._timeout = graph, timeout
        self._lock, self._owner = threading.Lock(), os.getpid()
        self._idle: list[_Process] = []

    def select(self, query: str) -> Answer:
        return read_rows(self._answer("SELECT", query))

    def ask(self, query: str) -> bool:
        return read_boolean(self._answer("ASK", query))

    def construct(self, query: str) -> list[Triple]:
        return list(read_triples(self._answer("CONSTRUCT", query)))

    def _answer(self, form: str, query: str) -> bytes:
        with self._lock:
            if os.getpid() != self._owner:  # this process is a fork of the one that owns the others
                self._owner, self._idle = os.getpid(), []
            process = self._idle.pop() if self._idle else None
        if process is None or not process.is_alive():
            process = _Process(self._graph)
        answer = process.ask((form, query), self._timeout)
        with self._lock:
            self._idle = [*self._idle, process][-_SPARE:]
        if isinstance(answer, JhaanError):
            raise answer
        return answer


class _Process:
    """An interpreter that answers one query at a time."""

    def __init__(self, graph: Sequence[object]) -> None:
        if not sys.executable:
            raise JhaanError(
                "Queries need a second Python process, but sys.executable is empty. "
                "Set it, or use the command: jhaan sparql FILE"
            )
        paths = [path or str(Path.cwd()) for path in sys.path]
        program = f"import sys; sys.path[:] = {paths!r}; from jhaan_kg.api import process; process.main()"
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        except OSError as error:
            raise JhaanError(
                f"Cannot start a Python process for the query: {error.strerror}. Close other programs and try again."
            ) from None
        weakref.finalize(self, _close, self._process)
        try:
            ready = self.ask((os.getpid(), graph), None)
        except JhaanError:
            raise JhaanError(
                f"Cannot run queries in {sys.executable} (exit code {self._process.wait()}). "
                "Set sys.executable to a Python with jhaan-kg, or use: jhaan sparql FILE"
            ) from None
        if isinstance(ready, JhaanError):
            raise ready

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: object, timeout: float | None) -> bytes | JhaanError:
        """Return the answer to a request, or the error in its place.

        Raises:
            ServiceError: the time limit was reached.
            JhaanError: the process was aborted.
        """
        is_late = threading.Event()

        def stop() -> None:
            is_late.set()
            self._process.kill()

        timer = threading.Timer(timeout or 0, stop)
        timer.daemon = True
        if timeout is not None:
            timer.start()
        try:
            pickle.dump(request, cast(IO[bytes], self._process.stdin))
            cast(IO[bytes], self._process.stdin).flush()
            return cast(bytes | JhaanError, pickle.load(cast(IO[bytes], self._process.stdout)))  # noqa: S301
        except (EOFError, OSError, pickle.UnpicklingError):
            code = self._process.wait()
            if is_late.is_set():
                raise ServiceError(
                    f"The query was stopped after {timeout:g} seconds. "
                    "Ask for less, or open the graph with a longer timeout."
                ) from None
            # Windows has no signals: an abort is a large number there.
            raise JhaanError(death_message(-code if code < 0 else signal.SIGABRT)) from None
        except BaseException:
            self._process.kill()
            raise
        finally:
            timer.cancel()


def _close(process: subprocess.Popen[bytes]) -> None:
    """End a process, and wait for its end."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # closing fails if data for a dead process is unsent
                pipe.close()


# --- in the other process -------------------------------------------------------------------------------------------


def main() -> NoReturn:
    """Answer the queries on standard input until it is closed."""
    for number in (signal.SIGINT, signal.SIGTERM):  # only the calling program decides when to stop
        signal.signal(number, signal.SIG_IGN)
    requests, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # keeps the output of libraries out of the answers
    spare_others()
    parent, graph = pickle.load(requests)  # noqa: S301 - from the caller
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    engine = _respond(lambda: _open(*graph), out)
    try:
        while engine is not None:
            form, query = pickle.load(requests)  # noqa: S301 - from the caller
            with confine():
                _respond(partial(_answer, engine, form, query), out)
    except EOFError:
        pass
    os._exit(0)


def _respond(work: Callable[[], Any], out: IO[bytes]) -> Any:
    """Send the result of some work if it is bytes, or its error, and return the result."""
    result = None
    try:
        result = work()
        sent: bytes | JhaanError = result if isinstance(result, bytes) else b""
    except JhaanError as error:
        sent = JhaanError(str(error))
        sent.exit_code = error.exit_code
    except OSError as error:
        sent = JhaanError(f"Cannot run the query: {error.strerror or error}.")
    except Exception as error:
        sent = JhaanError(f"Internal error: {type(error).__name__}: {error}")
    pickle.dump(sent, out)
    out.flush()
    return result


def _open(path: Path, root: Path | None, evidence: bool, context: bool) -> StoreEngine:
    """Return the engine for a snapshot."""
    from jhaan_kg.build.cache import store_for
    from jhaan_kg.build.snapshot import Snapshot

    engine = StoreEngine(store_for(Snapshot.open(path, root), evidence=evidence, context=context), PREFIXES)
    for query in ("SELECT * {}", "ASK {}", "CONSTRUCT {} {}"):  # imports what cannot be opened later
        _answer(engine, query.split()[0], query)
    return engine


def _answer(engine: StoreEngine, form: str, query: str) -> bytes:
    from jhaan_kg.results import render, render_boolean, render_graph

    if form == "SELECT":
        return render(engine.select(query), "json")
    if form == "ASK":
        return render_boolean(engine.ask(query), "json")
    return render_graph(engine.construct(query), "ntriples")


def _end_with(parent: int) -> None:
    """End this process when its parent ends, even while the engine answers."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)

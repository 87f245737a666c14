"""Queries in a process of their own, for queries that make the engine abort the process in which they run.

Oxigraph aborts on some queries, such as one that orders values of different types (seen with pyoxigraph 0.5.13), and
no exception can be caught then. A notebook must survive that. A fork, with which the command line protects itself
(`query/isolate.py`), is not sound here: in a process with several threads, as that of every notebook, the child may
inherit a lock that nobody will release; and multiprocessing would import the user's script once more. So a new
interpreter is started, which takes the query from its standard input and writes the answer to its standard output, in
the same formats as an endpoint. It also lets Ctrl-C end a query, during which the engine listens to nobody.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.query.isolate import death
from jhaan_kg.query.wire import read_boolean, read_rows, read_triples

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.query.engine import Answer

_DONE: Final = b"0\n"
"""The first line of an answer; that of an error is the exit code that belongs to it."""


class SeparateEngine:
    """Answers each query in a new process, which takes about a tenth of a second; see `query.engine.Engine`.

    Prefixes of the project need no declaration. Any number of threads may ask at once.
    """

    def __init__(
        self, snapshot: Snapshot, *, evidence: bool, context: bool, timeout: float | None = None
    ) -> None:
        """Ask a snapshot.

        Args:
            snapshot: what is asked.
            evidence: whether its evidence is asked too.
            context: whether facts from outside the report are asked too.
            timeout: after how many seconds a query is given up; None to wait as long as it takes.
        """
        self._timeout = timeout
        root = str(snapshot.root) if snapshot.root else ""
        self._asked = {"path": str(snapshot.path), "root": root, "evidence": evidence, "context": context}

    def select(self, query: str) -> Answer:
        """Answer a SELECT query; see `Engine`.

        Raises:
            JhaanError: the query can't be read, is of another form, or makes the engine give up.
            ServiceError: the time is over.
        """
        return read_rows(self._answer("SELECT", query))

    def ask(self, query: str) -> bool:
        """Answer an ASK query; see `Engine`."""
        return read_boolean(self._answer("ASK", query))

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; see `Engine`."""
        return read_triples(self._answer("CONSTRUCT", query))

    def _answer(self, form: str, query: str) -> bytes:
        if not sys.executable:
            raise JhaanError(
                "A query of your own runs in a second Python, but this program doesn't say where its Python is "
                "(sys.executable is empty). Set sys.executable, or use the command: jhaan sparql FILE"
            )
        try:
            done = subprocess.run(
                [sys.executable, "-m", __name__],
                input=json.dumps({**self._asked, "form": form, "query": query}).encode(),
                capture_output=True,
                env=_environment(),
                check=False,
                timeout=self._timeout,
            )
        except subprocess.TimeoutExpired:
            raise ServiceError(
                f"The query was ended after {self._timeout:g} seconds without an answer. "
                "Ask for less, or open the graph with a longer timeout."
            ) from None
        except OSError as error:
            raise JhaanError(
                f"A second Python, in which the query is to run, can't be started: {error.strerror}. "
                "Close other programs and try again."
            ) from None
        code, line, data = done.stdout.partition(b"\n")
        if code + line == _DONE:
            if done.stderr:
                _say_once(done.stderr.decode(errors="replace"))
            return data
        if not line:
            raise JhaanError(_why_it_ended(done.returncode, done.stderr.decode(errors="replace")))
        failure = JhaanError(data.decode())
        failure.exit_code = int(code)
        raise failure


def _environment() -> dict[str, str]:
    """Give the environment of the new process, which finds modules where this one does."""
    places = [place or str(Path.cwd()) for place in sys.path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places), "PYTHONSAFEPATH": "1"}


@cache
def _say_once(text: str) -> None:
    """Pass on what a process says beside its answer, such as that the cache can't be used."""
    sys.stderr.write(text)


def _why_it_ended(code: int, said: str) -> str:
    """Say why a process gave neither an answer nor an error."""
    if code == -signal.SIGINT:
        return "The query was interrupted."
    if code == 1:  # Python ended by itself; the engine would have aborted it
        last = said.strip().rpartition("\n")[2]
        return f"The query can't run in a second Python: {last or 'it ended without a word'}."
    # Windows knows no signals: there, an abort is a large number.
    return death(-code if code < 0 else signal.SIGABRT)


def _answered(request: bytes) -> bytes:
    """Answer a query, as the new process."""
    from jhaan_kg.build.cache import store_for
    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.namespaces import PREFIXES
    from jhaan_kg.query.engine import StoreEngine
    from jhaan_kg.results import render, render_boolean, render_graph

    asked = json.loads(request)
    snapshot = Snapshot.open(Path(asked["path"]), Path(asked["root"]) if asked["root"] else None)
    store = store_for(snapshot, evidence=asked["evidence"], context=asked["context"])
    engine = StoreEngine(store, PREFIXES)
    match asked["form"]:
        case "SELECT":
            return render(engine.select(asked["query"]), "json")
        case "ASK":
            return render_boolean(engine.ask(asked["query"]), "json")
        case _:
            return render_graph(engine.construct(asked["query"]), "ntriples")


def _main() -> None:
    try:
        answer = _DONE + _answered(sys.stdin.buffer.read())
    except JhaanError as error:
        answer = f"{error.exit_code}\n{error}".encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    _main()

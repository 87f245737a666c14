"""The process that holds the graph and brings forth those that answer: `python -m jhaan_kg.serve.nursery`.

The graph is loaded once, and every worker shares its memory. The server can't bring them forth itself: it has
connections open, which a worker must not have, and an event loop, which doesn't outlive a fork. Whatever becomes of
the server, no worker outlives this process by more than its query's time.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from jhaan_kg.build.progress import Progress
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.files import read_text
from jhaan_kg.isolation import death_message
from jhaan_kg.namespaces import BASE, DCTERMS
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.serve.config import OUT_OF_MEMORY, Limits
from jhaan_kg.serve.frames import What, packed, receive
from jhaan_kg.serve.loaded import Loaded, in_memory

_NO_MEMORY: Final = b"memory allocation"
"""What the engine writes to standard error before it aborts without memory."""

_SOCKET: Final = 3
"""The descriptor of a worker's socket, which nothing stands above."""


class Death(NamedTuple):
    """Why a worker has ended.

    Attributes:
        reason: one word, for metrics: deadline, memory, killed, engine, end.
        status: for the client.
        message: for the client.
    """

    reason: str
    status: int
    message: str


def died(ended_by: int, said: bytes, seconds: float) -> Death:
    """Return why a worker has ended, with the status for the client.

    Args:
        ended_by: the signal; 0 for none.
        said: its output on standard error.
        seconds: the time that a query has.

    >>> died(signal.SIGALRM, b"", 30).status, died(signal.SIGABRT, b"", 30).status
    (504, 400)
    """
    if ended_by == signal.SIGALRM:
        return Death(
            "deadline", 504, f"The query takes more than {seconds:g} seconds, so it was ended. Ask for less."
        )
    if _NO_MEMORY in said:
        return Death("memory", 503, OUT_OF_MEMORY)
    if ended_by == signal.SIGKILL:
        return Death("killed", 503, death_message(ended_by))
    if ended_by:
        return Death("engine", 400, death_message(ended_by))
    return Death("end", 503, "What answers queries has ended. Try again.")


class _Nursery:
    def __init__(self, control: socket.socket, loaded: Loaded, limits: Limits) -> None:
        self._control, self._loaded, self._limits = control, loaded, limits
        self._messages: dict[int, int] = {}

    def bear(self) -> None:
        """Bring forth a worker, and give its socket to the server."""
        ours, theirs = socket.socketpair()
        messages = os.memfd_create("messages")
        pid = os.fork()
        if pid == 0:
            try:
                _end_with_parent()
                os.dup2(messages, 2)
                kept = os.dup(theirs.fileno())
                os.dup2(kept, _SOCKET)
                os.closerange(_SOCKET + 1, 1024)
                from jhaan_kg.serve.worker import work

                work(_SOCKET, self._loaded, self._limits)
            finally:
                os._exit(1)
        theirs.close()
        self._messages[pid] = messages
        socket.send_fds(self._control, [packed(What.BORN, {"pid": pid})], [ours.fileno()])
        ours.close()

    def bury(self) -> int:
        """Report each worker that has ended to the server, and return how many there are."""
        count = 0
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                messages = self._messages.pop(pid)
                said = os.pread(messages, 4096, 0)
                os.close(messages)
                ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
                why = died(ended_by, said, self._limits.seconds)
                self._control.sendall(packed(What.DIED, {"pid": pid, **why._asdict()}))
                count += 1
        return count

    def obey(self) -> bool:
        """Do what the server says; False when it has gone."""
        frame = receive(self._control)
        if frame is None:
            return False
        pid = frame.json()["pid"]
        if pid in self._messages:  # a child that isn't buried: its number is nobody else's
            os.kill(pid, signal.SIGKILL)
        return True

    def end(self) -> None:
        """End all workers."""
        for pid in self._messages:
            os.kill(pid, signal.SIGKILL)


def main() -> None:
    """Load a snapshot, and keep as many workers as there should be, until the server goes.

    The first argument is the number of the socket to the server, the second the snapshot's folder, the third the
    limits; more are files with the texts of reports.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(control.fileno(), False)
    limits = Limits(**json.loads(sys.argv[3]))
    for number in (
        signal.SIGINT,
        signal.SIGTERM,
        signal.SIGHUP,
    ):  # sent to the whole group; the server ends in order
        signal.signal(number, signal.SIG_IGN)
    woken = _woken_by_children()
    try:
        loaded = load(Path(sys.argv[2]), [Path(name) for name in sys.argv[4:]])
    except (JhaanError, OSError) as error:
        control.sendall(packed(What.REFUSED, {"message": str(error)}))
        return
    gc.freeze()  # a collection would write to memory that is shared
    nursery = _Nursery(control, loaded, limits)
    try:
        for _ in range(limits.workers):
            nursery.bear()
        hearing = control.fileno()
        while True:
            ready = select.select([hearing, woken], [], [])[0]
            if woken in ready:
                os.read(woken, 4096)
                for _ in range(nursery.bury()):
                    nursery.bear()
            if hearing in ready and not nursery.obey():
                return
    except ConnectionError:
        return
    finally:
        nursery.end()


def _end_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _woken_by_children() -> int:
    """Return a descriptor that is readable when a child has ended."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return reading


def load(folder: Path, texts: Sequence[Path] = ()) -> Loaded:
    """Load a snapshot.

    Args:
        folder: of the snapshot.
        texts: files with the texts of reports.

    Raises:
        JhaanError: the snapshot is missing or damaged; or a text can't be read, or belongs to no report.
    """
    snapshot = Snapshot.open(folder)
    files = snapshot.files(evidence=True, context=True)
    lines = {file.graph: file.read() for file in files}
    preparing = Thread(target=_prepare)  # the engine loads without holding Python's lock
    preparing.start()
    store = Store()
    # Lenient, since it takes a fifth less time and the digests say that nothing has changed since the build.
    store.bulk_load(b"".join(lines.values()), format=RdfFormat.N_QUADS, lenient=True)
    preparing.join()
    loaded = Loaded(
        store,
        lines,
        load_catalogue(snapshot.catalogue_path),
        in_memory(snapshot, lines),
        tuple((str(path), read_text(str(path))) for path in texts),
        _issued(store),
    )
    return replace(loaded, accounts=_accounts(loaded)) if texts else loaded


def _accounts(loaded: Loaded) -> dict[str, str]:
    """Verify the graph against the texts, and return the results by the id of the report."""
    from jhaan_kg.verify import verify

    accounts = {}
    for report in loaded.reports.values():
        if report.text:
            proof = verify(loaded.snapshot, report.text, "", Progress(StringIO()), report.name)
            lines = [
                *map(str, proof.findings),
                *([] if proof.account is None else proof.account.lines()),
                proof.summary,
            ]
            accounts[report.name] = "\n".join(lines)
    return accounts


def _prepare() -> None:
    """Import what workers need, which is more than this module needs to begin to load."""
    from jhaan_kg.serve.worker import prepare

    prepare()


def _issued(store: Store) -> str:
    """Return the day of a release as HTTP writes times (RFC 9110, section 5.6.7); empty without one in the past."""
    found = list(
        store.quads_for_pattern(NamedNode(BASE + "ontology"), NamedNode(DCTERMS + "issued"), None, None)
    )
    days = [quad.object.value for quad in found if isinstance(quad.object, Literal)]
    if not days:
        return ""
    day = datetime.fromisoformat(days[0]).replace(tzinfo=UTC)
    return format_datetime(day, usegmt=True) if day <= datetime.now(UTC) else ""


if __name__ == "__main__":
    main()

"""What a knowledge graph is asked from: a snapshot on this machine, or an endpoint."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol

from jhaan_kg.build.cache import open_snapshot, snapshot_in, store_for
from jhaan_kg.build.snapshot import MANIFEST, Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.query.engine import Engine, StoreEngine

if TYPE_CHECKING:
    from jhaan_kg.query.endpoint import EndpointEngine
    from jhaan_kg.web.credentials import Credentials


class Backend(Protocol):
    """Where answers come from."""

    @property
    def catalogue_path(self) -> Path:
        """The file of the compiled queries."""

    def engine(self, *, evidence: bool) -> Engine:
        """Give the engine for stored queries, which are known to do no harm.

        Args:
            evidence: whether it must know the evidence.

        Raises:
            JhaanError: the graph can't be opened.
            ServiceError: the service behind it can't be reached.
        """

    def guarded_engine(self, *, evidence: bool) -> Engine:
        """Give an engine that a query of a user can't make take this process down with it; errors as for `engine`."""

    def snapshot(self, what: str, instead: str) -> Snapshot:
        """Give the snapshot.

        Args:
            what: what it is needed for, for the message.
            instead: what to do where there is none.

        Raises:
            JhaanError: there is none.
        """


class SnapshotBackend:
    """A snapshot, asked through the embedded engine. Any number of threads may ask at once."""

    def __init__(self, snapshot: Snapshot, *, context: bool, timeout: float | None) -> None:
        """Ask a snapshot.

        Args:
            snapshot: what is asked.
            context: whether facts from outside the report are asked too.
            timeout: how many seconds a query of the user's own may take; None for no limit.
        """
        self._timeout: Final = timeout
        self._snapshot: Final = snapshot
        self._context: Final = context
        self._engines: dict[bool, StoreEngine] = {}
        self._lock: Final = Lock()

    @property
    def catalogue_path(self) -> Path:
        """The file of the compiled queries."""
        return self._snapshot.catalogue_path

    def engine(self, *, evidence: bool) -> StoreEngine:
        """Give the engine of a store that is opened once; see `Backend`."""
        with self._lock:
            if evidence not in self._engines:
                store = store_for(self._snapshot, evidence=evidence, context=self._context)
                self._engines[evidence] = StoreEngine(store)
            return self._engines[evidence]

    def guarded_engine(self, *, evidence: bool) -> Engine:
        """Give an engine that works in processes of its own; see `Backend`."""
        from jhaan_kg.api.separate import SeparateEngine

        return SeparateEngine(
            self._present(), evidence=evidence, context=self._context, timeout=self._timeout
        )

    def snapshot(self, what: str, instead: str) -> Snapshot:  # noqa: ARG002 - an endpoint has more to say
        """Give the snapshot."""
        return self._present()

    def _present(self) -> Snapshot:
        """Give the snapshot if it is still there: a program may run for days, and the cache keeps the newest only."""
        if not (self._snapshot.path / MANIFEST).is_file():
            raise JhaanError(
                f"{self._snapshot.path}: the snapshot that this graph was opened with is gone, as happens when newer "
                "ones have been built. Open the graph again: KnowledgeGraph.open()"
            )
        return self._snapshot


class EndpointBackend:
    """An endpoint, to which the stored questions of this installation are sent."""

    def __init__(
        self, url: str, *, context: bool, timeout: float | None, credentials: Credentials | None
    ) -> None:
        """Ask an endpoint; nothing is sent before the first question.

        Args:
            url: its address.
            context: whether facts from outside the report are asked too, which can't be changed here.
            timeout: how many seconds each of its answers may take; None for a minute.
            credentials: what it is shown.

        Raises:
            JhaanError: the address is none of an endpoint, or context is to be left out.
        """
        from jhaan_kg.query.endpoint import TIMEOUT, EndpointEngine
        from jhaan_kg.web.credentials import check_url, mask_secrets

        if not context:
            raise JhaanError(
                f"{mask_secrets(check_url(url))}: an endpoint is asked as it was loaded, so context can't be left out "
                "here. Load it with what this command writes: jhaan export nquads --no-context"
            )
        self._endpoint: Final = EndpointEngine(
            url,
            credentials=credentials,
            timeout=TIMEOUT if timeout is None else timeout,
        )
        self._engines: dict[bool, EndpointEngine] = {}
        self._lock: Final = Lock()

    @property
    def catalogue_path(self) -> Path:
        """The file of the compiled queries: those of this installation."""
        return open_snapshot().catalogue_path

    def engine(self, *, evidence: bool) -> EndpointEngine:
        """Give the engine that asks the right graphs, which is found out once; see `Backend`."""
        from jhaan_kg.query.endpoint import asking_all

        with self._lock:
            if evidence not in self._engines:
                self._engines[evidence] = asking_all(self._endpoint, evidence=evidence)
            return self._engines[evidence]

    def guarded_engine(self, *, evidence: bool) -> Engine:
        """Give an engine that knows the prefixes of the project; an endpoint is another process anyway."""
        return self.engine(evidence=evidence).with_prefixes(PREFIXES)

    def snapshot(self, what: str, instead: str) -> Snapshot:
        """Say that there is none; see `Backend`."""
        from jhaan_kg.web.credentials import mask_secrets

        raise JhaanError(
            f"{what} is not possible from the endpoint {mask_secrets(self._endpoint.url)}. {instead}"
        )


def open_backend(source: str | Path | None, *, context: bool, timeout: float | None) -> Backend:
    """Open what a graph is asked from; see `KnowledgeGraph.open`."""
    if source is None:
        return SnapshotBackend(open_snapshot(), context=context, timeout=timeout)
    if isinstance(source, str) and "://" in source:
        from jhaan_kg.web.credentials import check_url, find_credentials

        credentials = find_credentials(check_url(source))
        return EndpointBackend(source, context=context, timeout=timeout, credentials=credentials)
    return SnapshotBackend(_snapshot_at(Path(source)), context=context, timeout=timeout)


def _snapshot_at(path: Path) -> Snapshot:
    from jhaan_kg.build.progress import Progress

    found = snapshot_in(path, Progress())
    if found is None:
        raise JhaanError(
            f"{path}: there is no graph here. A folder with a snapshot ({MANIFEST}), a checkout (ontology/ and data/), "
            "or the address of an endpoint (https://…) was expected."
        )
    return found

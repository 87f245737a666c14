"""Backends of a knowledge graph: a snapshot on this machine, or an endpoint."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, TypeAlias

from jhaan_kg.build.cache import open_snapshot, snapshot_in, store_for
from jhaan_kg.build.snapshot import MANIFEST, Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.find.index import build_index
from jhaan_kg.find.search import index_of
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.query.engine import StoreEngine

if TYPE_CHECKING:
    from jhaan_kg.api.process import ProcessEngine
    from jhaan_kg.query.endpoint import EndpointEngine
    from jhaan_kg.web import Credentials


class SnapshotBackend:
    """Backend for a snapshot in memory, with the built-in engine.

    Any number of threads may query at once.

    Attributes:
        is_fixed: whether the same question always has the same answer.
    """

    is_fixed = True

    def __init__(self, snapshot: Snapshot, *, context: bool, timeout: float | None) -> None:
        """Open a snapshot for queries.

        Args:
            snapshot: the snapshot.
            context: whether to include external facts.
            timeout: the time limit in seconds for a user's own query; None for no limit.
        """
        self._snapshot: Final = snapshot
        self._context: Final = context
        self._timeout: Final = timeout
        self._engines: dict[bool, StoreEngine] = {}
        self._guarded: dict[bool, ProcessEngine] = {}
        self._lock: Final = Lock()

    @property
    def catalogue_path(self) -> Path:
        """The file of the compiled queries."""
        return self._snapshot.catalogue_path

    def engine(self, *, evidence: bool) -> StoreEngine:
        """Return the engine for stored queries, which cannot make it abort."""
        with self._lock:
            if evidence not in self._engines:
                store = store_for(self._snapshot, evidence=evidence, context=self._context, in_memory=True)
                self._engines[evidence] = StoreEngine(store)
            return self._engines[evidence]

    def index(self) -> bytes:
        """Return the index of the search."""
        return index_of(self._snapshot, lambda: self.engine(evidence=True), context=self._context)

    def guarded_engine(self, *, evidence: bool) -> ProcessEngine:
        """Return an engine for users' queries.

        It runs them in separate processes, since some make the engine abort.
        """
        from jhaan_kg.api.process import ProcessEngine

        snapshot = self.snapshot("", "")
        with self._lock:
            if evidence not in self._guarded:
                graph = (snapshot.path, snapshot.root, evidence, self._context)
                self._guarded[evidence] = ProcessEngine(*graph, timeout=self._timeout)
            return self._guarded[evidence]

    def snapshot(self, what: str, instead: str) -> Snapshot:  # noqa: ARG002 - endpoints need the arguments
        """Return the snapshot, or raise an error if it no longer exists.

        The cache keeps only the newest snapshots, and a program may run for days.
        """
        if not (self._snapshot.path / MANIFEST).is_file():
            raise JhaanError(
                f"The snapshot {self._snapshot.path} was deleted, as happens after new builds. "
                "Open the graph again: KnowledgeGraph.open()"
            )
        return self._snapshot


class EndpointBackend:
    """Backend that answers this installation's stored questions on an endpoint."""

    is_fixed = False

    def __init__(
        self, url: str, *, context: bool, timeout: float | None, credentials: Credentials | None
    ) -> None:
        """Configure an endpoint; nothing is sent before the first question.

        Args:
            url: its address.
            context: whether external facts are included, which cannot be changed here.
            timeout: the time limit in seconds for each answer; None for one minute.
            credentials: the credentials to send.

        Raises:
            JhaanError: the address is not valid, or context is to be excluded.
        """
        from jhaan_kg.query.endpoint import TIMEOUT, EndpointEngine
        from jhaan_kg.web import check_url, mask_secrets

        if not context:
            raise JhaanError(
                f"The endpoint {mask_secrets(check_url(url))} cannot leave out external facts. "
                "Load the output of: jhaan export nquads --no-external"
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
        """Return the engine that queries the right graphs, which are determined at the first call."""
        from jhaan_kg.query.endpoint import with_all_graphs

        with self._lock:
            if evidence not in self._engines:
                self._engines[evidence] = with_all_graphs(self._endpoint, evidence=evidence)
            return self._engines[evidence]

    def index(self) -> bytes:
        """Return a new index of the search: an endpoint's graph may change."""
        return build_index(self.engine(evidence=True))

    def guarded_engine(self, *, evidence: bool) -> EndpointEngine:
        return self.engine(evidence=evidence).with_prefixes(PREFIXES)

    def snapshot(self, what: str, instead: str) -> Snapshot:
        """Raise an error with an alternative, since an endpoint has no snapshot."""
        from jhaan_kg.web import mask_secrets

        raise JhaanError(
            f"{what} is not possible with the endpoint {mask_secrets(self._endpoint.url)}. {instead}"
        )


Backend: TypeAlias = SnapshotBackend | EndpointBackend


def open_backend(source: str | Path | None, *, context: bool, timeout: float | None) -> Backend:
    """Open the backend for a source; see `KnowledgeGraph.open`."""
    if source is None:
        return SnapshotBackend(open_snapshot(), context=context, timeout=timeout)
    if isinstance(source, str) and "://" in source:
        from jhaan_kg.web import check_url, find_credentials

        credentials = find_credentials(check_url(source))
        return EndpointBackend(source, context=context, timeout=timeout, credentials=credentials)
    from jhaan_kg.build.progress import Progress

    path = Path(source)
    found = snapshot_in(path, Progress())
    if found is None:
        raise JhaanError(
            f'No graph found in "{path}". Name a snapshot (with {MANIFEST}), a checkout (with ontology/ and data/) '
            "or the URL of an endpoint."
        )
    return SnapshotBackend(found, context=context, timeout=timeout)

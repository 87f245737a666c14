"""The steps of a load: compare, plan, write, and verify."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from jhaan_kg.errors import JhaanError, ServiceError, count_of
from jhaan_kg.export import Request
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.kinds import DefaultGraph, Writing
from jhaan_kg.stores.load.plan import (
    COMMIT,
    PING,
    ROLLBACK,
    Action,
    Change,
    Content,
    LoadPlan,
    Step,
    begin,
    changes,
    line,
    script,
)
from jhaan_kg.stores.load.store import GraphDifference, TargetStore, count_graphs
from jhaan_kg.web.client import HttpRequestError
from jhaan_kg.web.request import HttpRequest

SHORTEST_PAUSE: Final = 0.5
"""The minimum time in seconds between two keep-alive requests of a transaction."""

LONGEST_PAUSE: Final = 20.0
"""The maximum time in seconds between two keep-alive requests of a transaction.

It is a third of the time limit of RDF4J Server (`rdf4j.server.txn.registry.timeout`).
"""

_AGAIN: Final = "Run the command again to continue."
_Tell = Callable[[Content | None, int], None]


class InterruptedLoadError(JhaanError):
    """The user interrupted a load (Ctrl-C)."""

    exit_code = 130


class Loading:
    """A load of a release into a store."""

    def __init__(
        self, store: TargetStore, request: Request, *, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        """Prepare a load without sending requests.

        Args:
            store: the target store.
            request: the part of the snapshot to load.
            tell: function that receives short progress messages.
        """
        self._store: Final = store
        self._request: Final = request
        self._tell: Final = tell

    def plan(self) -> LoadPlan:
        """Compare the release with this project's named graphs in the store.

        Graphs with the same triples are not written again. So an interrupted load can be continued, and a second load
        has nothing to do.

        Raises:
            ServiceError: the store cannot be queried.
            DamagedSnapshotError: a file of the snapshot has changed since it was written.
        """
        self._tell("looking at what is there")
        present = count_graphs(self._store)
        steps = {graph: Step(graph, Action.GONE, None, count) for graph, count in present.items()}
        for content in (Content(file.graph, (file,)) for file in self._request.files()):
            graph = content.graph or ""
            count = present.get(graph, 0)
            action = Action.CHANGED if count else Action.NEW
            if count == content.triples:
                self._tell(f"comparing {_short(graph)}")
                if self._store.difference(content) is None:
                    action = Action.SAME
            steps[graph] = Step(graph, action, content, count)
        return LoadPlan(tuple(steps[graph] for graph in sorted(steps)))

    def plan_default_graph(self) -> LoadPlan:
        """Compare the flat graph with the default graph of the store.

        The load only adds triples to the default graph, and only if it is empty or a subset of the flat graph. Any
        other triple may belong to someone else, even if an older release contains it.

        Raises:
            JhaanError: the store's default graph is not writable, or contains other triples.
            ServiceError: the store cannot be queried.
            DamagedSnapshotError: a file of the snapshot has changed since it was written.
        """
        kind, url = self._store.kind, self._store.url
        if not kind.own_default:
            raise JhaanError(
                f"{kind.title} has no separate default graph: it is {kind.default_graph.value}. "
                "Remove --default-graph."
            )
        self._tell("looking at what is there")
        if kind.default_graph is DefaultGraph.UNION and count_graphs(self._store):
            raise JhaanError(
                f"{url} already has named graphs of this project, and its default graph is "
                f"{kind.default_graph.value}. Remove --default-graph."
            )
        flat = Content(None, tuple(self._request._replace(evidence=False).files()))
        count = self._store.count(None)
        if count and (others := self._store.difference(flat, extra_only=True)):
            raise JhaanError(
                f"The default graph of {url} has {count_of(others.found, 'triple')} "
                f"that are not of this release, such as: {others.extra[0]}",
                "Nothing was changed. Empty the default graph first (SPARQL Update: DROP DEFAULT). "
                "If the default graph is the union of the named graphs, remove --default-graph instead.",
            )
        action = Action.NEW if not count else Action.SAME if count == flat.triples else Action.CHANGED
        return LoadPlan((Step(None, action, flat, count),))

    def script(self, plan: LoadPlan) -> list[str]:
        """Return the requests of a plan as a POSIX shell script; empty if there is nothing to do."""
        return list(script(self._store.kind, self._store.places, plan, self._store.credentials))

    def meanwhile(self, plan: LoadPlan) -> str:
        """Return a description of what queries see during the load.

        It is empty if there is nothing to do.
        """
        kind, todo = self._store.kind, changes(self._store.kind, self._store.places, plan)
        if kind.writing is Writing.UPDATE and len(todo) > 1:
            return f"{kind.meanwhile}, in each of {len(todo)} parts: {kind.title} cannot load more at once"
        return kind.meanwhile if todo else ""

    def carry_out(self, plan: LoadPlan) -> None:
        """Send the requests of a plan.

        Raises:
            ServiceError: the store cannot be reached, or rejects a request.
            DamagedSnapshotError: a file of the snapshot has changed since it was written.
        """
        todo = changes(self._store.kind, self._store.places, plan)
        whole, done = sum(change.size for change in todo), 0

        def tell(content: Content | None, size: int) -> None:
            nonlocal done
            done += size
            what = f" {_short(content.graph)}" if content else ""
            self._tell(f"{min(done, whole) / 1e6:,.0f} of {whole / 1e6:,.0f} MB{what}")

        try:
            if todo and self._store.kind.writing is Writing.TRANSACTION:
                self._in_transaction(todo, tell)
            else:
                for change in todo:
                    self._send(change, "", tell)
        except ServiceError as error:
            raise ServiceError(f"{error} {_AGAIN}") from None
        except KeyboardInterrupt:
            raise InterruptedLoadError(f"Interrupted. {_AGAIN}") from None

    def differences(self, plan: LoadPlan) -> list[GraphDifference]:
        """Return the graphs of the store that differ from the expected content.

        Written graphs are compared by their triples. Unchanged graphs were compared before, and are only counted.

        Raises:
            ServiceError: the store cannot be queried.
            DamagedSnapshotError: a file of the snapshot has changed since it was written.
        """
        found: dict[str | None, GraphDifference] = {}
        for content in plan.writes:
            self._tell(f"reading back {_short(content.graph)}")
            if difference := self._store.difference(content):
                found[content.graph] = difference
        self._tell("counting")
        wanted = {step.graph: step.content.triples if step.content else 0 for step in plan.steps}
        counts: dict[str | None, int] = {}
        if None in wanted:
            counts[None] = self._store.count(None)
        else:
            counts.update(count_graphs(self._store))
        for graph in wanted.keys() | counts.keys():
            expected, count = wanted.get(graph, 0), counts.get(graph, 0)
            if expected != count and graph not in found:
                found[graph] = GraphDifference(graph, expected, count)
        return [found[graph] for graph in sorted(found, key=str)]

    def is_found_without_graph(self, plan: LoadPlan) -> bool:
        """Return whether queries without a named graph find the loaded data.

        Only the first triple of the plan is queried. For errors see `differences`.
        """
        _, triple = next(plan.contents[0].lines())
        return self._store.ask(f"ASK {{ {triple} }}")

    def _in_transaction(self, todo: list[Change], tell: _Tell) -> None:
        store, first = self._store, begin(self._store.places)
        with store.send(first.request(), line(first, store.credentials)) as response:
            name = response.headers.get("Location", "").rstrip("/").rpartition("/")[2]
        if not name:
            raise ServiceError(f"{first.url} did not return the address of a transaction. Check --store.")
        # Use only the last part of the returned address, so that credentials are never sent to another host.
        place = f"{first.url}/{name}"
        try:
            with keep_alive(store, PING.request(place)):
                for change in [*todo, COMMIT]:
                    self._send(change, place, tell)
        except BaseException:
            with suppress(ServiceError):  # the store rolls an idle transaction back itself
                self._send(ROLLBACK, place)
            raise

    def _send(self, change: Change, transaction: str, tell: _Tell = lambda *_: None) -> None:
        shown = line(change, self._store.credentials, transaction)
        try:
            with self._store.send(change.request(transaction, tell), shown):
                return
        except HttpRequestError as error:
            if not (change.may_be_absent and error.status == 404):
                raise


@contextmanager
def keep_alive(store: TargetStore, ping: HttpRequest) -> Iterator[None]:
    """Repeat a keep-alive request in the background, ignoring failures.

    RDF4J Server ends a transaction after a minute without a new request. Writing a large graph may take longer.

    Args:
        store: the store.
        ping: the keep-alive request; the response states in milliseconds how long the server waits for the next one.
    """
    ended = threading.Event()

    def send() -> None:
        pause = SHORTEST_PAUSE
        while not ended.wait(pause):
            pause = LONGEST_PAUSE
            with suppress(JhaanError, ValueError), store.send(ping) as response:
                pause = min(LONGEST_PAUSE, max(SHORTEST_PAUSE, int(response.read(100)) / 3000))

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _short(graph: str | None) -> str:
    return graph.removeprefix(GRAPH) if graph else "the default graph"

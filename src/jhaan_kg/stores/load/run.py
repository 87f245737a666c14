"""A load from beginning to end: look, plan, write, and look again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.export import Request
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.kinds import KINDS, Addresses, DefaultGraph, Kind, Writing, addresses
from jhaan_kg.stores.load.alive import kept_alive
from jhaan_kg.stores.load.content import Content
from jhaan_kg.stores.load.look import Difference, Look
from jhaan_kg.stores.load.plan import Plan, Step, What, contents_of, make_plan
from jhaan_kg.stores.load.probe import probe
from jhaan_kg.stores.load.session import Session
from jhaan_kg.stores.load.shell import line, script
from jhaan_kg.stores.load.write import Sending, begin, commit, ping, rollback, sendings
from jhaan_kg.web.client import HttpError


class InterruptedLoadError(JhaanError):
    """A load that was interrupted at the keyboard."""

    exit_code = 130


_AGAIN: Final = "Run the same command again: it compares first, and does what is still to be done."


class Store(NamedTuple):
    """A store to load into.

    Attributes:
        kind: what kind of store it is.
        places: its addresses.
        session: with it.
        told: what was found out about it; empty if nothing had to be.
    """

    kind: Kind
    places: Addresses
    session: Session
    told: str = ""


def open_store(url: str, kind: str, timeout: float, show: Callable[[str], None] = lambda _: None) -> Store:
    """Reach a store; one of no known kind is probed.

    Args:
        url: its address, as a user gives it.
        kind: the name of its kind.
        timeout: how many seconds an answer may take.
        show: takes each request as a line for a shell, before it is sent.

    Raises:
        JhaanError: the address can't be used, or no way to write to the store was found.
        ServiceError: it can't be reached.
    """
    known = KINDS[kind]
    places = addresses(known, url)
    session = Session(places.query, timeout, show, asserted=known.asserted)
    if places.update is not None:
        return Store(known, places, session)
    found = probe(session, known)
    return Store(found.kind, found.places, session, found.told)


class Loading:
    """The load of a release into a store."""

    def __init__(
        self,
        store: Store,
        request: Request,
        *,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Prepare; nothing is asked or sent yet.

        Args:
            store: where the release goes.
            request: what of the snapshot goes there.
            tell: takes what is going on, in few words.
        """
        self._store: Final = store
        self._request: Final = request
        self._look: Final = Look(store.session, store.kind.most_rows)
        self._tell: Final = tell

    def plan(self) -> Plan:
        """Compare the release with the named graphs of ours that the store has.

        Raises:
            ServiceError: the store can't be asked.
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        self._tell("looking at what is there")
        return make_plan(
            contents_of(self._request),
            self._look.graphs(),
            self._look,
            lambda graph: self._tell(f"comparing {_short(graph)}"),
        )

    def plan_default_graph(self) -> Plan:
        """Compare the flat graph with the default graph of the store.

        The default graph is ours if it is empty, or if all that it has is in the flat graph too: then nothing in it can
        be lost, since triples are only added. What an older release left there can't be told from what somebody else
        says about our things, so it isn't ours.

        Raises:
            JhaanError: the store's default graph can't be written to, or isn't ours.
            ServiceError: the store can't be asked.
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        kind = self._store.kind
        if not kind.own_default:
            raise JhaanError(
                f"{kind.title} has no default graph of its own: it is {kind.default_graph.value}. "
                "Leave out --default-graph."
            )
        self._tell("looking at what is there")
        if kind.default_graph is DefaultGraph.UNION and self._look.graphs():
            raise JhaanError(
                f"{self._store.session.url} has named graphs of ours, and its default graph is "
                f"{kind.default_graph.value}: each triple would be there twice. Leave out --default-graph."
            )
        flat = Content(None, tuple(self._request._replace(evidence=False).files()))
        count = self._look.count(None)
        if count and (others := self._look.has_more_than(flat)):
            raise JhaanError(
                f"The default graph of {self._store.session.url} has {others.found:,} triples, and not all of them are "
                f"of this release, such as: {others.extra[0]}\nNothing was changed. If they are of an older release, "
                "empty the default graph first: DROP DEFAULT is the SPARQL Update for it. If they are in named graphs, "
                "its default graph is the union of them, and --default-graph is not needed."
            )
        what = What.NEW if not count else What.SAME if count == flat.triples else What.CHANGED
        return Plan((Step(None, what, flat, count),))

    def script(self, plan: Plan) -> list[str]:
        """Give the requests that carry out a plan as a script for a POSIX shell; none if there is nothing to do."""
        todo = sendings(self._store.kind, self._store.places, plan)
        within = (
            (begin(self._store.places), commit()) if self._store.kind.writing is Writing.TRANSACTION else None
        )
        return list(script(todo, self._store.session.credentials, within=within)) if todo else []

    def seen(self, plan: Plan) -> str:
        """Say what a reader sees while a plan is carried out; empty if there is nothing to do."""
        kind, todo = self._store.kind, sendings(self._store.kind, self._store.places, plan)
        if kind.writing is Writing.UPDATE and len(todo) > 1:
            return f"{kind.seen}, in each of {len(todo)} parts: {kind.title} takes no more at once"
        return kind.seen if todo else ""

    def carry_out(self, plan: Plan) -> None:
        """Send the requests of a plan.

        Raises:
            ServiceError: the store can't be reached, or refuses.
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        todo = sendings(self._store.kind, self._store.places, plan)
        whole, done = sum(sending.size for sending in todo), 0

        def tell(content: Content | None, size: int) -> None:
            nonlocal done
            done += size
            what = f" {_short(content.graph)}" if content else ""
            self._tell(f"{min(done, whole) / 1e6:,.0f} of {whole / 1e6:,.0f} MB{what}")

        try:
            if todo and self._store.kind.writing is Writing.TRANSACTION:
                self._in_transaction(todo, tell)
            else:
                for sending in todo:
                    self._send(sending, "", tell)
        except ServiceError as error:
            raise ServiceError(f"{error} {_AGAIN}") from None
        except KeyboardInterrupt:
            raise InterruptedLoadError(f"interrupted. {_AGAIN}") from None

    def differences(self, plan: Plan) -> list[Difference]:
        """Compare what the store gives back with what it is to hold.

        What was written is compared triple by triple. What was left as it was has been compared before; whether it is
        still there is seen by its count.

        Raises:
            ServiceError: the store can't be asked.
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        found: dict[str | None, Difference] = {}
        for content in plan.writes:
            self._tell(f"reading back {_short(content.graph)}")
            if difference := self._look.difference(content):
                found[content.graph] = difference
        self._tell("counting")
        wanted = {step.graph: step.content.triples if step.content else 0 for step in plan.steps}
        counts: dict[str | None, int] = {}
        if None in wanted:
            counts[None] = self._look.count(None)
        else:
            counts.update(self._look.graphs())
        for graph in wanted.keys() | counts.keys():
            expected, count = wanted.get(graph, 0), counts.get(graph, 0)
            if expected != count and graph not in found:
                found[graph] = Difference(graph, expected, count)
        return [found[graph] for graph in sorted(found, key=str)]

    def is_found_without_graph(self, plan: Plan) -> bool:
        """Tell whether queries that name no graph find what was loaded; errors as for `differences`."""
        return self._look.is_found_without_graph(plan.contents[0])

    def _in_transaction(self, todo: list[Sending], tell: Callable[[Content | None, int], None]) -> None:
        first = begin(self._store.places)
        self._store.session.show(line(first, self._store.session.credentials))
        with self._store.session.send(first.call()) as reply:
            name = reply.headers.get("Location", "").rstrip("/").rpartition("/")[2]
        if not name:
            raise ServiceError(
                f"{first.url} begins a transaction and doesn't say its address. Check --store."
            )
        place = (
            f"{first.url}/{name}"  # on the same host, whatever the store says: credentials go nowhere else
        )
        try:
            with kept_alive(self._store.session, ping().call(place)):
                for sending in [*todo, commit()]:
                    self._send(sending, place, tell)
        except BaseException:
            self._give_up(place)
            raise

    def _give_up(self, place: str) -> None:
        """Give a transaction up, as far as the store can still be reached; it does so by itself after a while."""
        try:
            self._send(rollback(), place)
        except ServiceError:
            return

    def _send(
        self,
        sending: Sending,
        place: str,
        tell: Callable[[Content | None, int], None] = lambda *_: None,
    ) -> None:
        self._store.session.show(line(sending, self._store.session.credentials, place))
        try:
            with self._store.session.send(sending.call(place, tell)):
                return
        except HttpError as error:
            if not (sending.may_be_absent and error.status == 404):
                raise


def _short(graph: str | None) -> str:
    return graph.removeprefix(GRAPH) if graph else "the default graph"

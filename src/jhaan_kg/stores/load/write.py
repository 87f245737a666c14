"""The requests that turn a plan into changes of a store, each by the best way that its kind has.

- SPARQL Update (https://www.w3.org/TR/sparql11-update/): all changes in one request, since a request should be carried
  out as a whole (section 2.2). Where a store bounds the size of a request, as few as fit.
- A transaction of RDF4J's protocol (https://rdf4j.org/documentation/reference/rest-api/): begun, filled, committed.
- Graph Store Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/): PUT and DELETE graph by graph.

Nothing here addresses a whole dataset: each request names the graphs that it changes, or the default graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

from jhaan_kg.stores.kinds import Addresses, Kind, Writing
from jhaan_kg.stores.load.content import Content
from jhaan_kg.stores.load.plan import Plan
from jhaan_kg.web.request import Body, HttpRequest

TRANSACTION: Final = "https://transaction.invalid/"
"""Stands for the address of a transaction, which the store gives when it begins."""

_UPDATE: Final = "application/sparql-update; charset=utf-8"  # Blazegraph takes it for ISO 8859-1 otherwise
_NTRIPLES: Final = "application/n-triples"


class Source(NamedTuple):
    """A part of the body of a request.

    Attributes:
        text: what is sent as it stands; or None.
        content: whose N-Triples are sent; or None.
    """

    text: str | None = None
    content: Content | None = None

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len((self.text or "").encode()) + (self.content.size if self.content else 0)

    def pieces(self) -> Iterator[bytes]:
        """Give its bytes in pieces.

        Raises:
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        if self.text:
            yield self.text.encode()
        if self.content:
            yield from self.content.ntriples()


class Sending(NamedTuple):
    """A request that changes a store.

    Attributes:
        method: POST, PUT or DELETE.
        url: where it goes; within a transaction one that begins with `TRANSACTION`.
        media_type: of what is sent; empty if nothing is.
        sources: what is sent.
        triples: how many triples it brings.
        may_be_absent: whether it is no fault that there is nothing at the address.
    """

    method: str
    url: str
    media_type: str = ""
    sources: tuple[Source, ...] = ()
    triples: int = 0
    may_be_absent: bool = False

    @property
    def size(self) -> int:
        """How many bytes it sends."""
        return sum(source.size for source in self.sources)

    def call(
        self, transaction: str = "", tell: Callable[[Content | None, int], None] = lambda *_: None
    ) -> HttpRequest:
        """Give the request.

        Args:
            transaction: the address of the transaction in which it goes.
            tell: takes each time what is being sent, and how many bytes of it.
        """
        url = self.url.replace(TRANSACTION, transaction, 1) if self.url.startswith(TRANSACTION) else self.url
        headers = {"Content-Type": self.media_type} if self.media_type else {}

        def pieces() -> Iterator[bytes]:
            for source in self.sources:
                for piece in source.pieces():
                    yield piece
                    tell(source.content, len(piece))

        return HttpRequest(self.method, url, headers, Body(pieces, self.size) if self.sources else None)


def sendings(kind: Kind, places: Addresses, plan: Plan) -> list[Sending]:
    """Give the requests that carry out a plan; none if there is nothing to do.

    A transaction is filled by them; `begin`, `commit` and `rollback` go around them.

    Args:
        kind: what kind of store it is.
        places: its addresses.
        plan: what has to be done.
    """
    if not plan.changes and not plan.writes:
        return []
    if kind.writing is Writing.TRANSACTION:
        return _in_transaction(plan)
    if kind.writing is Writing.UPDATE and places.update:
        return list(_updates(places.update, plan, kind.most_bytes))
    return list(_by_graph(places.graphs or places.query, plan))


def begin(places: Addresses) -> Sending:
    """Give the request that begins a transaction; its answer names the transaction in `Location`."""
    return Sending("POST", places.query.partition("?")[0].rstrip("/") + "/transactions")


def ping() -> Sending:
    """Give the request that keeps a transaction alive."""
    return Sending("PUT", f"{TRANSACTION}?action=PING")


def commit() -> Sending:
    """Give the request that makes the changes of a transaction hold."""
    return Sending("PUT", f"{TRANSACTION}?action=COMMIT")


def rollback() -> Sending:
    """Give the request that gives a transaction up."""
    return Sending("DELETE", TRANSACTION, may_be_absent=True)


# --- SPARQL Update -----------------------------------------------------------------------------------------


def _updates(url: str, plan: Plan, most_bytes: int | None) -> Iterator[Sending]:
    """Give as few updates as the size of a request allows: usually one."""
    emptied = set(plan.changes)
    waiting: list[Content] = []
    for content in plan.writes:
        if waiting and most_bytes is not None and _size([*waiting, content]) > most_bytes:
            own = {one.graph for one in waiting} & emptied
            yield _update(url, own, waiting)
            emptied -= own
            waiting = []
        waiting.append(content)
    yield _update(url, emptied, waiting)


def _size(contents: Sequence[Content]) -> int:
    return sum(content.size for content in contents)


def _update(url: str, emptied: Iterable[str | None], contents: Sequence[Content]) -> Sending:
    sources = [Source(f"DROP SILENT GRAPH <{graph}> ;\n") for graph in sorted(filter(None, emptied))]
    if contents:
        sources.append(Source("INSERT DATA {\n"))
        for content in contents:
            head, foot = (f"GRAPH <{content.graph}> {{\n", "}\n") if content.graph else ("", "")
            sources += [Source(head), Source(content=content), Source(foot)]
        sources.append(Source("}\n"))
    triples = sum(content.triples for content in contents)
    return Sending("POST", url, _UPDATE, tuple(one for one in sources if one.size), triples)


# --- transactions of RDF4J's protocol ----------------------------------------------------------------------


def _in_transaction(plan: Plan) -> list[Sending]:
    found = []
    if plan.changes:
        drops = tuple(Source(f"DROP SILENT GRAPH <{graph}> ;\n") for graph in plan.changes)
        found.append(Sending("PUT", f"{TRANSACTION}?action=UPDATE", _UPDATE, drops))
    for content in plan.writes:
        context = f"&context=%3C{quote(content.graph, safe='')}%3E" if content.graph else ""
        found.append(
            Sending(
                *("PUT", f"{TRANSACTION}?action=ADD{context}", _NTRIPLES),
                (Source(content=content),),
                content.triples,
            )
        )
    return found


# --- Graph Store Protocol ----------------------------------------------------------------------------------


def _by_graph(url: str, plan: Plan) -> Iterator[Sending]:
    written = {content.graph for content in plan.writes}
    for content in plan.writes:
        # what the default graph has stays: it was looked at before, and is a part of what it is to hold
        method, where = (
            ("PUT", f"graph={quote(content.graph, safe='')}") if content.graph else ("POST", "default")
        )
        yield Sending(method, _with(url, where), _NTRIPLES, (Source(content=content),), content.triples)
    for graph in plan.changes:
        if graph not in written:
            yield Sending("DELETE", _with(url, f"graph={quote(graph, safe='')}"), may_be_absent=True)


def _with(url: str, parameter: str) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{parameter}"

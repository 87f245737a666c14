"""The kinds of triple stores that are known by name, and how each of them is spoken to: `kinds.toml` as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit


class DefaultGraph(Enum):
    """What a query asks that names no graph."""

    UNION = "the union of all graphs"
    OWN = "only what is in no named graph"
    EITHER = "as the store is set up"


class Writing(Enum):
    """How graphs are written, so that readers see as little of it as the store allows."""

    UPDATE = "SPARQL Update, all changes in one request"
    TRANSACTION = "a transaction of RDF4J's protocol"
    GRAPHS = "Graph Store Protocol, a request for each graph"


class StoreKind(NamedTuple):
    """A kind of store.

    Attributes:
        title: what its makers call it.
        example: an address as a user gives it.
        default_graph: what a query asks that names no graph.
        writing: how graphs are written.
        run_on: the versions on which it was run; empty if it never was.
        query: what is added to a user's address for queries.
        update: what is added to it for SPARQL Update.
        graphs: what is added to it for the Graph Store Protocol; None if nothing is known.
        probed: whether its addresses for changes have to be found out.
        endings: what a user's address may end in, and is taken away before something is added.
        most_rows: how many rows of an answer it gives at most; None if there is no bound.
        most_bytes: how many bytes a request is to have at most; None if there is no bound. What is larger is sent in
            parts, so that a reader may see some graphs in their new and some in their old state.
        own_default: whether something can be written into its default graph itself.
        union: how queries that name no graph are made to ask all of them, where that is a matter of choice.
        asserted: what goes with a query, as names and values, so that it finds only what was loaded and nothing that
            the store infers; empty if a store needs no such request.
    """

    title: str
    example: str
    default_graph: DefaultGraph
    writing: Writing
    run_on: str = ""
    query: str = ""
    update: str = ""
    graphs: str | None = None
    probed: bool = False
    endings: tuple[str, ...] = ()
    most_rows: int | None = None
    most_bytes: int | None = None
    own_default: bool = True
    union: str = ""
    asserted: Mapping[str, str] = {}

    @property
    def meanwhile(self) -> str:
        """What a reader sees while a load goes on."""
        if self.writing is Writing.GRAPHS:
            return "for a moment some graphs in their old state, some in their new one, and some in part"
        if self.run_on:
            return "the old release or the new one"
        if self.probed:
            return (
                "the old release or the new one, if it carries out a request as a whole, as it should; "
                "this was not tested"
            )
        return (
            "the old release or the new one, if the store does as its documentation says; that was not tried"
        )


class Bundle(NamedTuple):
    """What is known of a bundle for a kind of store beside its templates.

    Attributes:
        title: what the makers of the store call it.
        endpoint: the address of the SPARQL endpoint that the steps lead to; empty if there is none.
        run_on: the versions with which tests run the commands; empty if they never did.
        files: the files that are written for this kind, with what they are.
        flat_in_graph: whether the flat graph is counted in its named graph, since the default graph always has more.
    """

    title: str
    endpoint: str = ""
    run_on: str = ""
    files: Mapping[str, str] = {}
    flat_in_graph: bool = False


class Addresses(NamedTuple):
    """Where a store takes queries, SPARQL Update, and the Graph Store Protocol less `?graph=`; None if not known."""

    query: str
    update: str | None
    graphs: str | None


_TABLE: Final = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text("utf-8"))


def _kind(entry: Mapping[str, object]) -> StoreKind:
    fields = {name: value for name, value in entry.items() if name in StoreKind._fields}
    fields["default_graph"] = DefaultGraph[str(entry["default_graph"]).upper()]
    fields["writing"] = Writing[str(entry["writing"]).upper()]
    return StoreKind(**fields)  # type: ignore[arg-type]


KINDS: Final[dict[str, StoreKind]] = {
    name: _kind(entry) for name, entry in _TABLE.items() if "example" in entry
}
"""The kinds by their names, in the order in which they are listed."""

BUNDLES: Final[dict[str, Bundle]] = {
    name: Bundle(entry["title"], **entry["bundle"]) for name, entry in _TABLE.items() if "bundle" in entry
}
"""What bundles can be made for, by the names of the kinds."""


def addresses(kind: StoreKind, url: str) -> Addresses:
    """Find the addresses of a store.

    Args:
        kind: what kind of store it is.
        url: its address, as a user gives it: that of the whole, or one of those that this function returns. What
            stands behind a question mark goes to each of them, though not to transactions of RDF4J's protocol.

    >>> addresses(KINDS["fuseki"], "http://localhost:3030/ds/sparql")
    Addresses(query='http://localhost:3030/ds/sparql', update='http://localhost:3030/ds/update', \
graphs='http://localhost:3030/ds/data')
    >>> addresses(KINDS["qlever"], "http://localhost:7001/").query
    'http://localhost:7001/'
    """
    parts = urlsplit(url)
    path = parts.path
    trimmed = path.rstrip("/")
    if ending := max((one for one in kind.endings if trimmed.endswith(one)), key=len, default=""):
        path = trimmed.removesuffix(ending)

    def with_path(added: str) -> str:
        whole = path.rstrip("/") + added if added else path
        return urlunsplit(parts._replace(path=whole or "/"))

    return Addresses(
        with_path(kind.query),
        None if kind.probed else with_path(kind.update),
        None if kind.graphs is None else with_path(kind.graphs),
    )

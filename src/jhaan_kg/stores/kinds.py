"""The known kinds of triple stores and their protocols, from `kinds.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit


class DefaultGraph(Enum):
    """The target of a query without a named graph."""

    UNION = "the union of all graphs"
    OWN = "only what is in no named graph"
    EITHER = "as the store is set up"


class Writing(Enum):
    """The way of writing graphs, chosen so that readers see as little of it as possible."""

    UPDATE = "SPARQL Update, all changes in one request"
    TRANSACTION = "a transaction of RDF4J's protocol"
    GRAPHS = "Graph Store Protocol, a request for each graph"


class StoreKind(NamedTuple):
    """A kind of store.

    Attributes:
        title: its official name.
        example: an example of a user's address.
        default_graph: the target of a query without a named graph.
        writing: the way of writing graphs.
        run_on: the tested versions; empty if not tested.
        query: the suffix of a user's address for queries.
        update: the suffix for SPARQL Update.
        graphs: the suffix for the Graph Store Protocol; None if unknown.
        probed: whether its addresses for changes must be determined.
        endings: possible ends of a user's address, removed before a suffix is added.
        most_rows: the maximum number of rows of an answer; None for no limit.
        most_bytes: the maximum size of a request in bytes; None for no limit. Larger ones are sent in parts, so that
            a reader may see some graphs in their new and some in their old state.
        own_default: whether its default graph itself is writable.
        union: how to make queries without a named graph query all graphs, if that is optional.
        asserted: the parameters (names and values) that exclude inferred triples from a query; empty if none are
            needed.
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
        """The state that a reader sees during a load."""
        if self.writing is Writing.GRAPHS:
            return "for a moment some graphs in their old state, some in their new one, and some in part"
        if self.run_on:
            return "the old release or the new one"
        if self.probed:
            return (
                "the old release or the new one, if it carries out a request as a whole, as it should; "
                "this was not tested"
            )
        return "the old release or the new one, if the store works as documented; this was not tested"


class Bundle(NamedTuple):
    """The data on the bundle for a kind of store, besides its templates.

    Attributes:
        title: the official name of the store.
        endpoint: the address of the resulting SPARQL endpoint; empty if there is none.
        run_on: the tested versions; empty if not tested.
        files: the additional files of this kind, with descriptions.
        flat_in_graph: whether to count the flat graph in its named graph, since the default graph always has more.
    """

    title: str
    endpoint: str = ""
    run_on: str = ""
    files: Mapping[str, str] = {}
    flat_in_graph: bool = False


class Addresses(NamedTuple):
    """The addresses for queries, SPARQL Update and the Graph Store Protocol (without `?graph=`); None if unknown."""

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
"""The kinds by name, in the order of the list."""

BUNDLES: Final[dict[str, Bundle]] = {
    name: Bundle(entry["title"], **entry["bundle"]) for name, entry in _TABLE.items() if "bundle" in entry
}
"""The stores with bundles, by the names of the kinds."""


def addresses(kind: StoreKind, url: str) -> Addresses:
    """Return the addresses of a store.

    Args:
        kind: the kind of the store.
        url: the user's address: that of the store, or one of those that this function returns. A query string is
            added to each of them, but not to transactions of RDF4J's protocol.

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

"""The supported types of triple stores and their protocols, from `kinds.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit


class DefaultGraph(Enum):
    """The triples that a query without named graphs sees."""

    UNION = "the union of all graphs"
    OWN = "only what is in no named graph"
    EITHER = "as the store is set up"


class Writing(Enum):
    """The protocol for writing graphs.

    Each type of store uses the protocol with which concurrent queries see the fewest partial changes.
    """

    UPDATE = "SPARQL Update, all changes in one request"
    TRANSACTION = "a transaction of RDF4J's protocol"
    GRAPHS = "Graph Store Protocol, a request for each graph"


class StoreKind(NamedTuple):
    """A type of triple store.

    Attributes:
        title: the official name.
        example: an example of the address that a user states.
        default_graph: the triples that a query without named graphs sees.
        writing: the protocol for writing graphs.
        run_on: the tested versions; empty if not tested.
        query: the path to append to the user's address for queries.
        update: the path to append for SPARQL Update.
        graphs: the path to append for the Graph Store Protocol; None if unknown.
        probed: whether the addresses for changes are found by test requests.
        endings: paths that the user's address may end with; they are removed before another path is appended.
        most_rows: the maximum number of rows of an answer; None for no limit.
        most_bytes: the maximum size of a request in bytes; None for no limit. Larger requests are sent in parts, so
            queries may see some graphs in their new and some in their old state.
        own_default: whether the default graph is writable.
        union: the instruction to make queries without named graphs see all graphs; empty if the store has no such
            option.
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
        """The state of the data that queries see during a load."""
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
    """The description of the bundle for a type of store.

    Attributes:
        title: the official name of the store.
        endpoint: the URL of the resulting SPARQL endpoint; empty if there is none.
        run_on: the tested versions; empty if not tested.
        files: the descriptions of additional files, by path.
        flat_in_graph: whether to count the flat graph as a named graph, because the default graph also contains other
            triples.
    """

    title: str
    endpoint: str = ""
    run_on: str = ""
    files: Mapping[str, str] = {}
    flat_in_graph: bool = False


class Addresses(NamedTuple):
    """The addresses of a store for queries and changes; None if unknown.

    They are for queries, SPARQL Update, and the Graph Store Protocol (without `?graph=`).
    """

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
"""The types of stores by name, in the order of `kinds.toml`."""

BUNDLES: Final[dict[str, Bundle]] = {
    name: Bundle(entry["title"], **entry["bundle"]) for name, entry in _TABLE.items() if "bundle" in entry
}
"""The bundles by the name of the store type."""


def addresses(kind: StoreKind, url: str) -> Addresses:
    """Return the addresses of a store for each protocol.

    Args:
        kind: the type of the store.
        url: the user's address: the base address of the store, or any address that this function returns. Its query
            string is added to each address, except for transactions of RDF4J's protocol.

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

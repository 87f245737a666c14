"""The kinds of triple stores that are known by name, and how each of them is spoken to.

What is said of a kind that was run was found out by running it (`run_on` names the version). For the others it was
looked up in their documentation, and they are called untested when they are used.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from jhaan_kg.errors import JhaanError


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


class Kind(NamedTuple):
    """A kind of store.

    Attributes:
        name: what a user calls it.
        title: what its makers call it.
        example: an address as a user gives it.
        default_graph: what a query asks that names no graph.
        writing: how graphs are written.
        seen: what a reader sees while a load goes on.
        run_on: the versions on which it was run; empty if it never was.
        query: what is added to a user's address for queries.
        update: what is added to it for SPARQL Update; None if nothing is known.
        graphs: what is added to it for the Graph Store Protocol; None if nothing is known.
        endings: what a user's address may end in, and is taken away before something is added.
        most_rows: how many rows of an answer it gives at most; None if there is no bound.
        most_bytes: how many bytes a request is to have at most; None if there is no bound. What is larger is sent in
            parts, so that a reader may see some graphs in their new and some in their old state.
        own_default: whether something can be written into its default graph itself.
        union: how queries that name no graph are made to ask all of them, where that is a matter of choice.
        asserted: what goes with a query, as names and values, so that it finds only what was loaded and nothing that
            the store infers; empty if a store needs to be told nothing for that.
    """

    name: str
    title: str
    example: str
    default_graph: DefaultGraph
    writing: Writing
    seen: str
    run_on: str = ""
    query: str = ""
    update: str | None = ""
    graphs: str | None = None
    endings: tuple[str, ...] = ()
    most_rows: int | None = None
    most_bytes: int | None = None
    own_default: bool = True
    union: str = ""
    asserted: tuple[tuple[str, str], ...] = ()


class Addresses(NamedTuple):
    """Where a store takes what.

    Attributes:
        query: SPARQL queries.
        update: SPARQL Update; None if it isn't known to take any.
        graphs: the Graph Store Protocol, less `?graph=`; None if it isn't known to take it.
    """

    query: str
    update: str | None
    graphs: str | None


_OLD_OR_NEW: Final = "the old release or the new one"
_UNTRIED: Final = f"{_OLD_OR_NEW}, if the store does as its documentation says; that was not tried"
_MIXED: Final = "for a moment some graphs in their old state, some in their new one, and some in part"

_KINDS: Final = (
    Kind(
        "fuseki",
        "Apache Jena Fuseki",
        "http://localhost:3030/DATASET",
        DefaultGraph.EITHER,
        Writing.UPDATE,
        _OLD_OR_NEW,
        run_on="5.3.0",
        query="/sparql",
        update="/update",
        graphs="/data",
        endings=("/sparql", "/query", "/update", "/data", "/get"),
        union="set tdb2:unionDefaultGraph true for its dataset",
    ),
    Kind(
        "graphdb",
        "Ontotext GraphDB",
        "http://localhost:7200/repositories/REPOSITORY",
        DefaultGraph.UNION,
        Writing.TRANSACTION,
        _UNTRIED,
        update="/statements",
        graphs="/rdf-graphs/service",
        endings=("/statements", "/rdf-graphs/service"),
        asserted=(("infer", "false"),),
    ),
    Kind(
        "rdf4j",
        "Eclipse RDF4J",
        "http://localhost:8080/rdf4j-server/repositories/REPOSITORY",
        DefaultGraph.UNION,
        Writing.TRANSACTION,
        _OLD_OR_NEW,
        run_on="5.0.3",
        update="/statements",
        graphs="/rdf-graphs/service",
        endings=("/statements", "/rdf-graphs/service"),
        asserted=(("infer", "false"),),
    ),
    Kind(
        "virtuoso",
        "OpenLink Virtuoso",
        "http://localhost:8890",
        DefaultGraph.UNION,
        Writing.GRAPHS,
        _MIXED,
        run_on="7.2.5",
        query="/sparql",
        update="/sparql-auth",
        graphs="/sparql-graph-crud-auth",
        endings=("/sparql", "/sparql-auth", "/sparql-graph-crud", "/sparql-graph-crud-auth"),
        most_rows=10_000,
        own_default=False,
    ),
    Kind(
        "oxigraph",
        "Oxigraph",
        "http://localhost:7878",
        DefaultGraph.EITHER,
        Writing.UPDATE,
        _OLD_OR_NEW,
        run_on="0.5.13",
        query="/query",
        update="/update",
        graphs="/store",
        endings=("/query", "/update", "/store"),
        most_bytes=64_000_000,  # the server takes some twenty times as much memory as a request has bytes
        union="start it with --union-default-graph",
    ),
    Kind(
        "qlever",
        "QLever",
        "http://localhost:7001",
        DefaultGraph.UNION,
        Writing.UPDATE,
        _UNTRIED,
    ),
    Kind(
        "blazegraph",
        "Blazegraph",
        "http://localhost:9999/blazegraph/namespace/NAMESPACE/sparql",
        DefaultGraph.UNION,
        Writing.UPDATE,
        _OLD_OR_NEW,
        run_on="2.1.4",
    ),
    Kind(
        "neptune",
        "Amazon Neptune",
        "https://CLUSTER:8182",
        DefaultGraph.UNION,
        Writing.UPDATE,
        _UNTRIED,
        query="/sparql",
        update="/sparql",
        graphs="/sparql/gsp/",
        endings=("/sparql", "/sparql/gsp"),
        most_bytes=100_000_000,
    ),
    Kind(
        "stardog",
        "Stardog",
        "http://localhost:5820/DATABASE",
        DefaultGraph.OWN,
        Writing.UPDATE,
        _UNTRIED,
        query="/query",
        update="/update",
        graphs="",
        endings=("/query", "/update"),
        union="set query.all.graphs to true for its database",
    ),
    Kind(
        "allegrograph",
        "AllegroGraph",
        "http://localhost:10035/repositories/REPOSITORY",
        DefaultGraph.UNION,
        Writing.UPDATE,
        _UNTRIED,
        query="/sparql",
        update="/sparql",
        endings=("/sparql", "/statements"),
    ),
    Kind(
        "generic",
        "another store with SPARQL 1.1",
        "http://localhost:8000/sparql",
        DefaultGraph.EITHER,
        Writing.GRAPHS,
        _MIXED,
        update=None,
    ),
)

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in _KINDS}
"""The kinds by their names, in the order in which they are listed."""


def kind_named(name: str) -> Kind:
    """Give the kind of a name.

    Raises:
        JhaanError: there is none; the message lists those that there are.

    >>> kind_named("fuseki").title
    'Apache Jena Fuseki'
    """
    if name not in KINDS:
        raise JhaanError(f"There is no kind of store {name!r}. There are: {', '.join(KINDS)}")
    return KINDS[name]


def addresses(kind: Kind, url: str) -> Addresses:
    """Give the addresses of a store.

    Args:
        kind: what kind of store it is.
        url: its address, as a user gives it: that of the whole, or one of those that this function gives. What
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

    def with_path(added: str | None) -> str | None:
        if added is None:
            return None
        whole = path.rstrip("/") + added if added else path
        return urlunsplit(parts._replace(path=whole or "/"))

    return Addresses(with_path(kind.query) or url, with_path(kind.update), with_path(kind.graphs))

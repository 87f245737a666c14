"""The tested types of triple stores, apart from loading, so that the help of the command needs no HTTP library."""

from __future__ import annotations

from typing import Final, NamedTuple


class StoreType(NamedTuple):
    """A tested type of triple store with the SPARQL 1.1 Graph Store Protocol.

    Attributes:
        title: the official name.
        example: an example of the address of a store.
        query: the path below this address for queries.
        graphs: the path below this address for the Graph Store Protocol.
        union: the instruction to make queries without named graphs see all graphs; empty if they always do.
    """

    title: str
    example: str
    query: str
    graphs: str
    union: str = ""


STORE_TYPES: Final = {
    "fuseki": StoreType(
        "Apache Jena Fuseki",
        "http://localhost:3030/DATASET",
        "/sparql",
        "/data",
        "set tdb2:unionDefaultGraph true for its dataset",
    ),
    "oxigraph": StoreType(
        "Oxigraph", "http://localhost:7878", "/query", "/store", "start it with --union-default-graph"
    ),
    "rdf4j": StoreType(
        "Eclipse RDF4J",
        "http://localhost:8080/rdf4j-server/repositories/REPOSITORY",
        "",
        "/rdf-graphs/service",
    ),
    "virtuoso": StoreType("OpenLink Virtuoso", "http://localhost:8890", "/sparql", "/sparql-graph-crud-auth"),
}
"""The types of stores by name."""

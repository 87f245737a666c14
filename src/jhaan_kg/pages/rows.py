"""Rows of queries as plain texts, for pages that ask the graph."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.query.engine import Engine

_PROLOGUE = "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in ("jhaan", "dcterms", "rdf", "rdfs", "skos")
)


def rows(engine: Engine, query: str) -> list[tuple[str, ...]]:
    """Give the rows of a query as texts: IRIs and lexical forms, empty where there is none.

    Args:
        engine: the graph.
        query: a query without prologue, with the prefixes jhaan, dcterms, rdf, rdfs and skos.
    """
    return [
        tuple(term.value if isinstance(term, NamedNode | Literal | BlankNode) else "" for term in row)
        for row in engine.select(_PROLOGUE + query).rows
    ]

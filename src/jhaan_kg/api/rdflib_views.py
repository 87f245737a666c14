"""Triples and quads as graphs and datasets of rdflib, with the prefixes of the project."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import rdflib
from pyoxigraph import Quad, Triple

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.rdflib_terms import to_rdflib


def graph_view(triples: Iterable[Triple]) -> rdflib.Graph:
    """Give triples as a graph of rdflib.

    Raises:
        JhaanError: a triple is about a triple, which rdflib has no term for.

    >>> from pyoxigraph import NamedNode
    >>> node = NamedNode("https://w3id.org/jhaan/id/agency/fra")
    >>> print(graph_view([Triple(node, node, node)]).serialize().strip())
    @prefix agency: <https://w3id.org/jhaan/id/agency/> .
    <BLANKLINE>
    agency:fra agency:fra agency:fra .
    """
    graph = rdflib.Graph(bind_namespaces="none")
    _bind(graph)
    term = cache(to_rdflib)  # most terms occur many times, and a term of rdflib is slow to make
    try:
        graph.addN((term(s), term(p), term(o), graph) for s, p, o in triples)
    except TypeError:
        raise JhaanError(
            "The answer has triples about triples, which rdflib can't hold. "
            "Ask for their subjects, predicates and objects with SELECT."
        ) from None
    return graph


def dataset_view(quads: Iterable[Quad]) -> rdflib.Dataset:
    """Give quads of named graphs as a dataset of rdflib whose default graph is the union of the named ones."""
    dataset = rdflib.Dataset(default_union=True)
    _bind(dataset)
    term = cache(to_rdflib)
    named = cache(dataset.graph)
    dataset.addN(
        (term(quad.subject), term(quad.predicate), term(quad.object), named(rdflib.URIRef(graph_name(quad))))
        for quad in quads
    )
    return dataset


def _bind(graph: rdflib.Graph) -> None:
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True, replace=True)

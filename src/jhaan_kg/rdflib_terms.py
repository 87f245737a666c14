"""Conversion between terms of pyoxigraph and rdflib, without a change of lexical forms."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.namespaces import XSD

if TYPE_CHECKING:
    import rdflib


@contextmanager
def quiet_rdflib() -> Iterator[None]:
    """Keep rdflib from reporting each ill-formed literal.

    It would print a traceback or warning. The checks report these literals.
    """
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)


def graph_of(triples: Iterable[Triple], graph: rdflib.Graph | None = None) -> rdflib.Graph:
    """Add triples to a graph of rdflib, by default a new one, and return it."""
    import rdflib

    graph = rdflib.Graph() if graph is None else graph
    graph.addN((to_rdflib(s), to_rdflib(p), to_rdflib(o), graph) for s, p, o in triples)
    return graph


def to_rdflib(term: NamedNode | BlankNode | Literal | Triple) -> rdflib.term.Node:
    """Convert a term to rdflib.

    >>> to_rdflib(Literal("007", datatype=NamedNode(XSD + "integer"))).n3()
    '"007"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Triple):
        raise TypeError("RDF 1.1 has no triple terms, and the sources have none.")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    # rdflib distinguishes a plain literal from an xsd:string. RDF 1.1 does not.
    datatype = None if term.datatype.value == XSD + "string" else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def from_rdflib(term: rdflib.term.Node | None) -> NamedNode | Literal | None:
    """Convert a term of rdflib to pyoxigraph; the label of a blank node is only valid locally.

    >>> import rdflib
    >>> str(from_rdflib(rdflib.Literal("x")))
    '"x"'
    """
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return NamedNode(term)
    if isinstance(term, rdflib.Literal):
        if term.language:
            return Literal(str(term), language=term.language)
        return Literal(str(term), datatype=NamedNode(term.datatype) if term.datatype else None)
    return None

"""The entailments of owlrl, the reference implementation of OWL 2 RL in Python; cases, and triples from Turtle."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import owlrl
import pyoxigraph
import rdflib
from pyoxigraph import RdfFormat, Triple

from jhaan_kg.namespaces import OWL, RDFS

PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
AXIOM_CASES = Path(__file__).with_name("axioms.yaml")
_ERROR = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")


def turtle(text: str) -> frozenset[Triple]:
    """Return the triples of Turtle that may use the prefixes of this module."""
    return frozenset(quad.triple for quad in pyoxigraph.parse(PREFIXES + text, format=RdfFormat.TURTLE))


def owlrl_closure(ontology: Iterable[Triple], data: Iterable[Triple]) -> rdflib.Graph:
    """Return the whole closure that owlrl computes."""
    graph = rdflib.Graph()
    lines = "".join(f"{triple} .\n" for triple in {*ontology, *data})
    graph.parse(data=lines, format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def owlrl_entailments(ontology: Iterable[Triple], data: Iterable[Triple]) -> set[Triple]:
    """Return the unstated triples about individuals that owlrl infers."""
    ontology, data = set(ontology), set(data)
    return entailed(owlrl_closure(ontology, data)) - data - ontology


def entailed(closure: rdflib.Graph) -> set[Triple]:
    """Return the triples of a closure about individuals.

    Triples with a literal as subject, an anonymous class, or a class or property of OWL or RDF Schema are left out. An
    example is the triple that an individual is the same as itself.
    """
    kept = [triple for triple in closure if _is_about_an_individual(triple)]
    lines = "".join(" ".join(term.n3() for term in triple) + " .\n" for triple in kept)
    return {quad.triple for quad in pyoxigraph.parse(lines, format=RdfFormat.N_TRIPLES)}


def complaints(closure: rdflib.Graph) -> list[str]:
    """Return the messages about inconsistencies that owlrl adds to its closure."""
    return sorted(map(str, closure.objects(None, _ERROR)))


def _is_about_an_individual(triple: tuple[rdflib.term.Node, ...]) -> bool:
    subject, predicate, value = triple
    language = (OWL, RDFS)
    if not isinstance(subject, rdflib.URIRef) or str(predicate).startswith(language):
        return False
    if predicate == rdflib.RDF.type:
        return isinstance(value, rdflib.URIRef) and not str(value).startswith(language)
    return not isinstance(value, rdflib.BNode)

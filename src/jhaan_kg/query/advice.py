"""Advice on a user's own query: terms that the ontology does not have, and why an answer may be empty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import ONTOLOGY, OWL, RDF, RDFS, XSD, compact, jhaan
from jhaan_kg.near import did_you_mean
from jhaan_kg.query.run import Engine
from jhaan_kg.query.sparql_terms import sparql_mentions

_LANGUAGE: Final = (RDF, RDFS, OWL, XSD)
_IN_EVIDENCE: Final = frozenset(
    (
        *map(jhaan, ("Assertion", "Derivation", "evidenceIn", "premise")),
        *map(NamedNode, (f"{RDF}subject", f"{RDF}object")),
    )
)
_USED: Final = (
    "ASK {{ {{ ?s {term} ?o }} UNION "
    f"{{{{ ?s ?p {{term}} . FILTER NOT EXISTS {{{{ ?s <{RDFS}isDefinedBy> ?ontology }}}} }}}} }}}}"
)
_DEFINED: Final = f"SELECT DISTINCT ?term WHERE {{ ?term <{RDFS}isDefinedBy> ?ontology }}"


def undefined_terms(text: str, engine: Engine) -> Iterator[str]:
    """Name the terms of our namespace in a query that the ontology does not have.

    Args:
        text: the query.
        engine: the graph, with its ontology.

    Yields:
        A sentence for each, with what may have been meant.
    """
    mentioned = [iri for iri in _mentioned(text) if iri.startswith(ONTOLOGY)]
    if mentioned:
        defined = {row[0].value for row in engine.select(_DEFINED).rows if isinstance(row[0], NamedNode)}
        known = {iri.removeprefix(ONTOLOGY) for iri in defined if iri.startswith(ONTOLOGY)}
        for iri in mentioned:
            if iri not in defined:
                hint = did_you_mean(iri.removeprefix(ONTOLOGY), known)
                yield f"The ontology has no term {compact(iri)}.{hint}"


def why_empty(text: str, engine: Engine, *, evidence: bool) -> Iterator[str]:
    """Say why a query may have no answer.

    Args:
        text: the query.
        engine: the graph that was asked.
        evidence: whether it has the evidence.

    Yields:
        A sentence for each IRI of the query of which the graph says nothing, or else for what they have in common.
    """
    found = False
    for iri in map(NamedNode, _mentioned(text)):
        if not evidence and iri in _IN_EVIDENCE:
            yield f"{compact(iri.value)} is used by the evidence, which is asked with --evidence only."
        elif not engine.ask(f"ASK {{ {{ {iri} ?p ?o }} UNION {{ ?s {iri} ?o }} UNION {{ ?s ?p {iri} }} }}"):
            yield f"{compact(iri.value)} occurs nowhere in the graph."
        elif iri.value.startswith(ONTOLOGY) and not engine.ask(_USED.format(term=iri)):
            yield f"{compact(iri.value)} is defined, but no statement uses it."
        else:
            continue
        found = True
    if not found:
        yield (
            "The graph knows each name that the query uses, but nothing has all that it asks for together. "
            "Take patterns out until rows come; what is not recorded may still be so."
        )


def _mentioned(text: str) -> list[str]:
    """Give the IRIs of a query, each once, without those of RDF and OWL themselves and functions of XML Schema."""
    iris = dict.fromkeys(mention.iri for mention in sparql_mentions(text) if mention.iri)
    return [iri for iri in iris if not iri.startswith(_LANGUAGE) or NamedNode(iri) in _IN_EVIDENCE]

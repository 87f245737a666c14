"""Evidence: the passages of stated triples, and the premises of inferred triples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Triple

from jhaan_kg.build.assemble import Assertion
from jhaan_kg.build.graphs import evidence_graph, report_of
from jhaan_kg.digests import node_for
from jhaan_kg.namespaces import RDF_TYPE, REIFIED_PARTS, jhaan

Premises: TypeAlias = tuple[Triple, ...]
"""The assertions from which a triple follows together with the background; a minimal set."""

_SUBJECT, _PREDICATE, _OBJECT = REIFIED_PARTS
_ASSERTION: Final = jhaan("Assertion")
_DERIVATION: Final = jhaan("Derivation")
_EVIDENCE_IN: Final = jhaan("evidenceIn")
_PREMISE: Final = jhaan("premise")


def _reify(node: NamedNode, kind: NamedNode, triple: Triple) -> list[Triple]:
    """Return the description of a triple in the terms of RDF Schema.

    OWL reserves these terms, but the evidence is not used with OWL.
    """
    return [
        Triple(node, RDF_TYPE, kind),
        Triple(node, _SUBJECT, triple.subject),
        Triple(node, _PREDICATE, triple.predicate),
        Triple(node, _OBJECT, triple.object),
    ]


def assertion_triples(assertion: Assertion) -> list[Triple]:
    """Return the description of a stated triple with the passages that state it."""
    node = node_for("assertion", assertion.triple)
    return [
        *_reify(node, _ASSERTION, assertion.triple),
        *(Triple(node, _EVIDENCE_IN, passage) for passage in assertion.passages),
    ]


def derivation_triples(triple: Triple, premises: Premises) -> list[Triple]:
    """Return the description of an inferred triple with its premises.

    There are no premises if the background alone entails the triple.
    """
    node = node_for("derivation", triple)
    return [
        *_reify(node, _DERIVATION, triple),
        *(Triple(node, _PREMISE, node_for("assertion", premise)) for premise in premises),
    ]


def evidence(
    assertions: Iterable[Assertion],
    graphs: Mapping[NamedNode, Iterable[Triple]],
    premises: Mapping[Triple, Premises],
) -> dict[NamedNode, list[Triple]]:
    """Return the evidence of all triples, in one graph per report and one for context.

    Args:
        assertions: the statements of reports, curation and context.
        graphs: the named graphs.
        premises: the premises of all triples; those in the graphs of contested and inferred values get derivations.
    """
    triples_of: dict[NamedNode, list[Triple]] = defaultdict(list)
    for assertion in assertions:
        triples_of[evidence_graph(assertion.report)] += assertion_triples(assertion)
    for graph, triples in graphs.items():
        report = report_of(graph)
        if report is not None:
            for triple in triples:
                triples_of[evidence_graph(report)] += derivation_triples(triple, premises[triple])
    return triples_of

"""The restrictions of OWL 2 DL on properties: their characteristics, and the hierarchy that axioms make.

A reasoner decides questions about an ontology only if composite properties (transitive ones, and those that
follow from chains) stay out of certain axioms, and if no chain leads back to itself: Structural Specification
(https://www.w3.org/TR/owl2-syntax/), section 11.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from jhaan_kg.checks.index import Index, Node, Term
from jhaan_kg.checks.kinds import Kind
from jhaan_kg.checks.stated import Stated, iri_of
from jhaan_kg.checks.vocabulary import Vocabulary
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import OWL, RDF, RDFS, compact

_ONLY_OF_SIMPLE: Final = frozenset(
    OWL + name
    for name in (
        "FunctionalProperty",
        "InverseFunctionalProperty",
        "AsymmetricProperty",
        "IrreflexiveProperty",
    )
)
_ONLY_OF_OBJECT_PROPERTIES: Final = _ONLY_OF_SIMPLE | {OWL + "TransitiveProperty", OWL + "SymmetricProperty"}
_CARDINALITIES: Final = (OWL + "maxCardinality", OWL + "maxQualifiedCardinality")

Edges = Mapping[str, set[str]]


def check_hierarchy(ontology: Iterable[Stated], reused: Iterable[Stated]) -> list[Finding]:
    """Find properties whose characteristics or hierarchy OWL 2 DL doesn't allow.

    Args:
        ontology: the triples of ontology/jhaan.ttl.
        reused: those of ontology/reused-terms.ttl.

    Returns:
        The findings, sorted.
    """
    index = Index((*ontology, *reused))
    vocabulary = Vocabulary(index.statements)
    return sorted(
        {*_characteristics(index, vocabulary), *_composite_in_simple_places(index), *_irregular_chains(index)}
    )


def _finding(index: Index, node: Node, code: str, subject: str, message: str, fix: str) -> Finding:
    path, line = index.place(node)
    return Finding(path, line, Severity.ERROR, code, compact(subject), message, fix)


def _characteristics(index: Index, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find characteristics on properties that can't have them."""
    for node in index.subjects():
        kinds = vocabulary.kinds(iri_of(node))
        for value in index.iris(node, RDF + "type"):
            if value not in _ONLY_OF_OBJECT_PROPERTIES or not kinds or Kind.OBJECT_PROPERTY in kinds:
                continue
            if value == OWL + "FunctionalProperty" and kinds == {Kind.DATATYPE_PROPERTY}:
                code = "functional-datatype-property"
                message = "is functional: reasoners would infer that two dates of one thing are the same."
                fix = "Mark it with `jhaan:singleValued true`, so that a contradiction is found and kept."
            else:
                code = "owl-mixed-kinds"
                message = f"is {compact(value)}, which only object properties may be."
                fix = "Leave the characteristic out."
            yield _finding(index, node, code, iri_of(node), message, fix)


def _property(index: Index, term: Term) -> str:
    """Give the IRI of a property, be it named or written as the inverse of one."""
    if isinstance(term, BlankNode):
        return next(iter(index.iris(term, OWL + "inverseOf")), "")
    return iri_of(term)


def _above(index: Index) -> dict[str, set[str]]:
    """Give what is directly above each property; inverse and equivalent ones count as above each other."""
    above: dict[str, set[str]] = defaultdict(set)
    for statement in index.statements:
        subject, predicate, value = statement.triple
        left, right = _property(index, subject), _property(index, value)
        if predicate.value == RDFS + "subPropertyOf":
            above[left].add(right)
        elif predicate.value in (OWL + "inverseOf", OWL + "equivalentProperty"):
            above[left].add(right)
            above[right].add(left)
    return above


def _reachable(starts: Iterable[str], edges: Edges) -> set[str]:
    """Give what can be reached from some properties, they included."""
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        new = edges.get(waiting.pop(), set()) - seen
        seen |= new
        waiting.extend(new)
    return seen


# --- simple and composite properties ------------------------------------------------------------------------


def _composite_in_simple_places(index: Index) -> Iterator[Finding]:
    """Find composite properties in axioms that are for simple ones (section 11.1)."""
    roots = {
        iri_of(statement.triple.subject)
        for statement in index.statements
        if statement.triple.predicate.value == OWL + "propertyChainAxiom"
        or iri_of(statement.triple.object) == OWL + "TransitiveProperty"
    }
    composite = _reachable(roots, _above(index))
    for node, iri, use in _simple_places(index):
        if iri in composite:
            message = f"stands in {compact(use)}, but follows from a chain or a transitive property."
            fix = "OWL 2 DL allows this for other properties only: leave one of the two axioms out."
            yield _finding(index, node, "owl-composite-property", iri, message, fix)


def _simple_places(index: Index) -> Iterator[tuple[Node, str, str]]:
    """Give each property in an axiom for simple ones: the node of the axiom, the property, the axiom."""
    for node in index.subjects():
        types = index.iris(node, RDF + "type")
        yield from ((node, iri_of(node), value) for value in types if value in _ONLY_OF_SIMPLE)
        for value in index.objects(node, OWL + "propertyDisjointWith"):
            yield node, _property(index, node), OWL + "propertyDisjointWith"
            yield node, _property(index, value), OWL + "propertyDisjointWith"
        if OWL + "AllDisjointProperties" in types:
            members = [
                member for value in index.objects(node, OWL + "members") for member in index.items(value)
            ]
            yield from ((node, _property(index, member), OWL + "AllDisjointProperties") for member in members)
        for cardinality in set(_CARDINALITIES) & set(index.predicates(node)):
            yield from (
                (node, _property(index, v), cardinality) for v in index.objects(node, OWL + "onProperty")
            )


# --- regular chains -----------------------------------------------------------------------------------------


def _irregular_chains(index: Index) -> Iterator[Finding]:
    """Find chains whose property leads back to one of their links, which leaves no order (section 11.2)."""
    edges = _above(index)
    chains = [
        (NamedNode(iri_of(statement.triple.subject)), _links(index, statement))
        for statement in index.statements
        if statement.triple.predicate.value == OWL + "propertyChainAxiom" and iri_of(statement.triple.subject)
    ]
    for node, links in chains:
        for link in links:
            edges[link].add(node.value)
    for node, links in chains:
        for link in sorted(set(links) & _reachable([node.value], edges)):
            message = f"follows from a chain with {compact(link)}, which in turn follows from it."
            yield _finding(index, node, "owl-irregular-chain", node.value, message, "Break the circle.")


def _links(index: Index, statement: Stated) -> list[str]:
    """Give the links of a chain that must come before the property that follows from it.

    The chain may begin or end with that property itself, or consist of it twice, as transitivity does.
    """
    whole = iri_of(statement.triple.subject)
    links = [_property(index, link) for link in index.items(statement.triple.object)]
    if links == [whole, whole]:
        return []
    if links[:1] == [whole]:
        return links[1:]
    return links[:-1] if links[-1:] == [whole] else links

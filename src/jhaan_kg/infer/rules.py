"""The axioms of an ontology as rules and checks.

The rules are those of OWL 2 Profiles (https://www.w3.org/TR/owl2-profiles/, section 4.3) for the constructs that the
project's ontology uses; `_AXIOMS` and `_CHARACTERISTICS` list them. Other constructs are errors, since their
entailments would be missing. There is no equality reasoning: two names are taken to denote two entities, so two
values of a functional property are a contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.graph import Graph, Node, Term
from jhaan_kg.namespaces import OWL, RDF, RDF_TYPE, RDFS, XSD, compact


def _iris(namespace: str, names: str) -> frozenset[str]:
    return frozenset(namespace + name for name in names.split())


_AXIOMS: Final = {
    RDFS + "subClassOf": "cax-sco",
    RDFS + "domain": "prp-dom",
    RDFS + "range": "prp-rng",
    RDFS + "subPropertyOf": "prp-spo1",
    OWL + "inverseOf": "prp-inv",
    OWL + "propertyChainAxiom": "prp-spo2",
    OWL + "disjointWith": "cax-dw",
    OWL + "propertyDisjointWith": "prp-pdw",
}
_CHARACTERISTICS: Final = {
    OWL + "TransitiveProperty": "prp-trp",
    OWL + "SymmetricProperty": "prp-symp",
    OWL + "AsymmetricProperty": "prp-asyp",
    OWL + "FunctionalProperty": "prp-fp",
    OWL + "AllDisjointClasses": "cax-adc",
}
_WITHOUT_MEANING: Final = _iris(
    OWL,
    "AnnotationProperty Class DatatypeProperty NamedIndividual ObjectProperty Ontology backwardCompatibleWith "
    "deprecated differentFrom imports incompatibleWith members priorVersion versionIRI versionInfo",
) | _iris(RDFS, "Class Datatype comment isDefinedBy label seeAlso")
"""Terms that only declare or annotate.

`owl:members` is one of them, since it is read with its list.
"""

_CLASSES: Final = frozenset(("cax-sco", "prp-dom", "prp-rng", "cax-dw", "cax-adc"))
"""The rules whose values are classes; those of the others are properties."""

_STRUCTURE: Final = _iris(RDF, "type first rest")
_COVERED: Final = ", ".join(sorted(compact(iri) for iri in (*_AXIOMS, *_CHARACTERISTICS)))


@dataclass(frozen=True)
class InferenceRule:
    """A rule that entails triples, or a check that finds contradictions.

    Triples that match the body of a rule entail the head. Triples that match the body of a check are a contradiction.

    Attributes:
        name: the name of the OWL 2 RL rule, such as `prp-dom`.
        axiom: the axiom, for people.
        body: a class, a property, the two properties of a chain, or the two classes or properties of a check.
        head: the inferred class or property; None for a check.
    """

    name: str
    axiom: str
    body: tuple[NamedNode, ...]
    head: NamedNode | None = None


@dataclass(frozen=True)
class RuleSet:
    """The entailments and prohibitions of an ontology.

    Attributes:
        rules: the rules that add triples.
        checks: the checks that find contradictions.
        axioms: the triples of the ontology that they represent.
    """

    rules: tuple[InferenceRule, ...]
    checks: tuple[InferenceRule, ...]
    axioms: frozenset[Triple]


class _NotCoveredError(Exception):
    """An axiom that is not covered: the term that it describes, the problem, and the remedy."""


def compile_rules(ontology: Iterable[Triple]) -> RuleSet:
    """Read the rules and checks of an ontology.

    Args:
        ontology: all triples of the ontology files, blank nodes included.

    Raises:
        JhaanError: the ontology uses a construct that is not covered; the message names the term and the construct.

    >>> def term(name): return NamedNode("https://w3id.org/jhaan/ontology#" + name)
    >>> (rule,) = compile_rules([Triple(term("Agency"), NamedNode(RDFS + "subClassOf"), term("Body"))]).rules
    >>> rule.name, rule.axiom
    ('cax-sco', 'jhaan:Agency rdfs:subClassOf jhaan:Body')
    """
    graph = Graph.of(ontology)
    for node, message, fix in find_uncovered_axioms(graph):
        raise JhaanError(f"{describe(node)}: {message} {fix}")
    axioms = [triple for triple in graph.triples() if is_axiom(triple)]
    rules = {rule for axiom in axioms for rule in _read_rules(graph, axiom)}
    in_order = sorted(rules, key=lambda rule: (rule.axiom, rule.name, str(rule.body)))
    return RuleSet(
        tuple(rule for rule in in_order if rule.head),
        tuple(rule for rule in in_order if not rule.head),
        frozenset(axioms),
    )


def find_uncovered_axioms(ontology: Graph) -> list[tuple[Node, str, str]]:
    """Return the uncovered axioms, sorted: the term, the problem and the remedy of each."""
    found: set[tuple[Node, str, str]] = set()
    for triple in ontology.triples():
        try:
            list(_read_rules(ontology, triple) if is_axiom(triple) else ())
        except _NotCoveredError as error:
            found.add(error.args)
    return sorted(found, key=lambda error: (describe(error[0]), error[1]))


def is_axiom(triple: Triple) -> bool:
    """Return whether a triple is an axiom of OWL or RDF Schema.

    A triple that only declares or annotates a term is not an axiom.

    >>> france, paris = NamedNode("http://example.org/france"), NamedNode("http://example.org/paris")
    >>> is_axiom(Triple(france, NamedNode(OWL + "sameAs"), paris))
    True
    >>> is_axiom(Triple(france, NamedNode(RDFS + "seeAlso"), paris))
    False
    """
    term: Term = triple.object if triple.predicate == RDF_TYPE else triple.predicate
    return (
        isinstance(term, NamedNode)
        and term.value.startswith((OWL, RDFS))
        and term.value not in _WITHOUT_MEANING
    )


def describe(term: Term) -> str:
    """Return a term in Turtle, with the prefixes of the project.

    >>> describe(NamedNode("https://w3id.org/jhaan/ontology#Event"))
    'jhaan:Event'
    """
    return compact(term.value) if isinstance(term, NamedNode) else str(term)


def _read_rules(graph: Graph, axiom: Triple) -> Iterator[InferenceRule]:
    """Yield the rules and checks of an axiom.

    Raises:
        _NotCoveredError: it is not covered.
    """
    subject, predicate, value = axiom
    of_type = predicate == RDF_TYPE
    construct = value if of_type and isinstance(value, NamedNode) else predicate
    name = (_CHARACTERISTICS if of_type else _AXIOMS).get(construct.value)
    text = " ".join(map(describe, axiom))

    def term(candidate: Term) -> NamedNode:
        """Check that an axiom may relate a class or property, and return it."""
        if not isinstance(candidate, NamedNode):
            raise _make_error(graph, subject, construct, "it must name classes or properties")
        if candidate.value in _STRUCTURE or candidate.value.startswith((OWL, RDFS)):
            raise _make_error(graph, subject, construct, f"{describe(candidate)} is a term of RDF or OWL")
        if name not in _CLASSES and _is_annotation_property(graph, candidate):
            raise _make_error(graph, subject, construct, f"{describe(candidate)} is an annotation property")
        return candidate

    if name is None:
        raise _make_error(graph, subject, construct, "it is not supported")
    if name == "cax-adc":
        lists = graph.values(subject, NamedNode(OWL + "members"))
        if len(lists) != 1:
            raise _make_error(
                graph, subject, construct, f"it must have one list of owl:members, not {len(lists)}"
            )
        for one, other in combinations(map(term, graph.items(lists[0])), 2):
            text = f"{describe(one)} owl:disjointWith {describe(other)}"
            yield InferenceRule("cax-dw", text, (one, other))
        return
    if name in ("prp-dom", "prp-rng", "prp-spo1") and _is_annotation_property(graph, subject):
        return
    if name == "prp-rng" and _is_datatype(graph, value):
        return  # shapes, not the inference, check the datatypes of literals
    one = term(subject)
    if name == "prp-spo2":
        links = tuple(map(term, graph.items(value)))
        if len(links) != 2:
            raise _make_error(
                graph, subject, construct, f"a property chain must have 2 links, not {len(links)}"
            )
        text = f"{describe(one)} owl:propertyChainAxiom ( {' '.join(map(describe, links))} )"
        yield InferenceRule(name, text, links, one)
    elif name == "prp-trp":
        yield InferenceRule("prp-spo2", text, (one, one), one)
    elif name == "prp-symp":
        yield InferenceRule("prp-inv", text, (one,), one)
    elif name == "prp-asyp":
        yield InferenceRule(name, text, (one,))
    elif name == "prp-fp":
        if NamedNode(OWL + "ObjectProperty") not in graph.values(subject, RDF_TYPE):
            raise _make_error(graph, subject, construct, "only an owl:ObjectProperty can be functional")
        yield InferenceRule(name, text, (one,))
    elif name in ("cax-dw", "prp-pdw"):
        yield InferenceRule(name, text, (one, term(value)))
    else:
        yield InferenceRule(name, text, (one,), term(value))
        if name == "prp-inv":
            yield InferenceRule(name, text, (term(value),), one)


def _is_annotation_property(graph: Graph, node: Node) -> bool:
    kinds = graph.nodes(node, RDF_TYPE)
    if NamedNode(OWL + "AnnotationProperty") not in kinds:
        return isinstance(node, NamedNode) and node.value in _WITHOUT_MEANING
    for other in ("ObjectProperty", "DatatypeProperty"):
        if NamedNode(OWL + other) in kinds:
            why = f"it is declared owl:{other} too"
            raise _make_error(graph, node, NamedNode(OWL + "AnnotationProperty"), why)
    return True


def _is_datatype(graph: Graph, term: Term) -> bool:
    return isinstance(term, NamedNode) and (
        term.value.startswith(XSD)
        or term.value in (RDFS + "Literal", RDF + "langString")
        or NamedNode(RDFS + "Datatype") in graph.values(term, RDF_TYPE)
    )


def _make_error(graph: Graph, node: Term, construct: NamedNode, why: str) -> _NotCoveredError:
    """Return the error for an axiom.

    A blank node is replaced by the term that it describes.
    """
    seen = set()
    while isinstance(node, BlankNode) and node not in seen:
        seen.add(node)
        holders = sorted((triple.subject for triple in graph.triples(value=node)), key=str)
        node = next(iter(holders), node)
    return _NotCoveredError(
        node,
        f"{describe(construct)} cannot be used for inference: {why}.",
        f"Leave it out of the ontology, or state it as a shape in shapes/. Covered are: {_COVERED}.",
    )

"""Which triples are axioms to the engine, and which only declare, annotate or build parts of axioms.

The split follows the mapping of OWL 2 to RDF (https://www.w3.org/TR/owl2-mapping-to-rdf/). Everything in the namespaces
of OWL and RDF Schema that isn't listed here as harmless is an axiom, so that what is unknown is refused.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from jhaan_kg.namespaces import OWL, RDF, RDF_TYPE, RDFS, XSD


def _iris(namespace: str, names: str) -> frozenset[str]:
    return frozenset(namespace + name for name in names.split())


ANNOTATION_PROPERTIES: Final = _iris(RDFS, "comment isDefinedBy label seeAlso") | _iris(
    OWL, "backwardCompatibleWith deprecated incompatibleWith priorVersion versionInfo"
)
"""The annotation properties that OWL 2 has itself."""

CLASS_CONSTRUCTORS: Final = _iris(
    OWL,
    "allValuesFrom complementOf hasValue intersectionOf maxCardinality maxQualifiedCardinality someValuesFrom unionOf",
)
"""The properties that make an anonymous class and that are covered in some place."""

_PARTS: Final = CLASS_CONSTRUCTORS | _iris(OWL, "inverseOf onClass onProperty")
"""What describes an anonymous class or property; on a named one it would be an axiom."""

_DATATYPES: Final = (
    _iris(RDF, "HTML JSON PlainLiteral XMLLiteral langString")
    | _iris(RDFS, "Literal")
    | _iris(OWL, "rational real")
)
_HARMLESS_PROPERTIES: Final = (
    ANNOTATION_PROPERTIES
    | _iris(OWL, "annotatedProperty annotatedSource annotatedTarget differentFrom imports members versionIRI")
    | _iris(RDFS, "member")
)
_HARMLESS_CLASSES: Final = _iris(
    OWL,
    "Annotation AnnotationProperty Axiom Class DatatypeProperty DeprecatedClass DeprecatedProperty NamedIndividual "
    "Nothing ObjectProperty Ontology Restriction Thing",
) | _iris(RDFS, "Class Datatype Resource")


def is_axiom(triple: Triple) -> bool:
    """Whether a triple adds to what is entailed, by the meaning of OWL and RDF Schema.

    >>> france, paris = NamedNode("http://example.org/france"), NamedNode("http://example.org/paris")
    >>> is_axiom(Triple(france, NamedNode(OWL + "sameAs"), paris))
    True
    >>> is_axiom(Triple(france, NamedNode(RDFS + "seeAlso"), paris))
    False
    """
    predicate, value = triple.predicate.value, triple.object
    if triple.predicate == RDF_TYPE:
        iri = value.value if isinstance(value, NamedNode) else ""
        return iri.startswith((OWL, RDFS)) and iri not in _HARMLESS_CLASSES
    if not predicate.startswith((OWL, RDFS)) or predicate in _HARMLESS_PROPERTIES:
        return False
    return predicate not in _PARTS or not isinstance(triple.subject, BlankNode)


def is_datatype(iri: str) -> bool:
    """Whether an IRI is a datatype of the standards.

    >>> is_datatype(XSD + "date"), is_datatype(OWL + "Class")
    (True, False)
    """
    return iri.startswith(XSD) or iri in _DATATYPES

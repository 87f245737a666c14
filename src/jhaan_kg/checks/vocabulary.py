"""The declared and the standard terms, and suggestions for unknown ones.

Names of RDF, RDF Schema, OWL 2, XML Schema and SHACL need no declaration, but one that these standards do not define
(`owl:Individual`, `sh:minLenght`) is an error. The lists are those of the W3C's vocabulary files (for XML Schema:
those of section 5.1 of RDF 1.1 Concepts, the datatypes that RDF may use); the tests compare them with the files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from enum import Enum
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg import near
from jhaan_kg.checks.stated import iri_of
from jhaan_kg.graph import Graph, local_name
from jhaan_kg.namespaces import OWL, RDF, RDFS, SH, XSD, compact


class TermKind(Enum):
    """The kinds of term that OWL distinguishes; the value is the word for people."""

    CLASS = "a class"
    OBJECT_PROPERTY = "an object property"
    DATATYPE_PROPERTY = "a datatype property"
    ANNOTATION_PROPERTY = "an annotation property"
    PROPERTY = "a property"
    DATATYPE = "a datatype"
    INDIVIDUAL = "an individual"

    @property
    def is_property(self) -> bool:
        """Whether such a term may be a predicate.

        >>> TermKind.OBJECT_PROPERTY.is_property, TermKind.CLASS.is_property
        (True, False)
        """
        return self.value.endswith("property")


_NAMES: Final[dict[tuple[str, TermKind], str]] = {
    (RDF, TermKind.CLASS): "Alt Bag CompoundLiteral List Property Seq Statement",
    (RDF, TermKind.DATATYPE): "HTML JSON PlainLiteral XMLLiteral langString",
    (RDF, TermKind.PROPERTY): "direction first language object predicate rest subject type value",
    (RDF, TermKind.INDIVIDUAL): "nil",
    (RDFS, TermKind.CLASS): "Class Container ContainerMembershipProperty Datatype Resource",
    (RDFS, TermKind.DATATYPE): "Literal",
    (
        RDFS,
        TermKind.PROPERTY,
    ): "comment domain isDefinedBy label member range seeAlso subClassOf subPropertyOf",
    (OWL, TermKind.CLASS): """
        AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty AsymmetricProperty
        Axiom Class DataRange DatatypeProperty DeprecatedClass DeprecatedProperty FunctionalProperty
        InverseFunctionalProperty IrreflexiveProperty NamedIndividual NegativePropertyAssertion Nothing
        ObjectProperty Ontology OntologyProperty ReflexiveProperty Restriction SymmetricProperty Thing
        TransitiveProperty""",
    (OWL, TermKind.DATATYPE): "rational real",
    (OWL, TermKind.PROPERTY): """
        allValuesFrom annotatedProperty annotatedSource annotatedTarget assertionProperty
        backwardCompatibleWith bottomDataProperty bottomObjectProperty cardinality complementOf
        datatypeComplementOf deprecated differentFrom disjointUnionOf disjointWith distinctMembers
        equivalentClass equivalentProperty hasKey hasSelf hasValue imports incompatibleWith intersectionOf
        inverseOf maxCardinality maxQualifiedCardinality members minCardinality minQualifiedCardinality
        onClass onDataRange onDatatype onProperties onProperty oneOf priorVersion propertyChainAxiom
        propertyDisjointWith qualifiedCardinality sameAs someValuesFrom sourceIndividual targetIndividual
        targetValue topDataProperty topObjectProperty unionOf versionIRI versionInfo withRestrictions""",
    (XSD, TermKind.DATATYPE): """
        anyURI base64Binary boolean byte date dateTime dateTimeStamp dayTimeDuration decimal double duration
        float gDay gMonth gMonthDay gYear gYearMonth hexBinary int integer language long Name NCName
        negativeInteger NMTOKEN nonNegativeInteger nonPositiveInteger normalizedString positiveInteger short
        string time token unsignedByte unsignedInt unsignedLong unsignedShort yearMonthDuration""",
    (SH, TermKind.CLASS): """
        AbstractResult ConstraintComponent Function JSConstraint JSExecutable JSFunction JSLibrary JSRule
        JSTarget JSTargetType JSValidator NodeKind NodeShape Parameter Parameterizable PrefixDeclaration
        PropertyGroup PropertyShape ResultAnnotation Rule SPARQLAskExecutable SPARQLAskValidator
        SPARQLConstraint SPARQLConstructExecutable SPARQLExecutable SPARQLFunction SPARQLRule
        SPARQLSelectExecutable SPARQLSelectValidator SPARQLTarget SPARQLTargetType SPARQLUpdateExecutable
        Severity Shape Target TargetType TripleRule ValidationReport ValidationResult Validator""",
    (SH, TermKind.INDIVIDUAL): """
        AndConstraintComponent BlankNode BlankNodeOrIRI BlankNodeOrLiteral ClassConstraintComponent
        ClosedConstraintComponent DatatypeConstraintComponent DisjointConstraintComponent
        EqualsConstraintComponent ExpressionConstraintComponent HasValueConstraintComponent IRI IRIOrLiteral
        InConstraintComponent Info JSConstraintComponent LanguageInConstraintComponent
        LessThanConstraintComponent LessThanOrEqualsConstraintComponent Literal MaxCountConstraintComponent
        MaxExclusiveConstraintComponent MaxInclusiveConstraintComponent MaxLengthConstraintComponent
        MinCountConstraintComponent MinExclusiveConstraintComponent MinInclusiveConstraintComponent
        MinLengthConstraintComponent NodeConstraintComponent NodeKindConstraintComponent
        NotConstraintComponent OrConstraintComponent PatternConstraintComponent PropertyConstraintComponent
        QualifiedMaxCountConstraintComponent QualifiedMinCountConstraintComponent SPARQLConstraintComponent
        UniqueLangConstraintComponent Violation Warning XoneConstraintComponent this""",
    (SH, TermKind.PROPERTY): """
        alternativePath and annotationProperty annotationValue annotationVarName ask class closed condition
        conforms construct datatype deactivated declare defaultValue description detail disjoint entailment
        equals expression filterShape flags focusNode group hasValue ignoredProperties in intersection
        inversePath js jsFunctionName jsLibrary jsLibraryURL labelTemplate languageIn lessThan
        lessThanOrEquals maxCount maxExclusive maxInclusive maxLength message minCount minExclusive
        minInclusive minLength name namespace node nodeKind nodeValidator nodes not object oneOrMorePath
        optional or order parameter path pattern predicate prefix prefixes property propertyValidator
        qualifiedMaxCount qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint result
        resultAnnotation resultMessage resultPath resultSeverity returnType rule select severity shapesGraph
        shapesGraphWellFormed sourceConstraint sourceConstraintComponent sourceShape sparql subject
        suggestedShapesGraph target targetClass targetNode targetObjectsOf targetSubjectsOf union uniqueLang
        update validator value xone zeroOrMorePath zeroOrOnePath""",
}

LANGUAGE_NAMESPACES: Final = (RDF, RDFS, OWL, XSD, SH)
"""The namespaces of the standards whose names are built in."""

BUILT_IN: Final[dict[str, TermKind]] = {
    namespace + name: kind for (namespace, kind), names in _NAMES.items() for name in names.split()
}
"""The IRI of each built-in name, with its kind."""

KIND_OF_TYPE: Final[Mapping[str, TermKind]] = {
    OWL + "Class": TermKind.CLASS,
    RDFS + "Class": TermKind.CLASS,
    OWL + "ObjectProperty": TermKind.OBJECT_PROPERTY,
    OWL + "DatatypeProperty": TermKind.DATATYPE_PROPERTY,
    OWL + "AnnotationProperty": TermKind.ANNOTATION_PROPERTY,
    RDFS + "Datatype": TermKind.DATATYPE,
    OWL + "NamedIndividual": TermKind.INDIVIDUAL,
}
"""The types by which an ontology declares a term, with the kinds that they declare."""


class Vocabulary:
    """The terms declared in the ontology files, and the built-in ones."""

    def __init__(self, ontology: Graph) -> None:
        """Read the declarations of the project's ontology and of the terms that it reuses."""
        kinds: dict[str, set[TermKind]] = defaultdict(set)
        for iri, kind in KIND_OF_TYPE.items():
            for term in ontology.instances(NamedNode(iri)):
                kinds[term.value].add(kind)
        self._kinds: Final = {iri: frozenset(found) for iri, found in kinds.items()}
        self._kinds.update((iri, frozenset((kind,))) for iri, kind in BUILT_IN.items())
        self._described: Final = {iri_of(triple.subject) for triple in ontology.triples()}
        self._ranges: Final[dict[str, set[str]]] = defaultdict(set)
        for triple in ontology.triples(predicate=NamedNode(RDFS + "range")):
            self._ranges[iri_of(triple.subject)].add(iri_of(triple.object))

    def kinds(self, iri: str) -> frozenset[TermKind]:
        """Return the declared kinds of a term; none if it is not declared."""
        return self._kinds.get(iri, frozenset())

    def is_known(self, iri: str) -> bool:
        """Return whether a term is declared or described.

        For instance, a vocabulary is described by its title and version.
        """
        return iri in BUILT_IN or iri in self._described

    def datatypes(self, iri: str) -> frozenset[str]:
        """Return the datatypes to which a property's range limits its values."""
        return frozenset(
            value for value in self._ranges.get(iri, ()) if TermKind.DATATYPE in self.kinds(value)
        )

    def like(self, iri: str, wanted: Collection[TermKind] = tuple(TermKind)) -> str:
        """Return the CURIE of the most similar declared term of some kinds.

        It is empty if none is similar.

        >>> Vocabulary(Graph.of([])).like("http://www.w3.org/2000/01/rdf-schema#lable")
        'rdfs:label'
        """
        return nearest(
            iri, tuple(term for term, kinds in sorted(self._kinds.items()) if kinds & frozenset(wanted))
        )


@lru_cache(maxsize=256)
def nearest(iri: str, candidates: tuple[str, ...]) -> str:
    """Return the CURIE of the candidate most similar to an IRI; empty if none is similar.

    Candidates in the same namespace are preferred, so that a typing error in a local name finds its term.

    >>> nearest("http://www.w3.org/ns/org#Rolle", ("http://www.w3.org/ns/org#Role", "http://www.w3.org/ns/org#role"))
    'org:Role'
    """
    name = local_name(iri)
    namespace = iri.removesuffix(name)
    names = {local_name(found): found for found in candidates if found == namespace + local_name(found)}
    close = near.nearest(name, names, most=1)
    if close:
        return compact(names[close[0]])
    # The same name in another namespace: a prefix mixed up, or http for https.
    elsewhere = {local_name(candidate).lower(): candidate for candidate in sorted(candidates, reverse=True)}
    return compact(elsewhere[name.lower()]) if name.lower() in elsewhere else ""

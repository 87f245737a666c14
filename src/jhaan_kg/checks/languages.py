"""The names that RDF, RDF Schema, OWL 2, XML Schema and SHACL define, with what each of them is.

Such names need no declaration, but a name that the standards don't define (`owl:Individual`, `sh:minLenght`)
is as wrong as any other. The lists are those of the W3C's vocabulary files (for XML Schema: those of section
5.1 of RDF 1.1 Concepts, the datatypes that RDF may use); the tests compare them with the files.
"""

from __future__ import annotations

from typing import Final

from jhaan_kg.checks.kinds import Kind
from jhaan_kg.namespaces import OWL, RDF, RDFS, SH, XSD

_NAMES: Final[dict[tuple[str, Kind], str]] = {
    (RDF, Kind.CLASS): "Alt Bag CompoundLiteral List Property Seq Statement",
    (RDF, Kind.DATATYPE): "HTML JSON PlainLiteral XMLLiteral langString",
    (RDF, Kind.PROPERTY): "direction first language object predicate rest subject type value",
    (RDF, Kind.INDIVIDUAL): "nil",
    (RDFS, Kind.CLASS): "Class Container ContainerMembershipProperty Datatype Resource",
    (RDFS, Kind.DATATYPE): "Literal",
    (RDFS, Kind.PROPERTY): "comment domain isDefinedBy label member range seeAlso subClassOf subPropertyOf",
    (OWL, Kind.CLASS): """
        AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty AsymmetricProperty
        Axiom Class DataRange DatatypeProperty DeprecatedClass DeprecatedProperty FunctionalProperty
        InverseFunctionalProperty IrreflexiveProperty NamedIndividual NegativePropertyAssertion Nothing
        ObjectProperty Ontology OntologyProperty ReflexiveProperty Restriction SymmetricProperty Thing
        TransitiveProperty""",
    (OWL, Kind.DATATYPE): "rational real",
    (OWL, Kind.PROPERTY): """
        allValuesFrom annotatedProperty annotatedSource annotatedTarget assertionProperty
        backwardCompatibleWith bottomDataProperty bottomObjectProperty cardinality complementOf
        datatypeComplementOf deprecated differentFrom disjointUnionOf disjointWith distinctMembers
        equivalentClass equivalentProperty hasKey hasSelf hasValue imports incompatibleWith intersectionOf
        inverseOf maxCardinality maxQualifiedCardinality members minCardinality minQualifiedCardinality
        onClass onDataRange onDatatype onProperties onProperty oneOf priorVersion propertyChainAxiom
        propertyDisjointWith qualifiedCardinality sameAs someValuesFrom sourceIndividual targetIndividual
        targetValue topDataProperty topObjectProperty unionOf versionIRI versionInfo withRestrictions""",
    (XSD, Kind.DATATYPE): """
        anyURI base64Binary boolean byte date dateTime dateTimeStamp dayTimeDuration decimal double duration
        float gDay gMonth gMonthDay gYear gYearMonth hexBinary int integer language long Name NCName
        negativeInteger NMTOKEN nonNegativeInteger nonPositiveInteger normalizedString positiveInteger short
        string time token unsignedByte unsignedInt unsignedLong unsignedShort yearMonthDuration""",
    (SH, Kind.CLASS): """
        AbstractResult ConstraintComponent Function JSConstraint JSExecutable JSFunction JSLibrary JSRule
        JSTarget JSTargetType JSValidator NodeKind NodeShape Parameter Parameterizable PrefixDeclaration
        PropertyGroup PropertyShape ResultAnnotation Rule SPARQLAskExecutable SPARQLAskValidator
        SPARQLConstraint SPARQLConstructExecutable SPARQLExecutable SPARQLFunction SPARQLRule
        SPARQLSelectExecutable SPARQLSelectValidator SPARQLTarget SPARQLTargetType SPARQLUpdateExecutable
        Severity Shape Target TargetType TripleRule ValidationReport ValidationResult Validator""",
    (SH, Kind.INDIVIDUAL): """
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
    (SH, Kind.PROPERTY): """
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

BUILT_IN: Final[dict[str, Kind]] = {
    namespace + name: kind for (namespace, kind), names in _NAMES.items() for name in names.split()
}
"""The IRI of each built-in name, with its kind."""

ANNOTATION_PROPERTIES: Final = frozenset(
    [RDFS + name for name in ("comment", "isDefinedBy", "label", "seeAlso")]
    + [
        OWL + name
        for name in (
            "backwardCompatibleWith",
            "deprecated",
            "incompatibleWith",
            "priorVersion",
            "versionInfo",
        )
    ]
)
"""The built-in annotation properties of OWL 2 (Structural Specification, section 5.5)."""

ONTOLOGY_PROPERTIES: Final = frozenset([OWL + "imports", OWL + "versionIRI"])
"""The properties that only an ontology's header may have, besides annotations."""

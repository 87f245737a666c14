"""The OWL profile: whether the ontology keeps to OWL 2 DL and to OWL 2 RL.

Both matter: an ontology outside OWL 2 DL is refused or misread by description-logic reasoners, and what is
outside OWL 2 RL a rule engine silently doesn't infer. Checked are the constructs, the places of class
expressions, the datatypes and the kinds of terms; `hierarchy` checks the properties with each other.

The sources are the OWL 2 Structural Specification (https://www.w3.org/TR/owl2-syntax/, sections 3, 5.8, 9 and
11) and OWL 2 Profiles (https://www.w3.org/TR/owl2-profiles/, section 4). In CI, ROBOT judges the same by the OWL API
(`tests/owl/slow_robot.py`); these checks take no Java, and name file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from jhaan_kg.checks.index import Index, Node, Term
from jhaan_kg.checks.kinds import Kind
from jhaan_kg.checks.languages import ANNOTATION_PROPERTIES, BUILT_IN, ONTOLOGY_PROPERTIES
from jhaan_kg.checks.stated import Stated, iri_of
from jhaan_kg.checks.vocabulary import KIND_OF_TYPE, Vocabulary
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import OWL, RDF, RDFS, XSD, compact

_NAMED: Final = OWL + "NamedIndividual"

_RESERVED: Final = (RDF, RDFS, OWL, XSD)
"""The namespaces whose classes may not stand in axioms, but for `owl:Thing` and `owl:Nothing`."""


def _names(namespace: str, names: str) -> frozenset[str]:
    return frozenset(namespace + name for name in names.split())


_DATATYPES: Final = (
    _names(
        XSD,
        """
        decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short
        byte unsignedLong unsignedInt unsignedShort unsignedByte float double string normalizedString token
        language Name NCName NMTOKEN boolean hexBinary base64Binary anyURI dateTime dateTimeStamp
        """,
    )
    | _names(RDF, "PlainLiteral XMLLiteral")
    | {RDFS + "Literal"}
)
"""The datatypes of OWL 2 RL (Profiles, section 4.2.2)."""

_SUBCLASS: Final = "a subclass"
_SUPERCLASS: Final = "a superclass"
_EQUIVALENT: Final = "an equivalent class"

_ALLOWED_PLACES: Final[dict[str, frozenset[str]]] = {
    OWL + "intersectionOf": frozenset((_SUBCLASS, _SUPERCLASS, _EQUIVALENT)),
    OWL + "hasValue": frozenset((_SUBCLASS, _SUPERCLASS, _EQUIVALENT)),
    OWL + "unionOf": frozenset((_SUBCLASS,)),
    OWL + "oneOf": frozenset((_SUBCLASS,)),
    OWL + "someValuesFrom": frozenset((_SUBCLASS,)),
    OWL + "complementOf": frozenset((_SUPERCLASS,)),
    OWL + "allValuesFrom": frozenset((_SUPERCLASS,)),
    OWL + "maxCardinality": frozenset((_SUPERCLASS,)),
    OWL + "maxQualifiedCardinality": frozenset((_SUPERCLASS,)),
}
"""Where each constructor of classes may stand (Profiles, section 4.2.3)."""

_CLASS_CONSTRUCTORS: Final = frozenset(_ALLOWED_PLACES)
_CARDINALITIES: Final = frozenset((OWL + "maxCardinality", OWL + "maxQualifiedCardinality"))

_PLACES_OF_AXIOMS: Final[dict[str, tuple[str | None, str | None]]] = {
    RDFS + "subClassOf": (_SUBCLASS, _SUPERCLASS),
    OWL + "equivalentClass": (_EQUIVALENT, _EQUIVALENT),
    OWL + "disjointWith": (_SUBCLASS, _SUBCLASS),
    RDFS + "domain": (None, _SUPERCLASS),
    RDFS + "range": (None, _SUPERCLASS),
}
"""Which axioms have class expressions as subject and object, and in which place those stand."""

_OTHER_CONSTRUCTS: Final = _names(
    OWL,
    """
    AllDisjointClasses AllDisjointProperties AnnotationProperty AsymmetricProperty Class DatatypeProperty
    FunctionalProperty InverseFunctionalProperty IrreflexiveProperty NamedIndividual Nothing ObjectProperty
    Ontology Restriction SymmetricProperty Thing TransitiveProperty differentFrom disjointWith equivalentClass
    equivalentProperty hasKey inverseOf members onClass onProperty propertyChainAxiom propertyDisjointWith
    sameAs
    """,
)
_UNUSABLE: Final = frozenset(iri for iri in BUILT_IN if iri.startswith(OWL)) - (
    _OTHER_CONSTRUCTS | _CLASS_CONSTRUCTORS | ANNOTATION_PROPERTIES | ONTOLOGY_PROPERTIES
)


def check_profile(ontology: Iterable[Stated], reused: Iterable[Stated]) -> list[Finding]:
    """Find what is outside OWL 2 DL or OWL 2 RL.

    Args:
        ontology: the triples of ontology/jhaan.ttl.
        reused: those of ontology/reused-terms.ttl, which declare the kinds of reused terms.

    Returns:
        The findings, sorted.
    """
    return sorted(set(_Checker(tuple(ontology), tuple(reused)).findings()))


class _Checker:
    """Goes through the axioms of the ontology."""

    def __init__(self, ontology: tuple[Stated, ...], reused: tuple[Stated, ...]) -> None:
        self.ontology = Index(ontology)
        self.all = Index((*ontology, *reused))
        self.vocabulary = Vocabulary((*ontology, *reused))

    def findings(self) -> Iterator[Finding]:
        yield from self.constructs()
        yield from self.kinds()
        yield from self.axioms()
        yield from self.annotations()

    def finding(self, node: Node, code: str, message: str, fix: str, about: str = "") -> Finding:
        path, line = self.all.place(node)
        owner = self.all.owner(node)
        subject = about or (owner.value if owner else "")
        return Finding(path, line, Severity.ERROR, code, compact(subject) if subject else "", message, fix)

    # --- constructs -----------------------------------------------------------------------------------------

    def constructs(self) -> Iterator[Finding]:
        """Find constructs of OWL that OWL 2 RL leaves out, such as reflexive properties."""
        for statement in self.ontology.statements:
            triple = statement.triple
            for iri in (triple.predicate.value, iri_of(triple.object)):
                if iri in _UNUSABLE:
                    yield Finding(
                        statement.path,
                        statement.line,
                        Severity.ERROR,
                        "owl-construct",
                        compact(iri),
                        "OWL 2 RL has no such construct, so rule engines don't apply it.",
                        "Leave it out, or state the rule as a shape in shapes/.",
                    )

    # --- kinds ----------------------------------------------------------------------------------------------

    def kinds(self) -> Iterator[Finding]:
        """Find terms of two kinds. A class is a value too where it says so itself, such as a type of event."""
        for node in self.all.subjects():
            kinds = self.declared_kinds(node)
            both = kinds == {Kind.CLASS, Kind.INDIVIDUAL} and _NAMED in self.all.iris(node, RDF + "type")
            if len(kinds) > 1 and not both:
                what = " and ".join(sorted(kind.value for kind in kinds))
                yield self.finding(
                    node, "owl-punning", f"is declared as {what}.", "Give each a name of its own."
                )

    def declared_kinds(self, node: Node) -> set[Kind]:
        types = self.all.iris(node, RDF + "type")
        kinds = {KIND_OF_TYPE[value] for value in types if value in KIND_OF_TYPE}
        if any(self.vocabulary.kinds(value) == {Kind.CLASS} and value not in BUILT_IN for value in types):
            kinds.add(Kind.INDIVIDUAL)
        return kinds

    # --- axioms ---------------------------------------------------------------------------------------------

    def axioms(self) -> Iterator[Finding]:
        """Look at the class expressions of all axioms, and at the kinds of properties that axioms relate."""
        for statement in self.ontology.statements:
            subject, predicate, value = statement.triple
            if predicate.value in _PLACES_OF_AXIOMS:
                if predicate.value == RDFS + "range" and self.holds_literals(subject):
                    yield from self.datatype(subject, value)
                    continue
                left, right = _PLACES_OF_AXIOMS[predicate.value]
                if left:
                    yield from self.expression(subject, left)
                if right:
                    yield from self.expression(value, right, within=subject)
            elif predicate.value in (RDFS + "subPropertyOf", OWL + "equivalentProperty"):
                yield from self.related_properties(subject, value)
            elif OWL + "AllDisjointClasses" in self.ontology.iris(subject, RDF + "type"):
                for member in self.ontology.items(value) if predicate.value == OWL + "members" else ():
                    yield from self.expression(member, _SUBCLASS, within=subject)

    def holds_literals(self, node: Node) -> bool:
        return self.vocabulary.kinds(iri_of(node)) == {Kind.DATATYPE_PROPERTY}

    def datatype(self, owner: Node, value: Term) -> Iterator[Finding]:
        """Look at the range of a datatype property."""
        iri = iri_of(value)
        if isinstance(value, BlankNode) and set(self.ontology.predicates(value)) & _UNUSABLE:
            return
        if not iri:
            message = "has an anonymous range of data, which OWL 2 RL doesn't allow."
            yield self.finding(owner, "owl-datatype", message, "Use one datatype, and a shape for the rest.")
        elif Kind.CLASS in self.vocabulary.kinds(iri):
            message = f"is a datatype property, but its range {compact(iri)} is a class."
            yield self.finding(
                owner, "owl-mixed-kinds", message, "Make it an object property, or name a datatype."
            )
        elif iri not in _DATATYPES:
            message = f"has the range {compact(iri)}, which is no datatype of OWL 2 RL."
            yield self.finding(
                owner, "owl-datatype", message, "Use another datatype, or state it in a shape."
            )

    def expression(self, term: Term, place: str, within: Node | None = None) -> Iterator[Finding]:
        """Look at a class expression in its place."""
        if isinstance(term, NamedNode):
            yield from self.named_class(term, place, within or term)
        elif isinstance(term, BlankNode):
            constructors = [p for p in self.ontology.predicates(term) if p in _CLASS_CONSTRUCTORS]
            for constructor in constructors:
                if place not in _ALLOWED_PLACES[constructor]:
                    message = f"{compact(constructor)} stands in {place}, where OWL 2 RL doesn't allow it."
                    yield self.finding(term, "owl-rl-position", message, self.instead(constructor))
                for value in self.ontology.objects(term, constructor):
                    yield from self.parts(term, constructor, value, place)

    def named_class(self, term: NamedNode, place: str, within: Node) -> Iterator[Finding]:
        kinds = self.vocabulary.kinds(term.value)
        if term.value == OWL + "Thing":
            message = f"owl:Thing stands as {place}, where OWL 2 RL doesn't allow it."
            yield self.finding(within, "owl-rl-position", message, "Leave the axiom out: it says nothing.")
        elif kinds and Kind.CLASS not in kinds:
            what = " and ".join(sorted(kind.value for kind in kinds))
            message = f"{compact(term.value)} stands as {place}, but it is {what}."
            yield self.finding(within, "owl-mixed-kinds", message, "Name a class.")
        elif term.value.startswith(_RESERVED) and term.value != OWL + "Nothing":
            message = f"{compact(term.value)} stands as {place}, but OWL 2 DL reserves its name."
            yield self.finding(within, "owl-reserved", message, "Leave the axiom out, or name another class.")

    def instead(self, constructor: str) -> str:
        if constructor == OWL + "unionOf":
            return "Name a common superclass."
        return "Leave it out, or state the rule as a shape in shapes/."

    def parts(self, node: Node, constructor: str, value: Term, place: str) -> Iterator[Finding]:
        """Look at what a constructor is applied to."""
        if constructor in (OWL + "intersectionOf", OWL + "unionOf"):
            for member in self.ontology.items(value):
                yield from self.expression(member, place, within=node)
        elif constructor == OWL + "complementOf":
            yield from self.expression(value, _SUBCLASS, within=node)
        elif constructor in (OWL + "someValuesFrom", OWL + "allValuesFrom"):
            on_data = any(
                self.holds_literals(NamedNode(p)) for p in self.ontology.iris(node, OWL + "onProperty")
            )
            if on_data:
                yield from self.datatype(node, value)
            elif not (constructor == OWL + "someValuesFrom" and iri_of(value) == OWL + "Thing"):
                yield from self.expression(value, place, within=node)
        elif constructor in _CARDINALITIES and not (isinstance(value, Literal) and value.value in ("0", "1")):
            message = f"{compact(constructor)} has another value than 0 and 1, which OWL 2 RL doesn't allow."
            yield self.finding(node, "owl-rl-position", message, "State the cardinality in a shape.")

    def related_properties(self, subject: Node, value: Term) -> Iterator[Finding]:
        """Find properties of different kinds in one hierarchy."""
        kinds = self.vocabulary.kinds(iri_of(subject)), self.vocabulary.kinds(iri_of(value))
        known = [kind for kind in kinds if kind and Kind.PROPERTY not in kind]
        if len(known) == 2 and not known[0] & known[1]:
            left, right = (" and ".join(sorted(kind.value for kind in both)) for both in known)
            message = f"is {left}, but {compact(iri_of(value))}, to which the axiom relates it, is {right}."
            yield self.finding(subject, "owl-mixed-kinds", message, "Relate properties of one kind only.")

    # --- annotations ----------------------------------------------------------------------------------------

    def annotations(self) -> Iterator[Finding]:
        """Find terms and headers that are described by something else than annotation properties."""
        for statement in self.ontology.statements:
            subject, predicate, _ = statement.triple
            kinds = self.vocabulary.kinds(predicate.value)
            if not kinds & {Kind.OBJECT_PROPERTY, Kind.DATATYPE_PROPERTY}:
                continue
            described = self.declared_kinds(subject)
            is_header = OWL + "Ontology" in self.all.iris(subject, RDF + "type")
            if is_header or described - {Kind.INDIVIDUAL}:
                what = " and ".join(sorted(kind.value for kind in kinds))
                yield self.finding(
                    subject,
                    "owl-annotation",
                    f"is described by {compact(predicate.value)}, which is {what}.",
                    "Describe terms and the ontology by annotation properties only.",
                )

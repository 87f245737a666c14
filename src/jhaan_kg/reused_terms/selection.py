"""The used terms of other vocabularies, each with its kind and the axioms that hold among them, and their Turtle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal

from jhaan_kg.checks.vocabulary import BUILT_IN, TermKind
from jhaan_kg.namespaces import BASE, OWL, PREFIXES, RDF, RDFS, SCHEMA, XSD, compact
from jhaan_kg.reused_terms.published import Published
from jhaan_kg.reused_terms.usage import Usage, vocabulary_of

_STATED_KINDS: Final = (
    (OWL + "ObjectProperty", TermKind.OBJECT_PROPERTY),
    (OWL + "DatatypeProperty", TermKind.DATATYPE_PROPERTY),
    (OWL + "AnnotationProperty", TermKind.ANNOTATION_PROPERTY),
    (RDFS + "Datatype", TermKind.DATATYPE),
    (OWL + "Class", TermKind.CLASS),
    (RDFS + "Class", TermKind.CLASS),
)
"""The types that tell the kind of a term; of several, the first counts."""

_CHARACTERISTICS: Final = tuple(
    f"{OWL}{name}Property"
    for name in (
        "Functional",
        "InverseFunctional",
        "Transitive",
        "Symmetric",
        "Asymmetric",
        "Reflexive",
        "Irreflexive",
    )
)
_INTRODUCTION: Final = f"""
<{BASE}ontology/reused-terms>
    a owl:Ontology ;
    dcterms:title "Terms that the JHAAN ontology reuses"@en ;
    dcterms:description "The terms of other vocabularies that the ontology, data, shapes and queries use, with the \
axioms among them, as their vocabularies state them."@en .
"""
_TYPES: Final = {
    TermKind.CLASS: "owl:Class",
    TermKind.OBJECT_PROPERTY: "owl:ObjectProperty",
    TermKind.DATATYPE_PROPERTY: "owl:DatatypeProperty",
    TermKind.ANNOTATION_PROPERTY: "owl:AnnotationProperty",
    TermKind.DATATYPE: "rdfs:Datatype",
    TermKind.INDIVIDUAL: "owl:NamedIndividual",
}
_ORDER: Final = (
    RDF + "type",
    RDFS + "label",
    RDFS + "isDefinedBy",
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
    RDFS + "domain",
    RDFS + "range",
    OWL + "inverseOf",
    OWL + "disjointWith",
)
"""The predicates of a term, in the order in which they are written."""


class Selection:
    """The used terms and the axioms among them.

    Attributes:
        published: what the vocabularies state.
        kinds: the used terms, and the classes of used individuals, each with its kind.
    """

    def __init__(self, usage: Usage, published: Published) -> None:
        """Decide on the kinds."""
        self.published = published
        terms = set(usage.terms)
        for term in usage.terms:
            if self._find_stated_kind(term) is TermKind.INDIVIDUAL:
                terms.update(
                    cls for cls in published.types(term) if vocabulary_of(cls) and published.types(cls)
                )
        required = usage.required_kinds()
        annotating = {triple.predicate.value for triple in usage.ontology}
        self.kinds = {
            term: self._find_stated_kind(term)
            or required.get(term)
            or self._likely_kind(term, usage, annotating)
            for term in sorted(terms)
        }

    # --- kinds ----------------------------------------------------------------------------------------------

    def _find_stated_kind(self, term: str) -> TermKind | None:
        """Return the kind that a term's vocabulary states; None for a bare rdf:Property."""
        types = self.published.types(term)
        stated = next((kind for iri, kind in _STATED_KINDS if iri in types), None)
        return stated or (None if RDF + "Property" in types else TermKind.INDIVIDUAL)

    def _likely_kind(self, term: str, usage: Usage, annotating: set[str]) -> TermKind:
        """Guess the kind of a property of which neither its vocabulary nor the project's axioms state it.

        It is an annotation property where the ontology annotates with it; else it follows from the range, or at last
        from the values in the data.
        """
        if term in annotating:
            return TermKind.ANNOTATION_PROPERTY
        ranges = self.published.values(term, RDFS + "range", SCHEMA + "rangeIncludes")
        holds_literals = {self._is_datatype(value) for value in ranges}
        if len(holds_literals) == 1:
            return TermKind.DATATYPE_PROPERTY if holds_literals == {True} else TermKind.OBJECT_PROPERTY
        if term in usage.has_things:
            return TermKind.OBJECT_PROPERTY if usage.has_things[term] else TermKind.DATATYPE_PROPERTY
        return TermKind.ANNOTATION_PROPERTY

    def _is_datatype(self, iri: str) -> bool:
        """Whether a class of values holds literals; schema.org's datatypes are instances of `schema:DataType`."""
        if iri in BUILT_IN:
            return BUILT_IN[iri] is TermKind.DATATYPE
        types = {cls for above in self.published.climb(iri) for cls in self.published.types(above)}
        return bool(types & {SCHEMA + "DataType", RDFS + "Datatype"})

    # --- axioms ---------------------------------------------------------------------------------------------

    def axioms(self, term: str) -> Iterator[tuple[str, str]]:
        """Yield predicate and object of the axioms about a term that have used terms as objects."""
        kind, types = self.kinds[term], self.published.types(term)
        if kind is TermKind.INDIVIDUAL:
            yield from ((RDF + "type", cls) for cls in types if cls in self.kinds)
        elif kind is TermKind.CLASS:
            yield from ((RDFS + "subClassOf", above) for above in self._nearest(term))
            yield from (
                (OWL + "disjointWith", other) for other in self.kinds if self._states_disjoint(term, other)
            )
        elif kind is TermKind.OBJECT_PROPERTY:
            yield from (
                (RDF + "type", characteristic)
                for characteristic in _CHARACTERISTICS
                if characteristic in types
            )
            inverses = self.published.values(term, OWL + "inverseOf")
            yield from ((OWL + "inverseOf", inverse) for inverse in inverses if inverse in self.kinds)
        if kind.is_property:
            yield from (
                (RDFS + "subPropertyOf", above) for above in self._nearest(term) if self.kinds[above] is kind
            )
        if kind in (TermKind.OBJECT_PROPERTY, TermKind.DATATYPE_PROPERTY):
            yield from self._domains_and_ranges(term)

    def _nearest(self, term: str) -> set[str]:
        return self.published.nearest(term, self.kinds.__contains__)

    def _states_disjoint(self, one: str, other: str) -> bool:
        """Whether two classes are disjoint, and not only because those above them are; of a pair, one order counts."""
        if one >= other or self.kinds[other] is not TermKind.CLASS or not self._are_disjoint(one, other):
            return False
        higher = [
            (above, other) for above in self._nearest(one) if self.published.is_strictly_above(above, one)
        ]
        higher += [
            (one, above) for above in self._nearest(other) if self.published.is_strictly_above(above, other)
        ]
        return not any(self._are_disjoint(*pair) for pair in higher)

    def _are_disjoint(self, one: str, other: str) -> bool:
        """Whether two classes, or classes above them, are stated to be disjoint."""
        above = self.published.climb(one), self.published.climb(other)
        return any(
            others & set(self.published.values(cls, OWL + "disjointWith"))
            for classes, others in (above, above[::-1])
            for cls in classes
        )

    def _domains_and_ranges(self, term: str) -> Iterator[tuple[str, str]]:
        # Used properties above have axioms of their own; those of the unused ones between are taken over.
        climbed = self.published.climb(term, self.kinds.__contains__)
        properties = [iri for iri in climbed if iri == term or iri not in self.kinds]
        for predicate in (RDFS + "domain", RDFS + "range"):
            values = {value for iri in properties for value in self.published.values(iri, predicate)}
            found = {stand_in for value in values for stand_in in self._stand_ins(value)}
            yield from ((predicate, value) for value in self.published.lowest(found))

    def _stand_ins(self, value: str) -> set[str]:
        """Return a class or datatype if it is used or built in, else the used classes nearest above it."""
        return {value} if value in self.kinds or value.startswith(XSD) else self._nearest(value)


def write_turtle(selection: Selection) -> str:
    """Return a selection as Turtle, grouped by vocabulary and sorted."""
    parts = ["# Written by `python -m jhaan_kg.reused_terms` from the vocabularies; don't edit it by hand.\n"]
    parts += [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in PREFIXES.items()]
    parts.append(_INTRODUCTION)
    for vocabulary, versions in selection.published.versions.items():
        parts += [
            f"# ---- {vocabulary.title}\n",
            f"<{vocabulary.iri}>",
            f"    dcterms:title {Literal(vocabulary.title, language='en')} ;",
            f"    owl:versionInfo {', '.join(str(Literal(version)) for version in versions)} .\n",
        ]
        for term, kind in selection.kinds.items():
            if vocabulary_of(term) != vocabulary:
                continue
            label = Literal(selection.published.label(term) or "", language="en")
            objects: dict[str, list[str]] = defaultdict(list)
            objects[RDF + "type"].append(_TYPES[kind])
            objects[RDFS + "label"].append(str(label))
            objects[RDFS + "isDefinedBy"].append(f"<{vocabulary.iri}>")
            for predicate, value in sorted(selection.axioms(term)):
                objects[predicate].append(compact(value))
            lines = [
                f"    {'a' if predicate == RDF + 'type' else compact(predicate)} {', '.join(objects[predicate])}"
                for predicate in _ORDER
                if predicate in objects
            ]
            parts.append(f"{compact(term)}\n" + " ;\n".join(lines) + " .\n")
    return "\n".join(parts)

"""The used terms of other vocabularies, each with its kind, and the axioms that hold among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jhaan_kg.checks.vocabulary import BUILT_IN, Kind
from jhaan_kg.namespaces import OWL, RDF, RDFS, SCHEMA, XSD
from jhaan_kg.reused_terms.published import Published
from jhaan_kg.reused_terms.usage import Usage
from jhaan_kg.reused_terms.vocabularies import vocabulary_of

_STATED_KINDS: Final = (
    (OWL + "ObjectProperty", Kind.OBJECT_PROPERTY),
    (OWL + "DatatypeProperty", Kind.DATATYPE_PROPERTY),
    (OWL + "AnnotationProperty", Kind.ANNOTATION_PROPERTY),
    (RDFS + "Datatype", Kind.DATATYPE),
    (OWL + "Class", Kind.CLASS),
    (RDFS + "Class", Kind.CLASS),
)
"""The types that tell the kind of a term; of several, the first counts."""

_CHARACTERISTICS: Final = tuple(
    OWL + name
    for name in (
        "FunctionalProperty",
        "InverseFunctionalProperty",
        "TransitiveProperty",
        "SymmetricProperty",
        "AsymmetricProperty",
        "ReflexiveProperty",
        "IrreflexiveProperty",
    )
)

Axiom = tuple[str, str]
"""Predicate and object of an axiom about a term, both as IRIs."""


class Selection:
    """The used terms and the axioms among them.

    Attributes:
        published: what the vocabularies say.
        kinds: the used terms, and the classes of used individuals, each with its kind.
    """

    def __init__(self, usage: Usage, published: Published) -> None:
        """Decide on the kinds.

        Args:
            usage: what the sources use.
            published: what the vocabularies say.
        """
        self.published = published
        terms = set(usage.terms)
        for term in usage.terms:
            if self._stated_kind(term) is Kind.INDIVIDUAL:
                terms.update(
                    cls for cls in published.types(term) if vocabulary_of(cls) and cls in published.defined
                )
        self.kinds = {term: self._kind(term, usage) for term in sorted(terms)}

    # --- kinds ----------------------------------------------------------------------------------------------

    def _stated_kind(self, term: str) -> Kind | None:
        """Give the kind that a term's vocabulary states; of a bare rdf:Property, nothing."""
        types = self.published.types(term)
        stated = next((kind for iri, kind in _STATED_KINDS if iri in types), None)
        return stated or (None if RDF + "Property" in types else Kind.INDIVIDUAL)

    def _kind(self, term: str, usage: Usage) -> Kind:
        """Give the kind of a term.

        It is what its vocabulary states; else what the project's own axioms require; else an annotation property where
        the ontology annotates with it; else it follows from the range, or at last from the values in the data.
        """
        known = self._stated_kind(term) or usage.required_kinds.get(term)
        if known:
            return known
        if term in usage.annotating:
            return Kind.ANNOTATION_PROPERTY
        ranges = self.published.values(term, RDFS + "range", SCHEMA + "rangeIncludes")
        holds_literals = {self._is_datatype(value) for value in ranges}
        if len(holds_literals) == 1:
            return Kind.DATATYPE_PROPERTY if holds_literals == {True} else Kind.OBJECT_PROPERTY
        if term in usage.has_things:
            return Kind.OBJECT_PROPERTY if usage.has_things[term] else Kind.DATATYPE_PROPERTY
        return Kind.ANNOTATION_PROPERTY

    def _is_datatype(self, iri: str) -> bool:
        """Whether a class of values holds literals; schema.org's datatypes are instances of `schema:DataType`."""
        if iri in BUILT_IN:
            return BUILT_IN[iri] is Kind.DATATYPE
        types = {cls for above in self.published.climb(iri) for cls in self.published.types(above)}
        return bool(types & {SCHEMA + "DataType", RDFS + "Datatype"})

    # --- axioms ---------------------------------------------------------------------------------------------

    def axioms(self, term: str) -> Iterator[Axiom]:
        """Give the axioms about a term that have used terms as objects."""
        kind, types = self.kinds[term], self.published.types(term)
        if kind is Kind.INDIVIDUAL:
            yield from ((RDF + "type", cls) for cls in types if cls in self.kinds)
        elif kind is Kind.CLASS:
            yield from ((RDFS + "subClassOf", above) for above in self._nearest(term))
            yield from (
                (OWL + "disjointWith", other) for other in self.kinds if self._states_disjoint(term, other)
            )
        elif kind is Kind.OBJECT_PROPERTY:
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
        if kind in (Kind.OBJECT_PROPERTY, Kind.DATATYPE_PROPERTY):
            yield from self._domains_and_ranges(term)

    def _nearest(self, term: str) -> set[str]:
        return self.published.nearest(term, self.kinds.__contains__)

    def _states_disjoint(self, one: str, other: str) -> bool:
        """Whether two classes are disjoint, and not only because those above them are; of a pair, one order counts."""
        if one >= other or self.kinds[other] is not Kind.CLASS or not self._are_disjoint(one, other):
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

    def _domains_and_ranges(self, term: str) -> Iterator[Axiom]:
        # Used properties above have axioms of their own; those of the unused ones between are taken over.
        climbed = self.published.climb(term, self.kinds.__contains__)
        properties = [iri for iri in climbed if iri == term or iri not in self.kinds]
        for predicate in (RDFS + "domain", RDFS + "range"):
            values = {value for iri in properties for value in self.published.values(iri, predicate)}
            found = {stand_in for value in values for stand_in in self._stand_ins(value)}
            yield from ((predicate, value) for value in self.published.lowest(found))

    def _stand_ins(self, value: str) -> set[str]:
        """Give a class or datatype if it is used or built in, else the used classes nearest above it."""
        return {value} if value in self.kinds or value.startswith(XSD) else self._nearest(value)

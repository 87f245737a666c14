"""What the ontology says of classes and properties, as far as tables need it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Triple

from jhaan_kg.build.graphs import graph_name, is_apart, is_evidence
from jhaan_kg.export.tables.cells import LITERALS
from jhaan_kg.export.tables.layout import KINDS, MEANINGS
from jhaan_kg.namespaces import DCTERMS, GRAPH, ONTOLOGY, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, XSD

HEADER: Final = ONTOLOGY.rstrip("#")
DEFINITION: Final = SKOS + "definition"
_ONTOLOGY: Final = (GRAPH + "ontology", GRAPH + "ontology/reused")
_TABULATED: Final = frozenset({RDF_TYPE.value, RDFS_LABEL.value, DEFINITION})
"""What tables tell of a term; its axioms are a matter of the ontology."""


class Vocabulary(NamedTuple):
    """The terms of the ontology.

    Attributes:
        said: the values of each property of each term, as texts.
        terms: the triples that tables tell of classes, properties and code lists.
    """

    said: Mapping[str, Mapping[str, tuple[str, ...]]]
    terms: frozenset[Triple]

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> Vocabulary:
        """Read the ontology among the quads of a snapshot."""
        said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        triples = []
        for quad in quads:
            if graph_name(quad) in _ONTOLOGY and isinstance(quad.subject, NamedNode):
                value = (
                    quad.object.value if isinstance(quad.object, NamedNode | Literal) else str(quad.object)
                )
                said[quad.subject.value][quad.predicate.value].append(value)
                triples.append(quad.triple)
        frozen = {
            term: {name: tuple(sorted(values)) for name, values in properties.items()}
            for term, properties in said.items()
        }
        types = {term: properties.get(RDF_TYPE.value, ()) for term, properties in frozen.items()}
        terms = frozenset(
            triple
            for triple in triples
            if triple.predicate.value in _TABULATED
            and isinstance(triple.subject, NamedNode)
            and (kinds := types[triple.subject.value])
            and OWL + "Ontology" not in kinds
        )
        return cls(frozen, terms)

    def label(self, term: str) -> str:
        """Give the label of a term, or its local name."""
        return self._one(term, RDFS_LABEL.value) or local_name(term)

    def definition(self, term: str) -> str:
        """Give the definition of a term; none where neither the ontology nor the layout has one."""
        return self._one(term, DEFINITION) or MEANINGS.get(term, "")

    def kinds(self, term: str) -> tuple[str, ...]:
        """Give the kinds of the values of a property: link or web, or those of a literal; see `cells.fits`."""
        if term in KINDS:
            return KINDS[term]
        if OWL + "ObjectProperty" in self._all(term, RDF_TYPE.value) or term == RDF_TYPE.value:
            return ("link",)
        kind = self._one(term, RDFS + "range").removeprefix(XSD)
        return (kind,) if kind in LITERALS else ("text",)

    def ranges(self, term: str) -> set[str]:
        """Give the classes that the values of a property belong to, superclasses too."""
        return {above for name in self._all(term, RDFS + "range") for above in self.superclasses(name)}

    def superclasses(self, term: str) -> set[str]:
        """Give a class and all classes above it."""
        found, ahead = {term}, [term]
        while ahead:
            above = set(self._all(ahead.pop(), RDFS + "subClassOf")) - found
            found |= above
            ahead += above
        return found

    def is_watched(self, term: str) -> bool:
        """Tell whether a contradiction about this property makes contested statements."""
        return "true" in self._all(term, ONTOLOGY + "singleValued")

    def about_itself(self, name: str) -> str:
        """Give what the ontology says of itself in a property of DCTERMS."""
        return self._one(HEADER, DCTERMS + name)

    def _all(self, term: str, name: str) -> tuple[str, ...]:
        return self.said.get(term, {}).get(name, ())

    def _one(self, term: str, name: str) -> str:
        return next(iter(self._all(term, name)), "")


def is_data(quad: Quad) -> bool:
    """Tell whether a quad says something of things, not of terms, stored queries or words."""
    graph = graph_name(quad)
    return graph not in _ONTOLOGY and (is_evidence(graph) or not is_apart(graph))


def local_name(iri: str) -> str:
    """Give what stands behind the last separator of an IRI.

    >>> local_name("https://schema.org/startDate")
    'startDate'
    """
    return iri.replace("#", "/").rpartition("/")[2]

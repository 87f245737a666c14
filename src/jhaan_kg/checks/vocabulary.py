"""The declared terms with their kinds, and what was probably meant by one that isn't declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Final

from jhaan_kg import near
from jhaan_kg.checks.kinds import Kind
from jhaan_kg.checks.languages import BUILT_IN
from jhaan_kg.checks.stated import Stated, iri_of
from jhaan_kg.namespaces import OWL, RDF, RDFS, compact

KIND_OF_TYPE: Final[Mapping[str, Kind]] = {
    OWL + "Class": Kind.CLASS,
    RDFS + "Class": Kind.CLASS,
    OWL + "ObjectProperty": Kind.OBJECT_PROPERTY,
    OWL + "DatatypeProperty": Kind.DATATYPE_PROPERTY,
    OWL + "AnnotationProperty": Kind.ANNOTATION_PROPERTY,
    RDFS + "Datatype": Kind.DATATYPE,
    OWL + "NamedIndividual": Kind.INDIVIDUAL,
}
"""The types by which an ontology declares a term, with the kinds that they declare."""


class Vocabulary:
    """The terms that the ontology files declare, and the built-in ones."""

    def __init__(self, ontology: Iterable[Stated]) -> None:
        """Read the declarations.

        Args:
            ontology: the triples of ontology/jhaan.ttl and ontology/reused-terms.ttl.
        """
        self._kinds: dict[str, set[Kind]] = defaultdict(set)
        self._ranges: dict[str, set[str]] = defaultdict(set)
        described: set[str] = set()
        for statement in ontology:
            subject, predicate = iri_of(statement.triple.subject), statement.triple.predicate.value
            described.add(subject)
            value = iri_of(statement.triple.object)
            if predicate == RDF + "type" and value in KIND_OF_TYPE:
                self._kinds[subject].add(KIND_OF_TYPE[value])
            elif predicate == RDFS + "range":
                self._ranges[subject].add(value)
        self.described: Collection[str] = frozenset(described)

    def kinds(self, iri: str) -> frozenset[Kind]:
        """Give the kinds that a term is declared to have; none if it isn't declared."""
        if iri in BUILT_IN:
            return frozenset((BUILT_IN[iri],))
        return frozenset(self._kinds.get(iri, ()))

    def is_known(self, iri: str) -> bool:
        """Whether a term is declared, or at least described as a vocabulary is by its title and version."""
        return iri in BUILT_IN or iri in self.described

    def datatypes(self, iri: str) -> frozenset[str]:
        """Give the datatypes to which a property's range limits its values."""
        return frozenset(value for value in self._ranges.get(iri, ()) if Kind.DATATYPE in self.kinds(value))

    def like(self, iri: str, wanted: Collection[Kind] = tuple(Kind)) -> str:
        """Give the CURIE of the declared term that was probably meant; nothing if none is near.

        Args:
            iri: what was written.
            wanted: the kinds that fit in its place.

        >>> Vocabulary([]).like("http://www.w3.org/2000/01/rdf-schema#lable")
        'rdfs:label'
        """
        candidates = [
            term for term in (*BUILT_IN, *sorted(self._kinds)) if self.kinds(term) & frozenset(wanted)
        ]
        return nearest(iri, tuple(candidates))


@lru_cache(maxsize=256)
def nearest(iri: str, candidates: tuple[str, ...]) -> str:
    """Give the CURIE of the candidate that looks most like an IRI; nothing if none is near.

    Candidates in the same namespace are preferred, so that a slip in a local name finds its term.

    >>> nearest("http://www.w3.org/ns/org#Rolle", ("http://www.w3.org/ns/org#Role", "http://www.w3.org/ns/org#role"))
    'org:Role'
    """
    namespace, name = split(iri)
    names = {split(candidate)[1]: candidate for candidate in candidates if split(candidate)[0] == namespace}
    close = near.nearest(name, names, most=1)
    if close:
        return compact(names[close[0]])
    # The same name in another namespace: a prefix mixed up, or http for https.
    elsewhere = {split(candidate)[1].lower(): candidate for candidate in sorted(candidates, reverse=True)}
    return compact(elsewhere[name.lower()]) if name.lower() in elsewhere else ""


def split(iri: str) -> tuple[str, str]:
    """Cut an IRI behind its last `#` or `/` into namespace and local name.

    >>> split("http://www.w3.org/ns/org#Role")
    ('http://www.w3.org/ns/org#', 'Role')
    """
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:end], iri[end:]

"""The declared and the standard terms, and suggestions for unknown ones.

Names of RDF, RDF Schema, OWL 2, XML Schema and SHACL need no declaration, but one that these standards do not define
(`owl:Individual`, `sh:minLenght`) is an error. rdflib lists the names; of XML Schema, only the datatypes of section 5.1
of RDF 1.1 Concepts, which RDF may use, are built in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from enum import Enum
from functools import cache, lru_cache
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg import near
from jhaan_kg.checks.stated import iri_of
from jhaan_kg.graph import Graph, local_name
from jhaan_kg.namespaces import OWL, RDF, RDFS, SH, XSD, compact, expand


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


_DATATYPES: Final = """
    anyURI base64Binary boolean byte date dateTime dateTimeStamp dayTimeDuration decimal double duration float gDay
    gMonth gMonthDay gYear gYearMonth hexBinary int integer language long Name NCName negativeInteger NMTOKEN
    nonNegativeInteger nonPositiveInteger normalizedString positiveInteger short string time token unsignedByte
    unsignedInt unsignedLong unsignedShort yearMonthDuration
"""
_OTHER_DATATYPES: Final = """
    owl:rational owl:real rdf:HTML rdf:JSON rdf:PlainLiteral rdf:XMLLiteral rdf:langString rdfs:Literal
"""
_INDIVIDUALS: Final = """
    rdf:nil sh:BlankNode sh:BlankNodeOrIRI sh:BlankNodeOrLiteral sh:IRI sh:IRIOrLiteral sh:Info sh:Literal
    sh:Violation sh:Warning sh:this
"""
_KEYWORDS: Final = "sh:and sh:class sh:in sh:not sh:or"
"""Properties that rdflib does not list, since Python has these words."""

LANGUAGE_NAMESPACES: Final = (RDF, RDFS, OWL, XSD, SH)
"""The namespaces of the standards whose names are built in."""


@cache
def built_in_terms() -> Mapping[str, TermKind]:
    """Return the IRI of each built-in name, with its kind.

    >>> built_in_terms()["http://www.w3.org/ns/shacl#minCount"].value
    'a property'
    """
    from rdflib import namespace

    kinds = {XSD + name: TermKind.DATATYPE for name in _DATATYPES.split()}
    for vocabulary in (namespace.RDF, namespace.RDFS, namespace.OWL, namespace.SH):
        for term in map(str, dir(vocabulary)):
            kinds[term] = TermKind.CLASS if local_name(term)[0].isupper() else TermKind.PROPERTY
            if re.search("[a-zA-Z]ConstraintComponent$", term) and kinds[term] is TermKind.CLASS:
                kinds[term] = TermKind.INDIVIDUAL
    kinds.update(dict.fromkeys(map(expand, _KEYWORDS.split()), TermKind.PROPERTY))
    kinds.update(dict.fromkeys(map(expand, _OTHER_DATATYPES.split()), TermKind.DATATYPE))
    kinds.update(dict.fromkeys(map(expand, _INDIVIDUALS.split()), TermKind.INDIVIDUAL))
    return kinds


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
        self._kinds.update((iri, frozenset((kind,))) for iri, kind in built_in_terms().items())
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
        return iri in built_in_terms() or iri in self._described

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

"""The vocabularies from which the project may take terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jhaan_kg.namespaces import PREFIXES


@dataclass(frozen=True)
class Vocabulary:
    """A vocabulary of others.

    Attributes:
        prefix: the project's prefix for its namespace.
        iri: the IRI by which its terms name it as `rdfs:isDefinedBy`.
        title: its name.
        files: its files in the folder of vocabularies.
    """

    prefix: str
    iri: str
    title: str
    files: tuple[str, ...]

    @property
    def namespace(self) -> str:
        """What the IRIs of its terms start with."""
        return PREFIXES[self.prefix]


VOCABULARIES: Final = (
    Vocabulary(
        "adms", "http://www.w3.org/ns/adms", "Asset Description Metadata Schema", ("adms-legacy.ttl",)
    ),
    Vocabulary("bibo", "http://purl.org/ontology/bibo/", "The Bibliographic Ontology", ("bibo.ttl",)),
    Vocabulary(
        "cv",
        "http://data.europa.eu/m8g",
        "EU Core Vocabularies: Public Organisation and Public Event",
        ("cpov-2.1.2-voc.ttl", "cpev-1.1.1-voc.ttl"),
    ),
    Vocabulary("dcat", "http://www.w3.org/ns/dcat", "Data Catalog Vocabulary", ("dcat3.ttl",)),
    Vocabulary("dcterms", "http://purl.org/dc/terms/", "DCMI Metadata Terms", ("dcterms.ttl",)),
    Vocabulary("doco", "http://purl.org/spar/doco", "The Document Components Ontology", ("doco.ttl",)),
    Vocabulary("foaf", "http://xmlns.com/foaf/0.1/", "Friend of a Friend", ("foaf.ttl",)),
    Vocabulary("org", "http://www.w3.org/ns/org#", "The Organization Ontology", ("org.ttl",)),
    Vocabulary("prov", "http://www.w3.org/ns/prov-o#", "The PROV Ontology", ("prov-o.ttl",)),
    Vocabulary("schema", "https://schema.org", "Schema.org", ("schema-https.ttl",)),
    Vocabulary(
        "skos", "http://www.w3.org/2004/02/skos/core", "Simple Knowledge Organization System", ("skos.ttl",)
    ),
    Vocabulary("skosxl", "http://www.w3.org/2008/05/skos-xl", "SKOS eXtension for Labels", ("skosxl.ttl",)),
    Vocabulary(
        "vann", "http://purl.org/vocab/vann/", "Vocabulary for annotating vocabularies", ("vann.ttl",)
    ),
)
"""The vocabularies, sorted by prefix."""


def vocabulary_of(iri: str) -> Vocabulary | None:
    """Give the vocabulary that a term belongs to, if it is one of others.

    >>> vocabulary = vocabulary_of("http://www.w3.org/ns/org#Role")
    >>> vocabulary.title if vocabulary else ""
    'The Organization Ontology'
    """
    return next((vocabulary for vocabulary in VOCABULARIES if iri.startswith(vocabulary.namespace)), None)

"""The vocabularies of others from which the project takes terms, and what its sources use of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg.checks.stated import iri_of
from jhaan_kg.checks.usage import WRITTEN_BY_THE_BUILD
from jhaan_kg.checks.vocabulary import KIND_OF_TYPE, TermKind
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, OWL, PREFIXES, RDF, RDFS, SH
from jhaan_kg.query.sparql_text import query_file_mentions, sparql_mentions

TARGET: Final = "ontology/reused-terms.ttl"
"""The file that is generated, relative to the root of the sources."""

_OF_THE_FILE_ITSELF: Final = (DCTERMS + "description", DCTERMS + "title")
_SAME_KIND: Final = frozenset((RDFS + "subPropertyOf", OWL + "equivalentProperty", OWL + "inverseOf"))
"""The axioms that relate properties of the same kind."""


class ReusedVocabulary(NamedTuple):
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
    ReusedVocabulary(
        "adms", "http://www.w3.org/ns/adms", "Asset Description Metadata Schema", ("adms-legacy.ttl",)
    ),
    ReusedVocabulary("bibo", "http://purl.org/ontology/bibo/", "The Bibliographic Ontology", ("bibo.ttl",)),
    ReusedVocabulary(
        "cv",
        "http://data.europa.eu/m8g",
        "EU Core Vocabularies: Public Organisation and Public Event",
        ("cpov-2.1.2-voc.ttl", "cpev-1.1.1-voc.ttl"),
    ),
    ReusedVocabulary("dcat", "http://www.w3.org/ns/dcat", "Data Catalog Vocabulary", ("dcat3.ttl",)),
    ReusedVocabulary("dcterms", "http://purl.org/dc/terms/", "DCMI Metadata Terms", ("dcterms.ttl",)),
    ReusedVocabulary("doco", "http://purl.org/spar/doco", "The Document Components Ontology", ("doco.ttl",)),
    ReusedVocabulary("foaf", "http://xmlns.com/foaf/0.1/", "Friend of a Friend", ("foaf.ttl",)),
    ReusedVocabulary("org", "http://www.w3.org/ns/org#", "The Organization Ontology", ("org.ttl",)),
    ReusedVocabulary("prov", "http://www.w3.org/ns/prov-o#", "The PROV Ontology", ("prov-o.ttl",)),
    ReusedVocabulary("schema", "https://schema.org", "Schema.org", ("schema-https.ttl",)),
    ReusedVocabulary(
        "skos", "http://www.w3.org/2004/02/skos/core", "Simple Knowledge Organization System", ("skos.ttl",)
    ),
    ReusedVocabulary(
        "skosxl", "http://www.w3.org/2008/05/skos-xl", "SKOS eXtension for Labels", ("skosxl.ttl",)
    ),
    ReusedVocabulary(
        "vann", "http://purl.org/vocab/vann/", "Vocabulary for annotating vocabularies", ("vann.ttl",)
    ),
)
"""The vocabularies, sorted by prefix."""


def vocabulary_of(iri: str) -> ReusedVocabulary | None:
    """Return the vocabulary of others that a term belongs to; None for the project's own and those of the standards.

    >>> vocabulary = vocabulary_of("http://www.w3.org/ns/org#Role")
    >>> vocabulary.title if vocabulary else ""
    'The Organization Ontology'
    """
    return next((vocabulary for vocabulary in VOCABULARIES if iri.startswith(vocabulary.namespace)), None)


@dataclass
class Usage:
    """What the sources use of other vocabularies.

    Attributes:
        terms: each used term with the first file that uses it.
        ontology: the triples of the project's ontology.
        has_things: the properties that the data use, each with whether one of its values is an entity.
    """

    terms: dict[str, str] = field(default_factory=dict)
    ontology: list[Triple] = field(default_factory=list)
    has_things: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> Usage:
        """Read all sources under a root.

        Raises:
            JhaanError: one of them can't be read.
        """
        usage = cls()
        usage._mention((*_OF_THE_FILE_ITSELF, *WRITTEN_BY_THE_BUILD), TARGET)
        for path in _files(root, "ontology/*.ttl", "shapes/**/*.ttl", "data/**/*.ttl", "data/**/*.trig"):
            name = path.relative_to(root).as_posix()
            for quad in read_quads(path, name) if name != TARGET else ():
                usage._mention(_iris(quad), name)
                if name.startswith("ontology/"):
                    usage.ontology.append(quad.triple)
                elif name.startswith("data/"):
                    known = usage.has_things.get(quad.predicate.value, False)
                    usage.has_things[quad.predicate.value] = known or not isinstance(quad.object, Literal)
        for path in _files(root, "queries/**/*.rq", "ontology/rules/*.rq"):
            mentions = query_file_mentions(path.read_text(encoding="utf-8"))
            usage._mention((mention.iri for mention in mentions), path.relative_to(root).as_posix())
        return usage

    def _mention(self, iris: Iterable[str], name: str) -> None:
        for iri in iris:
            vocabulary = vocabulary_of(iri)
            if vocabulary and iri not in (vocabulary.namespace, vocabulary.iri):
                self.terms.setdefault(iri, name)

    def required_kinds(self) -> dict[str, TermKind]:
        """Return the kinds that the ontology requires of properties: declared, or those of related properties."""
        declared: dict[str, TermKind] = {}
        related: dict[str, TermKind] = {}
        for triple in self.ontology:
            kind = KIND_OF_TYPE.get(iri_of(triple.object))
            if triple.predicate.value == RDF + "type" and kind and kind.is_property:
                declared[iri_of(triple.subject)] = kind
        for triple in self.ontology:
            if triple.predicate.value in _SAME_KIND:
                pair = iri_of(triple.subject), iri_of(triple.object)
                for iri, other in (pair, pair[::-1]):
                    if other in declared and not iri.startswith(ONTOLOGY):
                        related[iri] = declared[other]
        return related | declared


def read_quads(path: Path, name: str) -> Iterator[Quad]:
    """Yield the quads of a Turtle or TriG file.

    Args:
        path: the file.
        name: what errors call it.

    Raises:
        JhaanError: it can't be read.
    """
    syntax = RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE
    try:
        yield from parse(path=path, format=syntax)
    except SyntaxError as error:
        raise JhaanError(f"{name}: {error} Run `jhaan check`, correct the file and start again.") from None
    except OSError as error:
        raise JhaanError(f"{name} can't be read: {error.strerror}.") from None


def _files(root: Path, *patterns: str) -> list[Path]:
    found = {path for pattern in patterns for path in root.glob(pattern)}
    return sorted(found, key=lambda path: path.relative_to(root).as_posix())


def _iris(quad: Quad) -> Iterator[str]:
    """Yield the IRIs of a quad: its terms, the datatype of its literal, and those of the SPARQL in a shape."""
    for term in (quad.subject, quad.predicate, quad.object):
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value
            if quad.predicate.value in (SH + "select", SH + "ask"):
                yield from (mention.iri for mention in sparql_mentions(term.value))

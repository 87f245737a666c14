"""What the project's sources use of other vocabularies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg.checks.stated import iri_of
from jhaan_kg.checks.usage import WRITTEN_BY_THE_BUILD
from jhaan_kg.checks.vocabulary import KIND_OF_TYPE, Kind
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, OWL, RDF, RDFS, SH
from jhaan_kg.query.sparql_text import query_file_mentions, sparql_mentions
from jhaan_kg.reused_terms.vocabularies import vocabulary_of

TARGET: Final = "ontology/reused-terms.ttl"
"""The file that is generated, relative to the root of the sources."""

_OF_THE_FILE_ITSELF: Final = (DCTERMS + "description", DCTERMS + "title")
"""The terms that describe ontology/reused-terms.ttl and the vocabularies in it."""

_SAME_KIND: Final = frozenset((RDFS + "subPropertyOf", OWL + "equivalentProperty", OWL + "inverseOf"))
"""The axioms that relate properties of the same kind."""


@dataclass
class Usage:
    """What the sources use of other vocabularies.

    Attributes:
        terms: each used term with the first file that uses it.
        ontology: the triples of the project's ontology.
        has_things: the properties that the data use, each with whether one of its values is a thing.
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
        for name, path in _files(
            root, "ontology/*.ttl", "shapes/**/*.ttl", "data/**/*.ttl", "data/**/*.trig"
        ):
            if name == TARGET:
                continue
            for quad in read_quads(path, name):
                usage._mention(_iris(quad), name)
                if name.startswith("ontology/"):
                    usage.ontology.append(quad.triple)
                elif name.startswith("data/"):
                    known = usage.has_things.get(quad.predicate.value, False)
                    usage.has_things[quad.predicate.value] = known or not isinstance(quad.object, Literal)
        for name, path in _files(root, "queries/**/*.rq", "ontology/rules/*.rq"):
            mentions = query_file_mentions(path.read_text(encoding="utf-8"))
            usage._mention((mention.iri for mention in mentions), name)
        return usage

    def _mention(self, iris: Iterable[str], name: str) -> None:
        for iri in iris:
            vocabulary = vocabulary_of(iri)
            if vocabulary and iri not in (vocabulary.namespace, vocabulary.iri):
                self.terms.setdefault(iri, name)

    @cached_property
    def required_kinds(self) -> dict[str, Kind]:
        """The kinds that the project's ontology requires of properties: declared, or those of related properties."""
        declared = {
            iri_of(triple.subject): kind
            for triple in self.ontology
            if triple.predicate.value == RDF + "type"
            and (kind := KIND_OF_TYPE.get(iri_of(triple.object))) is not None
            and kind.is_property
        }
        related = {}
        for triple in self.ontology:
            if triple.predicate.value in _SAME_KIND:
                pair = iri_of(triple.subject), iri_of(triple.object)
                for iri, other in (pair, pair[::-1]):
                    if other in declared and not iri.startswith(ONTOLOGY):
                        related[iri] = declared[other]
        return related | declared

    @cached_property
    def annotating(self) -> frozenset[str]:
        """The properties that the project's ontology uses as annotations: its predicates."""
        return frozenset(triple.predicate.value for triple in self.ontology)


def read_quads(path: Path, name: str) -> Iterator[Quad]:
    """Give the quads of a Turtle or TriG file.

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


def _files(root: Path, *patterns: str) -> list[tuple[str, Path]]:
    """Give the files that match, with their names relative to the root, sorted by name."""
    found = {path.relative_to(root).as_posix(): path for pattern in patterns for path in root.glob(pattern)}
    return sorted(found.items())


def _iris(quad: Quad) -> Iterator[str]:
    """Give the IRIs of a quad: its terms, the datatype of its literal, and those of the SPARQL in a shape."""
    for term in (quad.subject, quad.predicate, quad.object):
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value
            if quad.predicate.value in (SH + "select", SH + "ask"):
                yield from (mention.iri for mention in sparql_mentions(term.value))

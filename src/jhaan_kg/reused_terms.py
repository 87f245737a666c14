"""Generator of ontology/reused-terms.ttl, the terms taken from other vocabularies.

The file contains each term of another vocabulary that the ontology, the data, the shapes or the queries use: its
kind, one English label, the vocabulary that defines it, and the axioms among the used terms. So checks, labels and
reasoning work offline, and the graph does not contain whole vocabularies, such as schema.org.

An axiom is taken only from the vocabulary that defines its subject. A path between used terms over unused terms is
shortened: the axioms among the used terms are the entailed ones. Anonymous classes are left out, so the file has no
blank nodes.

`Usage` has the terms that the sources use, `Published` the content of the vocabularies, and `Selection` combines
both. `python -m jhaan_kg.reused_terms` regenerates the file.
"""

from __future__ import annotations

import csv
import hashlib
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg.checks.stated import iri_of
from jhaan_kg.checks.usage import WRITTEN_BY_THE_BUILD
from jhaan_kg.checks.vocabulary import BUILT_IN, KIND_OF_TYPE, TermKind
from jhaan_kg.errors import Finding, FindingsError, JhaanError, Severity
from jhaan_kg.files import write_whole
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import BASE, DCTERMS, ONTOLOGY, OWL, PREFIXES, RDF, RDFS, SCHEMA, SH, XSD, compact
from jhaan_kg.query.sparql_text import query_file_mentions, sparql_mentions
from jhaan_kg.turtle import PREDICATE_ORDER
from jhaan_kg.turtle.format import format_source

TARGET: Final = "ontology/reused-terms.ttl"
"""The file that is generated, relative to the root of the sources."""

_OF_THE_FILE_ITSELF: Final = (DCTERMS + "description", DCTERMS + "title")
_SAME_KIND: Final = frozenset((RDFS + "subPropertyOf", OWL + "equivalentProperty", OWL + "inverseOf"))
"""The axioms that relate properties of the same kind."""


class ReusedVocabulary(NamedTuple):
    """A vocabulary of another publisher.

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
        """The namespace of its terms."""
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
    """Return the external vocabulary of a term.

    It is None for terms of the project and of the standards.

    >>> vocabulary = vocabulary_of("http://www.w3.org/ns/org#Role")
    >>> vocabulary.title if vocabulary else ""
    'The Organization Ontology'
    """
    return next((vocabulary for vocabulary in VOCABULARIES if iri.startswith(vocabulary.namespace)), None)


@dataclass
class Usage:
    """The terms of other vocabularies that the sources use.

    Attributes:
        terms: each used term with the first file that uses it.
        ontology: the triples of the project's ontology.
        has_things: for each property in the data, whether one of its values is an entity.
    """

    terms: dict[str, str] = field(default_factory=dict)
    ontology: list[Triple] = field(default_factory=list)
    has_things: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> Usage:
        """Read all sources under a root.

        Raises:
            JhaanError: a source can't be read.
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
        """Return the kinds of properties that the ontology requires.

        It requires them by declarations or related properties.
        """
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
        name: the name of the file in errors.

    Raises:
        JhaanError: the file can't be read.
    """
    syntax = RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE
    try:
        yield from parse(path=path, format=syntax)
    except SyntaxError:
        raise JhaanError(f"Cannot read {name}: syntax error. Run: jhaan check") from None
    except OSError as error:
        raise JhaanError(f"Cannot open {name}: {error.strerror}.") from None


def _files(root: Path, *patterns: str) -> list[Path]:
    found = {path for pattern in patterns for path in root.glob(pattern)}
    return sorted(found, key=lambda path: path.relative_to(root).as_posix())


def _iris(quad: Quad) -> Iterator[str]:
    """Yield the IRIs of a quad.

    These are its terms, the datatype of its literal, and the IRIs of the SPARQL in a shape.
    """
    for term in (quad.subject, quad.predicate, quad.object):
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value
            if quad.predicate.value in (SH + "select", SH + "ask"):
                yield from (mention.iri for mention in sparql_mentions(term.value))


_HIERARCHIES: Final = (RDFS + "subClassOf", RDFS + "subPropertyOf")
_EQUIVALENCES: Final = (OWL + "equivalentClass", OWL + "equivalentProperty")
_LABELS: Final = (RDFS + "label", SCHEMA + "name")
"""The label properties of vocabularies; the copy of schema.org uses the second."""


@dataclass(frozen=True)
class Published:
    """The full content of some vocabularies.

    Attributes:
        graph: their triples about their own terms, without anonymous classes.
        versions: version, name and digest of each file, by vocabulary.
    """

    graph: Graph
    versions: Mapping[ReusedVocabulary, list[str]]

    @classmethod
    def read(cls, folder: Path, vocabularies: Iterable[ReusedVocabulary]) -> Published:
        """Read some vocabularies from their folder.

        Raises:
            JhaanError: a file is missing, or isn't the one that the manifest describes.
        """
        manifest = _read_manifest(folder)
        triples: list[Triple] = []
        versions: dict[ReusedVocabulary, list[str]] = {}
        for vocabulary in sorted(vocabularies, key=lambda vocabulary: vocabulary.prefix):
            versions[vocabulary] = []
            for name in vocabulary.files:
                path = folder / name
                if name not in manifest or not path.is_file():
                    raise JhaanError(
                        f"The file {name} is missing in {folder} or in its MANIFEST.tsv. Add it."
                    )
                version, digest = manifest[name]
                if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                    raise JhaanError(
                        f"The checksum (SHA-256) of {path} differs from MANIFEST.tsv. "
                        "Restore the file or update the manifest."
                    )
                versions[vocabulary].append(f"{version} ({name}, SHA-256 {digest})")
                triples += (
                    quad.triple
                    for quad in read_quads(path, name)
                    if iri_of(quad.subject).startswith(vocabulary.namespace)
                    and not isinstance(quad.object, BlankNode)
                )
        return cls(Graph.of(triples), versions)

    def values(self, term: str, *predicates: str) -> list[str]:
        """Return the IRIs that are values of some properties of a term."""
        return [
            value.value
            for predicate in predicates
            for value in self.graph.nodes(NamedNode(term), NamedNode(predicate))
        ]

    def types(self, term: str) -> list[str]:
        """Return the types of a term; an undefined term has none."""
        return self.values(term, RDF + "type")

    def label(self, term: str) -> str | None:
        """Return the only English label of a term in its vocabulary; None if it has none."""
        for predicate in _LABELS:
            english = sorted(
                (label.language or "", label.value)
                for label in self.graph.values(NamedNode(term), NamedNode(predicate))
                if isinstance(label, Literal) and (label.language or "en").partition("-")[0] == "en"
            )
            if english:
                return english[0][1]
        return None

    # --- hierarchies ----------------------------------------------------------------------------------------

    def climb(self, start: str, stop: Callable[[str], bool] = lambda _: False) -> set[str]:
        """Return a class or property, the terms above it and those equivalent to it.

        Args:
            start: the class or property.
            stop: whether to stop at a term; that term is still part of the result.
        """
        seen, waiting = {start}, [start]
        while waiting:
            term = waiting.pop()
            if term == start or not stop(term):
                above = set(self.values(term, *_HIERARCHIES, *_EQUIVALENCES))
                for predicate in _EQUIVALENCES:
                    above.update(
                        node.value for node in self.graph.subjects(NamedNode(predicate), NamedNode(term))
                    )
                waiting.extend(above - seen)
                seen |= above
        return seen

    def nearest(self, term: str, used: Callable[[str], bool]) -> set[str]:
        """Return the nearest used terms above a term, with no other used term between."""
        return self.lowest({above for above in self.climb(term, used) - {term} if used(above)})

    def lowest(self, terms: set[str]) -> set[str]:
        """Remove the classes or properties that are above others among them."""
        return {
            term for term in terms if not any(self.is_strictly_above(term, other) for other in terms - {term})
        }

    def is_strictly_above(self, term: str, other: str) -> bool:
        """Return whether a term is above another and not equivalent to it."""
        return term in self.climb(other) and other not in self.climb(term)


def _read_manifest(folder: Path) -> dict[str, tuple[str, str]]:
    """Return version and SHA-256 of each file in the folder."""
    path = folder / "MANIFEST.tsv"
    if not path.is_file():
        raise JhaanError(
            f"Cannot open {path}: no such file. Set JHAAN_VOCAB to the folder of the vocabularies."
        )
    with path.open(encoding="utf-8", newline="") as file:
        return {row["file"]: (row["version"], row["sha256"]) for row in csv.DictReader(file, delimiter="\t")}


_STATED_KINDS: Final = (
    (OWL + "ObjectProperty", TermKind.OBJECT_PROPERTY),
    (OWL + "DatatypeProperty", TermKind.DATATYPE_PROPERTY),
    (OWL + "AnnotationProperty", TermKind.ANNOTATION_PROPERTY),
    (RDFS + "Datatype", TermKind.DATATYPE),
    (OWL + "Class", TermKind.CLASS),
    (RDFS + "Class", TermKind.CLASS),
)
"""The types that decide the kind of a term; of several, the first counts."""

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
_ORDER: Final = (*PREDICATE_ORDER, OWL + "disjointWith")
"""The properties of a term, in the order of writing."""


class Selection:
    """The used terms and the axioms among them.

    Attributes:
        published: what the vocabularies state.
        kinds: the kind of each used term, and of the classes of used individuals.
    """

    def __init__(self, usage: Usage, published: Published) -> None:
        """Determine the kinds of the used terms."""
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
        """Return the kind of a term in its vocabulary; None for a bare rdf:Property."""
        types = self.published.types(term)
        stated = next((kind for iri, kind in _STATED_KINDS if iri in types), None)
        return stated or (None if RDF + "Property" in types else TermKind.INDIVIDUAL)

    def _likely_kind(self, term: str, usage: Usage, annotating: set[str]) -> TermKind:
        """Return the likely kind of a property.

        It is used if neither the property's vocabulary nor the project's axioms state the kind.

        It is an annotation property if the ontology annotates with it; otherwise the range decides, or else the
        values in the data.
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
        """Return whether a class contains literals.

        The datatypes of schema.org are instances of `schema:DataType`.
        """
        if iri in BUILT_IN:
            return BUILT_IN[iri] is TermKind.DATATYPE
        types = {cls for above in self.published.climb(iri) for cls in self.published.types(above)}
        return bool(types & {SCHEMA + "DataType", RDFS + "Datatype"})

    # --- axioms ---------------------------------------------------------------------------------------------

    def axioms(self, term: str) -> Iterator[tuple[str, str]]:
        """Yield property and object of the axioms about a term whose objects are used terms."""
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
        """Return whether two classes are directly disjoint, not only through superclasses.

        Only one order of a pair counts.
        """
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
        """Return whether two classes, or classes above them, are stated to be disjoint."""
        above = self.published.climb(one), self.published.climb(other)
        return any(
            others & set(self.published.values(cls, OWL + "disjointWith"))
            for classes, others in (above, above[::-1])
            for cls in classes
        )

    def _domains_and_ranges(self, term: str) -> Iterator[tuple[str, str]]:
        # A used superproperty states its own axioms; those of unused superproperties are copied to this term.
        climbed = self.published.climb(term, self.kinds.__contains__)
        properties = [iri for iri in climbed if iri == term or iri not in self.kinds]
        for predicate in (RDFS + "domain", RDFS + "range"):
            values = {value for iri in properties for value in self.published.values(iri, predicate)}
            found = {stand_in for value in values for stand_in in self._stand_ins(value)}
            yield from ((predicate, value) for value in self.published.lowest(found))

    def _stand_ins(self, value: str) -> set[str]:
        """Return a class or datatype that is used or built in, or else those above it.

        The latter are the nearest used classes.
        """
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


def generate(root: Path, vocab_dir: Path) -> str:
    """Return the text of ontology/reused-terms.ttl.

    Args:
        root: the root of the sources.
        vocab_dir: the folder of the vocabularies, with its MANIFEST.tsv.

    Raises:
        JhaanError: the folder lacks a file, a file differs from the manifest, or a source cannot be read.
        FindingsError: a source uses a term that its vocabulary does not define or label.
    """
    usage = Usage.of(root)
    published = Published.read(vocab_dir, {v for iri in usage.terms if (v := vocabulary_of(iri))})
    fix = "Use another term, or define one of the project's own."
    faults = [
        Finding(path, 0, Severity.ERROR, code, compact(iri), message, fix)
        for iri, path in usage.terms.items()
        for code, message in _faults(iri, published)
    ]
    if faults:
        raise FindingsError(faults)
    return format_source(write_turtle(Selection(usage, published)), trig=False, name=TARGET)


def write(root: Path, vocab_dir: Path) -> Path:
    """Regenerate ontology/reused-terms.ttl and return its path; for errors see `generate`."""
    path = root / TARGET
    write_whole(path, generate(root, vocab_dir).encode())
    return path


def _faults(iri: str, published: Published) -> Iterator[tuple[str, str]]:
    """Yield the code and message of each fault that makes a term unusable."""
    if not published.types(iri):
        yield "undefined-term", "the vocabulary does not define this term."
    elif published.label(iri) is None:
        yield "term-label", "the vocabulary gives this term no English label."


def main() -> int:
    """Regenerate the file for the checkout in the current folder, from the folder in JHAAN_VOCAB."""
    try:
        path = write(Path.cwd(), Path(os.environ.get("JHAAN_VOCAB", "vocab")))
    except JhaanError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stderr.write(f"{path} written.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

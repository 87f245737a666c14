"""The generator of ontology/reused-terms.ttl: what we take from other vocabularies, and what they say of it.

The file holds each term of another vocabulary that the ontology, the data, the shapes or the queries use: its
kind, one English label, the vocabulary that defines it, and the axioms that hold among the used terms. So
checks, labels and reasoning work offline, and the whole vocabularies (schema.org alone has 17,000 triples)
stay out of the graph.

An axiom is taken only from the vocabulary that defines its subject, never from a third one. Where the way
from a used term to another leads over terms that aren't used, it is shortened: the axioms among the used
terms are the entailed ones. Anonymous classes are left out, so the file has no blank nodes.
"""

from __future__ import annotations

import csv
import hashlib
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg.checks.kinds import Kind
from jhaan_kg.checks.languages import BUILT_IN
from jhaan_kg.checks.sparql_terms import query_file_mentions, sparql_mentions
from jhaan_kg.errors import Finding, FindingsError, JhaanError, Severity
from jhaan_kg.namespaces import BASE, DCTERMS, ONTOLOGY, OWL, PREFIXES, RDF, RDFS, SCHEMA, SH, XSD, compact
from jhaan_kg.turtle.format import format_source

TARGET: Final = "ontology/reused-terms.ttl"
"""The file that this module writes, relative to the root of the sources."""

HEADER_IRI: Final = BASE + "ontology/reused-terms"
"""The IRI of the file as an ontology."""

_ENGLISH: Final = "en"
_OWN_HEADER: Final = {DCTERMS + name for name in ("title", "description")}
_CHARACTERISTICS: Final = (
    "FunctionalProperty",
    "InverseFunctionalProperty",
    "TransitiveProperty",
    "SymmetricProperty",
    "AsymmetricProperty",
    "ReflexiveProperty",
    "IrreflexiveProperty",
)
_TYPE_OF_KIND: Final = {
    Kind.CLASS: OWL + "Class",
    Kind.OBJECT_PROPERTY: OWL + "ObjectProperty",
    Kind.DATATYPE_PROPERTY: OWL + "DatatypeProperty",
    Kind.ANNOTATION_PROPERTY: OWL + "AnnotationProperty",
    Kind.DATATYPE: RDFS + "Datatype",
    Kind.INDIVIDUAL: OWL + "NamedIndividual",
}


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
        """What its terms start with."""
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
"""The vocabularies from which the project may take terms."""


def vocabulary_of(iri: str) -> Vocabulary | None:
    """Give the vocabulary that a term belongs to, if it is one of others.

    >>> vocabulary = vocabulary_of("http://www.w3.org/ns/org#Role")
    >>> vocabulary.title if vocabulary else ""
    'The Organization Ontology'
    """
    return next((vocabulary for vocabulary in VOCABULARIES if iri.startswith(vocabulary.namespace)), None)


def generate(root: Path, vocab_dir: Path) -> str:
    """Give the text of ontology/reused-terms.ttl.

    Args:
        root: the root of the sources.
        vocab_dir: the folder of the vocabularies, with its MANIFEST.tsv.

    Raises:
        JhaanError: the folder lacks a file, a file isn't the one that the manifest describes, or a source
            can't be
            read.
        FindingsError: a source uses a term that its vocabulary doesn't define, or to which it gives no label.
    """
    usage = _Usage.of(root)
    source = _Source.read(vocab_dir, {v for iri in usage.terms if (v := vocabulary_of(iri))})
    faults = [
        Finding(
            path,
            0,
            Severity.ERROR,
            code,
            compact(iri),
            message,
            "Use another term, or define one of the project.",
        )
        for iri, path in usage.terms.items()
        for code, message in _faults(iri, source)
    ]
    if faults:
        raise FindingsError(faults)
    return format_source(_write(usage, source), trig=False, name=TARGET)


def _faults(iri: str, source: _Source) -> Iterator[tuple[str, str]]:
    """Say with code and message why a term can't be used."""
    if iri not in source.defined:
        yield "undefined-term", "the vocabulary doesn't define this term."
    elif source.label(iri) is None:
        yield "term-label", "the vocabulary gives this term no English label."


def write(root: Path, vocab_dir: Path) -> Path:
    """Write ontology/reused-terms.ttl anew and give its path; `generate` says what may be raised."""
    path = root / TARGET
    text = generate(root, vocab_dir)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)
    return path


# --- what the project uses ----------------------------------------------------------------------------------


@dataclass
class _Usage:
    """What the sources use of other vocabularies.

    Attributes:
        terms: each used term with the first file that uses it.
        ontology: the triples of the project's ontology.
        valued: the properties that data give, each with whether one of its values is an IRI.
    """

    terms: dict[str, str] = field(default_factory=dict)
    ontology: list[Triple] = field(default_factory=list)
    valued: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> _Usage:
        """Read all sources under a root."""
        usage = cls()
        usage._mention(sorted(_OWN_HEADER), TARGET)
        for path in _files(root, "ontology/jhaan.ttl", "shapes/**/*.ttl", "data/**/*.ttl", "data/**/*.trig"):
            name = path.relative_to(root).as_posix()
            for quad in _read(path, name):
                usage._mention(_iris(quad), name)
                if name.startswith("ontology/"):
                    usage.ontology.append(quad.triple)
                elif name.startswith("data/"):
                    is_iri = not isinstance(quad.object, Literal)
                    usage.valued[quad.predicate.value] = is_iri or usage.valued.get(
                        quad.predicate.value, False
                    )
        for path in _files(root, "queries/**/*.rq"):
            text = path.read_text(encoding="utf-8")
            usage._mention(
                (mention.iri for mention in query_file_mentions(text)), path.relative_to(root).as_posix()
            )
        return usage

    def _mention(self, iris: Iterable[str], name: str) -> None:
        for iri in iris:
            vocabulary = vocabulary_of(iri)
            if vocabulary and iri not in (vocabulary.namespace, vocabulary.iri):
                self.terms.setdefault(iri, name)

    @cached_property
    def required_kinds(self) -> dict[str, Kind]:
        """The kinds that axioms of the project's ontology require of properties of others."""
        kinds: dict[str, Kind] = {}
        for triple in self.ontology:
            kind = _KIND_OF_TYPE.get(_value(triple.object))
            if (
                triple.predicate.value == RDF + "type"
                and kind
                and kind.is_property
                and kind is not Kind.PROPERTY
            ):
                kinds[_value(triple.subject)] = kind
        own = dict(kinds)
        for triple in self.ontology:
            if triple.predicate.value in (
                RDFS + "subPropertyOf",
                OWL + "equivalentProperty",
                OWL + "inverseOf",
            ):
                subject, value = _value(triple.subject), _value(triple.object)
                for iri, other in ((subject, value), (value, subject)):
                    if other in own and not iri.startswith(ONTOLOGY):
                        kinds.setdefault(iri, own[other])
        return kinds

    @cached_property
    def annotating(self) -> frozenset[str]:
        """The properties that the project's ontology uses as annotations: its predicates."""
        return frozenset(triple.predicate.value for triple in self.ontology)


_KIND_OF_TYPE: Final = {iri: kind for kind, iri in _TYPE_OF_KIND.items()}


def _files(root: Path, *patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in root.glob(pattern))


def _read(path: Path, name: str) -> Iterator[Quad]:
    """Give the quads of a Turtle or TriG file.

    Raises:
        JhaanError: it can't be read.
    """
    try:
        yield from parse(
            path=str(path), format=RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE
        )
    except SyntaxError as error:
        raise JhaanError(f"{name}: {error} Run `jhaan check`, correct the file and start again.") from None
    except OSError as error:
        raise JhaanError(f"{name} can't be read: {error.strerror}.") from None


def _iris(quad: Quad) -> Iterator[str]:
    for term in (quad.subject, quad.predicate, quad.object):
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value
            if quad.predicate.value in (SH + "select", SH + "ask"):
                yield from (mention.iri for mention in sparql_mentions(term.value))


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


# --- what the vocabularies say ------------------------------------------------------------------------------


@dataclass
class _Source:
    """The vocabularies in full.

    Attributes:
        objects: what each vocabulary says of its own terms: the objects by subject and predicate.
        versions: the version of each file, by vocabulary.
    """

    objects: dict[tuple[str, str], list[NamedNode | Literal]]
    versions: dict[Vocabulary, list[str]]

    @classmethod
    def read(cls, folder: Path, vocabularies: Iterable[Vocabulary]) -> _Source:
        """Read some vocabularies.

        Raises:
            JhaanError: a file is missing, or isn't the one that the manifest describes.
        """
        manifest = _manifest(folder)
        source = cls(defaultdict(list), defaultdict(list))
        for vocabulary in sorted(vocabularies, key=lambda v: v.prefix):
            for name in vocabulary.files:
                path = folder / name
                if name not in manifest or not path.is_file():
                    raise JhaanError(
                        f"The folder of vocabularies {folder} or its MANIFEST.tsv lacks {name}. Add it."
                    )
                version, expected = manifest[name]
                if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
                    raise JhaanError(
                        f"{path} isn't the file that MANIFEST.tsv describes: the SHA-256 differs. "
                        "Put the described file there, or update the manifest."
                    )
                source.versions[vocabulary].append(f"{version} ({name}, SHA-256 {expected})")
                for quad in _read(path, name):
                    if _value(quad.subject).startswith(vocabulary.namespace) and not isinstance(
                        quad.object, BlankNode | Triple
                    ):
                        source.objects[_value(quad.subject), quad.predicate.value].append(quad.object)
        return source

    @cached_property
    def defined(self) -> frozenset[str]:
        """Every term that a vocabulary gives a type."""
        return frozenset(subject for subject, predicate in self.objects if predicate == RDF + "type")

    def values(self, subject: str, predicate: str) -> list[str]:
        """Give the IRIs that a term has as objects of a predicate."""
        return [
            term.value for term in self.objects.get((subject, predicate), ()) if isinstance(term, NamedNode)
        ]

    def types(self, term: str) -> list[str]:
        """Give the types of a term."""
        return self.values(term, RDF + "type")

    def label(self, term: str) -> str | None:
        """Give the English label of a term, as its vocabulary has it; schema.org calls it `schema:name`."""
        for predicate in (RDFS + "label", SCHEMA + "name"):
            labels = [
                label for label in self.objects.get((term, predicate), ()) if isinstance(label, Literal)
            ]
            english = sorted(
                (label.language or "", label.value)
                for label in labels
                if (label.language or _ENGLISH).partition("-")[0] == _ENGLISH
            )
            if english:
                return english[0][1]
        return None

    def superiors(self, term: str, predicates: tuple[str, ...]) -> Iterator[str]:
        """Give what is directly above a term: superclasses or superproperties, and its equivalents."""
        for predicate in predicates:
            yield from self.values(term, predicate)
        yield from self._equivalents.get(term, ())

    @cached_property
    def _equivalents(self) -> Mapping[str, list[str]]:
        """The terms that are stated to be equivalent, in both directions."""
        found: dict[str, list[str]] = defaultdict(list)
        for (subject, predicate), values in self.objects.items():
            if predicate in (OWL + "equivalentClass", OWL + "equivalentProperty"):
                for value in values:
                    found[subject].append(value.value)
                    found[value.value].append(subject)
        return found

    def ancestors(self, term: str, predicate: str) -> set[str]:
        """Give everything above a term, and the term itself."""
        return self.climb(term, predicate, lambda _: False)

    def nearest(self, term: str, predicate: str, used: Callable[[str], bool]) -> set[str]:
        """Give the used terms nearest above a term, itself apart: no other used one lies between."""
        return self.lowest(
            {found for found in self.climb(term, predicate, used) if found != term and used(found)}
        )

    def lowest(self, classes: set[str]) -> set[str]:
        """Leave out of some classes or properties those that lie above others of them."""
        above = {term: self._everything_above(term) for term in classes}
        return {
            term
            for term in classes
            if not any(term in above[other] and other not in above[term] for other in classes - {term})
        }

    def _everything_above(self, term: str) -> set[str]:
        return self.ancestors(term, RDFS + "subClassOf") | self.ancestors(term, RDFS + "subPropertyOf")

    def climb(self, start: str, predicate: str, stop: Callable[[str], bool]) -> set[str]:
        """Give a term and what is above it, without going beyond terms at which to stop."""
        seen, waiting = {start}, [start]
        while waiting:
            term = waiting.pop()
            if term != start and stop(term):
                continue
            above = set(self.superiors(term, (predicate,))) - seen
            seen |= above
            waiting.extend(above)
        return seen


def _manifest(folder: Path) -> dict[str, tuple[str, str]]:
    """Give version and SHA-256 of each file of the folder of vocabularies.

    Raises:
        JhaanError: the folder has no manifest.
    """
    path = folder / "MANIFEST.tsv"
    if not path.is_file():
        raise JhaanError(
            f"{TARGET} can't be generated without the vocabularies: {path} is missing. "
            "Set JHAAN_VOCAB to the folder of vocabulary files."
        )
    with path.open(encoding="utf-8", newline="") as file:
        return {row["file"]: (row["version"], row["sha256"]) for row in csv.DictReader(file, delimiter="\t")}


# --- what is written ----------------------------------------------------------------------------------------


class _Selection:
    """The used terms with their kinds and the axioms among them."""

    def __init__(self, usage: _Usage, source: _Source) -> None:
        self.usage = usage
        self.source = source
        self.terms = set(usage.terms)
        for term in usage.terms:
            if self.source_kind(term) is Kind.INDIVIDUAL:
                self.terms.update(t for t in source.types(term) if vocabulary_of(t) and t in source.defined)
        self.kinds = {term: self.kind(term) for term in self.terms}

    def source_kind(self, term: str) -> Kind | None:
        """Give the kind that a term's vocabulary states; of a bare rdf:Property, nothing."""
        types = self.source.types(term)
        for kind in (Kind.OBJECT_PROPERTY, Kind.DATATYPE_PROPERTY, Kind.ANNOTATION_PROPERTY, Kind.DATATYPE):
            if _TYPE_OF_KIND[kind] in types:
                return kind
        if OWL + "Class" in types or RDFS + "Class" in types:
            return Kind.CLASS
        return None if RDF + "Property" in types else Kind.INDIVIDUAL

    def kind(self, term: str) -> Kind:
        """Give the kind of a term.

        It is what its vocabulary states; else what the project's own axioms require; else an annotation
        property where the ontology annotates with it; else it follows from the range, or at last from the
        values in the data.
        """
        stated = self.source_kind(term)
        if stated:
            return stated
        if term in self.usage.required_kinds:
            return self.usage.required_kinds[term]
        if term in self.usage.annotating:
            return Kind.ANNOTATION_PROPERTY
        ranges = self.source.values(term, RDFS + "range") + self.source.values(term, SCHEMA + "rangeIncludes")
        literal = {_is_datatype(value, self.source) for value in ranges}
        if len(literal) == 1:
            return Kind.DATATYPE_PROPERTY if literal == {True} else Kind.OBJECT_PROPERTY
        if term in self.usage.valued:
            return Kind.OBJECT_PROPERTY if self.usage.valued[term] else Kind.DATATYPE_PROPERTY
        return Kind.ANNOTATION_PROPERTY

    def triples(self, term: str) -> Iterator[tuple[str, str]]:
        """Give predicates and objects of a term, as Turtle."""
        kind, types = self.kinds[term], self.source.types(term)
        yield RDF + "type", compact(_TYPE_OF_KIND[kind])
        if kind is Kind.INDIVIDUAL:
            yield from ((RDF + "type", compact(t)) for t in types if t in self.terms)
        label = self.source.label(term)
        if label is not None:
            yield RDFS + "label", str(Literal(label, language=_ENGLISH))
        vocabulary = vocabulary_of(term)
        if vocabulary:
            yield RDFS + "isDefinedBy", f"<{vocabulary.iri}>"
        if kind is Kind.CLASS:
            yield from self._class_axioms(term)
        elif kind is Kind.OBJECT_PROPERTY:
            yield from ((RDF + "type", f"owl:{name}") for name in _CHARACTERISTICS if OWL + name in types)
            inverses = self.source.values(term, OWL + "inverseOf")
            yield from ((OWL + "inverseOf", compact(value)) for value in inverses if value in self.terms)
        if kind.is_property:
            yield from self._property_axioms(term, kind)

    def _class_axioms(self, term: str) -> Iterator[tuple[str, str]]:
        superclasses = self.source.nearest(term, RDFS + "subClassOf", self.terms.__contains__)
        yield from ((RDFS + "subClassOf", compact(above)) for above in superclasses)
        for other in sorted(self.terms):
            if self.kinds[other] is Kind.CLASS and term < other and self._disjoint(term, other):
                pairs = [(a, other) for a in superclasses]
                pairs += [
                    (term, a)
                    for a in self.source.nearest(other, RDFS + "subClassOf", self.terms.__contains__)
                ]
                if not any(self._disjoint(a, b) for a, b in pairs):
                    yield OWL + "disjointWith", compact(other)

    def _disjoint(self, one: str, other: str) -> bool:
        """Whether two classes, or classes above them, are stated to be disjoint."""
        above = (
            self.source.ancestors(one, RDFS + "subClassOf"),
            self.source.ancestors(other, RDFS + "subClassOf"),
        )
        return any(
            set(self.source.values(a, OWL + "disjointWith")) & others
            for these, others in (above, above[::-1])
            for a in these
        )

    def _property_axioms(self, term: str, kind: Kind) -> Iterator[tuple[str, str]]:
        for above in self.source.nearest(term, RDFS + "subPropertyOf", self.terms.__contains__):
            if self.kinds[above] is kind:
                yield RDFS + "subPropertyOf", compact(above)
        if kind is Kind.ANNOTATION_PROPERTY:
            return
        # Used properties above have axioms of their own; those of the unused ones between are taken over.
        climbed = self.source.climb(term, RDFS + "subPropertyOf", self.terms.__contains__)
        unused = [iri for iri in climbed if iri == term or iri not in self.terms]
        for predicate in (RDFS + "domain", RDFS + "range"):
            values = [value for iri in unused for value in self.source.values(iri, predicate)]
            found = {stand_in for value in values for stand_in in self._stand_in(value)}
            yield from ((predicate, compact(value)) for value in self.source.lowest(found))

    def _stand_in(self, value: str) -> set[str]:
        """Give a class or datatype if it is used or built in, else the used classes nearest above it."""
        if value in self.terms or value.startswith(XSD):
            return {value}
        return self.source.nearest(value, RDFS + "subClassOf", self.terms.__contains__)


def _is_datatype(iri: str, source: _Source) -> bool:
    """Whether a class of values holds literals; schema.org's datatypes are instances of `schema:DataType`."""
    if iri in BUILT_IN:
        return BUILT_IN[iri] is Kind.DATATYPE
    ancestors = source.ancestors(iri, RDFS + "subClassOf")
    return any({SCHEMA + "DataType", RDFS + "Datatype"} & set(source.types(above)) for above in ancestors)


_PREDICATE_ORDER: Final = (
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


def _write(usage: _Usage, source: _Source) -> str:
    selection = _Selection(usage, source)
    lines = [
        "# Written by `python -m jhaan_kg.reused_terms` from the vocabularies; don't edit it by hand.",
        "",
    ]
    lines += [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in PREFIXES.items()]
    lines += [
        "",
        f"<{HEADER_IRI}>",
        "    a owl:Ontology ;",
        '    dcterms:title "Terms that the JHAAN ontology reuses"@en ;',
        '    dcterms:description "The terms of other vocabularies that the ontology, data, shapes and queries '
        'use, with the axioms among them, as their vocabularies state them."@en .',
    ]
    for vocabulary in sorted(source.versions, key=lambda v: v.prefix):
        versions = ", ".join(str(Literal(version)) for version in source.versions[vocabulary])
        lines += ["", f"# ---- {vocabulary.title}", "", f"<{vocabulary.iri}>"]
        lines += [f"    dcterms:title {Literal(vocabulary.title, language=_ENGLISH)} ;"]
        lines += [f"    owl:versionInfo {versions} ."]
        for term in sorted(selection.terms):
            if vocabulary_of(term) == vocabulary:
                lines += ["", compact(term), *_statements(selection, term)]
    return "\n".join(lines) + "\n"


def _statements(selection: _Selection, term: str) -> Iterator[str]:
    objects: dict[str, list[str]] = defaultdict(list)
    for predicate, value in selection.triples(term):
        if value not in objects[predicate]:
            objects[predicate].append(value)
    present = [predicate for predicate in _PREDICATE_ORDER if predicate in objects]
    for predicate in present:
        values = objects[predicate] if predicate == RDF + "type" else sorted(objects[predicate])
        verb = "a" if predicate == RDF + "type" else compact(predicate)
        yield f"    {verb} {', '.join(values)} {'.' if predicate == present[-1] else ';'}"


def main() -> int:
    """Write the file anew: for the checkout in the current folder, from the folder that JHAAN_VOCAB names."""
    try:
        path = write(Path.cwd(), Path(os.environ.get("JHAAN_VOCAB", "vocab")))
    except JhaanError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stderr.write(f"{path} written.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

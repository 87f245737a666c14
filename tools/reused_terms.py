"""Generator of ontology/reused-terms.ttl, the terms taken from other vocabularies.

    JHAAN_VOCAB=FOLDER python tools/reused_terms.py

The file contains each term of another vocabulary that the ontology, the data, the shapes or the queries use: its
kind, one English label, the vocabulary that defines it, and the axioms among the used terms. So checks, labels and
reasoning work offline, and the graph does not contain whole vocabularies, such as schema.org.

An axiom is taken only from the vocabulary that defines its subject. A path between used terms over unused terms is
shortened. Anonymous classes are left out, so the file has no blank nodes. The folder has the files of the
vocabularies and MANIFEST.tsv, with the version of each file.
"""

from __future__ import annotations

import csv
import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple, parse

from jhaan_kg.checks.vocabulary import KIND_OF_TYPE, TermKind, built_in_terms
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import BASE, DCTERMS, ONTOLOGY, OWL, PREFIXES, RDF, RDFS, SCHEMA, SH, XSD, compact
from jhaan_kg.query.sparql_text import query_file_mentions, sparql_mentions

TARGET: Final = "ontology/reused-terms.ttl"
VOCABULARIES: Final = {
    "adms": ("http://www.w3.org/ns/adms", "Asset Description Metadata Schema", "adms-legacy.ttl"),
    "bibo": ("http://purl.org/ontology/bibo/", "The Bibliographic Ontology", "bibo.ttl"),
    "cv": (
        "http://data.europa.eu/m8g",
        "EU Core Vocabularies: Public Organisation and Public Event",
        "cpov-2.1.2-voc.ttl cpev-1.1.1-voc.ttl",
    ),
    "dcat": ("http://www.w3.org/ns/dcat", "Data Catalog Vocabulary", "dcat3.ttl"),
    "dcterms": ("http://purl.org/dc/terms/", "DCMI Metadata Terms", "dcterms.ttl"),
    "doco": ("http://purl.org/spar/doco", "The Document Components Ontology", "doco.ttl"),
    "foaf": ("http://xmlns.com/foaf/0.1/", "Friend of a Friend", "foaf.ttl"),
    "org": ("http://www.w3.org/ns/org#", "The Organization Ontology", "org.ttl"),
    "prov": ("http://www.w3.org/ns/prov-o#", "The PROV Ontology", "prov-o.ttl"),
    "schema": ("https://schema.org", "Schema.org", "schema-https.ttl"),
    "skos": ("http://www.w3.org/2004/02/skos/core", "Simple Knowledge Organization System", "skos.ttl"),
    "skosxl": ("http://www.w3.org/2008/05/skos-xl", "SKOS eXtension for Labels", "skosxl.ttl"),
    "vann": ("http://purl.org/vocab/vann/", "Vocabulary for annotating vocabularies", "vann.ttl"),
}
"""The IRI, title and files of each vocabulary, by the project's prefix for its namespace."""

_USED_BY_THE_BUILD: Final = (DCTERMS + "description", DCTERMS + "title", PREFIXES["skosxl"] + "Label")
_SAME_KIND: Final = (RDFS + "subPropertyOf", OWL + "equivalentProperty", OWL + "inverseOf")
_EQUIVALENCES: Final = (OWL + "equivalentClass", OWL + "equivalentProperty")
_STATED_KINDS: Final = {iri: kind for iri, kind in KIND_OF_TYPE.items() if kind is not TermKind.INDIVIDUAL}
_CHARACTERISTICS: Final = {
    f"{OWL}{name}Property"
    for name in [
        "Functional",
        "InverseFunctional",
        "Transitive",
        "Symmetric",
        "Asymmetric",
        "Reflexive",
        "Irreflexive",
    ]
}
_TYPES: Final = {kind: iri for iri, kind in KIND_OF_TYPE.items() if iri != RDFS + "Class"}
_ABOUT_THE_FILE: Final = f"""
<{BASE}ontology/reused-terms>
    a owl:Ontology ;
    dcterms:title "Terms that the JHAAN ontology reuses"@en ;
    dcterms:description "The terms of other vocabularies that the ontology, data, shapes and queries use, with the \
axioms among them, as their vocabularies state them."@en .
"""


def prefix_of(iri: str) -> str:
    """Return the prefix of the external vocabulary that a term belongs to; empty if there is none."""
    return next((prefix for prefix in VOCABULARIES if iri.startswith(PREFIXES[prefix])), "")


class Usage:
    """The terms of other vocabularies that the sources use, and the sources' statements with them."""

    def __init__(self, root: Path) -> None:
        """Read all sources under a root."""
        self.ontology: list[Triple] = []
        self.has_entities: dict[str, bool] = {}
        found = set(_USED_BY_THE_BUILD)
        for folder in ("ontology", "shapes", "data"):
            for path in sorted([*root.glob(f"{folder}/**/*.ttl"), *root.glob(f"{folder}/**/*.trig")]):
                for quad in parse(path=path) if path != root / TARGET else ():
                    found.update(_iris(quad))
                    if folder == "ontology":
                        self.ontology.append(quad.triple)
                    elif folder == "data":
                        name = quad.predicate.value
                        is_entity = not isinstance(quad.object, Literal)
                        self.has_entities[name] = self.has_entities.get(name, False) or is_entity
        for path in (*root.glob("queries/**/*.rq"), *root.glob("ontology/rules/*.rq")):
            found.update(mention.iri for mention in query_file_mentions(path.read_text(encoding="utf-8")))
        self.terms = {
            iri
            for iri in found
            if (prefix := prefix_of(iri)) and iri not in (PREFIXES[prefix], VOCABULARIES[prefix][0])
        }

    def required_kinds(self) -> dict[str, TermKind]:
        """Return the kinds of properties that the ontology declares, or requires by related properties."""
        declared = {
            _iri(one.subject): KIND_OF_TYPE[_iri(one.object)]
            for one in self.ontology
            if one.predicate.value == RDF + "type" and _iri(one.object) in KIND_OF_TYPE
        }
        declared = {iri: kind for iri, kind in declared.items() if kind.is_property}
        related = {}
        for triple in self.ontology:
            if triple.predicate.value in _SAME_KIND:
                one, other = _iri(triple.subject), _iri(triple.object)
                for iri, like in ((one, other), (other, one)):
                    if like in declared and not iri.startswith(ONTOLOGY):
                        related[iri] = declared[like]
        return related | declared


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _iris(quad: Quad) -> Iterator[str]:
    """Yield the IRIs of a quad, with the datatype of its literal and those in the SPARQL of a shape."""
    yield from map(_iri, (quad.subject, quad.predicate, quad.object))
    if isinstance(quad.object, Literal):
        yield quad.object.datatype.value
        if quad.predicate.value in (SH + "select", SH + "ask"):
            yield from (mention.iri for mention in sparql_mentions(quad.object.value))


class Selection:
    """The used terms, their kinds, and the axioms among them."""

    def __init__(self, usage: Usage, folder: Path) -> None:
        """Read the vocabularies of the used terms and determine the kind of each term."""
        self.prefixes = sorted({prefix_of(iri) for iri in usage.terms})
        self.graph = Graph.of(
            quad.triple
            for prefix in self.prefixes
            for file in VOCABULARIES[prefix][2].split()
            for quad in parse(path=folder / file)
            if _iri(quad.subject).startswith(PREFIXES[prefix]) and not isinstance(quad.object, BlankNode)
        )
        terms = set(usage.terms)
        for term in usage.terms:
            if self.stated_kind(term) is TermKind.INDIVIDUAL:
                terms |= {cls for cls in self.types(term) if prefix_of(cls) and self.types(cls)}
        required = usage.required_kinds()
        self.kinds = {
            term: self.stated_kind(term) or required.get(term) or self.likely_kind(term, usage)
            for term in sorted(terms)
        }

    def values(self, term: str, *predicates: str) -> set[str]:
        nodes = (self.graph.nodes(NamedNode(term), NamedNode(predicate)) for predicate in predicates)
        return {node.value for found in nodes for node in found}

    def types(self, term: str) -> set[str]:
        return self.values(term, RDF + "type")

    def label(self, term: str) -> str:
        """Return the English label of a term; empty if it has none."""
        for predicate in (RDFS + "label", SCHEMA + "name"):  # schema.org has the second
            english = sorted(
                (label.language or "", label.value)
                for label in self.graph.values(NamedNode(term), NamedNode(predicate))
                if isinstance(label, Literal) and (label.language or "en").partition("-")[0] == "en"
            )
            if english:
                return english[0][1]
        return ""

    # --- kinds ----------------------------------------------------------------------------------------------

    def stated_kind(self, term: str) -> TermKind | None:
        """Return the kind of a term in its vocabulary; None for a bare rdf:Property."""
        types = self.types(term)
        order = sorted(_STATED_KINDS, key=lambda iri: _STATED_KINDS[iri] is TermKind.CLASS)
        stated = next((_STATED_KINDS[iri] for iri in order if iri in types), None)
        return stated or (None if RDF + "Property" in types else TermKind.INDIVIDUAL)

    def likely_kind(self, term: str, usage: Usage) -> TermKind:
        """Return the kind of a property by its use in the ontology, its range, or its values in the data."""
        if any(triple.predicate.value == term for triple in usage.ontology):
            return TermKind.ANNOTATION_PROPERTY
        ranges = self.values(term, RDFS + "range", SCHEMA + "rangeIncludes")
        has_literals = {self.is_datatype(value) for value in ranges}
        if len(has_literals) == 1:
            return TermKind.DATATYPE_PROPERTY if has_literals == {True} else TermKind.OBJECT_PROPERTY
        if term in usage.has_entities:
            return TermKind.OBJECT_PROPERTY if usage.has_entities[term] else TermKind.DATATYPE_PROPERTY
        return TermKind.ANNOTATION_PROPERTY

    def is_datatype(self, iri: str) -> bool:
        if iri in built_in_terms():
            return built_in_terms()[iri] is TermKind.DATATYPE
        types = {cls for above in self.climb(iri) for cls in self.types(above)}
        return bool(types & {SCHEMA + "DataType", RDFS + "Datatype"})

    # --- hierarchies ----------------------------------------------------------------------------------------

    def climb(self, start: str, stop: Callable[[str], bool] = lambda _: False) -> set[str]:
        """Return a term with those above or equivalent, not beyond the terms at which to stop."""
        seen, waiting = {start}, [start]
        while waiting:
            term = waiting.pop()
            if term == start or not stop(term):
                above = self.values(term, RDFS + "subClassOf", RDFS + "subPropertyOf", *_EQUIVALENCES)
                for predicate in map(NamedNode, _EQUIVALENCES):
                    above |= {node.value for node in self.graph.subjects(predicate, NamedNode(term))}
                waiting += above - seen
                seen |= above
        return seen

    def is_above(self, term: str, other: str) -> bool:
        """Return whether a term is above another and not equivalent to it."""
        return term in self.climb(other) and other not in self.climb(term)

    def lowest(self, terms: set[str]) -> set[str]:
        return {term for term in terms if not any(self.is_above(term, other) for other in terms)}

    def nearest(self, term: str) -> set[str]:
        """Return the used terms above a term with no other used term between."""
        return self.lowest((self.climb(term, self.kinds.__contains__) - {term}) & self.kinds.keys())

    # --- axioms ---------------------------------------------------------------------------------------------

    def axioms(self, term: str) -> Iterator[tuple[str, str]]:
        """Yield property and object of the axioms about a term whose objects are used terms."""
        kind, types = self.kinds[term], self.types(term)
        if kind is TermKind.INDIVIDUAL:
            yield from ((RDF + "type", cls) for cls in types & self.kinds.keys())
        elif kind is TermKind.CLASS:
            yield from ((RDFS + "subClassOf", above) for above in self.nearest(term))
            yield from (
                (OWL + "disjointWith", other) for other in self.kinds if self.states_disjoint(term, other)
            )
        elif kind is TermKind.OBJECT_PROPERTY:
            yield from ((RDF + "type", characteristic) for characteristic in types & _CHARACTERISTICS)
            inverses = self.values(term, OWL + "inverseOf") & self.kinds.keys()
            yield from ((OWL + "inverseOf", inverse) for inverse in inverses)
        if kind.is_property:
            same = (above for above in self.nearest(term) if self.kinds[above] is kind)
            yield from ((RDFS + "subPropertyOf", above) for above in same)
        if kind in (TermKind.OBJECT_PROPERTY, TermKind.DATATYPE_PROPERTY):
            # A used superproperty states its own axioms; those of unused superproperties are copied to this term.
            climbed = self.climb(term, self.kinds.__contains__)
            properties = {iri for iri in climbed if iri == term or iri not in self.kinds}
            for predicate in (RDFS + "domain", RDFS + "range"):
                found: set[str] = set()
                for value in {value for iri in properties for value in self.values(iri, predicate)}:
                    is_usable = value in self.kinds or value.startswith(XSD)
                    found |= {value} if is_usable else self.nearest(value)
                yield from ((predicate, value) for value in self.lowest(found))

    def states_disjoint(self, one: str, other: str) -> bool:
        """Return whether two classes, in this order, are disjoint, and not only through used superclasses."""
        if one >= other or self.kinds[other] is not TermKind.CLASS or not self.are_disjoint(one, other):
            return False
        higher = [(above, other) for above in self.nearest(one) if self.is_above(above, one)]
        higher += [(one, above) for above in self.nearest(other) if self.is_above(above, other)]
        return not any(self.are_disjoint(*pair) for pair in higher)

    def are_disjoint(self, one: str, other: str) -> bool:
        above = self.climb(one), self.climb(other)
        return any(
            others & self.values(cls, OWL + "disjointWith")
            for classes, others in (above, above[::-1])
            for cls in classes
        )


def generate(root: Path, folder: Path) -> str:
    """Return the text of ontology/reused-terms.ttl.

    Raises:
        ValueError: a source uses a term that its vocabulary does not define or label.
        OSError, SyntaxError: a file cannot be read.
    """
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        versions = {row["file"]: row["version"] for row in csv.DictReader(file, delimiter="\t")}
    usage = Usage(root)
    selection = Selection(usage, folder)
    faulty = sorted(iri for iri in usage.terms if not (selection.types(iri) and selection.label(iri)))
    if faulty:
        names = ", ".join(map(compact, faulty))
        raise ValueError(
            f"The vocabularies do not define or label {names}. Use other terms, or define your own."
        )
    parts = ["# Written by tools/reused_terms.py from the vocabularies; do not edit it by hand.\n"]
    parts += [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in PREFIXES.items()]
    parts.append(_ABOUT_THE_FILE)
    for prefix in selection.prefixes:
        iri, title, files = VOCABULARIES[prefix]
        digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files.split()}
        described = [f'"{versions[name]} ({name}, SHA-256 {digest})"' for name, digest in digests.items()]
        parts.append(f"# ---- {title}\n")
        parts.append(
            f'<{iri}>\n    dcterms:title "{title}"@en ;\n    owl:versionInfo {", ".join(described)} .\n'
        )
        for term, kind in selection.kinds.items():
            if prefix_of(term) == prefix:
                lines = [
                    f"a {compact(_TYPES[kind])}",
                    f"rdfs:label {Literal(selection.label(term), language='en')}",
                ]
                lines.append(f"rdfs:isDefinedBy <{iri}>")
                axioms = sorted(set(selection.axioms(term)))
                lines += [f"{compact(predicate)} {compact(value)}" for predicate, value in axioms]
                parts.append(f"{compact(term)}\n    " + " ;\n    ".join(lines) + " .\n")
    return "\n".join(parts)


def main() -> int:
    """Regenerate the file of the checkout in the current folder."""
    try:
        text = generate(Path.cwd(), Path(os.environ.get("JHAAN_VOCAB", "vocab")))
    except (OSError, SyntaxError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    Path(TARGET).write_text(text, encoding="utf-8")
    sys.stderr.write(f"{TARGET} written.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

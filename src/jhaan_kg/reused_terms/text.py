"""The used terms of other vocabularies as Turtle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal

from jhaan_kg.checks.vocabulary import Kind
from jhaan_kg.namespaces import BASE, OWL, PREFIXES, RDF, RDFS, compact
from jhaan_kg.reused_terms.selection import Selection
from jhaan_kg.reused_terms.vocabularies import Vocabulary, vocabulary_of

HEADER_IRI: Final = BASE + "ontology/reused-terms"
"""The IRI of the file as an ontology."""

_INTRODUCTION: Final = f"""
<{HEADER_IRI}>
    a owl:Ontology ;
    dcterms:title "Terms that the JHAAN ontology reuses"@en ;
    dcterms:description "The terms of other vocabularies that the ontology, data, shapes and queries use, with the \
axioms among them, as their vocabularies state them."@en .
"""
_TYPES: Final = {
    Kind.CLASS: "owl:Class",
    Kind.OBJECT_PROPERTY: "owl:ObjectProperty",
    Kind.DATATYPE_PROPERTY: "owl:DatatypeProperty",
    Kind.ANNOTATION_PROPERTY: "owl:AnnotationProperty",
    Kind.DATATYPE: "rdfs:Datatype",
    Kind.INDIVIDUAL: "owl:NamedIndividual",
}
_ORDER: Final = (
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
"""The predicates of a term, in the order in which they are written."""


def write_turtle(selection: Selection) -> str:
    """Give a selection as Turtle, grouped by vocabulary and sorted."""
    parts = ["# Written by `python -m jhaan_kg.reused_terms` from the vocabularies; don't edit it by hand.\n"]
    parts += [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in PREFIXES.items()]
    parts.append(_INTRODUCTION)
    for vocabulary, versions in selection.published.versions.items():
        parts += _vocabulary(vocabulary, versions)
        parts += [
            _term(selection, vocabulary, term)
            for term in selection.kinds
            if vocabulary_of(term) == vocabulary
        ]
    return "\n".join(parts)


def _vocabulary(vocabulary: Vocabulary, versions: list[str]) -> Iterator[str]:
    yield f"# ---- {vocabulary.title}\n"
    yield f"<{vocabulary.iri}>"
    yield f"    dcterms:title {Literal(vocabulary.title, language='en')} ;"
    yield f"    owl:versionInfo {', '.join(str(Literal(version)) for version in versions)} .\n"


def _term(selection: Selection, vocabulary: Vocabulary, term: str) -> str:
    objects: dict[str, list[str]] = defaultdict(list)
    objects[RDF + "type"].append(_TYPES[selection.kinds[term]])
    objects[RDFS + "label"].append(str(Literal(selection.published.label(term) or "", language="en")))
    objects[RDFS + "isDefinedBy"].append(f"<{vocabulary.iri}>")
    for predicate, value in sorted(selection.axioms(term)):
        objects[predicate].append(compact(value))
    lines = [
        f"    {'a' if predicate == RDF + 'type' else compact(predicate)} {', '.join(objects[predicate])}"
        for predicate in _ORDER
        if predicate in objects
    ]
    return f"{compact(term)}\n" + " ;\n".join(lines) + " .\n"

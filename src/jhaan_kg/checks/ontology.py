"""Checks of the ontology: its style, and coverage of its axioms by the inference.

The shapes in `ontology.ttl` check the style.

The profiles OWL 2 DL and RL are checked in the tests, by ROBOT.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from jhaan_kg.checks.shapes import validate
from jhaan_kg.checks.stated import iri_of, make_finding
from jhaan_kg.checks.vocabulary import TermKind, Vocabulary, built_in_terms
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.graph import Graph
from jhaan_kg.infer.rules import describe, find_uncovered_axioms
from jhaan_kg.namespaces import OWL, RDF_TYPE, RDFS_LABEL, SKOS, compact
from jhaan_kg.turtle import Statement

_DEFINITION: Final = NamedNode(SKOS + "definition")
_ARTICLE: Final = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)


@cache
def _read_shapes() -> tuple[Statement, ...]:
    name = "ontology.ttl"
    quads = parse(files(__package__).joinpath(name).read_bytes(), format=RdfFormat.TURTLE)
    return tuple(Statement(quad.triple, name, 0) for quad in quads)


def check_ontology(ontology: Collection[Statement], reused: Collection[Statement]) -> Iterator[Finding]:
    """Check the rules for the project's ontology.

    Args:
        ontology: the triples of the project's own ontology.
        reused: those of ontology/reused-terms.ttl.
    """
    places: dict[object, tuple[str, int]] = {}
    for statement in (*ontology, *reused):
        places.setdefault(statement.triple.subject, (statement.path, statement.line))
    for finding in validate(ontology, (), _read_shapes()):
        path, line = (finding.path, finding.line) if finding.path else ("ontology/jhaan.ttl", 1)
        yield finding._replace(path=path, line=line, code="ontology-style")
    graph = Graph.of(statement.triple for statement in (*ontology, *reused))
    for node, message, fix in find_uncovered_axioms(graph):
        path, line = places.get(node, ("", 0))
        yield Finding(path, line, Severity.ERROR, "axiom-not-covered", describe(node), message, fix)
    vocabulary = Vocabulary(graph)
    for statement in ontology:
        subject, predicate, value = statement.triple
        kinds = vocabulary.kinds(iri_of(subject))
        described = kinds - {TermKind.INDIVIDUAL}
        if predicate == RDF_TYPE:
            if len(described) > 1:
                message = f"a term must have one type, but this is {_join_kinds(kinds)}."
                yield make_finding(statement, "term-kind", message, "Use two names.")
            elif TermKind.INDIVIDUAL not in kinds and iri_of(value) not in built_in_terms():
                message = f"an instance of {compact(iri_of(value))} must be a declared individual."
                yield make_finding(statement, "term-kind", message, "Declare it as owl:NamedIndividual.")
        relating = vocabulary.kinds(predicate.value) & {TermKind.OBJECT_PROPERTY, TermKind.DATATYPE_PROPERTY}
        if relating and (described or NamedNode(OWL + "Ontology") in graph.values(subject, RDF_TYPE)):
            described_by = f"{compact(predicate.value)} is {_join_kinds(relating)}"
            message = f"a term must be described by annotation properties only, but {described_by}."
            fix = "Use an annotation property, for example skos:scopeNote."
            yield make_finding(statement, "term-annotation", message, fix)
        # This check is not a shape: in SPARQL, it would take pySHACL longer than all other shapes together.
        if predicate == _DEFINITION and isinstance(value, Literal):
            start = _ARTICLE.sub("", value.value).lower()
            for label in graph.texts(subject, RDFS_LABEL):
                if re.match(rf"{re.escape(label.lower())}\b", start):
                    message = f'a definition must not begin with the term itself ("{label}").'
                    yield make_finding(statement, "term-definition", message, "Define it in other words.")


def _join_kinds(kinds: Iterable[TermKind]) -> str:
    return " and ".join(sorted(kind.value for kind in kinds))

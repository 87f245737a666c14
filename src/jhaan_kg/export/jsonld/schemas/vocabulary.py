"""What the ontology and the shapes say of classes and properties, as far as a schema needs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.namespaces import ONTOLOGY, RDF, RDFS, SH, SKOS

_TYPE = RDF + "type"


class Vocabulary(NamedTuple):
    """Terms by IRI.

    Attributes:
        labels: the name of a term, for people.
        definitions: what it means.
        above: the classes above a class, itself among them.
        codes: the individuals of a class that the ontology itself has.
        domains: the classes of a property's subjects.
        ranges: the classes of its values.
        single: the properties whose values a report may contest.
        required: the properties that each thing of a class has, by the shapes.
    """

    labels: dict[str, str]
    definitions: dict[str, str]
    above: dict[str, set[str]]
    codes: dict[str, list[str]]
    domains: dict[str, list[str]]
    ranges: dict[str, list[str]]
    single: set[str]
    required: dict[str, set[str]]


@cache
def read_vocabulary(root: Path) -> Vocabulary:
    """Read the ontology and the shapes.

    Args:
        root: the checkout.
    """
    terms = _Triples(_parsed(sorted((root / "ontology").glob("*.ttl"))))
    parents = terms.all(RDFS + "subClassOf")
    return Vocabulary(
        {term: texts[0] for term, texts in terms.all(RDFS + "label").items()},
        {term: texts[0] for term, texts in terms.all(SKOS + "definition").items()},
        {term: _closure(term, parents) for term in terms.subjects},
        {kind: sorted(found) for kind, found in terms.inverse(_TYPE).items()},
        terms.all(RDFS + "domain"),
        terms.all(RDFS + "range"),
        set(terms.all(ONTOLOGY + "singleValued")),
        _required(_Triples(_parsed(sorted((root / "shapes").glob("*.ttl"))))),
    )


def _parsed(paths: Iterable[Path]) -> Iterator[Triple]:
    for path in paths:
        for quad in parse(path.read_bytes(), format=RdfFormat.TURTLE, rename_blank_nodes=True):
            yield quad.triple


class _Triples:
    """Triples by property and subject, as texts; blank nodes are of no account."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.subjects: set[str] = set()
        self._values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                self.subjects.add(subject.value)
                self._values[predicate.value][subject.value].append(value.value)

    def all(self, predicate: str) -> dict[str, list[str]]:
        return dict(self._values[predicate])

    def inverse(self, predicate: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for subject, values in self._values[predicate].items():
            for value in values:
                found[value].append(subject)
        return found


def _closure(term: str, parents: dict[str, list[str]]) -> set[str]:
    found, todo = {term}, [term]
    while todo:
        new = [parent for parent in parents.get(todo.pop(), ()) if parent not in found]
        found.update(new)
        todo += new
    return found


def _required(shapes: _Triples) -> dict[str, set[str]]:
    """Give the properties that the named shapes of a class demand; those that allow `jhaan:notStated` do not."""
    paths, severities = shapes.all(SH + "path"), shapes.all(SH + "severity")
    demanded = {shape for shape, counts in shapes.all(SH + "minCount").items() if int(counts[0]) > 0}
    required: dict[str, set[str]] = defaultdict(set)
    parts = shapes.all(SH + "property")
    for shape, classes in shapes.all(SH + "targetClass").items():
        for part in (shape, *parts.get(shape, ())):
            if part in demanded and part in paths and severities.get(part) == [SH + "Violation"]:
                for kind in classes:
                    required[kind].add(paths[part][0])
    return required

"""The ontology as authored, with its blank nodes: what its terms are, and how they stand to each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from jhaan_kg.namespaces import ONTOLOGY, OWL, RDF, RDF_TYPE, RDFS, compact

HEADER: Final = NamedNode(ONTOLOGY.rstrip("#"))
"""The ontology itself, which defines our terms."""

KINDS: Final = {
    "ObjectProperty": "property between things",
    "DatatypeProperty": "property with a value",
    "AnnotationProperty": "annotation",
}
"""The kinds of property in OWL."""

TRAITS: Final = {"TransitiveProperty": "transitive", "AsymmetricProperty": "never both ways"}
"""What else a property may be."""

Node: TypeAlias = NamedNode | BlankNode


class Ontology:
    """What files of an ontology say."""

    def __init__(self, *files: bytes) -> None:
        """Read the files, which are Turtle."""
        self._values: dict[tuple[Node, NamedNode], list[object]] = defaultdict(list)
        self._subjects: dict[tuple[NamedNode, object], list[NamedNode]] = defaultdict(list)
        self._predicates: dict[Node, set[NamedNode]] = defaultdict(set)
        for quad in (quad for file in files for quad in parse(file, format=RdfFormat.TURTLE)):
            subject, value = quad.subject, quad.object
            if isinstance(subject, NamedNode | BlankNode):
                self._values[subject, quad.predicate].append(value)
                self._predicates[subject].add(quad.predicate)
            if isinstance(subject, NamedNode):
                self._subjects[quad.predicate, value].append(subject)

    def terms(self) -> list[NamedNode]:
        """Give the terms that are ours, sorted as people do, with capitals beside small letters."""
        return self.that(RDFS + "isDefinedBy", HEADER)

    def subjects(self) -> list[NamedNode]:
        """Give all things that something is said of, sorted."""
        return in_order(subject for subject in self._predicates if isinstance(subject, NamedNode))

    def predicates(self, term: Node) -> list[NamedNode]:
        """Give the properties by which something is said of a term, sorted."""
        return in_order(self._predicates.get(term, ()))

    def that(self, predicate: str, value: object) -> list[NamedNode]:
        """Give what has this value, sorted."""
        return in_order(self._subjects.get((NamedNode(predicate), value), ()))

    def objects(self, term: Node, predicate: NamedNode) -> list[object]:
        """Give the values of a property: IRIs, then literals, sorted; then blank nodes as they come in the file."""
        found = dict.fromkeys(self._values.get((term, predicate), ()))
        return sorted(
            found, key=lambda value: (_rank(value), "" if isinstance(value, BlankNode) else str(value))
        )

    def values(self, term: Node, predicate: str) -> list[NamedNode]:
        """Give the things that are values of a property, sorted."""
        found = self._values.get((term, NamedNode(predicate)), ())
        return in_order(value for value in found if isinstance(value, NamedNode))

    def texts(self, term: Node, predicate: str) -> list[str]:
        """Give the literal values of a property, sorted."""
        found = self._values.get((term, NamedNode(predicate)), ())
        return sorted(value.value for value in found if isinstance(value, Literal))

    def text(self, term: Node, predicate: str) -> str:
        """Give the literal value of a property, or nothing."""
        return next(iter(self.texts(term, predicate)), "")

    def lists(self, term: Node, predicate: str) -> list[list[NamedNode]]:
        """Give the RDF lists that are values of a property, with the things in them."""
        heads = self._values.get((term, NamedNode(predicate)), ())
        found = [self.items(head) for head in heads if isinstance(head, BlankNode)]
        return [[item for item in items if isinstance(item, NamedNode)] for items in found]

    def items(self, head: BlankNode) -> list[object]:
        """Give what stands in an RDF list, in order."""
        first = NamedNode(RDF + "first")
        return [item for cell in self._cells(head) for item in self._values.get((cell, first), ())]

    def _cells(self, head: BlankNode) -> Iterator[BlankNode]:
        yield head
        for rest in self._values.get((head, NamedNode(RDF + "rest")), ()):
            if isinstance(rest, BlankNode):
                yield from self._cells(rest)

    def is_a(self, term: NamedNode, kind: str) -> bool:
        """Whether a term is of a kind of OWL's."""
        return NamedNode(OWL + kind) in self.values(term, RDF_TYPE.value)

    def is_deprecated(self, term: NamedNode) -> bool:
        """Whether a term should no longer be used."""
        return "true" in self.texts(term, OWL + "deprecated")

    def is_single_valued(self, term: NamedNode) -> bool:
        """Whether two values of a property for one thing contradict each other."""
        return "true" in self.texts(term, ONTOLOGY + "singleValued")

    def apart(self, term: NamedNode) -> list[NamedNode]:
        """Give the classes that share no instance with a class: one by one, and in sets of which no two do."""
        found = {*self.values(term, OWL + "disjointWith"), *self.that(OWL + "disjointWith", term)}
        for head, predicate in self._values:
            if predicate.value == OWL + "members":
                for members in self.lists(head, predicate.value):
                    found |= set(members) if term in members else set()
        return in_order(found - {term})

    def never_with(self, term: NamedNode) -> list[NamedNode]:
        """Give the properties that never relate the same two things as a property."""
        said = OWL + "propertyDisjointWith"
        return in_order({*self.values(term, said), *self.that(said, term)})

    def inverses(self, term: NamedNode) -> list[NamedNode]:
        """Give the properties that are a property the other way."""
        return in_order({*self.values(term, OWL + "inverseOf"), *self.that(OWL + "inverseOf", term)})

    def above(self, term: NamedNode) -> set[NamedNode]:
        """Give a class or property, and all that are above it."""
        found: set[NamedNode] = set()
        waiting = [term]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self.values(one, RDFS + "subClassOf") + self.values(one, RDFS + "subPropertyOf")
        return found


def anchor(term: NamedNode) -> str:
    """Give the name of a term of ours within its namespace, where its entry stands on a page.

    >>> anchor(NamedNode(ONTOLOGY + "Agency"))
    'Agency'
    """
    return compact(term.value).partition(":")[2]


def in_order(terms: Iterable[NamedNode]) -> list[NamedNode]:
    """Give terms without repetition, sorted as people do, with capitals beside small letters."""
    return sorted(set(terms), key=lambda term: (compact(term.value).casefold(), term.value))


def _rank(value: object) -> int:
    return [NamedNode, Literal, BlankNode].index(type(value))

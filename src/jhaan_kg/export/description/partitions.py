"""What a graph holds, counted by class and by property, https://www.w3.org/TR/void/#class-property-partitions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.namespaces import RDF_TYPE

Classes: TypeAlias = dict[object, list[NamedNode]]


class Counted:
    """Triples, with their different subjects and objects."""

    __slots__ = ("objects", "subjects", "triples")

    def __init__(self) -> None:
        self.triples = 0
        self.subjects: set[object] = set()
        self.objects: set[object] = set()

    def add(self, triple: Triple) -> None:
        """Count a triple that was not counted before."""
        self.triples += 1
        self.subjects.add(triple.subject)
        self.objects.add(triple.object)


class InClass:
    """The triples of one property whose subjects are of one class, by what their objects are.

    Attributes:
        counted: all of them.
        classes: how many have an object of a class; one that is of several classes counts for each.
        datatypes: how many have a literal of a datatype.
    """

    __slots__ = ("classes", "counted", "datatypes")

    def __init__(self) -> None:
        self.counted = Counted()
        self.classes: Counter[NamedNode] = Counter()
        self.datatypes: Counter[NamedNode] = Counter()

    def add(self, triple: Triple, classes: Classes) -> None:
        """Count a triple."""
        self.counted.add(triple)
        if isinstance(triple.object, Literal):
            self.datatypes[triple.object.datatype] += 1
        else:
            self.classes.update(classes.get(triple.object, ()))


class Partitions:
    """What a graph holds.

    Attributes:
        whole: all triples.
        properties: the triples of each property.
        classes: how many things are of each class.
        in_class: the triples of each property among the things of a class.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Count.

        Args:
            triples: the graph, each triple once.
        """
        self.whole = Counted()
        self.properties: defaultdict[NamedNode, Counted] = defaultdict(Counted)
        self.classes: Counter[NamedNode] = Counter()
        self.in_class: defaultdict[NamedNode, defaultdict[NamedNode, InClass]] = defaultdict(
            lambda: defaultdict(InClass)
        )
        graph = list(triples)
        classes: Classes = {}
        for triple in graph:
            if triple.predicate == RDF_TYPE and isinstance(triple.object, NamedNode):
                classes.setdefault(triple.subject, []).append(triple.object)
                self.classes[triple.object] += 1
        for triple in graph:
            self.whole.add(triple)
            self.properties[triple.predicate].add(triple)
            for kind in classes.get(triple.subject, ()):
                self.in_class[kind][triple.predicate].add(triple, classes)

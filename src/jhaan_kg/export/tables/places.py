"""Where things stand, and to which tables links lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import NamedNode, Quad

from jhaan_kg.export.tables.layout import ClassTable
from jhaan_kg.export.tables.model import OTHERS, SOURCES, TERMS, THINGS
from jhaan_kg.export.tables.vocabulary import Vocabulary
from jhaan_kg.namespaces import GRAPH, RDF_TYPE


def places(data: Iterable[Quad], vocabulary: Vocabulary, classes: Sequence[ClassTable]) -> dict[str, str]:
    """Give the table of each thing: that of the first class it belongs to.

    Args:
        data: all that a snapshot says of things, inferred types too.
        vocabulary: the terms.
        classes: the tables of classes, in order.

    Returns:
        The name of a table for each thing of which something is said, each term, and each class and property in use.
    """
    types: dict[str, set[str]] = defaultdict(set)
    terms = {triple.subject.value for triple in vocabulary.terms if isinstance(triple.subject, NamedNode)}
    for quad in data:
        terms.add(quad.predicate.value)
        if isinstance(quad.subject, NamedNode):
            own = types[quad.subject.value]
            if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode):
                own.add(quad.object.value)
                terms.add(quad.object.value)
    found = dict.fromkeys(terms, TERMS)
    for thing, own in types.items():
        table = next((table.name for table in classes if table.class_iri in own), None)
        found[thing] = table or found.get(thing) or (SOURCES if thing.startswith(GRAPH) else OTHERS)
    return found


def targets(
    data: Iterable[Quad], vocabulary: Vocabulary, classes: Sequence[ClassTable], place: Mapping[str, str]
) -> dict[str, str]:
    """Give the table to which the values of each property link: that of its range, if all its values stand there.

    Args:
        data: all that a snapshot says of things.
        vocabulary: the terms.
        classes: the tables of classes, in order.
        place: the table of each thing.
    """
    reached: dict[str, set[str]] = defaultdict(set)
    for quad in data:
        if isinstance(quad.object, NamedNode) and quad.object.value in place:
            reached[quad.predicate.value].add(place[quad.object.value])
    found = {}
    for iri, tables in reached.items():
        ranges = vocabulary.ranges(iri)
        table = next(
            (table.name for table in classes if table.class_iri in ranges), TERMS if ranges else THINGS
        )
        found[iri] = table if tables == {table} else THINGS
    return found

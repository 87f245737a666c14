"""A graph as tables need it: where each thing stands, and which cells its values give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from jhaan_kg.export.request import Request
from jhaan_kg.export.tables.cells import ELSEWHERE, fits
from jhaan_kg.export.tables.layout import CLASSES, EVIDENCE_RELATIONS, RELATIONS
from jhaan_kg.export.tables.model import LABEL, THINGS, Column, columns_of, snake_case
from jhaan_kg.export.tables.places import places, targets
from jhaan_kg.export.tables.vocabulary import Vocabulary, is_data, local_name
from jhaan_kg.namespaces import CONTESTED_PARTS, ONTOLOGY, RDF_TYPE, RDFS_LABEL
from jhaan_kg.natural import natural

Value = NamedNode | Literal


class Graph:
    """What goes out, thing by thing; it keeps a list of what its cells have told.

    Attributes:
        vocabulary: what the ontology says.
        classes: the tables of classes.
        relations: the IRIs of the properties that are tables of their own.
        place: the table of each thing.
        ids: the things of each table that are mentioned in what goes out, in order.
        contested: the names of the properties of each thing on whose value the report disagrees with itself.
    """

    def __init__(self, request: Request) -> None:
        """Read the graph.

        Args:
            request: what goes out; where things stand follows from the whole snapshot.

        Raises:
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        whole = list(request.snapshot.quads(evidence=request.evidence, context=True))
        self.vocabulary = Vocabulary.of(whole)
        self.classes = [table for table in CLASSES if request.evidence or not table.evidence]
        self.relations = RELATIONS + (EVIDENCE_RELATIONS if request.evidence else ())
        data = [quad for quad in whole if is_data(quad)]
        self.place = places(data, self.vocabulary, self.classes)
        self._targets = targets(data, self.vocabulary, self.classes, self.place)
        self._values: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        self._data = {quad.triple for quad in request.quads() if is_data(quad)}
        for subject, predicate, value in sorted(self._data | self.vocabulary.terms, key=str):
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                self._values[subject.value][predicate.value].append(value)
        self.ids: dict[str, list[str]] = defaultdict(list)
        for thing in sorted(self._mentioned(), key=natural):
            self.ids[self.place[thing]].append(thing)
        self.contested = self._contested_columns()
        self._told: set[tuple[str, str, Value]] = set()

    def _mentioned(self) -> set[str]:
        """Give the things of which something is told, or to which something links."""
        mentioned = set(self._values)
        for properties in self._values.values():
            for values in properties.values():
                mentioned |= {value.value for value in values if self._is_placed(value)}
        return mentioned

    def _contested_columns(self) -> dict[str, str]:
        """Give the names of the properties of each thing on whose value the report disagrees with itself."""
        found: dict[str, set[str]] = defaultdict(set)
        for thing in self.ids["contested_statements"]:
            subjects, properties, _ = (self._values[thing][part.value] for part in CONTESTED_PARTS)
            for subject in subjects:
                found[subject.value] |= {snake_case(local_name(name.value)) for name in properties}
        return {thing: " ".join(sorted(names)) for thing, names in found.items()}

    def columns(self, iri: str) -> list[Column]:
        """Give the columns of a property."""
        return columns_of(iri, self.vocabulary, self._targets.get(iri, THINGS))

    def identity(self, thing: str) -> tuple[str | None, ...]:
        """Give IRI, label and class of a thing, and the label of the class."""
        label = self.cells(thing, RDFS_LABEL.value, [LABEL])[0]
        kind = self._type(thing)
        if kind is not None:
            self._told.add((thing, RDF_TYPE.value, NamedNode(kind)))
        return thing, label, kind, self.label(kind)

    def pairs(self, iri: str, columns: list[Column]) -> Iterator[tuple[str, list[str | None]]]:
        """Give each thing and each value of a property that its columns can hold, as cells."""
        for thing in sorted((thing for thing in self._values if iri in self._values[thing]), key=natural):
            for value in self._values[thing][iri]:
                cells = self._row_of(iri, columns, value)
                if cells is not None:
                    self._told.add((thing, iri, value))
                    yield thing, cells

    def untold(self) -> Iterator[tuple[str, str, Value]]:
        """Give what no cell has told so far: things, properties and values."""
        for subject, predicate, value in sorted(self._data, key=str):
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                told = (subject.value, predicate.value, value)
                if told not in self._told:
                    yield told

    def _type(self, thing: str) -> str | None:
        """Give the most specific class of a thing, one of its table's before others."""
        types = {
            value.value
            for value in self._values[thing].get(RDF_TYPE.value, ())
            if isinstance(value, NamedNode) and self._is_placed(value)
        }
        above = {name: self.vocabulary.superclasses(name) for name in types}
        lowest = [name for name in types if not any(name in above[other] for other in types - {name})]
        own = next((table.class_iri for table in self.classes if table.name == self.place[thing]), None)
        ranked = [(own not in above[name], not name.startswith(ONTOLOGY), name) for name in lowest or types]
        return min(ranked)[2] if ranked else None

    def cells(self, thing: str, iri: str, columns: list[Column]) -> list[str | None]:
        """Give the cells of a property of a thing: its one value, or where its values are to be found."""
        values = self._values[thing].get(iri, [])
        cells = self._row_of(iri, columns, values[0]) if len(values) == 1 else None
        if cells is not None:
            self._told.add((thing, iri, values[0]))
            return cells
        empty: list[str | None] = [None] * len(columns)
        if values:
            empty[0] = ELSEWHERE
        return empty

    def _row_of(self, iri: str, columns: list[Column], value: Value) -> list[str | None] | None:
        """Give the cells of one value, or None where it fits into none of them."""
        cells: list[str | None] = [None] * len(columns)
        for index, column in enumerate(columns):
            if column.property == iri and fits(column.kind, value) and self._may_link(column, value):
                cells[index] = value.value
                if column.target is not None:
                    cells[index + 1] = self.label(value.value)
                return cells
        return None

    def _may_link(self, column: Column, value: Value) -> bool:
        """Tell whether a thing has a row in the table to which a column links."""
        if column.target is None:
            return True
        return self._is_placed(value) and column.target in (THINGS, self.place[value.value])

    def _is_placed(self, value: Value) -> bool:
        return isinstance(value, NamedNode) and value.value in self.place

    def label(self, thing: str | None) -> str | None:
        """Give the one label of a thing, if a cell can hold it."""
        values = self._values[thing].get(RDFS_LABEL.value, ()) if thing in self._values else ()
        return values[0].value if len(values) == 1 and fits("text", values[0]) else None

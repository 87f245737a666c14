"""Fills the tables with a graph.

Each triple of the data stands in a table. A property with one value is a column of the table of the class, one with
several is a table of its own, and what fits into neither stands in `other_values`, to which the cell leads.
"""

from __future__ import annotations

from collections import defaultdict

from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.progress import Progress
from jhaan_kg.export.request import Request
from jhaan_kg.export.tables.cells import ELSEWHERE, fits
from jhaan_kg.export.tables.layout import CLASSES, EVIDENCE_RELATIONS, RELATIONS, ClassTable
from jhaan_kg.export.tables.model import (
    ID,
    LABEL,
    OTHERS,
    SOURCES,
    TERMS,
    THINGS,
    Column,
    Row,
    Table,
    columns_of,
    in_order,
    label_of,
    snake_case,
    type_columns,
)
from jhaan_kg.export.tables.places import places, targets
from jhaan_kg.export.tables.vocabulary import DEFINITION, Vocabulary, is_data, local_name
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY, RDF, RDF_TYPE, RDFS_LABEL

_Value = NamedNode | Literal


def tables(request: Request) -> tuple[list[Table], Vocabulary]:
    """Make the tables of what goes out.

    Which tables and columns there are, and in which table a thing stands, does not depend on what is left out.

    Args:
        request: what is to be written.

    Returns:
        All tables, those without rows too: `things` first, then classes, relations, and what fits nowhere; and what
        the ontology says.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
    """
    with Progress().step("tables") as tell:
        filling = _Tables(request)
        made = filling.made()
        tell(f"{sum(len(table.rows) for table in made):,} rows in {len(made)} tables")
    return made, filling.vocabulary


class _Tables:
    """The tables of a request, while they are made."""

    def __init__(self, request: Request) -> None:
        whole = list(request.snapshot.quads(evidence=request.evidence, context=True))
        self.vocabulary = Vocabulary.of(whole)
        self._classes = [table for table in CLASSES if request.evidence or not table.evidence]
        self._relations = RELATIONS + (EVIDENCE_RELATIONS if request.evidence else ())
        data = [quad for quad in whole if is_data(quad)]
        self._place = places(data, self.vocabulary, self._classes)
        self._targets = targets(data, self.vocabulary, self._classes, self._place)
        self._values: dict[str, dict[str, list[_Value]]] = defaultdict(lambda: defaultdict(list))
        self._data = {quad.triple for quad in request.quads() if is_data(quad)}
        for subject, predicate, value in sorted(self._data | self.vocabulary.terms, key=str):
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                self._values[subject.value][predicate.value].append(value)
        self._ids: dict[str, list[str]] = defaultdict(list)
        for thing in sorted(self._mentioned(), key=in_order):
            self._ids[self._place[thing]].append(thing)
        self._contested = self._contested_columns()
        self._told: set[tuple[str, str, _Value]] = set()

    def made(self) -> list[Table]:
        """Make them all; what no table tells is left for the last."""
        classes = [self._class_table(table) for table in self._classes]
        classes += [self._terms(), self._context_sources()]
        relations = [self._relation(iri) for iri in self._relations]
        return [self._things(), *classes, *relations, self._other_values()]

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
        for thing in self._ids["contested_statements"]:
            for subject in self._values[thing][RDF + "subject"]:
                found[subject.value] |= {
                    snake_case(local_name(name.value)) for name in self._values[thing][RDF + "predicate"]
                }
        return {thing: " ".join(sorted(names)) for thing, names in found.items()}

    # --- tables ----------------------------------------------------------------------------------------------

    def _things(self) -> Table:
        columns = [ID._replace(target=None), LABEL, *type_columns()]
        columns.append(Column("table", "string", "table", "The table in which the thing stands."))
        rows = [
            (*self._identity(thing), self._place[thing])
            for thing in sorted((thing for ids in self._ids.values() for thing in ids), key=in_order)
        ]
        return Table(
            THINGS, "", "All things, each once, with the table of its class.", tuple(columns), ("id",), rows
        )

    def _class_table(self, table: ClassTable) -> Table:
        vocabulary = self.vocabulary
        properties = [(iri, self._columns(iri)) for iri in table.properties]
        columns = [ID, LABEL, *type_columns(), *(column for _, own in properties for column in own)]
        watched = any(vocabulary.is_watched(iri) for iri, _ in properties)
        if watched:
            what = "The columns on whose values the report disagrees with itself; see `contested_statements`."
            columns.append(Column("contested", "string", "contested columns", what))
        rows = []
        for thing in self._ids[table.name]:
            row = list(self._identity(thing))
            for iri, own in properties:
                row += self._cells(thing, iri, own)
            rows.append((*row, self._contested.get(thing)) if watched else tuple(row))
        what = vocabulary.definition(table.class_iri)
        return Table(table.name, "classes", what, tuple(columns), ("id",), rows)

    def _terms(self) -> Table:
        definition = Column("definition", "text", "definition", "What the term means.", DEFINITION)
        rows = [
            (*self._identity(thing), *self._cells(thing, DEFINITION, [definition]))
            for thing in self._ids[TERMS]
        ]
        columns = (ID, LABEL, *type_columns(), definition)
        what = "The terms of the ontology: classes, properties, and the values of code lists."
        return Table(TERMS, "", what, columns, ("id",), rows)

    def _context_sources(self) -> Table:
        properties = [(iri, self._columns(iri)) for iri in (DCTERMS + "description",)]
        columns = (ID, LABEL, *(column for _, own in properties for column in own))
        rows = [
            (
                *self._identity(thing)[:2],
                *(cell for iri, own in properties for cell in self._cells(thing, iri, own)),
            )
            for thing in self._ids[SOURCES]
        ]
        what = "Where facts from outside the reports come from; the table `source` has the addresses."
        return Table(SOURCES, "", what, columns, ("id",), rows)

    def _relation(self, iri: str) -> Table:
        columns = [ID, LABEL, *self._columns(iri)]
        rows: list[Row] = []
        for thing in sorted((thing for thing in self._values if iri in self._values[thing]), key=in_order):
            for value in self._values[thing][iri]:
                cells = self._row_of(iri, columns[2:], value)
                if cells is not None:
                    self._told.add((thing, iri, value))
                    rows.append((thing, self._label(thing), *cells))
        what = self.vocabulary.definition(iri)
        name = snake_case(local_name(iri))
        return Table(name, "relations", what, tuple(columns), ("id", name), rows)

    def _other_values(self) -> Table:
        link = Column("link", "web", "link", "The value, where it is an IRI.", "{property}")
        property_ = Column("property", "web", "property", "The IRI of the property.")
        columns = (
            ID,
            LABEL,
            property_,
            label_of(property_),
            link,
            label_of(link),
            Column("value", "string", "value", "The value, where it is a literal."),
            Column("datatype", "web", "datatype", "The datatype of the literal."),
            Column("language", "string", "language", "The language of the literal, if it has one."),
        )
        rows: list[Row] = []
        for subject, predicate, value in sorted(self._data, key=str):
            if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
                continue
            if (subject.value, predicate.value, value) in self._told:
                continue
            head = (subject.value, self._label(subject.value), predicate.value, self._label(predicate.value))
            if isinstance(value, NamedNode):
                rows.append((*head, value.value, self._label(value.value), None, None, None))
            else:
                rows.append((*head, None, None, value.value, value.datatype.value, value.language))
        what = (
            "What fits into no cell elsewhere: several values of a property that has one column, values of another "
            f"kind or language, things of a class without a table. Cells that say “{ELSEWHERE}” lead here."
        )
        return Table(OTHERS, "", what, columns, (), rows)

    # --- cells -----------------------------------------------------------------------------------------------

    def _columns(self, iri: str) -> list[Column]:
        return columns_of(iri, self.vocabulary, self._targets.get(iri, THINGS))

    def _identity(self, thing: str) -> tuple[str | None, ...]:
        """Give IRI, label and class of a thing, and the label of the class."""
        label = self._cells(thing, RDFS_LABEL.value, [LABEL])[0]
        kind = self._type(thing)
        if kind is not None:
            self._told.add((thing, RDF_TYPE.value, NamedNode(kind)))
        return thing, label, kind, self._label(kind)

    def _type(self, thing: str) -> str | None:
        """Give the most specific class of a thing, one of its table's before others."""
        types = {
            value.value
            for value in self._values[thing].get(RDF_TYPE.value, ())
            if isinstance(value, NamedNode) and self._is_placed(value)
        }
        above = {name: self.vocabulary.superclasses(name) for name in types}
        lowest = [name for name in types if not any(name in above[other] for other in types - {name})]
        own = next((table.class_iri for table in self._classes if table.name == self._place[thing]), None)
        ranked = [(own not in above[name], not name.startswith(ONTOLOGY), name) for name in lowest or types]
        return min(ranked)[2] if ranked else None

    def _cells(self, thing: str, iri: str, columns: list[Column]) -> list[str | None]:
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

    def _row_of(self, iri: str, columns: list[Column], value: _Value) -> list[str | None] | None:
        """Give the cells of one value, or None where it fits into none of them."""
        cells: list[str | None] = [None] * len(columns)
        for index, column in enumerate(columns):
            if column.property == iri and fits(column.kind, value) and self._may_link(column, value):
                cells[index] = value.value
                if column.target is not None:
                    cells[index + 1] = self._label(value.value)
                return cells
        return None

    def _may_link(self, column: Column, value: _Value) -> bool:
        """Tell whether a thing has a row in the table to which a column links."""
        if column.target is None:
            return True
        return self._is_placed(value) and column.target in (THINGS, self._place[value.value])

    def _is_placed(self, value: _Value) -> bool:
        return isinstance(value, NamedNode) and value.value in self._place

    def _label(self, thing: str | None) -> str | None:
        """Give the one label of a thing, if a cell can hold it."""
        values = self._values[thing].get(RDFS_LABEL.value, ()) if thing in self._values else ()
        return values[0].value if len(values) == 1 and fits("text", values[0]) else None

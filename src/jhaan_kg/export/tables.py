"""Conversion of the graph to joinable tables, as listed in `tables.yaml`.

There is a table for each class and for each relation.

Every triple of the data is in a table. Properties with a single value are columns in the table of a class. Properties
with several values have their own tables. Any other value is in the table `other_values`, and its cell refers to it.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Triple

from jhaan_kg.build.graphs import graph_name, is_apart, is_evidence
from jhaan_kg.export.request import Request
from jhaan_kg.files import read_yaml
from jhaan_kg.graph import Graph, local_name
from jhaan_kg.namespaces import (
    CONTESTED_PARTS,
    DCTERMS,
    GRAPH,
    ONTOLOGY,
    OWL,
    RDF,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SKOS,
    XSD,
    expand,
    jhaan,
)
from jhaan_kg.near import Natural, natural

DOCUMENT: Final[Mapping[str, Any]] = read_yaml(Path(__file__).with_name("tables.yaml"))
"""The content of the layout file.

It is read at import, because worker processes cannot open files later.
"""

THINGS: Final = "things"
TERMS: Final = "terms"
SOURCES: Final = "context_sources"
OTHERS: Final = "other_values"
"""The names of the tables that are not for a class or a relation."""

ELSEWHERE: Final = f"see {OTHERS}"
"""The placeholder in a cell whose values are in the table `other_values`."""


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        name: the name in the header.
        kind: the type of the cells, see `fits`.
        title: the title in words.
        what: the description.
        property: the IRI of the property that the cells are values of, or in braces the name of the column with this
            IRI; None if the cells are not statements of the graph.
        about: the name of the column with the subject of the cells.
    """

    name: str
    kind: str
    title: str
    what: str = ""
    property: str | None = None
    about: str = "id"

    def with_labels(self) -> tuple[Column, Column]:
        """Return this column of links, and a column for the labels of the linked entities."""
        what = f"The label of what {self.name} names."
        title = f"{self.title}: label"
        return self, Column(f"{self.name}_label", "text", title, what, RDFS_LABEL.value, self.name)


Row = tuple[str | None, ...]


class ExportTable(NamedTuple):
    """A table of the export.

    Attributes:
        name: the name of the table.
        folder: the folder of the CSV file: `classes`, `relations`, or empty.
        what: the meaning of a row.
        columns: the columns from left to right.
        rows: the cells of each row; None for an empty cell.
    """

    name: str
    folder: str
    what: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]

    @property
    def path(self) -> str:
        """The path of the CSV file."""
        return f"{self.folder}/{self.name}.csv" if self.folder else f"{self.name}.csv"


class Layout(NamedTuple):
    """The layout of the tables.

    Attributes:
        classes: the class and the properties for the columns of each table of a class. A table includes instances of
            subclasses, and an entity is in the first table that matches.
        relations: the properties with their own tables.
        others: the other tables, without rows.
        columns: the columns that are not derived from a property in the layout.
        types: the types of values for properties without a range in the ontology.
        definitions: the definitions of terms without a definition in the ontology.
    """

    classes: Mapping[str, tuple[NamedNode, tuple[NamedNode, ...]]]
    relations: tuple[NamedNode, ...]
    others: Mapping[str, ExportTable]
    columns: Mapping[str, Column]
    types: Mapping[NamedNode, tuple[str, ...]]
    definitions: Mapping[NamedNode, str]


def load_layout(*, evidence: bool) -> Layout:
    """Return the layout, with or without the tables of the evidence."""
    classes, relations = DOCUMENT["classes"], " ".join(DOCUMENT["relations"].values())
    if evidence:
        classes = classes | DOCUMENT["evidence"]["classes"]
        relations = f"{relations} {DOCUMENT['evidence']['relations']}"
    columns = {}
    for name, entry in DOCUMENT["columns"].items():
        iri = entry.get("property")
        property_ = iri if iri is None or iri.startswith("{") else expand(iri)
        columns[name] = Column(name, entry["type"], entry["title"], entry["what"], property_)
    others = {}
    for name, entry in DOCUMENT["others"].items():
        own = [columns["id"], columns["label"]]
        for column in entry.get("columns", "").split():
            labelled = column in ("type", "property", "link")
            own += columns[column].with_labels() if labelled else [columns[column]]
        others[name] = ExportTable(name, "", entry["what"], tuple(own), ())
    return Layout(
        {name: (_iri(entry["class"]), _iris(entry.get("columns", ""))) for name, entry in classes.items()},
        _iris(relations),
        others,
        columns,
        {_iri(curie): tuple(types.split()) for curie, types in DOCUMENT["types"].items()},
        {_iri(curie): text for curie, text in DOCUMENT["definitions"].items()},
    )


def _iri(curie: str) -> NamedNode:
    return NamedNode(expand(curie))


def _iris(curies: str) -> tuple[NamedNode, ...]:
    return tuple(map(_iri, curies.split()))


def snake_case(name: str) -> str:
    """Convert a name from camel case to snake case.

    >>> snake_case("inActivity")
    'in_activity'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def fits(kind: str, value: object) -> bool:
    """Return whether a cell can contain a value without loss.

    Args:
        kind: the type of the cell: `link` or `web` for an IRI, `text` for an English text, and `string`, `integer`,
            `date` or `boolean` for a literal of this XSD datatype.
        value: the value.

    >>> fits("integer", Literal("07", datatype=NamedNode(XSD + "integer")))
    False
    """
    if kind in ("link", "web"):
        return isinstance(value, NamedNode)
    if not isinstance(value, Literal) or value.value in ("", ELSEWHERE):
        return False
    datatype, language, is_canonical = LITERALS[kind]
    return value.datatype.value == datatype and value.language == language and bool(is_canonical(value.value))


def _is_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


LITERALS: Final[Mapping[str, tuple[str, str | None, Callable[[str], object]]]] = {
    "text": (RDF + "langString", "en", bool),
    "string": (XSD + "string", None, bool),
    "date": (XSD + "date", None, _is_day),
    "integer": (XSD + "integer", None, re.compile("0|-?[1-9][0-9]*").fullmatch),
    "boolean": (XSD + "boolean", None, re.compile("true|false").fullmatch),
}
"""The datatype, language and lexical check of each type of cells with literals."""

_ONTOLOGY: Final = (GRAPH + "ontology", GRAPH + "ontology/reused")
_HEADER: Final = NamedNode(ONTOLOGY.rstrip("#"))
_OWL_ONTOLOGY: Final = NamedNode(OWL + "Ontology")
_OBJECT_PROPERTY: Final = NamedNode(OWL + "ObjectProperty")
_RANGE: Final = NamedNode(RDFS + "range")
_DEFINITION: Final = NamedNode(SKOS + "definition")
_DESCRIPTION: Final = NamedNode(DCTERMS + "description")

_Value = NamedNode | Literal
_Statement = tuple[NamedNode, NamedNode, _Value]
_Cells = list[str | None]


class Tables(NamedTuple):
    """All tables of a graph.

    Attributes:
        tables: the tables in this order: `things`, classes, relations, other tables. Tables may be empty.
        issued: the issue date of the ontology.
        licence: the URL of the licence.
    """

    tables: list[ExportTable]
    issued: str
    licence: str


def make_tables(request: Request) -> Tables:
    """Return the tables of the exported graph.

    The selected content only determines the rows: tables, columns, and the table of an entity remain the same.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
    """
    filler = _Filler(request)
    tables = [filler.class_table(name) for name in filler.layout.classes]
    tables += [filler.terms(), filler.context_sources(), *map(filler.relation, filler.layout.relations)]
    tables = [filler.things(), *tables, filler.other_values()]
    issued, licence = (
        filler.ontology.text(_HEADER, NamedNode(DCTERMS + name)) for name in ("issued", "license")
    )
    return Tables(tables, issued, licence)


class _Filler:
    """Creation of the tables from the graph.

    The attribute `_left` contains the statements that are not in any table yet.
    """

    def __init__(self, request: Request) -> None:
        self.layout = load_layout(evidence=request.evidence)
        quads = list(request.snapshot.quads(evidence=request.evidence, context=True))
        self.ontology = Graph.of(quad for quad in quads if graph_name(quad) in _ONTOLOGY)
        # The tables contain only the types, labels and definitions of ontology terms.
        terms = set(
            _statements(
                triple
                for term in self.ontology.subjects(RDF_TYPE)
                if not self.ontology.is_a(term, _OWL_ONTOLOGY)
                for predicate in (RDF_TYPE, RDFS_LABEL, _DEFINITION)
                for triple in self.ontology.triples(term, predicate)
            )
        )
        # The statements about entities, without the ontology, the stored queries and the lexicon.
        data = [
            quad
            for quad in quads
            if (graph := graph_name(quad)) not in _ONTOLOGY and (is_evidence(graph) or not is_apart(graph))
        ]
        self._tables = self._assign_tables(_statements(data), {term for term, _, _ in terms})
        wanted = {file.graph for file in request.files()}
        self._left = set(_statements(quad for quad in data if graph_name(quad) in wanted))
        self._graph = Graph.of(Triple(*statement) for statement in self._left | terms)
        mentioned = {thing for subject, _, value in self._left | terms for thing in (subject, value)}
        self._things = sorted(self._tables.keys() & mentioned, key=_natural)
        self._rows_of: dict[str, list[NamedNode]] = defaultdict(list)
        for thing in self._things:
            self._rows_of[self._tables[thing]].append(thing)
        self._contested = self._find_contested_columns()

    def _assign_tables(self, data: Iterable[_Statement], terms: Iterable[NamedNode]) -> dict[NamedNode, str]:
        """Return the table of each entity.

        It is the first table for a stated or inferred class of the entity.
        """
        tables = dict.fromkeys(terms, TERMS)
        types: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for subject, predicate, value in data:
            tables[predicate] = TERMS
            own = types[subject]
            if predicate == RDF_TYPE and isinstance(value, NamedNode):
                tables[value] = TERMS
                own.add(value)
        for thing, own in types.items():
            table = next((name for name, (kind, _) in self.layout.classes.items() if kind in own), None)
            other = SOURCES if thing.value.startswith(GRAPH) else OTHERS
            tables[thing] = table or tables.get(thing, other)
        return tables

    def _find_contested_columns(self) -> dict[NamedNode, str]:
        """Return the names of the columns with conflicting values for each entity.

        They are separated by spaces.
        """
        names: dict[NamedNode, set[str]] = defaultdict(set)
        for statement in self._rows_of["contested_statements"]:
            subjects, properties, _ = (self._graph.nodes(statement, part) for part in CONTESTED_PARTS)
            for subject in subjects:
                names[subject] |= {_column_name(name) for name in properties}
        return {thing: " ".join(sorted(own)) for thing, own in names.items()}

    # --- tables --------------------------------------------------------------------------------------------

    def class_table(self, name: str) -> ExportTable:
        kind, predicates = self.layout.classes[name]
        properties = [(predicate, self._columns(predicate)) for predicate in predicates]
        columns = [
            *self.layout.others[THINGS].columns[:4],
            *(column for _, own in properties for column in own),
        ]
        single_valued = jhaan("singleValued")
        watched = any("true" in self.ontology.texts(predicate, single_valued) for predicate in predicates)
        if watched:
            columns.append(self.layout.columns["contested"])
        rows = []
        for thing in self._rows_of[name]:
            row = self._identify(thing)
            for predicate, own in properties:
                row += self._cells(thing, predicate, own)
            rows.append((*row, self._contested.get(thing)) if watched else tuple(row))
        return ExportTable(name, "classes", self._definition(kind), tuple(columns), rows)

    def relation(self, predicate: NamedNode) -> ExportTable:
        columns = self._columns(predicate)
        rows = []
        for thing in sorted(self._graph.subjects(predicate), key=_natural):
            for value in self._values(thing, predicate):
                cells = self._fit(thing, predicate, columns, value)
                if cells is not None:
                    rows.append((thing.value, self._label(thing), *cells))
        name, head = _column_name(predicate), self.layout.others[THINGS].columns[:2]
        return ExportTable(name, "relations", self._definition(predicate), (*head, *columns), rows)

    def things(self) -> ExportTable:
        table = self.layout.others[THINGS]
        rows = [(*self._identify(thing), self._tables[thing]) for thing in self._things]
        return table._replace(rows=rows)

    def terms(self) -> ExportTable:
        definition = [self.layout.columns["definition"]]
        rows = [
            (*self._identify(thing), *self._cells(thing, _DEFINITION, definition))
            for thing in self._rows_of[TERMS]
        ]
        return self.layout.others[TERMS]._replace(rows=rows)

    def context_sources(self) -> ExportTable:
        table, columns = self.layout.others[SOURCES], self._columns(_DESCRIPTION)
        rows = [
            (*self._identify(thing)[:2], *self._cells(thing, _DESCRIPTION, columns))
            for thing in self._rows_of[SOURCES]
        ]
        return table._replace(columns=(*table.columns, *columns), rows=rows)

    def other_values(self) -> ExportTable:
        """Return the table of the statements that are not in other tables.

        It must be created last.
        """
        rows: list[Row] = []
        for thing, predicate, value in sorted(self._left, key=lambda left: str(Triple(*left))):
            head = (thing.value, self._label(thing), predicate.value, self._label(predicate))
            if isinstance(value, NamedNode):
                rows.append((*head, value.value, self._label(value), None, None, None))
            else:
                rows.append((*head, None, None, value.value, value.datatype.value, value.language))
        return self.layout.others[OTHERS]._replace(rows=rows)

    # --- columns and cells ---------------------------------------------------------------------------------

    def _columns(self, predicate: NamedNode) -> list[Column]:
        """Return the columns of a property.

        There is one for each type of value, and one for the labels of links.
        """
        name = _column_name(predicate)
        title = self.ontology.label(predicate) or local_name(predicate.value)
        columns: list[Column] = []
        for kind in self._value_types(predicate):
            own = f"{name}_{kind}" if columns else name
            column = Column(own, kind, title, self._definition(predicate), predicate.value)
            if kind == "link":
                columns += column.with_labels()
            else:
                columns.append(column)
        return columns

    def _value_types(self, predicate: NamedNode) -> tuple[str, ...]:
        if predicate in self.layout.types:
            return self.layout.types[predicate]
        if predicate == RDF_TYPE or self.ontology.is_a(predicate, _OBJECT_PROPERTY):
            return ("link",)
        kind = self.ontology.text(predicate, _RANGE).removeprefix(XSD)
        return (kind,) if kind in LITERALS else ("text",)

    def _definition(self, term: NamedNode) -> str:
        return self.ontology.text(term, _DEFINITION) or self.layout.definitions.get(term, "")

    def _identify(self, thing: NamedNode) -> _Cells:
        """Return the IRI, the label, the class, and the label of the class, for an entity."""
        label = self._cells(thing, RDFS_LABEL, [self.layout.columns["label"]])
        kind = self._most_specific_class(thing)
        if kind is None:
            return [thing.value, *label, None, None]
        self._left.discard((thing, RDF_TYPE, kind))
        return [thing.value, *label, kind.value, self._label(kind)]

    def _most_specific_class(self, thing: NamedNode) -> NamedNode | None:
        """Return the most specific class of an entity.

        If there are several, a subclass of the class of the entity's table is preferred.
        """
        types = {kind for kind in self._graph.nodes(thing, RDF_TYPE) if kind in self._tables}
        above = {kind: self.ontology.superclasses(kind) for kind in types}
        lowest = [kind for kind in types if not any(kind in above[other] for other in types - {kind})]
        own, _ = self.layout.classes.get(self._tables[thing], (None, ()))

        def rank(kind: NamedNode) -> tuple[bool, bool, str]:
            return own not in above[kind], not kind.value.startswith(ONTOLOGY), kind.value

        return min(lowest or types, key=rank, default=None)

    def _values(self, thing: NamedNode, predicate: NamedNode) -> list[_Value]:
        return [value for value in self._graph.values(thing, predicate) if isinstance(value, _Value)]

    def _cells(self, thing: NamedNode, predicate: NamedNode, columns: Sequence[Column]) -> _Cells:
        """Return the cells for a property of an entity.

        They contain the single value, or a reference to `other_values`.
        """
        values = self._values(thing, predicate)
        cells = self._fit(thing, predicate, columns, values[0]) if len(values) == 1 else None
        if cells is None:
            cells = [None] * len(columns)
            cells[0] = ELSEWHERE if values else None
        return cells

    def _fit(
        self, thing: NamedNode, predicate: NamedNode, columns: Sequence[Column], value: _Value
    ) -> _Cells | None:
        """Return the cells for a value, and mark the statement as done.

        Return None if no column can contain the value.
        """
        cells: _Cells = [None] * len(columns)
        for index, column in enumerate(columns):
            if column.property != predicate.value or not fits(column.kind, value):
                continue
            if column.kind == "link" and isinstance(value, NamedNode):
                if value not in self._tables:
                    continue
                cells[index + 1] = self._label(value)
            cells[index] = value.value
            self._left.discard((thing, predicate, value))
            return cells
        return None

    def _label(self, thing: NamedNode) -> str | None:
        """Return the label of an entity.

        It is None if the entity has several labels, or a cell cannot contain the label.
        """
        values = self._values(thing, RDFS_LABEL)
        return values[0].value if len(values) == 1 and fits("text", values[0]) else None


def _statements(statements: Iterable[Quad | Triple]) -> Iterator[_Statement]:
    for statement in statements:
        subject, value = statement.subject, statement.object
        if isinstance(subject, NamedNode) and isinstance(value, _Value):
            yield subject, statement.predicate, value


def _column_name(predicate: NamedNode) -> str:
    return snake_case(local_name(predicate.value))


def _natural(thing: NamedNode) -> Natural:
    return natural(thing.value)

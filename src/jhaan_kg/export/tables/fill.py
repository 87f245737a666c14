"""Fills the tables with a graph.

Each triple of the data stands in a table. A property with one value is a column of the table of the class, one with
several is a table of its own, and what fits into neither stands in `other_values`, to which the cell leads.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

from jhaan_kg.export.request import Request
from jhaan_kg.export.tables.cells import ELSEWHERE
from jhaan_kg.export.tables.graph import Graph
from jhaan_kg.export.tables.layout import ClassTable
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
    label_of,
    snake_case,
    type_columns,
)
from jhaan_kg.export.tables.vocabulary import DEFINITION, Vocabulary, local_name
from jhaan_kg.namespaces import DCTERMS
from jhaan_kg.natural import natural


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
    graph = Graph(request)
    classes = [_class_table(graph, table) for table in graph.classes]
    classes += [_terms(graph), _context_sources(graph)]
    relations = [_relation(graph, iri) for iri in graph.relations]
    made = [_things(graph), *classes, *relations, _other_values(graph)]
    return made, graph.vocabulary


def _things(graph: Graph) -> Table:
    columns = [ID._replace(target=None), LABEL, *type_columns()]
    columns.append(Column("table", "string", "table", "The table in which the thing stands."))
    rows = [
        (*graph.identity(thing), graph.place[thing])
        for thing in sorted((thing for ids in graph.ids.values() for thing in ids), key=natural)
    ]
    return Table(
        THINGS, "", "All things, each once, with the table of its class.", tuple(columns), ("id",), rows
    )


def _class_table(graph: Graph, table: ClassTable) -> Table:
    vocabulary = graph.vocabulary
    properties = [(iri, graph.columns(iri)) for iri in table.properties]
    columns = [ID, LABEL, *type_columns(), *(column for _, own in properties for column in own)]
    watched = any(vocabulary.is_watched(iri) for iri, _ in properties)
    if watched:
        what = "The columns on whose values the report disagrees with itself; see `contested_statements`."
        columns.append(Column("contested", "string", "contested columns", what))
    rows = []
    for thing in graph.ids[table.name]:
        row = list(graph.identity(thing))
        for iri, own in properties:
            row += graph.cells(thing, iri, own)
        rows.append((*row, graph.contested.get(thing)) if watched else tuple(row))
    what = vocabulary.definition(table.class_iri)
    return Table(table.name, "classes", what, tuple(columns), ("id",), rows)


def _terms(graph: Graph) -> Table:
    definition = Column("definition", "text", "definition", "What the term means.", DEFINITION)
    rows = [
        (*graph.identity(thing), *graph.cells(thing, DEFINITION, [definition])) for thing in graph.ids[TERMS]
    ]
    columns = (ID, LABEL, *type_columns(), definition)
    what = "The terms of the ontology: classes, properties, and the values of code lists."
    return Table(TERMS, "", what, columns, ("id",), rows)


def _context_sources(graph: Graph) -> Table:
    description = DCTERMS + "description"
    own = graph.columns(description)
    rows = [
        (*graph.identity(thing)[:2], *graph.cells(thing, description, own)) for thing in graph.ids[SOURCES]
    ]
    what = "Where facts from outside the reports come from; the table `source` has the addresses."
    return Table(SOURCES, "", what, (ID, LABEL, *own), ("id",), rows)


def _relation(graph: Graph, iri: str) -> Table:
    columns = [ID, LABEL, *graph.columns(iri)]
    rows = [(thing, graph.label(thing), *cells) for thing, cells in graph.pairs(iri, columns[2:])]
    what = graph.vocabulary.definition(iri)
    name = snake_case(local_name(iri))
    return Table(name, "relations", what, tuple(columns), ("id", name), rows)


def _other_values(graph: Graph) -> Table:
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
    for thing, iri, value in graph.untold():
        head = (thing, graph.label(thing), iri, graph.label(iri))
        if isinstance(value, NamedNode):
            rows.append((*head, value.value, graph.label(value.value), None, None, None))
        else:
            rows.append((*head, None, None, value.value, value.datatype.value, value.language))
    what = (
        "What fits into no cell elsewhere: several values of a property that has one column, values of another "
        f"kind or language, things of a class without a table. Cells that say “{ELSEWHERE}” lead here."
    )
    return Table(OTHERS, "", what, columns, (), rows)

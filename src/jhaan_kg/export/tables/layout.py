"""Tables and columns, and the layout that lists them (`layout.yaml`)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml
from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import RDF, RDFS_LABEL, XSD, expand

DOCUMENT: Final[Mapping[str, Any]] = yaml.safe_load(Path(__file__).with_name("layout.yaml").read_bytes())
"""The file of the layout, with the texts for readers of CSV and workbook. It is read at import, since a process that
answers for the server can open no files later."""

THINGS: Final = "things"
TERMS: Final = "terms"
SOURCES: Final = "context_sources"
OTHERS: Final = "other_values"
"""The tables that are neither of a class nor of a relation."""

ELSEWHERE: Final = f"see {OTHERS}"
"""What a cell shows whose values don't fit into it: they are in the table of that name."""


class Column(NamedTuple):
    """A column.

    Attributes:
        name: the name in the header.
        kind: the type of its cells, see `fits`.
        title: its name in words.
        what: what it means.
        property: the IRI of the property whose values it contains, or in braces the column with that IRI; None if its
            cells are not statements of the graph.
        about: the column of the thing that its cells are about.
        target: the table of the things to which it links.
    """

    name: str
    kind: str
    title: str
    what: str = ""
    property: str | None = None
    about: str = "id"
    target: str | None = None

    def with_labels(self) -> tuple[Column, Column]:
        """Return a column that links, and the column with the labels of what it links to."""
        what = f"The label of what {self.name} names."
        title = f"{self.title}: label"
        return self, Column(f"{self.name}_label", "text", title, what, RDFS_LABEL.value, self.name)


Row = tuple[str | None, ...]


class ExportTable(NamedTuple):
    """A table.

    Attributes:
        name: its name.
        folder: the folder of its file: classes, relations, or none.
        what: what a row is.
        columns: the columns from left to right.
        key: the columns that identify a row; none if no column is always filled.
        rows: the cells of each row; None if nothing is recorded.
    """

    name: str
    folder: str
    what: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Sequence[Row]

    @property
    def path(self) -> str:
        """The path of its CSV file."""
        return f"{self.folder}/{self.name}.csv" if self.folder else f"{self.name}.csv"


class Layout(NamedTuple):
    """The layout.

    Attributes:
        classes: the class of each table, and the properties that are its columns; instances of subclasses are in it
            too, and a thing is in the first table that fits.
        relations: the properties that are tables of their own.
        others: the tables beside them, without rows.
        columns: the columns that are not values of a property in the layout.
        types: the types of the values of a property, where the ontology does not state them.
        definitions: definitions of terms that the ontology does not define.
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
        columns[name] = Column(
            name, entry["type"], entry["title"], entry["what"], property_, target=entry.get("target")
        )
    others = {}
    for name, entry in DOCUMENT["others"].items():
        own = [columns["id"], columns["label"]]
        for column in entry.get("columns", "").split():
            labelled = column in ("type", "property", "link")
            own += columns[column].with_labels() if labelled else [columns[column]]
        others[name] = ExportTable(name, "", entry["what"], tuple(own), ("id",), ())
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
    """Write a name in camel case as the names of columns are written.

    >>> snake_case("inActivity")
    'in_activity'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def fits(kind: str, value: object) -> bool:
    """Whether a cell can contain a value without loss.

    Args:
        kind: link or web for an IRI; text for English words; string, integer, date or boolean for a literal of XSD.
        value: a term.

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
"""Datatype and language of the literals of each type, and whether a cell can contain their lexical form."""

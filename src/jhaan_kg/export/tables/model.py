"""What tables and columns are, and the names of those that are no matter of the layout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from jhaan_kg.export.tables.vocabulary import Vocabulary, local_name
from jhaan_kg.namespaces import RDF_TYPE, RDFS_LABEL

THINGS: Final = "things"
"""All things with the table in which each stands."""

TERMS: Final = "terms"
"""Classes, properties and code lists."""

SOURCES: Final = "context_sources"
"""The files of facts from outside the reports."""

OTHERS: Final = "other_values"
"""What fits into no cell elsewhere."""


class Column(NamedTuple):
    """A column.

    Attributes:
        name: of the column, in the header.
        kind: of its cells, see `cells.fits`.
        title: its name in words.
        what: what it means.
        property: the IRI of the property whose values stand here, or in braces the column that gives it; None where
            a cell is no statement of the graph.
        about: the column of the thing of which a cell tells something.
        target: the table of the things to which it links.
    """

    name: str
    kind: str
    title: str
    what: str = ""
    property: str | None = None
    about: str = "id"
    target: str | None = None


Row = tuple[str | None, ...]


class Table(NamedTuple):
    """A table.

    Attributes:
        name: of the table.
        folder: where it stands: classes, relations, or none.
        what: what a row is.
        columns: from left to right.
        key: the columns that tell its rows apart; none where no column is always filled.
        rows: the cells of each row; None for nothing recorded.
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


ID: Final = Column("id", "link", "IRI", "The IRI of the thing.", target=THINGS)
LABEL: Final = Column("label", "text", "label", "Its label.", RDFS_LABEL.value)


def label_of(column: Column) -> Column:
    """Give the column with the labels of the things to which a column links."""
    what = f"The label of what {column.name} names."
    return Column(
        f"{column.name}_label", "text", f"{column.title}: label", what, RDFS_LABEL.value, column.name
    )


def columns_of(iri: str, vocabulary: Vocabulary, target: str) -> list[Column]:
    """Give the columns of a property, one for each kind of its values, and one for the labels of what it links to.

    Args:
        iri: the property.
        vocabulary: what the ontology says of it.
        target: the table of the things to which it links.
    """
    name = snake_case(local_name(iri))
    made: list[Column] = []
    for kind in vocabulary.kinds(iri):
        own = f"{name}_{kind}" if made else name
        column = Column(own, kind, vocabulary.label(iri), vocabulary.definition(iri), iri)
        if kind == "link":
            column = column._replace(target=target)
            made += [column, label_of(column)]
        else:
            made.append(column)
    return made


def type_columns() -> list[Column]:
    """Give the columns with the most specific class of a thing, and its label."""
    what = "The most specific class of the thing; the table `type` has all of them."
    column = Column("type", "link", "class", what, RDF_TYPE.value, target=TERMS)
    return [column, label_of(column)]


def snake_case(name: str) -> str:
    """Write a name in camel case as names of columns are written.

    >>> snake_case("inActivity")
    'in_activity'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()

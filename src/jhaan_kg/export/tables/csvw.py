"""The metadata of the CSV files: CSV on the Web, https://www.w3.org/TR/tabular-metadata/.

They also say which triples the cells are, https://www.w3.org/TR/csv2rdf/: a cell whose column has a `propertyUrl`, and
that is not null, is a triple of the graph, from the thing of its `aboutUrl`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from jhaan_kg.export.tables.cells import ELSEWHERE
from jhaan_kg.export.tables.model import Column, Table
from jhaan_kg.export.tables.vocabulary import Vocabulary

NAME: Final = "csv-metadata.json"
"""The name under which processors look for it (Model for Tabular Data, section 5.3)."""

_DIALECT: Final = {
    "encoding": "utf-8",
    "header": True,
    "delimiter": ",",
    "lineTerminators": ["\r\n"],
    "trim": False,
}
_DATATYPES: Final = {"link": "anyURI", "web": "anyURI", "text": "string"}
_GUARD: Final = (
    "A cell whose text a spreadsheet program might take for a formula (its first character other than white space is "
    "=, +, -, @ or the full-width form of one, or it begins with a tabulator or a line end) has an apostrophe before "
    "it; so has a cell that begins with an apostrophe. Take one apostrophe off the front of such a cell to have the "
    "text. Numbers and days are never marked."
)
_EMPTY: Final = (
    "An empty cell means: not recorded. It never means that something is absent. What a passage is known not to tell "
    f"stands in relations/not_stated.csv. A cell that says “{ELSEWHERE}” has its values in other_values.csv."
)


def metadata(tables: Sequence[Table], vocabulary: Vocabulary) -> bytes:
    """Describe the CSV files.

    Args:
        tables: what they hold.
        vocabulary: what the ontology says, of itself too.

    Returns:
        A file of JSON in UTF-8.
    """
    paths = {table.name: table.path for table in tables if table.folder != "relations"}
    group: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": "JHAAN knowledge graph as tables",
        "dc:description": "One table for each class and one for each relation that may have several values.",
        "dc:license": {"@id": vocabulary.about_itself("license")},
        "dc:issued": vocabulary.about_itself("issued"),
        "rdfs:comment": [_EMPTY, _GUARD],
        "dialect": _DIALECT,
        "tables": [_table(table, paths) for table in tables],
    }
    return (json.dumps(group, ensure_ascii=False, indent=1) + "\n").encode()


def _table(table: Table, paths: dict[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": [_column(column) for column in table.columns]}
    schema["aboutUrl"] = "{+id}"
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = [_foreign_key(column, paths[column.target]) for column in table.columns if column.target]
    if keys:
        schema["foreignKeys"] = keys
    return {"url": table.path, "dc:title": table.name, "dc:description": table.what, "tableSchema": schema}


def _foreign_key(column: Column, path: str) -> dict[str, Any]:
    return {"columnReference": column.name, "reference": {"resource": path, "columnReference": "id"}}


def _column(column: Column) -> dict[str, Any]:
    """Describe a column; the name in the header is among its titles, as section 5.4.3 asks."""
    described: dict[str, Any] = {
        "name": column.name,
        "titles": list(dict.fromkeys((column.name, column.title))),
        "dc:description": column.what,
        "datatype": _DATATYPES.get(column.kind, column.kind),
    }
    if column.kind == "text":
        described["lang"] = "en"
    if column.name == "id":
        described["required"] = True
    if column.property is None:
        return described | {"suppressOutput": True}
    described["null"] = ["", ELSEWHERE]
    if column.about != "id":
        described["aboutUrl"] = f"{{+{column.about}}}"
    described["propertyUrl"] = column.property.replace("{", "{+")
    if column.kind in ("link", "web"):
        described["valueUrl"] = f"{{+{column.name}}}"
    return described

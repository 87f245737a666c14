"""The tables as CSV (https://www.rfc-editor.org/rfc/rfc4180), in UTF-8 without byte order mark, with metadata.

The metadata follow CSV on the Web, https://www.w3.org/TR/tabular-metadata/. They also state which triples the cells
are, https://www.w3.org/TR/csv2rdf/: a cell whose column has a `propertyUrl`, and that is not null, is a triple of the
graph, about the thing of its `aboutUrl`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from jhaan_kg.export.request import Request
from jhaan_kg.export.tables.fill import Tables, make_tables
from jhaan_kg.export.tables.layout import DOCUMENT, ELSEWHERE, Column, ExportTable

_METADATA: Final = "csv-metadata.json"
"""The name under which processors look for it (Model for Tabular Data, section 5.3)."""

_DATATYPES: Final = {"link": "anyURI", "web": "anyURI", "text": "string"}
_DIALECT: Final = {
    "encoding": "utf-8",
    "header": True,
    "delimiter": ",",
    "lineTerminators": ["\r\n"],
    "trim": False,
}
_FORMULA: Final = re.compile(r"\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n]")
"""How a text begins that a spreadsheet program may take for a formula: OWASP, CSV injection; full-width signs too."""


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Write the tables as a folder.

    Yields:
        The path of a file and its bytes: the metadata, then the tables.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
    """
    filled = make_tables(request)
    yield _METADATA, (json.dumps(_describe_tables(filled), ensure_ascii=False, indent=1) + "\n").encode()
    for table in filled.tables:
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow([column.name for column in table.columns])
        plain = [column.kind in ("date", "integer", "boolean") for column in table.columns]
        for row in table.rows:
            writer.writerow(
                "" if cell is None else cell if is_plain else escape_formula(cell)
                for cell, is_plain in zip(row, plain, strict=True)
            )
        yield table.path, buffer.getvalue().encode()


def escape_formula(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet program may take for a formula, and before an apostrophe.

    >>> escape_formula("=1+1"), escape_formula("'s Gravenhage"), escape_formula("CEPOL")
    ("'=1+1", "''s Gravenhage", 'CEPOL')
    """
    return f"'{text}" if text.startswith("'") or _FORMULA.match(text) else text


def _describe_tables(filled: Tables) -> dict[str, Any]:
    paths = {table.name: table.path for table in filled.tables if table.folder != "relations"}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": "JHAAN knowledge graph as tables",
        "dc:description": "One table for each class and one for each relation that may have several values.",
        "dc:license": {"@id": filled.licence},
        "dc:issued": filled.issued,
        "rdfs:comment": DOCUMENT["comments"],
        "dialect": _DIALECT,
        "tables": [
            {
                "url": table.path,
                "dc:title": table.name,
                "dc:description": table.what,
                "tableSchema": _describe_schema(table, paths),
            }
            for table in filled.tables
        ],
    }


def _describe_schema(table: ExportTable, paths: Mapping[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "columns": [_describe_column(column) for column in table.columns],
        "aboutUrl": "{+id}",
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = [
        {
            "columnReference": column.name,
            "reference": {"resource": paths[column.target], "columnReference": "id"},
        }
        for column in table.columns
        if column.target
    ]
    return schema | ({"foreignKeys": keys} if keys else {})


def _describe_column(column: Column) -> dict[str, Any]:
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

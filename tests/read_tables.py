"""Reader of tables in CSV, which converts them to triples (https://www.w3.org/TR/csv2rdf/, section 4.6).

It is independent of the package. Beyond CSVW it only needs the two conventions described in the metadata, on
apostrophes before formulas and on the table `other_values`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

XSD = "http://www.w3.org/2001/XMLSchema#"
METADATA = "csv-metadata.json"
TERMS = tuple(
    f"https://w3id.org/jhaan/graph/{name}"
    for name in ("ontology", "ontology/reused", "queries", "lexicon", "lexicon/jhaan-2023")
)
"""The graphs of which tables contain only descriptions of the terms that the data use."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The characters with which a formula begins in some spreadsheet program."""


def rows_of(data: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def triples_of(files: Mapping[str, bytes]) -> set[Triple]:
    """Return the triples of a folder of tables."""
    metadata = json.loads(files[METADATA])
    found = set()
    for table in metadata["tables"]:
        schema = table["tableSchema"]
        for row in rows_of(files[table["url"]]):
            found |= set(_triples(row, schema))
    return found | set(_others(rows_of(files["other_values.csv"])))


def data_of(quads: Iterable[Quad]) -> set[Triple]:
    """Return the triples that the tables must contain."""
    return {quad.triple for quad in quads if getattr(quad.graph_name, "value", "") not in TERMS}


def assert_one_row_for_each_thing(files: Mapping[str, bytes]) -> None:
    """Assert that each entity is in exactly one table of a class, and that the table of entities names it."""
    placed = [
        (row["id"], Path(path).stem)
        for path in files
        if path.startswith("classes/") or path in ("terms.csv", "context_sources.csv")
        for row in rows_of(files[path])
    ]
    assert len(placed) == len(dict(placed))
    listed = {
        row["id"]: row["table"] for row in rows_of(files["things.csv"]) if row["table"] != "other_values"
    }
    assert dict(placed) == listed


def _triples(row: Mapping[str, str], schema: Mapping[str, Any]) -> Iterator[Triple]:
    for column in schema["columns"]:
        cell = row[column["name"]]
        if column.get("suppressOutput") or "propertyUrl" not in column or cell in column.get("null", [""]):
            continue
        about = NamedNode(_expanded(column.get("aboutUrl", schema["aboutUrl"]), row))
        predicate = NamedNode(_expanded(column["propertyUrl"], row))
        if "valueUrl" in column:
            yield Triple(about, predicate, NamedNode(_expanded(column["valueUrl"], row)))
        elif "lang" in column:
            yield Triple(about, predicate, Literal(plain(cell), language=column["lang"]))
        elif column["datatype"] == "string":
            yield Triple(about, predicate, Literal(plain(cell)))
        else:
            yield Triple(about, predicate, Literal(cell, datatype=NamedNode(XSD + column["datatype"])))


def _others(rows: list[dict[str, str]]) -> Iterator[Triple]:
    for row in rows:
        if row["datatype"]:
            value = plain(row["value"])
            literal = (
                Literal(value, language=row["language"])
                if row["language"]
                else Literal(value, datatype=NamedNode(row["datatype"]))
            )
            yield Triple(NamedNode(row["id"]), NamedNode(row["property"]), literal)


def plain(cell: str) -> str:
    """Remove the apostrophe that keeps a cell from being a formula."""
    return cell.removeprefix("'")


def _expanded(template: str, row: Mapping[str, str]) -> str:
    return re.sub(r"\{\+(\w+)\}", lambda match: row[match[1]], template)

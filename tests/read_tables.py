"""Reader of tables in CSV, which converts them to triples by the properties of their columns.

It needs two conventions: apostrophes before formulas, and the table `other_values`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

from jhaan_kg.export.tables import Column, ExportTable

XSD = "http://www.w3.org/2001/XMLSchema#"
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


def triples_of(files: Mapping[str, bytes], tables: Iterable[ExportTable]) -> set[Triple]:
    """Return the triples of a folder of tables, by the properties of their columns."""
    found = {
        triple
        for table in tables
        for row in rows_of(files[table.path])
        for triple in _triples(row, table.columns)
    }
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


def _triples(row: Mapping[str, str], columns: Iterable[Column]) -> Iterator[Triple]:
    for column in columns:
        cell = row[column.name]
        if column.property is None or cell in ("", "see other_values"):
            continue
        about, predicate = NamedNode(row[column.about]), NamedNode(_expanded(column.property, row))
        if column.kind in ("link", "web"):
            yield Triple(about, predicate, NamedNode(cell))
        elif column.kind == "text":
            yield Triple(about, predicate, Literal(plain(cell), language="en"))
        elif column.kind == "string":
            yield Triple(about, predicate, Literal(plain(cell)))
        else:
            yield Triple(about, predicate, Literal(cell, datatype=NamedNode(XSD + column.kind)))


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
    return re.sub(r"\{(\w+)\}", lambda match: row[match[1]], template)

"""The tables contain the real graph: rebuilt from the CSV files it is the same."""

from __future__ import annotations

from functools import cache

import pytest
from pyoxigraph import Quad, Triple

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import Request, export_files
from jhaan_kg.export.tables import ExportTable, make_tables
from jhaan_kg.namespaces import RDF_TYPE, RDFS, SKOS
from read_tables import data_of, rows_of, triples_of

pytestmark = pytest.mark.slow


@cache
def quads() -> tuple[Quad, ...]:
    return tuple(open_snapshot().quads(evidence=False, context=True))


@cache
def files() -> dict[str, bytes]:
    return dict(export_files(open_snapshot(), "csv"))


@cache
def tables() -> list[ExportTable]:
    return make_tables(Request(open_snapshot(), "csv")).tables


@cache
def facts() -> frozenset[Triple]:
    return frozenset(data_of(quads()))


@cache
def rows(path: str) -> list[dict[str, str]]:
    return rows_of(files()[path])


def test_every_triple_of_the_data_is_in_a_table_and_nothing_else() -> None:
    rebuilt = triples_of(files(), tables())
    assert facts() - rebuilt == set()
    more = rebuilt - facts()
    assert more <= {quad.triple for quad in quads()}
    said_of_terms = {RDFS + "label", SKOS + "definition", RDF_TYPE.value}
    assert {triple.predicate.value for triple in more} <= said_of_terms


def test_nothing_of_the_graph_needs_the_table_for_what_fits_nowhere() -> None:
    """A new property or class needs a place in the layout, so that readers find it where they look."""
    assert rows("other_values.csv") == []
    assert not [path for path, data in files().items() if b"see other_values" in data]


def test_no_column_is_for_nothing() -> None:
    """But for those of other kinds of values than the graph has, of properties whose values may be of any kind."""
    empty = {
        (table.name, column.name)
        for table in tables()
        for column in table.columns
        if table.folder == "classes" and not any(row[column.name] for row in rows(table.path))
    }
    of_any_kind = {
        column
        for _, column in empty
        if column.startswith(("contested_value", "corrected_value", "object", "prefers", "wrong_value"))
    }
    assert {column for _, column in empty} - of_any_kind == {"contested"}

"""The tables contain the real graph: rebuilt from the CSV files by their metadata it is the same."""

from __future__ import annotations

import contextlib
import json
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad, Triple

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export_files
from jhaan_kg.namespaces import RDF_TYPE, RDFS, SKOS
from read_tables import METADATA, data_of, rows_of, triples_of


@cache
def quads() -> tuple[Quad, ...]:
    return tuple(open_snapshot().quads(evidence=False, context=True))


@cache
def files() -> dict[str, bytes]:
    return dict(export_files(open_snapshot(), "csv"))


@cache
def facts() -> frozenset[Triple]:
    return frozenset(data_of(quads()))


@cache
def rows(path: str) -> list[dict[str, str]]:
    return rows_of(files()[path])


def test_every_triple_of_the_data_is_in_a_table_and_nothing_else() -> None:
    rebuilt = triples_of(files())
    assert facts() - rebuilt == set()
    more = rebuilt - facts()
    assert more <= {quad.triple for quad in quads()}
    said_of_terms = {RDFS + "label", SKOS + "definition", RDF_TYPE.value}
    assert {triple.predicate.value for triple in more} <= said_of_terms


def test_nothing_of_the_graph_needs_the_table_for_what_fits_nowhere() -> None:
    """A new property or class needs a place in the layout, so that readers find it where they look."""
    assert rows("other_values.csv") == []
    assert not [path for path, data in files().items() if b"see other_values" in data and path != METADATA]


def test_no_column_is_for_nothing() -> None:
    """But for those of other kinds of values than the graph has, of properties whose values may be of any kind."""
    empty = {
        (table["dc:title"], column["name"])
        for table in json.loads(files()[METADATA])["tables"]
        for column in table["tableSchema"]["columns"]
        if table["url"].startswith("classes/") and not any(row[column["name"]] for row in rows(table["url"]))
    }
    of_any_kind = {
        column
        for _, column in empty
        if column.startswith(("contested_value", "corrected_value", "object", "prefers", "wrong_value"))
    }
    assert {column for _, column in empty} - of_any_kind == {"contested", "is_removed"}


# --- CSV on the Web ------------------------------------------------------------------------------------------


def _folder(folder: Path, changed: dict[str, bytes] | None = None) -> Path:
    for path, data in {**files(), **(changed or {})}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
    return folder / METADATA


def test_csvw_accepts_the_folder(tmp_path: Path) -> None:
    from csvw import CSVW

    checked = CSVW(str(_folder(tmp_path)), validate=True, strict=False)
    assert checked.is_valid, checked.warnings


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("relations/in_series.csv", b"/id/event/", b"/id/evnt/"),
        ("classes/events.csv", b",2023-06-01,", b",2023-06-31,"),
        ("classes/events.csv", b",start_date,", b",starts,"),
    ],
    ids=["link to nothing", "no day", "unknown column"],
)
def test_csvw_finds_a_fault(path: str, old: bytes, new: bytes, tmp_path: Path) -> None:
    from csvw import CSVW

    assert old in files()[path]
    changed = _folder(tmp_path, {path: files()[path].replace(old, new, 1)})
    metadata = json.loads(changed.read_bytes())
    kept = {path, "things.csv", "terms.csv"} | {
        table["url"] for table in metadata["tables"] if table["url"].startswith("classes/")
    }
    metadata["tables"] = [table for table in metadata["tables"] if table["url"] in kept]
    changed.write_text(json.dumps(metadata), encoding="utf-8")
    with contextlib.suppress(ValueError):  # of the values of a cell
        assert not CSVW(str(changed), validate=True, strict=False).is_valid

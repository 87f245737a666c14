"""A workbook as read by openpyxl, and the expected tables."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from meetings_graph import triples
from pyoxigraph import NamedNode, Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import GRAPH, ID
from read_tables import plain
from small_graph import FORMULAS, ONTOLOGY, TEXTS, english, iri, snapshot, typed

ODD = f"{ID}event/2023/odd"
LABELS = (*FORMULAS, *(text for text in TEXTS if text.isprintable() and text.strip()), "two\nlines")
CONTROL = ("\x01\x1f", "_x0041_", "a\rb")


def odd_snapshot(folder: Path, *more: Triple, labels: tuple[str, ...] = (*LABELS, *CONTROL)) -> Snapshot:
    """Return a snapshot with an event for each label, more triples, and a small ontology."""
    events = [
        Triple(NamedNode(f"{ODD}-{number:03}"), predicate, value)
        for number, label in enumerate(labels)
        for predicate, value in (
            (iri("rdf:type"), iri("jhaan:Event")),
            (iri("rdfs:label"), english(label)),
            (iri("schema:startDate"), typed("2023-02-01", "date")),
            (iri("jhaan:startYear"), typed("2023", "integer")),
        )
    ]
    graphs = {"ontology": triples(ONTOLOGY), "report/odd-2023/1": [*events, *more]}
    return snapshot(folder / "snapshot", {NamedNode(GRAPH + name): found for name, found in graphs.items()})


def as_read(text: str) -> str:
    """Return a text as openpyxl returns it: control characters as Office Open XML writes them (ST_Xstring)."""
    return re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda match: f"_x{ord(match[0]):04X}_", text)


def as_text(value: object) -> str:
    """Return the value of a cell as in CSV."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def assert_same(read: openpyxl.Workbook, files: dict[str, bytes]) -> None:
    """Assert that the sheets have the rows of the CSV files, without the apostrophes before formulas."""
    tables = {Path(path).stem: path for path in files}
    assert set(read.sheetnames) == {"contents", "columns", *tables}
    for name, path in tables.items():
        expected = list(csv.reader(io.StringIO(files[path].decode(), newline="")))
        found = [[as_text(value) for value in row] for row in read[name].iter_rows(values_only=True)]
        assert found == [expected[0], *([as_read(plain(cell)) for cell in row] for row in expected[1:])], name


def hyperlinks(read: openpyxl.Workbook) -> Iterator[tuple[str, str, str, str]]:
    """Yield each link between sheets: its sheet and cell, and the sheet and cell of its target."""
    for sheet in read:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is not None and not cell.hyperlink.target:
                    there, _, place = cell.hyperlink.location.partition("!")
                    yield sheet.title, cell.coordinate, there.strip("'"), place


def assert_links_lead_to_what_they_name(read: openpyxl.Workbook) -> None:
    """Assert that each cell with a link is next to the IRI of the row to which it links."""
    sheets = {sheet.title: sheet for sheet in read}
    followed = 0
    for sheet, cell, there, place in hyperlinks(read):
        if sheet != "contents":
            label = sheets[sheet][cell]
            assert sheets[there][place].value == sheets[sheet].cell(label.row, label.column - 1).value, cell
            followed += 1
    assert followed

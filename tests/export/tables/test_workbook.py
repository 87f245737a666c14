"""The workbook holds what the CSV files hold, in typed cells, and a spreadsheet program takes nothing for a formula."""

from __future__ import annotations

import csv
import datetime
import io
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Triple

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import export, export_files
from jhaan_kg.export.tables import workbook
from odd_snapshot import FORMULAS, ODD, UNICODE, english, events, iri, odd_snapshot, typed
from read_tables import METADATA, plain, rows_of

CONTROL = ("\x01\x1f", "_x0041_", "a\rb")
Cells = dict[tuple[int, str], object]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    triples = events((*FORMULAS, *UNICODE, *CONTROL))
    first, second = NamedNode(f"{ODD}-000"), NamedNode(f"{ODD}-001")
    triples += [
        Triple(first, iri("jhaan:precedes"), second),
        Triple(first, iri("jhaan:authorityEntry"), NamedNode("https://example.org/odd")),
        Triple(first, iri("owl:deprecated"), typed("true", "boolean")),
        Triple(second, iri("schema:endDate"), typed("1899-12-31", "date")),
        Triple(second, iri("jhaan:endYear"), typed("90071992547409930", "integer")),
    ]
    return odd_snapshot(tmp_path_factory.mktemp("odd"), triples)


@pytest.fixture(scope="module")
def book(odd: Snapshot) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(export(odd, "xlsx")))


def as_read(text: str) -> str:
    """Give a text as openpyxl gives it: control characters as Office Open XML writes them (ST_Xstring)."""
    return re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda match: f"_x{ord(match[0]):04X}_", text)


def as_text(value: object) -> str:
    """Give a cell as CSV has it."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def assert_same(read: openpyxl.Workbook, files: dict[str, bytes]) -> None:
    """The sheets have the rows of the files, without the apostrophes that guard them there."""
    tables = {Path(path).stem: path for path in files if path != METADATA}
    assert set(read.sheetnames) == {"contents", "columns", *tables}
    for name, path in tables.items():
        expected = list(csv.reader(io.StringIO(files[path].decode(), newline="")))
        found = [[as_text(value) for value in row] for row in read[name].iter_rows(values_only=True)]
        assert found == [expected[0], *([as_read(plain(cell)) for cell in row] for row in expected[1:])], name


def hyperlinks(read: openpyxl.Workbook) -> Iterator[tuple[str, str, str, str]]:
    """Give each link between sheets: its sheet, its cell, and the sheet and cell to which it leads."""
    for sheet in read:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is not None and not cell.hyperlink.target:
                    there, _, place = cell.hyperlink.location.partition("!")
                    yield sheet.title, cell.coordinate, there.strip("'"), place


def assert_links_lead_to_what_they_name(read: openpyxl.Workbook) -> None:
    """Each cell with a link stands beside the IRI of the row to which it leads."""
    sheets = {sheet.title: sheet for sheet in read}
    followed = 0
    for sheet, cell, there, place in hyperlinks(read):
        if sheet != "contents":
            label = sheets[sheet][cell]
            assert sheets[there][place].value == sheets[sheet].cell(label.row, label.column - 1).value, cell
            followed += 1
    assert followed


@pytest.mark.slow
@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("\x00\x0b\ufffe\uffff")
def test_any_text_can_be_read_again(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    label = f"{text}."
    event = NamedNode(ODD)
    triples = [*events([label]), Triple(NamedNode(f"{ODD}-000"), iri("jhaan:precedes"), event)]
    data = export(odd_snapshot(tmp_path_factory.mktemp("odd"), triples), "xlsx")
    read = openpyxl.load_workbook(io.BytesIO(data))
    (found,) = [row[1].value for row in read["events"].iter_rows() if row[0].value == f"{ODD}-000"]
    assert found == as_read(label)


def test_the_sheets_have_the_rows_of_the_files(odd: Snapshot, book: openpyxl.Workbook) -> None:
    assert_same(book, dict(export_files(odd, "csv")))


def test_cells_are_typed(book: openpyxl.Workbook) -> None:
    sheet = book["events"]
    header = [cell.value for cell in sheet[1]]
    first, second = (dict(zip(header, sheet[number], strict=True)) for number in (2, 3))
    assert first["start_date"].value == datetime.datetime(2023, 2, 1)
    assert first["start_date"].number_format == "yyyy-mm-dd"
    assert (first["start_year"].value, first["start_year"].data_type) == (2023, "n")
    assert (second["end_date"].value, second["end_date"].data_type) == ("1899-12-31", "s")
    assert (second["end_year"].value, second["end_year"].data_type) == ("90071992547409930", "s")
    assert first["end_date"].value is None
    assert [cell.data_type for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    assert {cell.value for cell in sheet["B"]} >= {"=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3"}


def test_sheets_have_frozen_headers_and_filters(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets[2:]:
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref.startswith("A1:")
    assert book.sheetnames[0] == "contents"
    assert book.active is not None
    assert book.active.title == "contents"


def test_a_label_leads_to_the_row_of_what_it_names(book: openpyxl.Workbook) -> None:
    assert_links_lead_to_what_they_name(book)


def test_a_page_on_the_web_can_be_opened(book: openpyxl.Workbook) -> None:
    link = book["authority_entry"]["C2"].hyperlink
    assert link is not None
    assert link.target == "https://example.org/odd"


def test_a_text_that_no_cell_can_hold_is_cut_visibly(tmp_path: Path) -> None:
    event = NamedNode(ODD)
    long = Triple(event, iri("rdfs:label"), english("č" * 40_000))
    snapshot = odd_snapshot(tmp_path, [Triple(event, iri("rdf:type"), iri("jhaan:Event")), long])
    shown = str(openpyxl.load_workbook(io.BytesIO(export(snapshot, "xlsx")))["events"]["B2"].value)
    assert len(shown) == 32_767
    assert shown.endswith("č… (cut: 40,000 characters, all of them in the CSV)")


def test_a_table_that_no_sheet_can_hold_is_refused(odd: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 10)
    with pytest.raises(
        JhaanError, match=r"A sheet holds 10 rows, and the table things has \d+\. Choose csv\."
    ):
        export(odd, "xlsx")


@pytest.mark.slow
def test_more_links_than_a_sheet_can_hold_are_left_out(
    odd: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_MOST_LINKS", 5)
    read = openpyxl.load_workbook(io.BytesIO(export(odd, "xlsx")))
    links = [sheet for sheet, _, _, _ in hyperlinks(read)]
    assert links.count("things") == 5
    assert_same(read, dict(export_files(odd, "csv")))


def test_a_workbook_knows_no_clock(odd: Snapshot) -> None:
    data = export(odd, "xlsx")
    assert data == export(odd, "xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


# --- the whole graph -----------------------------------------------------------------------------------------


@cache
def whole() -> bytes:
    return export(open_snapshot(), "xlsx")


@pytest.mark.slow
def test_the_whole_graph_is_in_the_workbook() -> None:
    read = openpyxl.load_workbook(io.BytesIO(whole()))
    assert_same(read, dict(export_files(open_snapshot(), "csv")))
    counted = {
        row[0]: row[2] for row in read["contents"].iter_rows(values_only=True) if isinstance(row[2], int)
    }
    assert counted == {sheet.title: sheet.max_row - 1 for sheet in read.worksheets[2:]}
    assert_links_lead_to_what_they_name(read)
    assert read.properties.created == datetime.datetime(2026, 11, 25)


@pytest.mark.slow
def test_contested_values_are_yellow() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(whole()))["events"]
    yellow = [cell for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFF2CC"]
    header = [cell.value for cell in sheet[1]]
    contested = [row for row in sheet.iter_rows(min_row=2) if row[header.index("contested")].value]
    assert {(cell.row, header[cell.column - 1]) for cell in yellow} == {
        (row[0].row, "start_date") for row in contested
    }
    assert contested


# --- LibreOffice ---------------------------------------------------------------------------------------------

ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
EVALUATING = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,0,true"


def convert(soffice: str, file: Path, to: str, *options: str) -> None:
    """Have LibreOffice convert a file, with a profile of its own."""
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    command = [
        soffice,
        profile,
        "--headless",
        *options,
        "--convert-to",
        to,
        "--outdir",
        str(file.parent),
        str(file),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    assert "Error" not in done.stderr, done.stderr


@pytest.mark.slow
def test_libreoffice_reads_the_workbook(soffice: str, odd: Snapshot, tmp_path: Path) -> None:
    file = tmp_path / "odd.xlsx"
    file.write_bytes(export(odd, "xlsx"))
    convert(soffice, file, ALL_SHEETS)
    files = dict(export_files(odd, "csv"))
    read = rows_of((tmp_path / "odd-events.csv").read_bytes())
    expected = rows_of(files["classes/events.csv"])
    shown = {row["id"]: row["label"] for row in read}
    assert {row["id"]: row["start_date"] for row in read} == {row["id"]: "2023-02-01" for row in expected}
    for row in expected:
        label = plain(row["label"])
        if label not in CONTROL:
            assert shown[row["id"]].replace("\r\n", "\n") == label


@pytest.mark.slow
def test_libreoffice_takes_no_cell_of_a_file_for_a_formula(
    soffice: str, odd: Snapshot, tmp_path: Path
) -> None:
    """It is told to evaluate what looks like a formula; without the apostrophe it would."""
    files = dict(export_files(odd, "csv"))
    guarded, bare = tmp_path / "guarded.csv", tmp_path / "bare.csv"
    guarded.write_bytes(files["classes/events.csv"])
    bare.write_bytes(files["classes/events.csv"].replace(b",'=1+1,", b",=1+1,"))
    formulas = {}
    for file in (guarded, bare):
        convert(soffice, file, "xlsx", EVALUATING)
        sheet = openpyxl.load_workbook(file.with_suffix(".xlsx")).worksheets[0]
        formulas[file.stem] = [
            cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
        ]
        if file == guarded:
            labels = {str(row[1]).removeprefix("'") for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert formulas == {"guarded": [], "bare": ["=1+1"]}
    assert labels >= {text for text in (*FORMULAS, *UNICODE) if not text.startswith("'")}

"""The workbook contains what the CSV files contain, in typed cells."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest
from pyoxigraph import NamedNode, Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import export, export_files, table_files
from read_workbook import ODD, assert_links_lead_to_what_they_name, assert_same, odd_snapshot
from small_graph import iri, typed


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    first, second = NamedNode(f"{ODD}-000"), NamedNode(f"{ODD}-001")
    more = [
        Triple(first, iri("jhaan:precedes"), second),
        Triple(first, iri("jhaan:authorityEntry"), NamedNode("https://example.org/odd")),
        Triple(second, iri("schema:endDate"), typed("1899-12-31", "date")),
        Triple(second, iri("jhaan:endYear"), typed("90071992547409930", "integer")),
    ]
    return odd_snapshot(tmp_path_factory.mktemp("odd"), *more)


@pytest.fixture(scope="module")
def data(odd: Snapshot) -> bytes:
    return export(odd, "xlsx")


@pytest.fixture(scope="module")
def book(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_the_sheets_have_the_rows_of_the_files_and_links_lead_to_them(
    odd: Snapshot, book: openpyxl.Workbook
) -> None:
    assert_same(book, dict(export_files(odd, "csv")))
    assert_links_lead_to_what_they_name(book)
    link = book["authority_entry"]["C2"].hyperlink
    assert link is not None
    assert link.target == "https://example.org/odd"


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


def test_a_table_that_no_sheet_can_hold_is_refused(odd: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "MOST_ROWS", 10)
    with pytest.raises(JhaanError, match=r"Table things has \d+ rows\. A sheet can have 10\. Choose csv\."):
        export(odd, "xlsx")


def test_a_workbook_knows_no_clock(odd: Snapshot, data: bytes) -> None:
    assert export(odd, "xlsx") == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}

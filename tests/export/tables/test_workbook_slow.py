"""The workbook of the real graph, and spreadsheet programs that read workbook and tables."""

from __future__ import annotations

import io
import os
import subprocess
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export, export_files, table_files
from jhaan_kg.export.request import ReleaseMetadata
from read_tables import plain, rows_of
from read_workbook import (
    CONTROL,
    LABELS,
    assert_links_lead_to_what_they_name,
    assert_same,
    hyperlinks,
    odd_snapshot,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return odd_snapshot(tmp_path_factory.mktemp("odd"))


def test_more_links_than_a_sheet_can_hold_are_left_out(
    odd: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_files, "_MOST_LINKS", 5)
    read = openpyxl.load_workbook(io.BytesIO(export(odd, "xlsx")))
    links = [sheet for sheet, _, _, _ in hyperlinks(read)]
    assert links.count("things") == 5
    assert_same(read, dict(export_files(odd, "csv")))


# --- the whole graph -----------------------------------------------------------------------------------------


@cache
def whole() -> bytes:
    return export(open_snapshot(), "xlsx")


def test_the_whole_graph_is_in_the_workbook() -> None:
    read = openpyxl.load_workbook(io.BytesIO(whole()))
    assert_same(read, dict(export_files(open_snapshot(), "csv")))
    counted = {
        row[0]: row[2] for row in read["contents"].iter_rows(values_only=True) if isinstance(row[2], int)
    }
    assert counted == {sheet.title: sheet.max_row - 1 for sheet in read.worksheets[2:]}
    assert_links_lead_to_what_they_name(read)
    release = ReleaseMetadata.of(open_snapshot().quads(evidence=False, context=False))
    assert read.properties.created.date() == release.issued


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
    command = [soffice, profile, "--headless", *options, "--convert-to", to, "--outdir", file.parent, file]
    around = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=around)
    assert "Error" not in done.stderr, done.stderr


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


def test_libreoffice_takes_no_cell_of_a_file_for_a_formula(
    soffice: str, odd: Snapshot, tmp_path: Path
) -> None:
    """It is told to evaluate what looks like a formula; without the apostrophe it would."""
    files = dict(export_files(odd, "csv"))
    guarded, bare = tmp_path / "guarded.csv", tmp_path / "bare.csv"
    guarded.write_bytes(files["classes/events.csv"])
    bare.write_bytes(files["classes/events.csv"].replace(b",'=1+1,", b",=1+1,", 1))
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
    assert labels >= {text for text in LABELS if not text.startswith("'")}


def test_a_text_that_no_cell_can_hold_is_cut_visibly(tmp_path: Path) -> None:
    snapshot = odd_snapshot(tmp_path, labels=("č" * 40_000,))
    shown = str(openpyxl.load_workbook(io.BytesIO(export(snapshot, "xlsx")))["events"]["B2"].value)
    assert len(shown) == 32_767
    assert shown.endswith("č… (cut: 40,000 characters, all of them in the CSV)")

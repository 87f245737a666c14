"""Export of the tables as CSV files, and as a workbook with linked sheets.

CSV files (https://www.rfc-editor.org/rfc/rfc4180) are in UTF-8 without a byte order mark.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.request import Request
from jhaan_kg.export.tables import (
    DOCUMENT,
    ELSEWHERE,
    SOURCES,
    TERMS,
    Column,
    ExportTable,
    Row,
    Tables,
    make_tables,
)
from jhaan_kg.namespaces import RDFS_LABEL, XSD
from jhaan_kg.results.workbook import CREATED, LONGEST_TEXT, MOST_ROWS, write_cell

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_FORMULA: Final = re.compile(r"\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n]")
"""The start of a text that spreadsheet programs may read as a formula.

See OWASP, CSV injection.
"""


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a folder with the tables.

    Yields:
        The path and the content of each file.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
    """
    filled = make_tables(request)
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
    """Prefix a text with an apostrophe if it may be read as a formula.

    A text that starts with an apostrophe also gets one.

    >>> escape_formula("=1+1"), escape_formula("'s Gravenhage"), escape_formula("CEPOL")
    ("'=1+1", "''s Gravenhage", 'CEPOL')
    """
    return f"'{text}" if text.startswith("'") or _FORMULA.match(text) else text


_TITLE: Final = "JHAAN knowledge graph as tables"
_MOST_LINKS: Final = 65_530
_LONGEST_LINK: Final = 2_079
_WIDTHS: Final = {"link": 14, "web": 44, "date": 12, "integer": 10, "boolean": 10}
_WIDEST: Final = 56
_TABS: Final = {"classes": "#1F4E79", "relations": "#7F7F7F", "": "#548235"}
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""Characters that XML forbids.

The library escapes them in the text of a cell, but not in a link.
"""

_TYPED: Final = frozenset({"date", "integer", "boolean"})

_LINE: Final = 104
"""The number of characters of a description that fit on a line."""

_MEANINGS: Final = {
    "sheet": 26,
    "column": 28,
    "name in words": 28,
    "meaning": 90,
    "kind": 10,
    "property": 52,
}
"""The columns of the sheet that describes all columns, with their widths in characters."""

_HEADER: Final = {"bold": True, "bg_color": "#D9E2F3", "bottom": 1}
_LINK: Final = {"font_color": "#0563C1", "underline": 1}
_YELLOW: Final = {"bg_color": "#FFF2CC"}
_DAY: Final = {"num_format": "yyyy-mm-dd"}
_FORMATS: Final[Mapping[str, dict[str, Any]]] = {
    "header": _HEADER,
    "day": _DAY,
    "link": _LINK,
    "contested": _YELLOW,
    "contested day": _YELLOW | _DAY,
    "elsewhere": {"italic": True, "font_color": "#7F7F7F"},
    "title": {"bold": True, "font_size": 16, "font_color": "#1F4E79"},
    "counted": _HEADER | {"align": "right"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "top link": _LINK | {"valign": "top"},
    "number": {"num_format": "#,##0", "valign": "top"},
}
"""The formats of cells."""


def write(request: Request) -> bytes:
    """Return the tables as an Excel workbook (Office Open XML).

    The cells have the same content as in the CSV files, but with types, and without the apostrophes that protect from
    formulas. Labels link to the rows of their entities.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
        JhaanError: a table has more rows than a sheet allows.
    """
    from xlsxwriter import Workbook

    filled = make_tables(request)
    for table in filled.tables:
        if len(table.rows) > MOST_ROWS:
            raise JhaanError(
                f"Table {table.name} has {len(table.rows):,} rows. A sheet can have {MOST_ROWS:,}. Choose csv."
            )
    issued = filled.issued
    created = datetime.datetime.fromisoformat(issued).replace(tzinfo=datetime.UTC) if issued else CREATED
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": _TITLE, "created": created})
    formats = {name: book.add_format(properties) for name, properties in _FORMATS.items()}
    ordered = [*filled.tables[1:], filled.tables[0]]
    _add_contents(book, filled._replace(tables=ordered), formats)
    _add_columns(book, ordered, formats)
    rows: dict[str, tuple[str, int]] = {}
    for table in filled.tables:
        if table.folder == "classes" or table.name in (TERMS, SOURCES):
            rows |= {str(row[0]): (table.name, index) for index, row in enumerate(table.rows, 2)}
    for table in ordered:
        _Sheet(book, table, rows, formats).fill()
    book.close()
    return buffer.getvalue()


def _add_contents(book: Workbook, filled: Tables, formats: Mapping[str, Any]) -> None:
    """Add the sheet that lists all other sheets."""
    texts = DOCUMENT["contents"]
    sheet = book.add_worksheet("contents")
    for column, width in enumerate((30, 84, 10, 10)):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, _TITLE, formats["title"])
    sheet.write_string(1, 0, f"Issued {filled.issued}. Licence: {filled.licence}")
    row = 3
    for line in texts["how"]:
        sheet.merge_range(row, 0, row, 3, "", formats["wrapped"])
        sheet.write_string(row, 0, line, formats["wrapped"])
        sheet.set_row(row, 31 if len(line) > 150 else 16)
        row += 1
    row += 1
    sheet.write_url(row, 0, "internal:'columns'!A1", formats["top link"], "columns")
    sheet.write_string(row, 1, "What each column of each sheet means.", formats["wrapped"])
    for folder, headings in texts["groups"].items():
        row += 2
        for column, text in enumerate((*headings, "Rows", "Columns")):
            sheet.write_string(row, column, text, formats["header" if column < 2 else "counted"])
        for table in filled.tables:
            if table.folder == folder:
                row += 1
                sheet.write_url(row, 0, f"internal:'{table.name}'!A1", formats["top link"], table.name)
                sheet.write_string(row, 1, table.what, formats["wrapped"])
                sheet.set_row(row, 16 * (1 + len(table.what) // _LINE))
                sheet.write_number(row, 2, len(table.rows), formats["number"])
                sheet.write_number(row, 3, len(table.columns), formats["number"])


def _add_columns(book: Workbook, tables: Sequence[ExportTable], formats: Mapping[str, Any]) -> None:
    """Add the sheet that describes all columns."""
    sheet = book.add_worksheet("columns")
    for column, (text, width) in enumerate(_MEANINGS.items()):
        sheet.write_string(0, column, text, formats["header"])
        sheet.set_column(column, column, width)
    row = 0
    for table in tables:
        for entry in table.columns:
            row += 1
            cells = (entry.name, entry.title, entry.what, entry.kind, entry.property)
            for column, cell in enumerate((table.name, *cells)):
                sheet.write_string(row, column, cell or "")
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, row, len(_MEANINGS) - 1)


class _Sheet:
    """A sheet with a table.

    The parameter `rows` contains the sheet and the row number (from 1) of each entity.
    """

    def __init__(
        self,
        book: Workbook,
        table: ExportTable,
        rows: Mapping[str, tuple[str, int]],
        formats: Mapping[str, Any],
    ) -> None:
        self._sheet: Worksheet = book.add_worksheet(table.name)
        self._table, self._rows, self._formats = table, rows, formats
        self._indexes = {column.name: index for index, column in enumerate(table.columns)}
        self._links = 0

    def fill(self) -> None:
        """Write the header and the rows."""
        sheet, table = self._sheet, self._table
        sheet.set_tab_color(_TABS[table.folder])
        for index, column in enumerate(table.columns):
            sheet.write_string(0, index, column.name, self._formats["header"])
            sheet.set_column(index, index, self._width(index, column))
        contested = self._indexes.get("contested")
        for number, row in enumerate(table.rows, 1):
            names = (row[contested] or "").split() if contested is not None else ()
            for index, cell in enumerate(row):
                if cell is not None:
                    self._write(number, index, cell, row, is_contested=table.columns[index].name in names)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(table.rows) + 1}"})

    def _width(self, index: int, column: Column) -> int:
        if column.kind in _WIDTHS:
            return max(_WIDTHS[column.kind], len(column.name) + 4)
        longest = max((len(row[index] or "") for row in self._table.rows), default=0)
        return min(max(longest + 2, len(column.name) + 4), _WIDEST)

    def _write(self, number: int, index: int, cell: str, row: Row, *, is_contested: bool) -> None:
        column, formats = self._table.columns[index], self._formats
        if cell == ELSEWHERE:
            self._sheet.write_string(number, index, cell, formats["elsewhere"])
        elif column.kind in _TYPED:
            day = formats["contested day" if is_contested else "day"]
            write_cell(self._sheet, number, index, Literal(cell, datatype=NamedNode(XSD + column.kind)), day)
        elif (link := self._link(column, cell, row)) is not None and self._links < _MOST_LINKS:
            self._links += 1
            self._sheet.write_url(number, index, link, formats["link"], _shorten(cell))
        else:
            text_format = formats["contested"] if is_contested else None
            self._sheet.write_string(number, index, _shorten(cell), text_format)

    def _link(self, column: Column, cell: str, row: Row) -> str | None:
        """Return the hyperlink target of a cell.

        It is the row of the entity for a label, or a web address.
        """
        if _CONTROLS.search(cell):
            return None
        if column.kind == "web" and len(cell) <= _LONGEST_LINK:
            return cell if cell.startswith(("http://", "https://")) else None
        if column.property != RDFS_LABEL.value or (named := row[self._indexes[column.about]]) is None:
            return None
        sheet, number = self._rows.get(named, ("", 0))
        is_here = sheet == self._table.name and column.about == "id"
        return f"internal:'{sheet}'!A{number}" if sheet and not is_here else None


def _shorten(text: str) -> str:
    """Shorten a text that is too long for a cell, with a note."""
    if len(text) <= LONGEST_TEXT:
        return text
    note = f"… (cut: {len(text):,} characters, all of them in the CSV)"
    return text[: LONGEST_TEXT - len(note)] + note

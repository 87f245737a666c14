"""The tables as a workbook: a sheet for each, with links from sheet to sheet."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.request import Request
from jhaan_kg.export.tables.cells import ELSEWHERE
from jhaan_kg.export.tables.contents import add_columns, add_contents
from jhaan_kg.export.tables.fill import tables
from jhaan_kg.export.tables.model import THINGS, Column, Row, Table
from jhaan_kg.export.tables.vocabulary import Vocabulary
from jhaan_kg.namespaces import RDFS_LABEL, XSD
from jhaan_kg.results.workbook import CREATED, LONGEST_TEXT, MOST_ROWS, write_cell

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_MOST_LINKS: Final = 65_530
_LONGEST_LINK: Final = 2_079
_WIDTHS: Final = {"link": 14, "web": 44, "date": 12, "integer": 10, "boolean": 10}
_WIDEST: Final = 56
_TABS: Final = {"classes": "#1F4E79", "relations": "#7F7F7F", "": "#548235"}
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""Characters that the library escapes in the text of a cell, but not in a link, where XML does not allow them."""

_TYPED: Final = frozenset({"date", "integer", "boolean"})

Rows = Mapping[str, tuple[str, int]]
"""The sheet of each thing, and its row there, from 1."""


def write(request: Request) -> bytes:
    """Write the tables as a workbook.

    The cells are those of the CSV files, typed, and without the apostrophes that guard them there. A label links to the
    row of what it names.

    Args:
        request: what is to be written.

    Returns:
        The workbook, in the format of Excel (Office Open XML).

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
        JhaanError: a table has more rows than a sheet can hold.
    """
    made, vocabulary = tables(request)
    for table in made:
        if len(table.rows) > MOST_ROWS:
            raise JhaanError(
                f"A sheet holds {MOST_ROWS:,} rows, and the table {table.name} has {len(table.rows):,}. Choose csv."
            )
    return _book_of(made, vocabulary)


def _book_of(made: Sequence[Table], vocabulary: Vocabulary) -> bytes:
    from xlsxwriter import Workbook

    ordered = [*made[1:], made[0]]
    issued = vocabulary.about_itself("issued")
    created = datetime.datetime.fromisoformat(issued).replace(tzinfo=datetime.UTC) if issued else CREATED
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": "JHAAN knowledge graph as tables", "created": created})
    formats = _Formats.of(book)
    add_contents(book, ordered, issued, vocabulary.about_itself("license"))
    add_columns(book, ordered)
    rows = _rows(made)
    for table in ordered:
        _Sheet(book, table, rows, formats).fill()
    book.close()
    return buffer.getvalue()


def _rows(made: Sequence[Table]) -> dict[str, tuple[str, int]]:
    """Say where each thing has its row."""
    found: dict[str, tuple[str, int]] = {}
    for table in made:
        if table.folder == "classes" or (table.key == ("id",) and table.name != THINGS):
            found |= {str(row[0]): (table.name, index) for index, row in enumerate(table.rows, 2)}
    return found


class _Formats(NamedTuple):
    header: Any
    day: Any
    link: Any
    contested: Any
    contested_day: Any
    elsewhere: Any

    @classmethod
    def of(cls, book: Workbook) -> _Formats:
        yellow = {"bg_color": "#FFF2CC"}
        return cls(
            book.add_format({"bold": True, "bg_color": "#D9E2F3", "bottom": 1}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"font_color": "#0563C1", "underline": 1}),
            book.add_format(yellow),
            book.add_format({**yellow, "num_format": "yyyy-mm-dd"}),
            book.add_format({"italic": True, "font_color": "#7F7F7F"}),
        )


class _Sheet:
    """The sheet of a table, while it is filled."""

    def __init__(self, book: Workbook, table: Table, rows: Rows, formats: _Formats) -> None:
        self._sheet: Worksheet = book.add_worksheet(table.name)
        self._table, self._rows, self._formats = table, rows, formats
        self._places = {column.name: index for index, column in enumerate(table.columns)}
        self._links = 0

    def fill(self) -> None:
        """Write header and rows."""
        sheet, table = self._sheet, self._table
        sheet.set_tab_color(_TABS[table.folder])
        for index, column in enumerate(table.columns):
            sheet.write_string(0, index, column.name, self._formats.header)
            sheet.set_column(index, index, self._width(index, column))
        for place, row in enumerate(table.rows, 1):
            contested = self._contested(row)
            for index, cell in enumerate(row):
                if cell is not None:
                    self._write(place, index, cell, row, table.columns[index].name in contested)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(table.rows) + 1}"})

    def _contested(self, row: Row) -> Sequence[str]:
        place = self._places.get("contested")
        return (row[place] or "").split() if place is not None else ()

    def _width(self, index: int, column: Column) -> int:
        if column.kind in _WIDTHS:
            return max(_WIDTHS[column.kind], len(column.name) + 4)
        longest = max((len(row[index] or "") for row in self._table.rows), default=0)
        return min(max(longest + 2, len(column.name) + 4), _WIDEST)

    def _write(self, place: int, index: int, cell: str, row: Row, is_contested: bool) -> None:
        column, formats = self._table.columns[index], self._formats
        text = _shortened(cell)
        if cell == ELSEWHERE:
            self._sheet.write_string(place, index, cell, formats.elsewhere)
        elif column.kind in _TYPED:
            day = formats.contested_day if is_contested else formats.day
            term = Literal(cell, datatype=NamedNode(XSD + column.kind))
            write_cell(self._sheet, place, index, term, day)
        elif (link := self._link(column, cell, row)) is not None and self._links < _MOST_LINKS:
            self._links += 1
            self._sheet.write_url(place, index, link, formats.link, text)
        else:
            self._sheet.write_string(place, index, text, formats.contested if is_contested else None)

    def _link(self, column: Column, cell: str, row: Row) -> str | None:
        """Give where a cell leads: a label to the row of what it names, the address of a page to the page."""
        if _CONTROLS.search(cell):
            return None
        if column.kind == "web" and len(cell) <= _LONGEST_LINK:
            return cell if cell.startswith(("http://", "https://")) else None
        if column.property != RDFS_LABEL.value or (named := row[self._places[column.about]]) is None:
            return None
        sheet, place = self._rows.get(named, ("", 0))
        is_here = sheet == self._table.name and column.about == "id"
        return f"internal:'{sheet}'!A{place}" if sheet and not is_here else None


def _shortened(text: str) -> str:
    """Cut a text that is longer than a cell can be, and say so."""
    if len(text) <= LONGEST_TEXT:
        return text
    note = f"… (cut: {len(text):,} characters, all of them in the CSV)"
    return text[: LONGEST_TEXT - len(note)] + note

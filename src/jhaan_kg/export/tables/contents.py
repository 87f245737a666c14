"""The first sheets of the workbook: which sheets there are, and what their columns mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from jhaan_kg.export.tables.cells import ELSEWHERE
from jhaan_kg.export.tables.model import Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_GROUPS: Final = {
    "classes": ("Classes", "What a thing in a row is"),
    "relations": ("Relations", "What a pair in a row says, where a thing may have several values"),
    "": ("Beside them", "What they hold"),
}
_HOW: Final = (
    "Sheets join by the columns with IRIs: id names the thing of a row, every other IRI a thing of another sheet. "
    "Beside each stands its label, which links to that row.",
    "Where it comes from: stated_in leads from each thing to the passages of the report that state it.",
    "An empty cell means: not recorded. It never means that something is absent; not_stated has what a passage is "
    "known not to tell.",
    "A yellow cell has a value on which the report disagrees with itself: contested_statements has both sides, and the "
    "column contested names the columns.",
    f"A cell that says “{ELSEWHERE}” has its values in the sheet other_values.",
)
_LAST: Final = 3
_LINE: Final = 104
"""How many characters of a description stand on a line."""

_MEANINGS: Final = {
    "sheet": 26,
    "column": 28,
    "name in words": 28,
    "meaning": 90,
    "kind": 10,
    "links to": 22,
    "property": 52,
}
"""What the sheet on columns tells, with the widths of its columns."""


def add_contents(book: Workbook, tables: Sequence[Table], issued: str, licence: str) -> None:
    """Add the sheet that lists all others.

    Args:
        book: where to.
        tables: the tables that get sheets.
        issued: the date of the ontology.
        licence: the address of the licence.
    """
    sheet = book.add_worksheet("contents")
    title = book.add_format({"bold": True, "font_size": 16, "font_color": "#1F4E79"})
    group = book.add_format({"bold": True, "bg_color": "#D9E2F3", "bottom": 1})
    counted = book.add_format({"bold": True, "bg_color": "#D9E2F3", "bottom": 1, "align": "right"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    link = book.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top"})
    number = book.add_format({"num_format": "#,##0", "valign": "top"})
    for column, width in enumerate((30, 84, 10, 10)):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, "JHAAN knowledge graph as tables", title)
    sheet.write_string(1, 0, f"Issued {issued}. Licence: {licence}")
    row = 3
    for line in _HOW:
        sheet.merge_range(row, 0, row, _LAST, "", wrapped)
        sheet.write_string(row, 0, line, wrapped)
        sheet.set_row(row, 31 if len(line) > 150 else 16)
        row += 1
    row += 1
    sheet.write_url(row, 0, "internal:'columns'!A1", link, "columns")
    sheet.write_string(row, 1, "What each column of each sheet means.", wrapped)
    for folder, headings in _GROUPS.items():
        row += 2
        for column, text in enumerate((*headings, "Rows", "Columns")):
            sheet.write_string(row, column, text, group if column < 2 else counted)
        for table in tables:
            if table.folder == folder:
                row += 1
                sheet.write_url(row, 0, f"internal:'{table.name}'!A1", link, table.name)
                sheet.write_string(row, 1, table.what, wrapped)
                sheet.set_row(row, 16 * (1 + len(table.what) // _LINE))
                sheet.write_number(row, 2, len(table.rows), number)
                sheet.write_number(row, 3, len(table.columns), number)


def add_columns(book: Workbook, tables: Sequence[Table]) -> None:
    """Add the sheet that tells what each column means.

    Args:
        book: where to.
        tables: the tables that get sheets.
    """
    sheet = book.add_worksheet("columns")
    header = book.add_format({"bold": True, "bg_color": "#D9E2F3", "bottom": 1})
    for column, (text, width) in enumerate(_MEANINGS.items()):
        sheet.write_string(0, column, text, header)
        sheet.set_column(column, column, width)
    row = 0
    for table in tables:
        for entry in table.columns:
            row += 1
            cells = (
                table.name,
                entry.name,
                entry.title,
                entry.what,
                entry.kind,
                entry.target,
                entry.property,
            )
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell or "")
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, row, len(_MEANINGS) - 1)

"""Output of answers as workbooks (xlsx)."""

from __future__ import annotations

import datetime
import math
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import XSD
from jhaan_kg.query.engine import Answer, Term
from jhaan_kg.results.cells import is_integer, is_number

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS: Final = 1_048_575
"""The maximum number of rows of a sheet below its header."""

LONGEST_TEXT: Final = 32_767
"""The maximum number of characters in a cell."""

_LARGEST_INTEGER: Final = 2**53
_FIRST_YEAR: Final = 1900
CREATED: Final = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""The fixed date of creation in workbooks.

The same answer then results in the same bytes.
"""


def write_workbook(answer: Answer, title: str) -> bytes:
    """Return an answer as a workbook with one sheet; see `write_cell` for the types of cells.

    Raises:
        JhaanError: the answer has more rows than a sheet allows.
    """
    from xlsxwriter import Workbook

    if len(answer.rows) > MOST_ROWS:
        raise JhaanError(
            f"The answer has {len(answer.rows):,} rows. A sheet can have {MOST_ROWS:,}. Choose csv."
        )
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": title, "created": CREATED})
    sheet = book.add_worksheet("answer")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    widths = [len(name) for name in answer.variables]
    for column, name in enumerate(answer.variables):
        sheet.write_string(0, column, name, bold)
    for index, row in enumerate(answer.rows, 1):
        for column, term in enumerate(row):
            write_cell(sheet, index, column, term, day)
            widths[column] = max(widths[column], len(_text(term)))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, 60) + 2)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(answer.rows), len(answer.variables) - 1)
    book.close()
    return buffer.getvalue()


def write_cell(sheet: Worksheet, row: int, column: int, term: Term | None, day_format: Any) -> None:
    """Write a term as a number, a date or a boolean if possible, otherwise as text.

    A term is never written as a formula or a link.

    Args:
        sheet: the sheet.
        row: the row of the cell, from 0.
        column: the column of the cell, from 0.
        term: the term; None for an empty cell.
        day_format: the cell format of dates.
    """
    if term is None:
        return
    text = _text(term)
    datatype = term.datatype.value if isinstance(term, Literal) else ""
    number = _number(term)
    day = _day(text) if datatype == XSD + "date" else None
    if number is not None:
        sheet.write_number(row, column, number)
    elif day is not None:
        sheet.write_datetime(row, column, day, day_format)
    elif datatype == XSD + "boolean":
        sheet.write_boolean(row, column, text in ("true", "1"))
    else:
        sheet.write_string(row, column, _shorten(text))


def _number(term: Term) -> int | float | None:
    """Return the value of a number that a cell represents exactly; None for other terms."""
    if not is_number(term):
        return None
    try:
        if is_integer(term):
            value = int(_text(term))
            return value if abs(value) < _LARGEST_INTEGER else None
        real = float(_text(term))
    except ValueError:
        return None
    return real if math.isfinite(real) else None


def _day(text: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= _FIRST_YEAR else None


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _shorten(text: str) -> str:
    """Shorten a list that is too long for a cell.

    The list is cut after an item, and the number of omitted items is added.
    """
    if len(text) <= LONGEST_TEXT:
        return text
    between = "\n" if "\n" in text else "; "
    kept = text[: LONGEST_TEXT - 40].rpartition(between)[0] or text[: LONGEST_TEXT - 40]
    return f"{kept}{between}… ({text.count(between) - kept.count(between)} more, see csv)"

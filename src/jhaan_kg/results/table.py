"""A table for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

from jhaan_kg.query.cite import RowCitations
from jhaan_kg.query.run import Answer
from jhaan_kg.results.cells import is_number, shown_columns
from jhaan_kg.results.notes import lines

_GAP: Final = "  "
_NARROWEST: Final = 8
_INDENT: Final = "    "
_BETWEEN: Final = "\x1f"
"""Marks the end of a row of several lines; no cell holds a control character."""


def table(answer: Answer, citations: Sequence[RowCitations] | None, title: str, width: int | None) -> bytes:
    """Write an answer as a table, with the citations of each row under it."""
    rows = _rows(answer, width)
    blocks = [title] if title else []
    blocks.append(rows[0])
    for index, row in enumerate(rows[1:]):
        blocks.append(row)
        if citations is not None:
            blocks += [_indented(line, width) for line in lines(citations[index])]
    if not answer.rows:
        blocks.append("(no rows)")
    return "".join(f"{line.rstrip()}\n" for block in blocks for line in block.split("\n")).encode()


def _rows(answer: Answer, width: int | None) -> list[str]:
    """Give the head of the table and each row as a block of lines."""
    from tabulate import DataRow, Line, TableFormat, tabulate

    columns = shown_columns(answer)
    titles = [column.title for column in columns]
    cells = [[column.cell(row) for column in columns] for row in answer.rows]
    widths = _fitted([max(map(len, texts)) for texts in zip(titles, *cells, strict=True)], width)
    numeric = [
        all(row[column.text] is None or is_number(row[column.text]) for row in answer.rows)
        and bool(answer.rows)
        for column in columns
    ]
    layout = TableFormat(
        lineabove=None,
        linebelowheader=Line("", "-", _GAP, ""),
        linebetweenrows=Line("", _BETWEEN, _BETWEEN, ""),
        linebelow=None,
        headerrow=DataRow("", _GAP, ""),
        datarow=DataRow("", _GAP, ""),
        padding=0,
        with_header_hide=None,
    )
    text = tabulate(
        cells,
        titles,
        tablefmt=layout,
        disable_numparse=True,
        colalign=["right" if number else "left" for number in numeric] if cells else None,
        maxcolwidths=widths,
        maxheadercolwidths=widths,
    )
    return _blocks(text.split("\n"))


def _blocks(text: list[str]) -> list[str]:
    """Part the lines of a table into its head and its rows."""
    head = next(index for index, line in enumerate(text) if line.strip("- ") == "" and line.strip()) + 1
    rows: list[list[str]] = [[]] if text[head:] else []
    for line in text[head:]:
        if line.startswith(_BETWEEN):
            rows.append([])
        else:
            rows[-1].append(line)
    return ["\n".join(text[:head]), *("\n".join(row) for row in rows)]


def _fitted(natural: Sequence[int], width: int | None) -> list[int]:
    """Narrow the widest columns until a row fits, none below a legible width."""
    widths = [max(each, 1) for each in natural]
    if width is None:
        return widths
    room = width - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _indented(line: str, width: int | None) -> str:
    if width is None:
        return _INDENT + line
    return textwrap.fill(
        line,
        max(width, 40),
        initial_indent=_INDENT,
        subsequent_indent=_INDENT + _GAP,
        break_long_words=False,
        break_on_hyphens=False,
    )

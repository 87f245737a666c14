"""A table for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from jhaan_kg.query.engine import Answer
from jhaan_kg.results.cells import about_absence, is_number, shown_columns

if TYPE_CHECKING:
    from jhaan_kg.query.cite import RowCitations

_GAP: Final = "  "
_NARROWEST: Final = 8
_INDENT: Final = "    "


def table(
    answer: Answer, citations: Sequence[RowCitations] | None, title: str, absence: str, width: int | None
) -> bytes:
    """Write an answer as a table, with the citations of each row under it.

    The layout is our own because libraries for tables can't put lines of text between rows.
    """
    columns = shown_columns(answer)
    titles = [column.title for column in columns]
    cells = [[column.cell(row) for column in columns] for row in answer.rows]
    widths = _fitted(list(zip(titles, *cells, strict=True)), width)
    numeric = [
        bool(answer.rows)
        and all(row[column.text] is None or is_number(row[column.text]) for row in answer.rows)
        for column in columns
    ]
    out = [title] if title else []
    out += _row(titles, widths, numeric)
    out.append(_GAP.join("-" * each for each in widths))
    for index, texts in enumerate(cells):
        out += _row(texts, widths, numeric)
        if citations is not None:
            out += _cited(citations[index], width)
    if not cells:
        out.append("(no rows)")
    elif absence and citations is None:
        out += ["", *_wrapped(about_absence(absence), width)]
    return "".join(f"{line}\n" for line in out).encode()


def _cited(cited: RowCitations, width: int | None) -> list[str]:
    from jhaan_kg.results.notes import lines

    return [part for line in lines(cited) for part in _wrapped(line, width, _INDENT)]


def _row(texts: Iterable[str], widths: Sequence[int], numeric: Sequence[bool]) -> list[str]:
    """Give the lines of one row, numbers to the right."""
    wrapped = [textwrap.wrap(text, width) or [""] for text, width in zip(texts, widths, strict=True)]
    return [
        _GAP.join(
            part.rjust(width) if number else part.ljust(width)
            for part, width, number in zip(parts, widths, numeric, strict=True)
        ).rstrip()
        for parts in zip_longest(*wrapped, fillvalue="")
    ]


def _fitted(columns: Sequence[Sequence[str]], width: int | None) -> list[int]:
    """Narrow the widest columns until a row fits; words are broken only where it does not fit otherwise.

    >>> _fitted([["agency", "FRA"], ["plan", "operational action plan"]], 25)
    [6, 17]
    >>> _fitted([["agency", "FRA"], ["plan", "operational action plan"]], 18)
    [6, 10]
    """
    widths = [max(1, *map(len, texts)) for texts in columns]
    if width is None:
        return widths
    room = width - len(_GAP) * (len(widths) - 1)
    words = [max((len(word) for text in texts for word in text.split()), default=0) for texts in columns]
    for floor in (words, [0] * len(widths)):
        least = [max(_NARROWEST, each) for each in floor]
        while sum(widths) > room:
            wide = [index for index, each in enumerate(widths) if each > least[index]]
            if not wide:
                break
            widths[max(wide, key=widths.__getitem__)] -= 1
    return widths


def _wrapped(line: str, width: int | None, indent: str = "") -> list[str]:
    if width is None:
        return [indent + line]
    return textwrap.wrap(
        line,
        max(width, 40),
        initial_indent=indent,
        subsequent_indent=indent + _GAP,
        break_long_words=False,
        break_on_hyphens=False,
    )

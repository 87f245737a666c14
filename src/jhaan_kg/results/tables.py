"""Answers as tables for people: for a terminal, and in Markdown as GitHub reads it.

The Markdown is that of https://github.github.com/gfm/#tables-extension-. The table for a terminal is our own because
libraries for tables can't put lines of text between rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from jhaan_kg.query.engine import Answer, Row
from jhaan_kg.results.cells import (
    Shown,
    explain_absence,
    is_number,
    lines,
    notes,
    quotations,
    select_columns,
    sources,
)

if TYPE_CHECKING:
    from jhaan_kg.query.cite import RowCitations

_GAP: Final = "  "
_NARROWEST: Final = 8
_INDENT: Final = "    "


def write_table(
    answer: Answer, citations: Sequence[RowCitations] | None, title: str, absence: str, width: int | None
) -> bytes:
    """Write an answer as a table, with the citations of each row under it.

    The layout is our own because libraries for tables can't put lines of text between rows.
    """
    columns = select_columns(answer)
    titles = [column.title for column in columns]
    cells = [[column.cell(row) for column in columns] for row in answer.rows]
    widths = _fit(list(zip(titles, *cells, strict=True)), width)
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
            out += _citation_lines(citations[index], width)
    if not cells:
        out.append("(no rows)")
    elif absence and citations is None:
        out += ["", *_wrap(explain_absence(absence), width)]
    return "".join(f"{line}\n" for line in out).encode()


def _citation_lines(cited: RowCitations, width: int | None) -> list[str]:
    quoted = [f"{each.locator}: “{each.shortened}”" for each in quotations(cited)]
    return [part for line in (*lines(cited), *quoted) for part in _wrap(line, width, _INDENT)]


def _row(texts: Iterable[str], widths: Sequence[int], numeric: Sequence[bool]) -> list[str]:
    """Return the lines of one row, numbers to the right."""
    wrapped = map(_wrap_cell, texts, widths)
    return [
        _GAP.join(
            part.rjust(width) if number else part.ljust(width)
            for part, width, number in zip(parts, widths, numeric, strict=True)
        ).rstrip()
        for parts in zip_longest(*wrapped, fillvalue="")
    ]


def _wrap_cell(text: str, width: int) -> list[str]:
    if len(text) <= width:
        return [text]
    import textwrap  # a table that is not for a terminal does without

    return textwrap.wrap(text, width)


def _fit(columns: Sequence[Sequence[str]], width: int | None) -> list[int]:
    """Narrow the widest columns until a row fits; words are broken only where it does not fit otherwise.

    >>> _fit([["agency", "FRA"], ["plan", "operational action plan"]], 25)
    [6, 17]
    >>> _fit([["agency", "FRA"], ["plan", "operational action plan"]], 18)
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


def _wrap(line: str, width: int | None, indent: str = "") -> list[str]:
    if width is None:
        return [indent + line]
    import textwrap

    return textwrap.wrap(
        line,
        max(width, 40),
        initial_indent=indent,
        subsequent_indent=indent + _GAP,
        break_long_words=False,
        break_on_hyphens=False,
    )


# --- Markdown -------------------------------------------------------------------------------------------------------


def write_markdown(
    answer: Answer,
    citations: Sequence[RowCitations] | None,
    title: str,
    absence: str,
    *,
    quotes: bool = False,
) -> bytes:
    """Write an answer as a table in Markdown; labels and sources link to their IRIs.

    The arguments are those of `render`.
    """
    columns = select_columns(answer)
    head = [escape_markdown(column.title) for column in columns]
    rows = [[_markdown_cell(column, row) for column in columns] for row in answer.rows]
    if citations is not None:
        head += ["sources", "note", *(["quotations"] if quotes else [])]
        for cells, cited in zip(rows, citations, strict=True):
            cells.append(
                "; ".join(
                    _markdown_link(words, iri) if iri else escape_markdown(words)
                    for words, iri in sources(cited)
                )
            )
            cells.append(escape_markdown("; ".join(notes(cited))))
            if quotes:
                quoted = (escape_markdown(f"{each.locator}: {each.words}") for each in quotations(cited))
                cells.append("<br>".join(quoted))
    lines = [f"**{escape_markdown(title)}**", ""] if title else []
    lines += [_markdown_line(head), _markdown_line(["---"] * len(head)), *map(_markdown_line, rows)]
    if absence and citations is None:
        lines += ["", escape_markdown(explain_absence(absence))]
    return "".join(f"{line}\n" for line in lines).encode()


def escape_markdown(text: str) -> str:
    r"""Escape what Markdown, or HTML within it, would take for more than text.

    >>> escape_markdown("a|b *c* <i> &lt;")
    'a\\|b \\*c\\* \\<i\\> \\&lt;'
    """
    return re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", text)


def _markdown_cell(column: Shown, row: Row) -> str:
    term = row[column.text if column.iri is None else column.iri]
    text = column.cell(row)
    return _markdown_link(text, term.value) if isinstance(term, NamedNode) else escape_markdown(text)


def _markdown_link(text: str, iri: str) -> str:
    target = iri.replace("(", "%28").replace(")", "%29").replace("_", "%5F").replace("*", "%2A")
    return f"[{escape_markdown(text)}]({target})"


def _markdown_line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

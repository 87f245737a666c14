"""Answers as tables for people: for a terminal, in Markdown as GitHub reads it, and in HTML for notebooks.

The Markdown is that of https://github.github.com/gfm/#tables-extension-. The table for a terminal is our own because
libraries for tables can't put lines of text between rows.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from html import escape
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from jhaan_kg.query.engine import Answer, Row
from jhaan_kg.results.cells import (
    Shown,
    describe_absences,
    describe_contradictions,
    describe_origins,
    describe_search,
    explain_absence,
    is_number,
    lines,
    notes,
    select_columns,
    sources,
)

if TYPE_CHECKING:
    from jhaan_kg.query.cite import RowCitations

MOST_ROWS: Final = 100
"""How many rows HTML shows; more would make a notebook slow."""

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
    return [part for line in lines(cited) for part in _wrap(line, width, _INDENT)]


def _row(texts: Iterable[str], widths: Sequence[int], numeric: Sequence[bool]) -> list[str]:
    """Return the lines of one row, numbers to the right."""
    wrapped = [textwrap.wrap(text, width) or [""] for text, width in zip(texts, widths, strict=True)]
    return [
        _GAP.join(
            part.rjust(width) if number else part.ljust(width)
            for part, width, number in zip(parts, widths, numeric, strict=True)
        ).rstrip()
        for parts in zip_longest(*wrapped, fillvalue="")
    ]


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
    answer: Answer, citations: Sequence[RowCitations] | None, title: str, absence: str
) -> bytes:
    """Write an answer as a table in Markdown; labels and sources link to their IRIs."""
    columns = select_columns(answer)
    head = [escape_markdown(column.title) for column in columns]
    rows = [[_markdown_cell(column, row) for column in columns] for row in answer.rows]
    if citations is not None:
        head += ["sources", "note"]
        for cells, cited in zip(rows, citations, strict=True):
            cells.append(
                "; ".join(
                    _markdown_link(words, iri) if iri else escape_markdown(words)
                    for words, iri in sources(cited)
                )
            )
            cells.append(escape_markdown("; ".join(notes(cited))))
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


# --- HTML ----------------------------------------------------------------------------------------------------------


_LEFT: Final = ' style="text-align:left"'
_RIGHT: Final = ' style="text-align:right"'


def write_html(
    answer: Answer,
    citations: Sequence[RowCitations] | None,
    title: str,
    absence: str,
    contested: Sequence[int],
) -> str:
    """Write an answer as a table in HTML: a fragment without scripts, in which all texts are escaped.

    Labels and passages link to their IRIs. Citations are the last column. The caption has the title and the number
    of rows; it says so if the first `MOST_ROWS` only are shown.

    Args:
        answer: the rows.
        citations: what each row rests on, if that is to be shown.
        title: stands in the caption.
        absence: what a row about an absence means; stands under a table that has no citations to say it.
        contested: the indices of the rows that rest on a contested value; named under a table without citations.
    """
    columns = select_columns(answer)
    heads = [column.title for column in columns] + (["stated in"] if citations is not None else [])
    lines = ["<table>", f"<caption>{escape(_caption(title, len(answer.rows)))}</caption>"]
    lines.append(f"<thead><tr>{''.join(f'<th{_LEFT}>{escape(head)}</th>' for head in heads)}</tr></thead>")
    lines.append("<tbody>")
    for index, row in enumerate(answer.rows[:MOST_ROWS]):
        cells = [_html_cell(column, row) for column in columns]
        if citations is not None:
            cells.append(f"<td{_LEFT}>{_html_citations(citations[index])}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody>", "</table>"]
    if citations is None:
        lines += [f"<p>{escape(note)}</p>" for note in _below(answer, absence, contested)]
    return "\n".join(lines)


def _caption(title: str, rows: int) -> str:
    counted = f"{rows} row{'' if rows == 1 else 's'}"
    if rows > MOST_ROWS:
        counted += f", of which the first {MOST_ROWS} are shown; .rows has them all"
    return f"{title} ({counted})" if title else counted


def _below(answer: Answer, absence: str, contested: Sequence[int]) -> Iterable[str]:
    if absence and answer.rows:
        yield explain_absence(absence)
    if contested:
        rows = ", ".join(str(index + 1) for index in contested)
        yield f"Contested: another passage contradicts a value behind row {rows}; cite=True shows both sides."


def _html_cell(column: Shown, row: Row) -> str:
    term = row[column.text if column.iri is None else column.iri]
    text = column.cell(row)
    if isinstance(term, NamedNode):
        return f"<td{_LEFT}>{_html_link(text, term.value)}</td>"
    return f"<td{_RIGHT if is_number(term) else _LEFT}>{escape(text)}</td>"


def _html_citations(cited: RowCitations) -> str:
    """Link what a row rests on; of what was searched for an absence, which is much, name the sections."""
    parts = [_html_link(words, iri) for words, iri in sources(cited._replace(searched=()))]
    notes = [*describe_contradictions(cited), *describe_absences(cited), *describe_origins(cited)]
    if cited.searched:
        notes.append(f"searched: {describe_search(cited.searched)}")
    return "<br>".join(
        [*(["; ".join(parts)] if parts else []), *(f"<em>{escape(note)}</em>" for note in notes)]
    )


def _html_link(text: str, iri: str) -> str:
    """Link a text to an IRI of the web; any other scheme could run a script."""
    if iri.startswith(("https://", "http://")):
        return f'<a href="{escape(iri)}">{escape(text)}</a>'
    return escape(text)

"""Output of answers as tables for terminals, and in Markdown.

The Markdown follows GitHub Flavored Markdown (https://github.github.com/gfm/#tables-extension-).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from jhaan_kg.query.engine import Answer, Row
from jhaan_kg.results.cells import (
    Arrangement,
    Shown,
    arrange,
    describe_sources,
    is_number,
    key_sources,
    notes,
    quotations,
    select_columns,
)

if TYPE_CHECKING:
    from jhaan_kg.query.cite import RowCitations

MOST_CHARACTERS: Final = 120
"""The maximum number of characters in a line of a table; terminals may be narrower."""

_GAP: Final = "  "
_NARROWEST: Final = 8
_INDENT: Final = "    "


def write_table(
    answer: Answer,
    citations: Sequence[RowCitations] | None,
    title: str,
    found: str,
    note: str,
    width: int | None,
) -> bytes:
    """Return an answer as a table, with the citations below each row.

    If the table is too wide, each row is written as a record, with a line for each value.

    The layout is implemented here, because libraries for tables cannot insert text between rows.
    """
    width = min(width or MOST_CHARACTERS, MOST_CHARACTERS)
    out = [part for text in (title, found) if text for part in _wrap(text, width)]
    if not answer.rows:
        return "".join(f"{line}\n" for line in (out if found else [*out, "No results."])).encode()
    columns, constant = arrange(answer) if found else Arrangement(select_columns(answer))
    out += [part for each in constant for part in _wrap(f"{each.title}: {each.cell(answer.rows[0])}", width)]
    out += [""] if found else []
    titles = [column.title for column in columns]
    cells = [[column.cell(row) for column in columns] for row in answer.rows]
    widths = _fit(list(zip(titles, *cells, strict=True)), width)
    numeric = [
        all(row[column.text] is None or is_number(row[column.text]) for row in answer.rows)
        for column in columns
    ]
    lines = [_row(texts, widths, numeric) for texts in cells]
    cited = (
        [_citation_lines(each, width) for each in citations] if citations is not None else [[]] * len(cells)
    )
    # Records have a line for each value, and an empty line after each record.
    fewest = sum(1 + sum(map(bool, texts)) for texts in cells)
    if sum(widths) + len(_GAP) * (len(widths) - 1) <= width and sum(map(len, lines)) <= fewest:
        out += _row(titles, widths, numeric)
        out.append(_GAP.join("-" * each for each in widths))
        out += [line for parts in zip(lines, cited, strict=True) for part in parts for line in part]
    else:
        for texts, sources in zip(cells, cited, strict=True):
            named = [f"{title}: {text}" for title, text in zip(titles, texts, strict=True) if text]
            out += [*(part for text in named for part in _wrap(text, width)), *sources, ""]
        out.pop()
    if note:
        out += ["", *(line for paragraph in note.split("\n") for line in _wrap(paragraph, width))]
    return "".join(f"{line}\n" for line in out).encode()


def _citation_lines(cited: RowCitations, width: int) -> list[str]:
    quoted = [f"{each.locator}: “{each.shortened}”" for each in quotations(cited)]
    return [part for line in (*describe_sources(cited), *quoted) for part in _wrap(line, width, _INDENT)]


def _row(texts: Iterable[str], widths: Sequence[int], numeric: Sequence[bool]) -> list[str]:
    """Return the lines of a row, with numbers aligned to the right."""
    wrapped = map(_wrap_cell, texts, widths)
    return [
        _GAP.join(
            part.rjust(width) if number else part.ljust(width)
            for part, width, number in zip(parts, widths, numeric, strict=True)
        ).rstrip()
        for parts in zip_longest(*wrapped, fillvalue="")
    ]


def _wrap_cell(text: str, width: int) -> list[str]:
    return [text] if len(text) <= width else textwrap.wrap(text, width)


def _fit(columns: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return column widths with which a row fits, if possible.

    The widest columns are narrowed, without breaking words.

    >>> _fit([["agency", "FRA"], ["plan", "operational action plan"]], 25)
    [6, 17]
    """
    widths = [max(1, *map(len, texts)) for texts in columns]
    room = width - len(_GAP) * (len(widths) - 1)
    least = [
        max(_NARROWEST, *(len(word) for text in texts for word in ["", *text.split()])) for texts in columns
    ]
    while sum(widths) > room:
        wide = [index for index, each in enumerate(widths) if each > least[index]]
        if not wide:
            break
        widths[max(wide, key=widths.__getitem__)] -= 1
    return widths


def _wrap(line: str, width: int, indent: str = "") -> list[str]:
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
    title: str = "",
    found: str = "",
    note: str = "",
    most: int | None = None,
    *,
    quotes: bool = False,
) -> bytes:
    """Return an answer as a Markdown table of at most `most` rows.

    Labels and sources link to their IRIs.
    """
    parts = [f"**{escape_markdown(title)}**"] if title else []
    if found or not answer.rows:
        parts.append(escape_markdown(found or "No results."))
    if answer.rows:
        columns, constant = arrange(answer) if found else Arrangement(select_columns(answer))
        parts += [
            f"{escape_markdown(each.title)}: {_markdown_cell(each, answer.rows[0])}" for each in constant
        ]
        rows = [[_markdown_cell(column, row) for column in columns] for row in answer.rows[:most]]
        head = [escape_markdown(column.title) for column in columns]
        if citations is not None:
            head += ["sources", "note", *(["quotations"] if quotes else [])]
            for cells, cited in zip(rows, citations, strict=False):
                cells += [_markdown_sources(cited), escape_markdown("; ".join(notes(cited)))]
                if quotes:
                    quoted = (escape_markdown(f"{each.locator}: {each.words}") for each in quotations(cited))
                    cells.append("<br>".join(quoted))
        parts.append("\n".join(map(_markdown_line, [head, ["---"] * len(head), *rows])))
        parts += [escape_markdown(note)] if note else []
    return ("\n\n".join(parts) + "\n").encode()


def _markdown_sources(cited: RowCitations) -> str:
    first, others = key_sources(cited)
    named = [_markdown_link(words, iri) if iri else escape_markdown(words) for words, iri in first]
    return "; ".join(named) + (f" (+{len(others)})" if others else "")


def escape_markdown(text: str) -> str:
    r"""Escape characters that have a meaning in Markdown or HTML.

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

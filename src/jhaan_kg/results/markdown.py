"""A table in Markdown, as GitHub reads it (https://github.github.com/gfm/#tables-extension-)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from jhaan_kg.query.engine import Answer, Row
from jhaan_kg.results.cells import Shown, about_absence, shown_columns
from jhaan_kg.results.notes import notes, sources

if TYPE_CHECKING:
    from jhaan_kg.query.cite import RowCitations


def markdown(answer: Answer, citations: Sequence[RowCitations] | None, title: str, absence: str) -> bytes:
    """Write an answer as a table in Markdown; labels and sources link to their IRIs."""
    columns = shown_columns(answer)
    head = [escaped(column.title) for column in columns]
    rows = [[_cell(column, row) for column in columns] for row in answer.rows]
    if citations is not None:
        head += ["sources", "note"]
        for cells, cited in zip(rows, citations, strict=True):
            cells.append(
                "; ".join(_link(words, iri) if iri else escaped(words) for words, iri in sources(cited))
            )
            cells.append(escaped("; ".join(notes(cited))))
    lines = [f"**{escaped(title)}**", ""] if title else []
    lines += [_line(head), _line(["---"] * len(head)), *map(_line, rows)]
    if absence and citations is None:
        lines += ["", escaped(about_absence(absence))]
    return "".join(f"{line}\n" for line in lines).encode()


def escaped(text: str) -> str:
    r"""Escape what Markdown, or HTML within it, would take for more than text.

    >>> escaped("a|b *c* <i> &lt;")
    'a\\|b \\*c\\* \\<i\\> \\&lt;'
    """
    return re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", text)


def _cell(column: Shown, row: Row) -> str:
    term = row[column.text if column.iri is None else column.iri]
    text = column.cell(row)
    return _link(text, term.value) if isinstance(term, NamedNode) else escaped(text)


def _link(text: str, iri: str) -> str:
    target = iri.replace("(", "%28").replace(")", "%29").replace("_", "%5F").replace("*", "%2A")
    return f"[{escaped(text)}]({target})"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

"""Output of answers as HTML tables, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from jhaan_kg.query.engine import Answer, Row
from jhaan_kg.results.cells import (
    Shown,
    describe_contested,
    describe_search,
    explain_absence,
    is_number,
    notes,
    quotations,
    select_columns,
    sources,
)

if TYPE_CHECKING:
    from jhaan_kg.query.cite import RowCitations

MOST_ROWS: Final = 100
"""The maximum number of rows in a table; more rows slow down notebooks."""

_LEFT: Final = ' style="text-align:left"'
_RIGHT: Final = ' style="text-align:right"'


def write_html(
    answer: Answer,
    citations: Sequence[RowCitations] | None,
    title: str,
    absence: str,
    contested: Sequence[int],
) -> str:
    """Return an answer as an HTML table, without scripts and with all text escaped.

    Labels and passages link to their IRIs. Citations are in the last column. The caption contains the title, the number
    of rows, and a note if only the first `MOST_ROWS` rows are shown.

    Args:
        answer: the rows.
        citations: the citations of each row; None to leave them out.
        title: the title in the caption.
        absence: the note on rows about something not recorded, below a table without citations.
        contested: the indices of the rows that depend on a contested value, listed below a table without citations.
    """
    columns = select_columns(answer)
    heads = [column.title for column in columns] + (["sources"] if citations is not None else [])
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
        yield describe_contested(answer, contested, "cite=True")


def _html_cell(column: Shown, row: Row) -> str:
    term = row[column.text if column.iri is None else column.iri]
    text = column.cell(row)
    if isinstance(term, NamedNode):
        return f"<td{_LEFT}>{_html_link(text, term.value)}</td>"
    return f"<td{_RIGHT if is_number(term) else _LEFT}>{escape(text)}</td>"


def _html_citations(cited: RowCitations) -> str:
    """Return links to the citations of a row.

    Searched passages are only summarised by section.
    """
    parts = [_html_link(words, iri) for words, iri in sources(cited._replace(searched=()))]
    remarks = notes(cited)
    if cited.searched:
        remarks.append(f"searched: {describe_search(cited.searched)}")
    quoted = [f"{escape(each.locator)}: <q>{escape(each.shortened)}</q>" for each in quotations(cited)]
    return "<br>".join(
        [
            *(["; ".join(parts)] if parts else []),
            *quoted,
            *(f"<em>{escape(remark)}</em>" for remark in remarks),
        ]
    )


def _html_link(text: str, iri: str) -> str:
    """Return a text as a link if the IRI is a web address; other schemes might run scripts."""
    if iri.startswith(("https://", "http://")):
        return f'<a href="{escape(iri)}">{escape(text)}</a>'
    return escape(text)

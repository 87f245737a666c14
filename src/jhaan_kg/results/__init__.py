"""Output of answers as tables and files; the same answer results in the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.results.graphs import GRAPH_FORMATS, render_graph

if TYPE_CHECKING:
    from jhaan_kg.query.cite import RowCitations
    from jhaan_kg.query.engine import Answer

FORMATS: Final = ("table", "csv", "tsv", "json", "xml", "md", "xlsx")
"""The output formats for rows."""

__all__ = ["FORMATS", "GRAPH_FORMATS", "render", "render_boolean", "render_graph"]


def render(
    answer: Answer,
    form: str,
    *,
    citations: Sequence[RowCitations] | None = None,
    quotes: bool = False,
    title: str = "",
    found: str = "",
    note: str = "",
    iris: bool = True,
    width: int | None = None,
) -> bytes:
    r"""Return an answer as the content of a file.

    Args:
        answer: the rows.
        form: one of FORMATS: `table` for a terminal; `csv`, `tsv`, `json` and `xml` as in SPARQL 1.1; `md` for a table
            in GitHub Flavored Markdown; `xlsx` for a workbook.
        citations: the citations of each row. The format `table` shows the first sources. The other formats contain all
            sources in the columns `sources`, `sourceIris` and `note`.
        quotes: whether to add the column `quotations` with the words of the passages. The format `table` shows the
            start of these words if the citations contain them.
        title: the title above a table, in Markdown, and in the properties of a workbook.
        found: the sentence about the answer to a question. If it is not empty, `table` and `md` omit uninformative
            columns.
        note: the note below the formats `table` and `md`.
        iris: whether files contain the IRIs of entities and sources in addition to labels.
        width: the width of the terminal; a table has at most 120 characters per line.

    Returns:
        The content of the file; text is in UTF-8.

    Raises:
        JhaanError: the format does not exist.

    >>> from jhaan_kg.query.engine import Answer
    >>> from pyoxigraph import Literal
    >>> render(Answer(("agency", "meetings"), ((Literal("CEPOL"), Literal(3)),)), "csv")
    b'agency,meetings\r\nCEPOL,3\r\n'
    """
    if form == "table":
        from jhaan_kg.results.tables import write_table

        return write_table(answer, citations, title, found, note, width)
    if form not in FORMATS:
        raise JhaanError(f'Unknown format "{form}" for rows. Choose one of: {", ".join(FORMATS)}.')
    if form == "md":
        from jhaan_kg.results.tables import write_markdown

        return write_markdown(answer, citations, title, found, note, quotes=quotes)
    if citations is not None:
        from jhaan_kg.results.cells import with_columns

        answer = with_columns(answer, citations, quotes=quotes)
    if not iris:
        from jhaan_kg.results.cells import only_labels

        answer = only_labels(answer)
    if form == "xlsx":
        from jhaan_kg.results.workbook import write_workbook

        return write_workbook(answer, title)
    from jhaan_kg.results.sparql import serialize_rows

    return serialize_rows(answer, form)


def render_boolean(value: bool, form: str) -> bytes:
    r"""Return the answer to an ASK query in a format.

    Args:
        value: the answer.
        form: `json` or `xml` as in SPARQL 1.1, or `table` for `yes` or `no`.

    Raises:
        JhaanError: the format does not exist.

    >>> render_boolean(True, "table")
    b'yes\n'
    """
    from jhaan_kg.results.sparql import serialize_boolean

    if form == "table":
        return b"yes\n" if value else b"no\n"
    if form not in ("json", "xml"):
        raise JhaanError(f'Unknown format "{form}" for yes or no. Choose one of: table, json, xml.')
    return serialize_boolean(value, form)

"""The answer to a question as Python values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, overload

from jhaan_kg.api.values import Value, Values, to_pandas, to_polars, values_of
from jhaan_kg.errors import JhaanError
from jhaan_kg.files import write_whole

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from jhaan_kg.pictures.drawing import Picture
    from jhaan_kg.query.cite import RowCitations
    from jhaan_kg.query.engine import Answer
    from jhaan_kg.results.cells import Quotation

_MOST_COLUMNS: Final = 6
"""The number of columns in the representation of a table."""


class Source(NamedTuple):
    """A source of a row.

    Attributes:
        locator: the place in the report, such as `Section 9.4, paragraph 3`.
        iri: the IRI of the passage or of another source; empty if it has none.
    """

    locator: str
    iri: str


class Cited(NamedTuple):
    """The sources of a row and notes on it.

    Attributes:
        sources: the passages in reading order, each followed by its lead-ins; then other sources.
        notes: notes for the reader: contradictions, absence, and sources other than the report.
        quotations: the words of these passages and of those that contradict them; empty unless requested.
    """

    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    quotations: tuple[Quotation, ...] = ()


class Table:
    """The answer to a question: rows of values.

    Iteration yields the rows, each a dict of values by column; `len` counts them. Notebooks show the table with
    links. Tables are immutable, so threads may share them.

    Attributes:
        columns: the names of the columns; an entity and its label are one column.
        rows: for each row its values by column: `Resource` for an entity, int, Decimal, float, bool, datetime.date
            and str for literals, None where the report states nothing.
        cited: the sources of each row; None unless requested.
        title: the question; empty for a user's own query.

    >>> from pyoxigraph import Literal
    >>> from jhaan_kg.query.engine import Answer
    >>> table = Table(Answer(("agency", "meetings"), ((Literal("CEPOL"), Literal(3)),)))
    >>> [row["meetings"] for row in table], len(table), table.columns
    ([3], 1, ('agency', 'meetings'))
    >>> table
    <Table: 1 row of agency, meetings>
    """

    def __init__(
        self,
        answer: Answer,
        *,
        title: str = "",
        absence: str = "",
        citations: Sequence[RowCitations] | None = None,
        contested: Sequence[int] | Callable[[], Sequence[int]] = (),
        quotes: bool = False,
        draw: Callable[[], Picture | None] | None = None,
    ) -> None:
        """Create a table from the answer of an engine.

        Args:
            answer: the columns and rows.
            title: the question.
            absence: a note on rows that state an absence; empty if there are none.
            citations: the sources of each row, if requested.
            contested: the indices of the rows that depend on a contested value, or a function that finds them.
            quotes: whether the citations have the words of the passages.
            draw: function that returns the picture of the question, if it can be drawn.
        """
        self._answer = answer
        self._absence = absence
        self._citations = citations
        self._quotes = quotes
        self._contested = contested
        self._draw: Callable[[], Picture | None] | Picture | None = draw
        self.title: Final = title
        values = values_of(answer)
        self.columns: Final = values.columns
        self.rows: Final = values.rows
        self.cited: Final = None if citations is None else tuple(map(_cite_row, citations))

    @property
    def contested(self) -> tuple[int, ...]:
        """The indices of the rows that depend on a value which another passage contradicts.

        Without citations, rows that depend on such a value only through an inferred statement are missing. The
        indices are determined at first use.
        """
        if callable(self._contested):
            self._contested = self._contested()
        return tuple(self._contested)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state for a copy, which cannot query the graph."""
        return {**self.__dict__, "_contested": self.contested, "_draw": self._drawn()}

    def _drawn(self) -> Picture | None:
        if callable(self._draw):
            self._draw = self._draw()
        return self._draw

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        named = ", ".join(self.columns[:_MOST_COLUMNS])
        more = len(self.columns) - _MOST_COLUMNS
        columns = f"{named} and {more} more" if more > 0 else named or "no columns"
        contested = f"; {len(self.contested)} contested" if self.contested else ""
        title = f" {self.title!r}" if self.title else ""
        rows = "1 row" if len(self.rows) == 1 else f"{len(self.rows)} rows"
        return f"<Table{title}: {rows} of {columns}{contested}>"

    def picture(self) -> Picture:
        """Return the picture of the question.

        Notebooks show it, and it has `svg` and `png(width)`.

        Raises:
            JhaanError: the question has none, or it cannot show this answer.
        """
        picture = self._drawn()
        if picture is None:
            raise JhaanError(
                "This table has no picture: the question has none, or the answer has no rows or too many."
            )
        return picture

    def _repr_html_(self) -> str:
        """Return the table as HTML for notebooks."""
        from jhaan_kg.results.html import write_html

        return write_html(self._answer, self._citations, self.title, self._absence, self.contested)

    @overload
    def to_csv(self) -> str: ...

    @overload
    def to_csv(self, path: str | Path) -> None: ...

    def to_csv(self, path: str | Path | None = None) -> str | None:
        r"""Return or write the table as CSV.

        The content is that of `jhaan query --format csv`, in the CSV format of SPARQL 1.1.

        For an entity, the column has its IRI and the column `…Label` its label. Citations, if any, are in the columns
        `sources`, `sourceIris` and `note`, and quotations in `quotations`. Lines end with CR LF.

        Args:
            path: the file to write, in UTF-8; on an error it is unchanged. Without a path, the text is returned.

        Returns:
            The text, or None if a file was written.

        Raises:
            JhaanError: the file cannot be written, or a column has the name of a citation column.

        >>> from pyoxigraph import Literal
        >>> from jhaan_kg.query.engine import Answer
        >>> Table(Answer(("meetings",), ((Literal(3),),))).to_csv()
        'meetings\r\n3\r\n'
        """
        from jhaan_kg.results import render

        data = render(self._answer, "csv", citations=self._citations, quotes=self._quotes)
        if path is None:
            return data.decode()
        save(Path(path), data)
        return None

    def to_pandas(self) -> pd.DataFrame:
        """Return the table as a pandas data frame (requires the extra `tables`).

        A column of entities has their labels, and the next column, `NAME_iri`, their IRIs. Types of columns:

        - integers: `Int64`, which allows missing values;
        - decimals and doubles: `Float64` (exact decimals are in `rows`);
        - days: `datetime64[s]`; truth values: `boolean`;
        - labels, IRIs and texts: `string`, also for columns with mixed types or integers beyond 64 bits.

        Citations, if any, are in the same columns as in CSV. Missing values are `NA` or `NaT`.

        Raises:
            JhaanError: pandas is not installed, or two columns would have the same name.
        """
        return to_pandas(self._with_citations())

    def to_polars(self) -> pl.DataFrame:
        """Return the table as a polars data frame (requires the extra `tables`).

        The columns are those of `to_pandas`, with the types `Int64`, `Float64`, `Date`, `Boolean` and `String`;
        missing values are null.

        Raises:
            JhaanError: polars is not installed, or two columns would have the same name.
        """
        return to_polars(self._with_citations())

    def _with_citations(self) -> Values:
        if self._citations is None:
            return values_of(self._answer)
        from jhaan_kg.results.cells import with_columns

        return values_of(with_columns(self._answer, self._citations, quotes=self._quotes))


def _cite_row(row: RowCitations) -> Cited:
    from jhaan_kg.results.cells import notes, quotations, sources

    return Cited(tuple(Source(*source) for source in sources(row)), tuple(notes(row)), tuple(quotations(row)))


def save(path: Path, data: bytes) -> None:
    """Write a file that the user requested.

    If an error occurs, an existing file is not changed.

    Raises:
        JhaanError: the file cannot be written.
    """
    try:
        write_whole(path, data)
    except OSError as error:
        raise JhaanError(f"Cannot write {path}: {error.strerror}. Nothing was changed.") from None

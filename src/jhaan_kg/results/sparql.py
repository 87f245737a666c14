"""Output in the result formats of SPARQL 1.1: CSV, TSV, JSON and XML.

The RDF library writes all four formats. It receives rows as TSV, which preserves lexical forms such as `0.50`; passing
them as VALUES of a query would change `0.50` to `0.5`. The solutions of a query are written directly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import IO, Final, Protocol

from pyoxigraph import Literal, QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

from jhaan_kg.errors import JhaanError
from jhaan_kg.files import as_file
from jhaan_kg.query.engine import Answer, Row, Term

_FORMATS: Final = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}


_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 does not allow, even if they are escaped.

See https://www.w3.org/TR/xml/#charsets.
"""

STREAMED: Final = tuple(_FORMATS)
"""The formats that can be written row by row."""


def not_in_xml(term: object) -> str:
    """Return the code point of the first character in a literal that XML does not allow.

    Return an empty string if XML allows all characters.

    >>> not_in_xml(Literal("a" + chr(8))), not_in_xml(Literal("a"))
    ('U+0008', '')
    """
    found = _NOT_IN_XML.search(term.value) if isinstance(term, Literal) else None
    return f"U+{ord(found[0]):04X}" if found else ""


class Output(Protocol):
    """An output for bytes, such as a file."""

    def write(self, data: bytes, /) -> int:
        """Write bytes, and return the number of bytes written."""


def serialize_rows(answer: Answer, form: str) -> bytes:
    """Return an answer as csv, tsv, json or xml."""
    data = BytesIO()
    write_rows(answer.variables, answer.rows, form, data)
    return data.getvalue()


def write_rows(variables: Sequence[str], rows: Iterable[Row], form: str, out: Output) -> None:
    """Write rows as csv, tsv, json or xml, one by one.

    Args:
        variables: the names of the columns.
        rows: the rows.
        form: one of STREAMED.
        out: the output.

    Raises:
        JhaanError: XML does not allow a character of a row.
        SyntaxError: a term is a triple (RDF 1.2), which these formats cannot express.
    """

    def lines() -> Iterator[bytes]:
        yield "\t".join(f"?{name}" for name in variables).encode() + b"\n"
        for row in rows:
            if form == "xml":
                _refuse_characters(row)
            yield "\t".join(map(_term_text, row)).encode() + b"\n"

    _write(as_file(lines()), form, out)


def write_solutions(found: QuerySolutions, form: str, out: Output) -> None:
    """Write the solutions of a query as csv, tsv, json or xml; faster than `write_rows`."""
    if form == "xml":  # `write_rows` checks for characters that XML does not allow
        write_rows([variable.value for variable in found.variables], map(tuple, found), form, out)
    else:
        _serialize(found, form, out)


def _refuse_characters(row: Row) -> None:
    for term in row:
        if character := not_in_xml(term):
            raise JhaanError(f"XML cannot contain the character {character} of this answer. Choose json.")


def serialize_boolean(value: bool, form: str) -> bytes:
    """Return the answer to an ASK query as json or xml."""
    data = BytesIO()
    _write(BytesIO(str(value).lower().encode()), form, data)
    return data.getvalue()


def _term_text(term: Term | None) -> str:
    return "" if term is None else str(term)


class _Ended:
    """Output that forwards bytes, and adds a final line feed if it is missing."""

    def __init__(self, out: Output) -> None:
        self._out, self._last = out, b""

    def write(self, data: bytes, /) -> int:
        self._last = data[-1:] or self._last
        return self._out.write(data)

    def flush(self) -> None:
        """Do nothing; the serialiser requires this method."""

    def end(self) -> None:
        if self._last != b"\n":
            self._out.write(b"\n")


def _write(tsv: IO[bytes], form: str, out: Output) -> None:
    _serialize(parse_query_results(tsv, format=QueryResultsFormat.TSV), form, out)


def _serialize(found: QuerySolutions | QueryBoolean, form: str, out: Output) -> None:
    ended = _Ended(out)
    found.serialize(ended, format=_FORMATS[form])  # type: ignore[arg-type]
    ended.end()

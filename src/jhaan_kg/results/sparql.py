"""The result formats of SPARQL 1.1: CSV, TSV, JSON and XML.

Rows are handed to the RDF library as TSV, which holds each term as it is; it writes all four formats. A way
through a query would change lexical forms (`0.50` to `0.5`).
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import QueryResultsFormat, parse_query_results

from jhaan_kg.query.run import Answer, Term

_FORMATS: Final = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}


def serialize_rows(answer: Answer, form: str) -> bytes:
    """Write an answer as csv, tsv, json or xml."""
    lines = ["\t".join(f"?{name}" for name in answer.variables)]
    lines += ["\t".join(map(_written, row)) for row in answer.rows]
    return _serialized("".join(f"{line}\n" for line in lines), form)


def serialize_boolean(value: bool, form: str) -> bytes:
    """Write yes or no as json or xml."""
    return _serialized(str(value).lower(), form)


def _written(term: Term | None) -> str:
    return "" if term is None else str(term)


def _serialized(tsv: str, form: str) -> bytes:
    results = parse_query_results(tsv.encode(), format=QueryResultsFormat.TSV)
    data = results.serialize(format=_FORMATS[form]) or b""
    return data if data.endswith(b"\n") else data + b"\n"

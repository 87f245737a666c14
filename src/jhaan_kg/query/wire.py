"""Answers in the formats in which engines hand them over: SPARQL 1.1 results in JSON, and N-Triples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple, TypeAlias

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from jhaan_kg.query.engine import Answer, Row

Data: TypeAlias = bytes | IO[bytes]
"""An answer, or where it can be read from as it comes."""


class Rows(NamedTuple):
    """The answer to a SELECT query while it is read.

    Attributes:
        variables: the names of the columns.
        rows: the terms of each row; None where a variable is unbound. A ValueError comes where they can't be read.
    """

    variables: tuple[str, ...]
    rows: Iterator[Row]


def open_rows(data: Data) -> Rows:
    """Begin to read the answer to a SELECT query.

    Raises:
        ValueError: it is none.
    """
    try:
        results = parse_query_results(data, format=QueryResultsFormat.JSON)
    except SyntaxError as error:
        raise ValueError(str(error)) from None
    if isinstance(results, QuerySolutions):
        return Rows(tuple(variable.value for variable in results.variables), _rows(results))
    raise ValueError("it has no rows")


def _rows(results: QuerySolutions) -> Iterator[Row]:
    try:
        for solution in results:
            yield tuple(solution)
    except SyntaxError as error:
        raise ValueError(str(error)) from None


def read_rows(data: Data) -> Answer:
    """Read the answer to a SELECT query.

    Raises:
        ValueError: it is none.

    >>> read_rows(b'{"head": {"vars": ["x"]}, "results": {"bindings": [{}]}}')
    Answer(variables=('x',), rows=((None,),))
    """
    found = open_rows(data)
    return Answer(found.variables, tuple(found.rows))


def read_boolean(data: Data) -> bool:
    """Read the answer to an ASK query.

    Raises:
        ValueError: it is none.

    >>> read_boolean(b'{"head": {}, "boolean": true}')
    True
    """
    try:
        results = parse_query_results(data, format=QueryResultsFormat.JSON)
    except SyntaxError as error:
        raise ValueError(str(error)) from None
    if isinstance(results, QueryBoolean):
        return bool(results)
    raise ValueError("it is neither true nor false")


def iterate_triples(data: Data) -> Iterator[Triple]:
    """Read the answer to a CONSTRUCT or DESCRIBE query triple by triple.

    Raises:
        ValueError: it is none.
    """
    try:
        for quad in parse(data, format=RdfFormat.N_TRIPLES):
            yield quad.triple
    except SyntaxError as error:
        raise ValueError(str(error)) from None


def read_triples(data: Data) -> list[Triple]:
    """Read the answer to a CONSTRUCT or DESCRIBE query.

    Raises:
        ValueError: it is none.

    >>> len(read_triples(b"<urn:a> <urn:b> <urn:c> ."))
    1
    """
    return list(iterate_triples(data))

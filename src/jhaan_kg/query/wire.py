"""Answers in the formats in which engines hand them over: SPARQL 1.1 results in JSON, and N-Triples."""

from __future__ import annotations

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from jhaan_kg.query.run import Answer


def read_rows(data: bytes) -> Answer:
    """Read the answer to a SELECT query.

    Raises:
        ValueError: it is none.

    >>> read_rows(b'{"head": {"vars": ["x"]}, "results": {"bindings": [{}]}}')
    Answer(variables=('x',), rows=((None,),))
    """
    try:
        results = parse_query_results(data, format=QueryResultsFormat.JSON)
        if isinstance(results, QuerySolutions):
            names = tuple(variable.value for variable in results.variables)
            return Answer(names, tuple(tuple(solution) for solution in results))
    except SyntaxError as error:
        raise ValueError(str(error)) from None
    raise ValueError("it has no rows")


def read_boolean(data: bytes) -> bool:
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


def read_triples(data: bytes) -> list[Triple]:
    """Read the answer to a CONSTRUCT or DESCRIBE query.

    Raises:
        ValueError: it is none.

    >>> len(read_triples(b"<urn:a> <urn:b> <urn:c> ."))
    1
    """
    try:
        return [quad.triple for quad in parse(data, format=RdfFormat.N_TRIPLES)]
    except SyntaxError as error:
        raise ValueError(str(error)) from None

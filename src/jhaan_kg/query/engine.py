"""Query engines, answers to stored queries, and transfer formats.

The formats are SPARQL JSON results and N-Triples.

A stored query contains a comment line such as `# VALUES ?agency` for each parameter. The values of the parameter
replace it as a VALUES clause; without values, the parameter does not restrict the query. The RDF library serialises
the values, so a user's input cannot inject SPARQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.query.sparql_text import SparqlToken, TokenKind, scan
from jhaan_kg.query.syntax import QuerySyntaxError

if TYPE_CHECKING:
    from jhaan_kg.query.catalogue import StoredQuery

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Row: TypeAlias = tuple[Term | None, ...]
Value: TypeAlias = NamedNode | Literal
Values: TypeAlias = Mapping[str, Sequence[Value] | None]
"""The values of each parameter by name; None, or a missing entry, means any value."""

_MARKER = re.compile(r"#\s*VALUES\s+\?(\w+)\s*", re.IGNORECASE)


class Answer(NamedTuple):
    """The rows of an answer.

    Attributes:
        variables: the names of the columns.
        rows: the terms of each row; None for an unbound variable.
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


class Rows(NamedTuple):
    """The rows of an answer, read as they arrive.

    Attributes:
        variables: the names of the columns.
        rows: the terms of each row, as in `Answer`; the iterator raises a ValueError for an invalid row.
    """

    variables: tuple[str, ...]
    rows: Iterator[Row]


class Engine(Protocol):
    """Interface of query engines: the built-in store, or an endpoint.

    The default graph of a query is the union of the named graphs.
    """

    def select(self, query: str) -> Answer:
        """Run a SELECT query.

        Raises:
            JhaanError: the query cannot be parsed, or is of another form.
            ServiceError: the endpoint cannot be reached.
        """

    def ask(self, query: str) -> bool:
        """Run an ASK query; for errors see `select`."""

    def construct(self, query: str) -> list[Triple]:
        """Run a CONSTRUCT or DESCRIBE query; for errors see `select`."""


class StoreEngine:
    """The built-in engine.

    >>> StoreEngine(Store()).select("SELECT ?x { VALUES ?x { 1 UNDEF } }").rows[1]
    (None,)
    """

    def __init__(self, store: Store, prefixes: Mapping[str, str] | None = None) -> None:
        """Create an engine for a store.

        Args:
            store: the store.
            prefixes: the prefixes that queries may use without a declaration; stored queries do not need this.
        """
        self._store, self._prefixes = store, dict(prefixes or {})

    def select(self, query: str) -> Answer:
        """Run a SELECT query; see `Engine`."""
        result = self._query(query)
        if not isinstance(result, QuerySolutions):
            raise JhaanError("The query must be a SELECT query.")
        names = tuple(variable.value for variable in result.variables)
        return Answer(names, tuple(tuple(solution) for solution in result))

    def ask(self, query: str) -> bool:
        """Run an ASK query; see `Engine`."""
        result = self._query(query)
        if not isinstance(result, QueryBoolean):
            raise JhaanError("The query must be an ASK query.")
        return bool(result)

    def construct(self, query: str) -> list[Triple]:
        """Run a CONSTRUCT or DESCRIBE query; see `Engine`."""
        result = self._query(query)
        if not isinstance(result, QueryTriples):
            raise JhaanError("The query must be a CONSTRUCT or DESCRIBE query.")
        return list(result)

    def _query(self, query: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        try:
            return self._store.query(query, prefixes=self._prefixes, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise QuerySyntaxError(error, query, self._prefixes) from None
        except (OSError, RuntimeError) as error:
            raise ServiceError(f"The store cannot answer: {error}.") from None


# --- stored queries ---------------------------------------------------------------------------------------------------


def markers(text: str) -> Iterator[tuple[str, SparqlToken]]:
    r"""Yield the name of each parameter, with the comment that its values replace.

    >>> [name for name, _ in markers("SELECT ?a { # VALUES ?a\n ?a ?b '# VALUES ?c' }")]
    ['a']
    """
    for token in scan(text):
        match = _MARKER.fullmatch(token.text) if token.kind is TokenKind.COMMENT else None
        if match:
            yield match.group(1), token


def bind(text: str, values: Values) -> str:
    r"""Insert the values of parameters into a query, in place of the comments `# VALUES`.

    Raises:
        JhaanError: a parameter has no such comment in the query, or its list of values is empty.

    >>> print(bind("SELECT ?a {\n  # VALUES ?a\n  ?a ?b ?c }", {"a": [Literal('x"}')]}))
    SELECT ?a {
      VALUES ?a { "x\"}" }
      ?a ?b ?c }
    """
    bound = {name: terms for name, terms in values.items() if terms is not None}
    if not bound:
        return text
    pieces, position, placed = [], 0, set()
    for name, token in markers(text):
        if name in bound:
            terms = " ".join(str(term) for term in bound[name])
            pieces += [text[position : token.start], f"VALUES ?{name} {{ {terms} }}"]
            position = token.end
            placed.add(name)
    for name, sequence in bound.items():
        if not sequence:
            raise JhaanError(f'Parameter "{name}" needs a value. Use "all" to remove the filter.')
        if name not in placed:
            raise JhaanError(f'The query has no place for parameter "{name}". Add the line: # VALUES ?{name}')
    return "".join([*pieces, text[position:]])


def select_texts(engine: Engine, query: str) -> list[tuple[str, ...]]:
    """Run a SELECT query, and return each row as strings; see `texts_of`.

    Raises:
        ServiceError: the endpoint cannot be reached.
    """
    return list(map(texts_of, engine.select(query).rows))


def texts_of(row: Row) -> tuple[str, ...]:
    """Return a row as strings.

    These are IRIs, lexical forms of literals, and empty strings for unbound variables.
    """
    return tuple(term.value if isinstance(term, NamedNode | Literal | BlankNode) else "" for term in row)


def answer(engine: Engine, query: StoredQuery, values: Values) -> Answer:
    """Answer a stored query.

    Duplicate rows are removed, because Virtuoso 7.2.5 may return duplicates when a SELECT DISTINCT runs first.

    Args:
        engine: the engine.
        query: the query.
        values: the values of the query's parameters, from `names.resolve_parameters`.

    Raises:
        JhaanError: a parameter has no comment `# VALUES` in the query.
        ServiceError: the endpoint cannot be reached.
    """
    rows = engine.select(bind(query.text, values))
    return apply_measure(query, rows._replace(rows=tuple(dict.fromkeys(rows.rows))))


def apply_measure(query: StoredQuery, rows: Answer) -> Answer:
    """Apply a query's measure to the rows of its SPARQL.

    Without a measure, return the rows unchanged.
    """
    if not query.measure:
        return rows
    from jhaan_kg.query.measures import measure

    return measure(query.measure, rows).answer


# --- transfer formats ------------------------------------------------------------------------------------------------


def open_rows(data: bytes | IO[bytes]) -> Rows:
    """Start to parse the answer to a SELECT query.

    Raises:
        ValueError: the answer cannot be parsed.
    """
    with _reading():
        results = parse_query_results(data, format=QueryResultsFormat.JSON)
    if not isinstance(results, QuerySolutions):
        raise ValueError("it has no rows")
    return Rows(tuple(variable.value for variable in results.variables), _iterate(results))


def _iterate(results: QuerySolutions) -> Iterator[Row]:
    with _reading():
        for solution in results:
            yield tuple(solution)


def read_rows(data: bytes | IO[bytes]) -> Answer:
    """Parse the answer to a SELECT query; for errors see `open_rows`.

    >>> read_rows(b'{"head": {"vars": ["x"]}, "results": {"bindings": [{}]}}')
    Answer(variables=('x',), rows=((None,),))
    """
    found = open_rows(data)
    return Answer(found.variables, tuple(found.rows))


def read_boolean(data: bytes | IO[bytes]) -> bool:
    """Parse the answer to an ASK query; for errors see `open_rows`.

    >>> read_boolean(b'{"head": {}, "boolean": true}')
    True
    """
    with _reading():
        results = parse_query_results(data, format=QueryResultsFormat.JSON)
    if not isinstance(results, QueryBoolean):
        raise ValueError("it is neither true nor false")
    return bool(results)


def read_triples(data: bytes | IO[bytes]) -> Iterator[Triple]:
    """Yield the triples of the answer to a CONSTRUCT or DESCRIBE query.

    They are parsed one by one. For errors see `open_rows`.

    >>> len(list(read_triples(b"<urn:a> <urn:b> <urn:c> .")))
    1
    """
    with _reading():
        for quad in parse(data, format=RdfFormat.N_TRIPLES):
            yield quad.triple


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except (SyntaxError, MemoryError) as error:
        # The parser raises MemoryError if a single value is too large.
        raise ValueError(str(error)) from None

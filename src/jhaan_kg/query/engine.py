"""The engine for queries, its answers, and their transfer formats: SPARQL results in JSON, and N-Triples.

The values of parameters are written into a stored query, and a measure may process its rows. A comment line `# VALUES
?agency` marks the place of the values. They are terms, written by the RDF library: a user's text is never pasted, so
it cannot become syntax. Without values nothing is written, and the query is unrestricted: this form has the same rows
on every store.
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
"""The values of each parameter; None, or a missing entry, leaves it unbound."""

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
    """The rows of an answer as they are read.

    Attributes:
        variables: the names of the columns.
        rows: the terms of each row, as in `Answer`; unreadable ones raise a ValueError.
    """

    variables: tuple[str, ...]
    rows: Iterator[Row]


class Engine(Protocol):
    """Engine for queries: the built-in store, or an endpoint.

    The default graph of a query is the union of the named graphs.
    """

    def select(self, query: str) -> Answer:
        """Answer a SELECT query.

        Raises:
            JhaanError: the query cannot be parsed, or is of another form.
            ServiceError: the service of the engine cannot be reached.
        """

    def ask(self, query: str) -> bool:
        """Answer an ASK query; for errors see `select`."""

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; for errors see `select`."""


class StoreEngine:
    """The built-in engine.

    >>> StoreEngine(Store()).select("SELECT ?x { VALUES ?x { 1 UNDEF } }").rows[1]
    (None,)
    """

    def __init__(self, store: Store, prefixes: Mapping[str, str] | None = None) -> None:
        """Configure the queries to a store.

        Args:
            store: the store.
            prefixes: the prefixes that a query may use without declaring them; stored queries declare all theirs.
        """
        self._store, self._prefixes = store, dict(prefixes or {})

    def select(self, query: str) -> Answer:
        """Answer a SELECT query; see `Engine`."""
        result = self._query(query)
        if not isinstance(result, QuerySolutions):
            raise JhaanError("The query must be a SELECT query.")
        names = tuple(variable.value for variable in result.variables)
        return Answer(names, tuple(tuple(solution) for solution in result))

    def ask(self, query: str) -> bool:
        """Answer an ASK query; see `Engine`."""
        result = self._query(query)
        if not isinstance(result, QueryBoolean):
            raise JhaanError("The query must be an ASK query.")
        return bool(result)

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; see `Engine`."""
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
    r"""Yield each comment for the place of values, with the name of its parameter.

    >>> [name for name, _ in markers("SELECT ?a { # VALUES ?a\n ?a ?b '# VALUES ?c' }")]
    ['a']
    """
    for token in scan(text):
        match = _MARKER.fullmatch(token.text) if token.kind is TokenKind.COMMENT else None
        if match:
            yield match.group(1), token


def bind(text: str, values: Values) -> str:
    r"""Write values of parameters into a query, at the marked places.

    Raises:
        JhaanError: a parameter has no place in the query, or no values.

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
    """Answer a SELECT query in texts: IRIs and lexical forms, empty for unbound variables.

    Raises:
        ServiceError: the service of the engine cannot be reached.
    """
    return list(map(texts_of, engine.select(query).rows))


def texts_of(row: Row) -> tuple[str, ...]:
    """Return a row in texts: IRIs and lexical forms, empty for unbound variables."""
    return tuple(term.value if isinstance(term, NamedNode | Literal | BlankNode) else "" for term in row)


def answer(engine: Engine, query: StoredQuery, values: Values) -> Answer:
    """Answer a stored query.

    Repeated rows are dropped: Virtuoso 7.2.5 may repeat one of a SELECT DISTINCT the first time that it runs.

    Args:
        engine: the engine.
        query: the query.
        values: the values of its parameters, from `names.resolve_parameters`.

    Raises:
        JhaanError: a parameter has no place in the query.
        ServiceError: the service of the engine cannot be reached.
    """
    rows = engine.select(bind(query.text, values))
    return apply_measure(query, rows._replace(rows=tuple(dict.fromkeys(rows.rows))))


def apply_measure(query: StoredQuery, rows: Answer) -> Answer:
    """Return the result of a query's measure for the rows of its SPARQL, or the rows if it has none."""
    if not query.measure:
        return rows
    from jhaan_kg.query.measures import measure

    return measure(query.measure, rows).answer


# --- forms on the wire -----------------------------------------------------------------------------------------------


def open_rows(data: bytes | IO[bytes]) -> Rows:
    """Begin to read the answer to a SELECT query.

    Raises:
        ValueError: it cannot be read.
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
    """Read the answer to a SELECT query; for errors see `open_rows`.

    >>> read_rows(b'{"head": {"vars": ["x"]}, "results": {"bindings": [{}]}}')
    Answer(variables=('x',), rows=((None,),))
    """
    found = open_rows(data)
    return Answer(found.variables, tuple(found.rows))


def read_boolean(data: bytes | IO[bytes]) -> bool:
    """Read the answer to an ASK query; for errors see `open_rows`.

    >>> read_boolean(b'{"head": {}, "boolean": true}')
    True
    """
    with _reading():
        results = parse_query_results(data, format=QueryResultsFormat.JSON)
    if not isinstance(results, QueryBoolean):
        raise ValueError("it is neither true nor false")
    return bool(results)


def read_triples(data: bytes | IO[bytes]) -> Iterator[Triple]:
    """Read the answer to a CONSTRUCT or DESCRIBE query triple by triple; for errors see `open_rows`.

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
    except (SyntaxError, MemoryError) as error:  # the parser limits the size of a single value
        raise ValueError(str(error)) from None

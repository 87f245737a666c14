"""The engine that answers queries, and its answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol, TypeAlias

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from jhaan_kg.errors import JhaanError, ServiceError

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Row: TypeAlias = tuple[Term | None, ...]


class Answer(NamedTuple):
    """The rows of an answer.

    Attributes:
        variables: the names of the columns.
        rows: the terms of each row; None where a variable is unbound.
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


class Engine(Protocol):
    """What answers queries: the built-in store, or an endpoint.

    The default graph of a query is the union of the named graphs.
    """

    def select(self, query: str) -> Answer:
        """Answer a SELECT query.

        Raises:
            JhaanError: the query can't be read, or is of another form.
            ServiceError: the service behind the engine can't be reached.
        """

    def ask(self, query: str) -> bool:
        """Answer an ASK query; errors as for `select`."""

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; errors as for `select`."""


class StoreEngine:
    """The built-in engine.

    >>> StoreEngine(Store()).select("SELECT ?x { VALUES ?x { 1 UNDEF } }").rows[1]
    (None,)
    """

    def __init__(self, store: Store, prefixes: Mapping[str, str] | None = None) -> None:
        """Prepare to query a store.

        Args:
            store: the store.
            prefixes: those that a query may use without declaring them; a stored query declares all that it uses.
        """
        self._store, self._prefixes = store, dict(prefixes or {})

    def select(self, query: str) -> Answer:
        """Answer a SELECT query; see `Engine`."""
        result = self._query(query)
        if not isinstance(result, QuerySolutions):
            raise JhaanError(
                "A SELECT query was expected, but this is one of another form. Write a SELECT query."
            )
        names = tuple(variable.value for variable in result.variables)
        return Answer(names, tuple(tuple(solution) for solution in result))

    def ask(self, query: str) -> bool:
        """Answer an ASK query; see `Engine`."""
        result = self._query(query)
        if not isinstance(result, QueryBoolean):
            raise JhaanError(
                "An ASK query was expected, but this is one of another form. Write an ASK query."
            )
        return bool(result)

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; see `Engine`."""
        result = self._query(query)
        if not isinstance(result, QueryTriples):
            raise JhaanError(
                "A CONSTRUCT query was expected, but this is one of another form. Write a CONSTRUCT query."
            )
        return list(result)

    def _query(self, query: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        try:
            return self._store.query(query, prefixes=self._prefixes, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise unreadable(error) from None
        except (OSError, RuntimeError) as error:
            raise ServiceError(f"The store can't answer: {error}.") from None


def unreadable(error: SyntaxError) -> JhaanError:
    """Return an error that says where a query can't be read, from the message of the parser.

    >>> print(unreadable(SyntaxError("error at 2:5: expected SELECT")))
    The query can't be read: line 2, column 5: expected SELECT.
    """
    place = re.fullmatch(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    what = f"line {place[1]}, column {place[2]}: {place[3]}" if place else str(error)
    return JhaanError(f"The query can't be read: {what.rstrip('.')}.")

"""The answer to a stored query: values of its parameters are written into it, and a measure may work on its rows.

A comment line `# VALUES ?agency` marks the place of the values. They are terms, written by the RDF library: a user's
text is never pasted, so it can't become syntax. Without values nothing is written, and the query answers for all: the
form that has the same rows on every store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Answer, Engine
from jhaan_kg.query.sparql_text import SparqlToken, TokenKind, tokenize

Value: TypeAlias = NamedNode | Literal
Values: TypeAlias = Mapping[str, Sequence[Value] | None]
"""The values of each parameter; None, or no entry, leaves it unbound."""

_MARKER = re.compile(r"#\s*VALUES\s+\?(\w+)\s*", re.IGNORECASE)


def markers(text: str) -> Iterator[tuple[str, SparqlToken]]:
    r"""Yield each comment that marks a place for values, with the name of its parameter.

    >>> [name for name, _ in markers("SELECT ?a { # VALUES ?a\n ?a ?b '# VALUES ?c' }")]
    ['a']
    """
    for token in tokenize(text):
        match = _MARKER.fullmatch(token.text) if token.kind is TokenKind.COMMENT else None
        if match:
            yield match.group(1), token


def bind(text: str, values: Values) -> str:
    r"""Write values of parameters into a query, at the places that it marks.

    Raises:
        JhaanError: a parameter has no place in the query, or an empty list of values.

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
            raise JhaanError(f"The parameter {name} has no value. Give one, or all to leave it open.")
        if name not in placed:
            raise JhaanError(
                f"The query has no place for the parameter {name}. Mark one by a line: # VALUES ?{name}"
            )
    return "".join([*pieces, text[position:]])


def answer(engine: Engine, query: StoredQuery, values: Values) -> Answer:
    """Answer a stored query.

    Repeated rows are dropped: Virtuoso 7.2.5 may repeat one of a SELECT DISTINCT the first time that it runs.

    Args:
        engine: what answers it.
        query: the query.
        values: of its parameters, from `names.resolve_parameters`.

    Raises:
        JhaanError: a parameter has no place in the query.
        ServiceError: the service behind the engine can't be reached.
    """
    rows = engine.select(bind(query.text, values))
    return apply_measure(query, rows._replace(rows=tuple(dict.fromkeys(rows.rows))))


def apply_measure(query: StoredQuery, rows: Answer) -> Answer:
    """Return what the measure of a query makes of the rows of its SPARQL; the rows themselves if it has none."""
    if not query.measure:
        return rows
    from jhaan_kg.query.measures import measure

    return measure(query.measure, rows).answer

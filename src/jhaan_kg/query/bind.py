"""Writing the values of parameters into a query.

A comment line `# VALUES ?agency` marks the place. Values are terms, written by the RDF library: no text of a
user is ever pasted, so nothing that a value holds can become syntax. Without values nothing is written, and
the query answers for all: the form that gives the same rows on every store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.sparql_text import Kind, Token, tokenize

Value: TypeAlias = NamedNode | Literal
Values: TypeAlias = Mapping[str, Sequence[Value] | None]
"""The values of each parameter; None, or no entry, leaves it unbound."""

_MARKER = re.compile(r"#\s*VALUES\s+\?(\w+)\s*", re.IGNORECASE)


def markers(text: str) -> Iterator[tuple[str, Token]]:
    r"""Give each comment that marks a place for values, with the name of its parameter.

    >>> [name for name, _ in markers("SELECT ?a { # VALUES ?a\n ?a ?b '# VALUES ?c' }")]
    ['a']
    """
    for token in tokenize(text):
        match = _MARKER.fullmatch(token.text) if token.kind is Kind.COMMENT else None
        if match:
            yield match.group(1), token


def bind(text: str, values: Values) -> str:
    r"""Write values of parameters where the query marks their places.

    Args:
        text: the query.
        values: for each parameter the terms that it may have.

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

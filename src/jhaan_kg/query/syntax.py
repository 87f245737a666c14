"""Messages for syntax errors in queries: those of the engine, with the position and a hint."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from jhaan_kg.errors import JhaanError, printable
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.query.sparql_text import SparqlToken, TokenKind, code, place_at

_MESSAGE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_REASONS: Final = {
    "IRI parsing failed": "this is not a valid IRI",
    "The SELECT contains a variable that is unbound": "a variable after SELECT must be in GROUP BY or in an aggregate",
    "The SELECT overrides an existing variable using an expression": "AS needs a new name for the variable",
    "SELECT * is not authorized with GROUP BY": "SELECT * does not go with GROUP BY. Name the variables",
}
"""Parts of the engine's messages that state a reason; the rest of a message lists the parser's rules."""


class QuerySyntaxError(JhaanError):
    """A query cannot be parsed.

    >>> from pyoxigraph import Store
    >>> for query in ("SELECT ?a { ?a a jahan:Agency }", "SELECT * { ?a ?b"):
    ...     try:
    ...         _ = Store().query(query)
    ...     except SyntaxError as error:
    ...         print(QuerySyntaxError(error, query, {}))
    Syntax error at line 1, column 18: the prefix "jahan:" is not declared. Add PREFIX jahan: <…>.
    Syntax error at line 1, column 17, the end of the query. Check the last keyword, brackets and quotes.
    """

    def __init__(self, error: SyntaxError, query: str, known: Mapping[str, str]) -> None:
        """Create the error from the exception of the engine.

        Args:
            error: the exception, such as "error at 1:20: expected …", with line and column.
            query: the query.
            known: the prefixes that need no declaration in the query.
        """
        super().__init__(printable(_explain(str(error), query, known)))


def _explain(message: str, query: str, known: Mapping[str, str]) -> str:
    found = _MESSAGE.fullmatch(message)
    if found is None:
        return f"Syntax error: {' '.join(message.split()).split('; ')[0].rstrip('.')}."
    line, column = int(found[1]), int(found[2])
    if "Prefix not found" in found[3] and (token := _find_undeclared(query, known)):
        prefix = token.text.partition(":")[0]
        cause = f'the prefix "{prefix}:" is not declared. Add PREFIX {prefix}: <{PREFIXES.get(prefix, "…")}>.'
        if prefix in ("http", "https"):
            cause = "an IRI needs angle brackets: <http://…>."
        return "Syntax error at line {}, column {}: {}".format(*place_at(query, token.start), cause)
    where = f"Syntax error at line {line}, column {column}"
    for theirs, ours in _REASONS.items():
        if theirs in found[3]:
            return f"{where}: {ours}."
    lines = query.splitlines(keepends=True)
    before = "".join(lines[: line - 1]) + "".join(lines[line - 1 : line])[: column - 1]
    if not query.strip():
        return f"{where}: the query is empty."
    if not query[len(before) :].strip():
        return f"{where}, the end of the query. Check the last keyword, brackets and quotes."
    last = before.split()[-1:] or query.split()[:1]
    return f'{where}, near "{last[0][-40:]}".'


def _find_undeclared(query: str, known: Mapping[str, str]) -> SparqlToken | None:
    """Return the first name of a query whose prefix is not declared."""
    tokens = code(query)
    declared = {after.text.removesuffix(":") for each, after in pairwise(tokens) if each.is_word("PREFIX")}
    names = (token for token in tokens if token.kind is TokenKind.NAME)
    return next((name for name in names if name.text.partition(":")[0] not in declared | set(known)), None)

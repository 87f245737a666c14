"""A stored query, taken apart for the rules of the linter."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from pyoxigraph import Store

from jhaan_kg.errors import Finding, Severity
from jhaan_kg.query.model import StoredQuery
from jhaan_kg.query.run import unreadable
from jhaan_kg.query.sparql_text import Kind, Select, Token, code, line_at, selects, text_of, variable_name
from jhaan_kg.query.template import prologue


class Checked:
    """A query with its tokens, clauses and algebra.

    Attributes:
        query: the query.
        tokens: its tokens, without comments.
    """

    def __init__(self, query: StoredQuery) -> None:
        self.query = query
        self.tokens = code(query.text)

    @cached_property
    def selects(self) -> list[Select]:
        """Each SELECT, the outermost first."""
        return selects(self.tokens)

    @property
    def outer(self) -> Select:
        """The outermost SELECT."""
        return self.selects[0]

    @cached_property
    def aliases(self) -> frozenset[str]:
        """The computed columns of all SELECTs."""
        return frozenset(
            column.variable for select in self.selects for column in select.columns if not column.plain
        )

    @cached_property
    def algebra(self) -> Any:
        """The algebra of the query, as rdflib translates it."""
        return translated(self.query.text)

    @cached_property
    def _pattern_text(self) -> str:
        return f"{prologue(self.query.text)}SELECT * WHERE {text_of(self.query.text, self.outer.pattern)}"

    @cached_property
    def pattern(self) -> Any:
        """The algebra of the outermost pattern alone, below what the SELECT clause and the modifiers add."""
        node = self.algebra.p
        while (
            node.name in ("Project", "Distinct", "OrderBy", "AggregateJoin", "Group")
            or (node.name == "Extend" and self._is_column(str(node.var)))
            or (node.name == "Filter" and node.p.name == "AggregateJoin")
        ):
            node = node.p
        return node

    def _is_column(self, name: str) -> bool:
        return any(column.variable == name and not column.plain for column in self.outer.columns)

    @cached_property
    def visible(self) -> frozenset[str]:
        """The variables that the outermost pattern lets out."""
        solutions = Store().query(self._pattern_text)
        return frozenset(variable.value for variable in getattr(solutions, "variables", ()))

    @cached_property
    def filters(self) -> frozenset[str]:
        """The parameters that only filter: `FILTER (!BOUND(?word) || …)` holds without a value on all stores."""
        names = {parameter.name for parameter in self.query.parameters}
        tested = {
            variable_name(self.tokens[index + 2])
            for index, _ in self.called("BOUND")
            if self.tokens[index - 1].is_symbol("!") and self.tokens[index + 2].kind is Kind.VARIABLE
        }
        return frozenset(names & tested)

    def syntax_faults(self) -> Iterator[Finding]:
        """Parse the query with the parsers of Oxigraph and rdflib."""
        if fault := oxigraph_fault(self.query.text):
            yield self.fault(self.query, fault)
        try:
            translated(self.query.text)
        except Exception as error:  # rdflib lets errors of several kinds through
            yield self.fault(self.query, f"rdflib: the query can't be read: {str(error).splitlines()[0]}")

    @staticmethod
    def fault(query: StoredQuery, message: str) -> Finding:
        """Say that a query can't be read."""
        return Finding(query.path, query.line, Severity.ERROR, "query-syntax", query.name, message)

    def finding(self, rule: str, message: str, fix: str, at: Token | None = None) -> Finding:
        """Make a finding.

        Args:
            rule: its code, without the `query-` that all have.
            message: what is wrong.
            fix: what to do.
            at: the token that it is about; without one the first line of the SPARQL is named.
        """
        line = self.query.line + (line_at(self.query.text, at.start) - 1 if at else 0)
        return Finding(self.query.path, line, Severity.ERROR, f"query-{rule}", self.query.name, message, fix)

    def variable(self, name: str) -> Token | None:
        """Give the place where a variable first occurs."""
        return next(
            (token for token in self.tokens if token.kind is Kind.VARIABLE and variable_name(token) == name),
            None,
        )

    def called(self, *functions: str) -> Iterator[tuple[int, Token]]:
        """Give each call of functions, with the index of the function's name."""
        for index, token in enumerate(self.tokens[:-1]):
            if token.is_word(*functions) and self.tokens[index + 1].is_symbol("("):
                yield index, token


def oxigraph_fault(text: str) -> str:
    """Say what the parser of Oxigraph objects to in a query; nothing if it reads it."""
    try:
        Store().query(text)
    except SyntaxError as error:
        return f"Oxigraph: {unreadable(error)}"
    return ""


@lru_cache(maxsize=1024)
def translated(text: str) -> Any:
    """Give the algebra of a query, as rdflib translates it; kept, since rdflib parses slowly."""
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    return translateQuery(parseQuery(text)).algebra

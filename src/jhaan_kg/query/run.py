"""Answering queries: the engine, what it gives back, and what an ad hoc query may not do."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
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
from jhaan_kg.query.sparql_text import Kind, Token, line_at, scan

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Row: TypeAlias = tuple[Term | None, ...]


class Answer(NamedTuple):
    """The rows that a query gives.

    Attributes:
        variables: the names of the columns.
        rows: the terms of each row; None where a variable is unbound.
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


class Engine(Protocol):
    """What answers queries: the embedded store, or an endpoint.

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
    """The embedded engine.

    >>> StoreEngine(Store()).select("SELECT ?x { VALUES ?x { 1 UNDEF } }").rows[1]
    (None,)
    """

    def __init__(self, store: Store, prefixes: Mapping[str, str] | None = None) -> None:
        """Ask a store.

        Args:
            store: what is asked.
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
            raise JhaanError("A CONSTRUCT query was expected, but this is one of another form. Write one.")
        return list(result)

    def _query(self, query: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        try:
            return self._store.query(query, prefixes=self._prefixes, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise unreadable(error) from None
        except (OSError, RuntimeError) as error:
            raise ServiceError(f"The store can't answer: {error}.") from None


def unreadable(error: SyntaxError) -> JhaanError:
    """Say where a query can't be read, from what the parser says.

    >>> print(unreadable(SyntaxError("error at 2:5: expected SELECT")))
    The query can't be read: line 2, column 5: expected SELECT.
    """
    place = re.fullmatch(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    what = f"line {place[1]}, column {place[2]}: {place[3]}" if place else str(error)
    return JhaanError(f"The query can't be read: {what.rstrip('.')}.")


_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_DATA = "rows of VALUES"
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def guard(query: str, graphs: Container[str] = ()) -> str:
    r"""Refuse a query that would change the data, call another service, or ask graphs that it may not choose.

    A parser without a separate lexer takes `SERVICE:x {}` for a call of the service `:x`, and `SERVICESILENT`
    for two words; so each bare word and each prefix that holds SERVICE is refused. Some
    engines decode `\u0053` before they read the query, so that it is looked at in both forms. Behind a quote that is
    never closed no engine reads on, and the search for its end would begin again at each quote that follows. In an
    expression such a parser takes the beginning of `<2)SERVICE#>` for a sign, where the grammar has an IRI; from
    there on the two would disagree on what is a string, so that such a place is refused in a query that has the
    word anywhere.

    Args:
        query: a query of a user.
        graphs: the graphs that it may name with FROM and FROM NAMED, by their whole IRIs or with the prefixes that it
            declares; usually none.

    Returns:
        Its form: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises:
        JhaanError: it is refused, or of no form.

    >>> guard('SELECT ?x { ?x ?y "SERVICE" } # no FROM here')
    'SELECT'
    >>> guard("SELECT ?x { SERVICE <http://example.org/> { ?x ?y ?z } }")
    Traceback (most recent call last):
    jhaan_kg.errors.JhaanError: Line 1: SERVICE is refused: a query may not call other services. Leave it out.
    >>> guard("ASK FROM <urn:a> { ?x ?y ?z }", graphs={"urn:a"})
    'ASK'
    """
    for text in dict.fromkeys([query, _ESCAPED.sub(_decoded, query)]):
        tokens: list[Token] = []
        has_word = "SERVICE" in text.upper()
        brackets: list[str] = []
        for token in scan(text):
            if token.is_symbol('"', "'"):
                if text is query:
                    place = f"line {line_at(text, token.start)}"
                    raise JhaanError(f"The query can't be read: {place}: a string is never closed. Close it.")
                break
            if token.kind is not Kind.COMMENT:
                _refuse(text, token, may_choose=bool(graphs))
                if has_word:
                    _refuse_less_than(text, token, tokens, brackets)
                tokens.append(token)
        if graphs:
            _refuse_graphs(text, tokens, graphs)
    return _form(tokens)


def _decoded(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number <= 0x10FFFF else match[0]


def _refuse(text: str, token: Token, *, may_choose: bool) -> None:
    word = token.text.upper()
    place = f"Line {line_at(text, token.start)}"
    if token.kind is Kind.WORD:
        if "SERVICE" in word:
            raise JhaanError(
                f"{place}: SERVICE is refused: a query may not call other services. Leave it out."
            )
        if word.startswith("FROM") and not (may_choose and word == "FROM"):
            raise JhaanError(f"{place}: FROM is refused: a query asks all graphs together. Leave it out.")
    elif token.kind is Kind.NAME and ("SERVICE" in word.partition(":")[0] or word.startswith("FROM")):
        prefix = token.text.partition(":")[0]
        raise JhaanError(f"{place}: the prefix {prefix}: could be taken for a keyword. Give it another name.")


def _refuse_less_than(text: str, token: Token, before: Sequence[Token], brackets: list[str]) -> None:
    """Refuse an IRI behind an operand within parentheses, where an operator may stand.

    Args:
        text: the query.
        token: what comes next.
        before: what came before.
        brackets: those that are open; they are kept here.
    """
    if token.is_symbol("(", "[", "{"):
        is_data = brackets[-1:] == [_DATA] or (token.text == "{" and _opens_data(before))
        brackets.append(_DATA if is_data else token.text)
    elif token.is_symbol(")", "]", "}"):
        del brackets[-1:]
    elif token.kind is Kind.IRI and brackets[-1:] == ["("]:
        last = before[-1]
        if last.kind is not Kind.SYMBOL or last.is_symbol(")", "]"):
            raise JhaanError(
                f"Line {line_at(text, token.start)}: {token.text[:40]}: SERVICE is refused, and here it could be "
                "hidden: this may be an IRI or 'less than'. Write a space behind <, or leave the word SERVICE out."
            )


def _opens_data(before: Sequence[Token]) -> bool:
    """Tell whether a brace opens the rows of VALUES, where nothing is compared."""
    for token in reversed(before):
        if token.kind is not Kind.VARIABLE and not token.is_symbol("(", ")"):
            return token.is_word("VALUES")
    return False


def _refuse_graphs(text: str, tokens: Sequence[Token], graphs: Container[str]) -> None:
    prefixes: dict[str, str] = {}
    for position, token in enumerate(tokens):
        if token.is_word("PREFIX") and position + 2 < len(tokens):
            prefixes[tokens[position + 1].text] = tokens[position + 2].text[1:-1]
        if not token.is_word("FROM"):
            continue
        named = position + 1 < len(tokens) and tokens[position + 1].is_word("NAMED")
        graph = tokens[position + 1 + named] if position + 1 + named < len(tokens) else token
        prefix, colon, local = graph.text.partition(":")
        unescaped = re.sub(r"\\(.)", r"\1", local)
        iri = graph.text[1:-1] if graph.kind is Kind.IRI else prefixes.get(prefix + colon, "") + unescaped
        if iri not in graphs:
            raise JhaanError(
                f"Line {line_at(text, token.start)}: FROM {graph.text}: there is no such graph here, and none is "
                "fetched from elsewhere. Name one of those that SELECT DISTINCT ?g { GRAPH ?g { } } gives."
            )


def _form(tokens: list[Token]) -> str:
    position = 0
    while position < len(tokens) and tokens[position].is_word("PREFIX", "BASE"):
        position += 3 if tokens[position].is_word("PREFIX") else 2
    if position < len(tokens) and tokens[position].is_word(*_UPDATES):
        raise JhaanError(
            f"{tokens[position].text.upper()} is an update, and this graph can't be changed by queries. "
            "Change the sources and build it again."
        )
    if position >= len(tokens) or not tokens[position].is_word(*_FORMS):
        raise JhaanError(
            "This is no query: SELECT, ASK, CONSTRUCT or DESCRIBE was expected behind the prefixes."
        )
    return tokens[position].text.upper()

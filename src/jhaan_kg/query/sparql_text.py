"""SPARQL as text: tokens, and the clauses of each SELECT.

A stored query is changed in two places only: a line of VALUES is written where a comment marks it, and the
SELECT clause is exchanged to collect evidence. Both are done on tokens, so that a word inside a string, an
IRI or a comment is never taken for syntax. The tokens are those of the grammar of SPARQL 1.1
(https://www.w3.org/TR/sparql11-query/, section 19.8); what is no token becomes a symbol of one character, so
that any text can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from jhaan_kg.errors import JhaanError


class Kind(Enum):
    """What a token is."""

    COMMENT = "comment"
    STRING = "string"
    IRI = "iri"
    VARIABLE = "variable"
    BLANK_NODE = "blank"
    NAME = "name"
    LANGUAGE = "language"
    NUMBER = "number"
    WORD = "word"
    SYMBOL = "symbol"


class Token(NamedTuple):
    """One token.

    Attributes:
        kind: what it is; a prefixed name is a NAME, a keyword or the name of a function is a WORD.
        text: as written.
        start: offset of the first character.
        end: offset behind the last character.
    """

    kind: Kind
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Tell whether this is one of these keywords, in whatever case."""
        return self.kind is Kind.WORD and self.text.upper() in words

    def is_symbol(self, *symbols: str) -> bool:
        """Tell whether this is one of these symbols."""
        return self.kind is Kind.SYMBOL and self.text in symbols


_ESCAPE = r"\\[_~.\-!$&'()*+,;=/?\#@%]"
_PERCENT = r"%[0-9A-Fa-f]{2}"
_TOKEN = rf"""
      (?P<space>\s+)
    | (?P<comment>\#[^\n\r]*)
    | (?P<string>
          \"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\"
        | '''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
        | "(?:[^"\\\n\r]|\\.)*"
        | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    | (?P<variable>[?$]\w+)
    | (?P<blank>_:\w(?:[\w.\-]*[\w\-])?)
    | (?P<name>(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?:
          (?:(?:[\w:]|{_PERCENT}|{_ESCAPE})(?:(?:[\w:.\-]|{_PERCENT}|{_ESCAPE})*(?:[\w:\-]|{_PERCENT}|{_ESCAPE}))?)?)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<number>\d+\.\d*[eE][+-]?\d+|\d*\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z]\w*)
    | (?P<symbol>\^\^|&&|\|\||!=|<=|>=|.)
    """
_OPENING = {"{": "}", "(": ")", "[": "]"}


def tokenize(text: str) -> list[Token]:
    """Cut a query into tokens; white space is left out, comments are kept.

    >>> [token.text for token in tokenize('SELECT ?x { ?x ex:says "no { here" } # end')]
    ['SELECT', '?x', '{', '?x', 'ex:says', '"no { here"', '}', '# end']
    """
    return list(scan(text))


def scan(text: str) -> Iterator[Token]:
    """Give the tokens of a query one by one, as `tokenize` does, so that the rest need not be read."""
    for match in re.finditer(_TOKEN, text, re.VERBOSE | re.DOTALL):
        if match.lastgroup != "space":
            yield Token(Kind(match.lastgroup), match.group(), match.start(), match.end())


def code(text: str) -> list[Token]:
    """Cut a query into its tokens without comments."""
    return [token for token in tokenize(text) if token.kind is not Kind.COMMENT]


def line_at(text: str, offset: int) -> int:
    r"""Give the line, counted from 1, on which an offset lies.

    >>> line_at("a\nb", 2)
    2
    """
    return text.count("\n", 0, offset) + 1


def variable_name(token: Token) -> str:
    """Give the name of a variable without its sign."""
    return token.text[1:]


def variables(tokens: Sequence[Token]) -> list[str]:
    """Give the names of the variables among tokens, each once, in their order.

    >>> variables(tokenize("?b ?a $b"))
    ['b', 'a']
    """
    return list(dict.fromkeys(variable_name(token) for token in tokens if token.kind is Kind.VARIABLE))


def closing(tokens: Sequence[Token], index: int) -> int:
    """Give the index of the bracket that closes the one at an index.

    Raises:
        JhaanError: it is never closed.
    """
    depth = 0
    for position in range(index, len(tokens)):
        if tokens[position].is_symbol(*_OPENING):
            depth += 1
        elif tokens[position].is_symbol(*_OPENING.values()):
            depth -= 1
            if not depth:
                return position
    raise JhaanError(f"The query can't be read: a bracket {tokens[index].text} is never closed. Close it.")


class Column(NamedTuple):
    """One column of a SELECT clause.

    Attributes:
        variable: its name.
        expression: the tokens of the expression that it is computed from; empty for a plain variable.
    """

    variable: str
    expression: tuple[Token, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether the column is a variable of the pattern as it stands there."""
        return not self.expression


class Select(NamedTuple):
    """One SELECT with its clauses, as tokens.

    Attributes:
        position: where the word SELECT stands among the tokens without comments.
        modifier: DISTINCT, REDUCED or nothing.
        star: whether it selects all variables by a star.
        columns: its columns.
        pattern: the group of the WHERE clause, braces included.
        group_by: what stands behind GROUP BY; the other clauses likewise, empty if absent.
        having: what stands behind HAVING.
        order_by: what stands behind ORDER BY.
        values: the VALUES clause behind the pattern, with its keyword.
    """

    position: int
    modifier: str
    star: bool
    columns: tuple[Column, ...]
    pattern: tuple[Token, ...]
    group_by: tuple[Token, ...] = ()
    having: tuple[Token, ...] = ()
    order_by: tuple[Token, ...] = ()
    values: tuple[Token, ...] = ()

    @property
    def plain_columns(self) -> tuple[str, ...]:
        """The columns that are variables of the pattern."""
        return tuple(column.variable for column in self.columns if column.plain)


def selects(tokens: Sequence[Token]) -> list[Select]:
    """Give each SELECT of a query, the outermost first.

    Args:
        tokens: the query, without comments.

    Raises:
        JhaanError: there is none, or a bracket is open.

    >>> outer, inner = selects(code("SELECT ?n { { SELECT (COUNT(?x) AS ?n) { ?x ?y ?z } } } LIMIT 1"))
    >>> outer.plain_columns, inner.columns[0].variable
    (('n',), 'n')
    """
    found = [_select(tokens, index) for index, token in enumerate(tokens) if token.is_word("SELECT")]
    if not found:
        raise JhaanError("The query can't be read: it has no SELECT. A stored query is a SELECT query.")
    return found


def text_of(text: str, tokens: Sequence[Token]) -> str:
    """Give the text that runs of tokens were cut from, comments within included."""
    return text[tokens[0].start : tokens[-1].end] if tokens else ""


def _select(tokens: Sequence[Token], index: int) -> Select:
    position = index + 1
    modifier = ""
    if position < len(tokens) and tokens[position].is_word("DISTINCT", "REDUCED"):
        modifier = tokens[position].text.upper()
        position += 1
    columns: list[Column] = []
    star = False
    while position < len(tokens) and not tokens[position].is_symbol("{"):
        token = tokens[position]
        if token.is_symbol("("):
            end = closing(tokens, position)
            columns.append(_computed(tokens[position + 1 : end]))
            position = end
        elif token.kind is Kind.VARIABLE:
            columns.append(Column(variable_name(token)))
        star = star or token.is_symbol("*")
        position += 1
    if position >= len(tokens):
        raise JhaanError("The query can't be read: a SELECT has no pattern in braces. Add one.")
    end = closing(tokens, position)
    clauses = dict(_clauses(tokens, end + 1))
    return Select(index, modifier, star, tuple(columns), tuple(tokens[position : end + 1]), **clauses)


def _computed(inside: Sequence[Token]) -> Column:
    """Read `expression AS ?alias`, the inside of the parentheses."""
    if len(inside) < 3 or inside[-1].kind is not Kind.VARIABLE or not inside[-2].is_word("AS"):
        raise JhaanError("The query can't be read: a computed column has the form (expression AS ?name).")
    return Column(variable_name(inside[-1]), tuple(inside[:-2]))


def _clauses(tokens: Sequence[Token], start: int) -> Iterator[tuple[str, tuple[Token, ...]]]:
    """Give the solution modifiers from a position on, up to the end of the group that holds the SELECT."""
    names = {
        "GROUP": "group_by",
        "HAVING": "having",
        "ORDER": "order_by",
        "VALUES": "values",
        "LIMIT": "",
        "OFFSET": "",
    }
    name, begin, depth, position = "", start, 0, start
    while position < len(tokens) and depth >= 0:
        token = tokens[position]
        if not depth and token.kind is Kind.WORD and token.text.upper() in names:
            if name:
                yield name, tuple(tokens[begin:position])
            name = names[token.text.upper()]
            begin = (
                position if name == "values" else position + (2 if name in ("group_by", "order_by") else 1)
            )
        if token.is_symbol(*_OPENING):
            depth += 1
        elif token.is_symbol(*_OPENING.values()):
            depth -= 1
        position += 1
    if name:
        yield name, tuple(tokens[begin : position if depth >= 0 else position - 1])

"""Lexical analysis of SPARQL: tokens, clauses of SELECT, IRIs, and triple templates.

Stored queries are only changed in two places: a VALUES clause replaces a comment, and the SELECT clause is replaced to
collect evidence. Both changes work on tokens, so a word in a string, an IRI or a comment is never taken for a keyword.
Tokens follow the SPARQL 1.1 grammar (https://www.w3.org/TR/sparql11-query/, section 19.8). Any other character is a
symbol, so that every text can be tokenised. The parser of rdflib would be too slow.

A template contains triple patterns with the variables of a query. It describes the triples that support a row, or the
searched triples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, Variable, parse

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import PREFIXES

if TYPE_CHECKING:
    from jhaan_kg.query.engine import Term


class TokenKind(Enum):
    """The type of a token."""

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


class SparqlToken(NamedTuple):
    """A token with its offsets.

    Prefixed names have the type NAME. Keywords and function names have the type WORD.
    """

    kind: TokenKind
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Return whether the token is one of the keywords, which must be in capitals."""
        return self.kind is TokenKind.WORD and self.text.upper() in words

    def is_symbol(self, *symbols: str) -> bool:
        """Return whether the token is one of the symbols."""
        return self.kind is TokenKind.SYMBOL and self.text in symbols


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
_KINDS = {kind.value: kind for kind in TokenKind}
_OPENING = {"{": "}", "(": ")", "[": "]"}
_MODIFIERS = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
_VARIABLE: Final = "urn:variable:"

Slot: TypeAlias = NamedNode | Literal | Variable

_ESCAPED_IN_NAME = re.compile(r"\\(.)")


def scan(text: str) -> Iterator[SparqlToken]:
    """Yield the tokens of a query lazily, so that a caller can stop at a forbidden token."""
    for match in _pattern().finditer(text):
        if kind := _KINDS.get(match.lastgroup or ""):  # white space is not a token
            yield SparqlToken(kind, match.group(), match.start(), match.end())


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(_TOKEN, re.VERBOSE | re.DOTALL)


def tokenize(text: str) -> list[SparqlToken]:
    """Return the tokens of a query, including comments.

    >>> [token.text for token in tokenize('SELECT ?x { ?x ex:says "no { here" } # end')]
    ['SELECT', '?x', '{', '?x', 'ex:says', '"no { here"', '}', '# end']
    """
    return list(scan(text))


def code(text: str) -> list[SparqlToken]:
    """Return the tokens of a query, except comments."""
    return [token for token in tokenize(text) if token.kind is not TokenKind.COMMENT]


def line_at(text: str, offset: int) -> int:
    """Return the number of the line that contains an offset, counted from 1."""
    return text.count("\n", 0, offset) + 1


def place_at(text: str, offset: int) -> tuple[int, int]:
    r"""Return the line and the column of an offset, counted from 1.

    >>> place_at("ASK\n{ }", 6)
    (2, 3)
    """
    return line_at(text, offset), offset - text.rfind("\n", 0, offset)


def variable_name(token: SparqlToken) -> str:
    """Return the name of a variable without `?` or `$`."""
    return token.text[1:]


def variables(tokens: Sequence[SparqlToken]) -> list[str]:
    """Return the distinct names of variables in tokens, in order.

    >>> variables(tokenize("?b ?a $b"))
    ['b', 'a']
    """
    return list(dict.fromkeys(variable_name(token) for token in tokens if token.kind is TokenKind.VARIABLE))


def find_closing(tokens: Sequence[SparqlToken], index: int) -> int:
    """Return the index of the closing bracket for the opening bracket at an index.

    Raises:
        JhaanError: the bracket is not closed.
    """
    depth = 0
    for position in range(index, len(tokens)):
        if tokens[position].is_symbol(*_OPENING):
            depth += 1
        elif tokens[position].is_symbol(*_OPENING.values()):
            depth -= 1
            if not depth:
                return position
    raise JhaanError(f'Syntax error: "{tokens[index].text}" is never closed.')


def text_of(text: str, tokens: Sequence[SparqlToken]) -> str:
    """Return the source text of adjacent tokens, including comments between them."""
    return text[tokens[0].start : tokens[-1].end] if tokens else ""


def prologue(query: str) -> str:
    r"""Return the PREFIX declarations of a query, in a syntax that SPARQL and Turtle share.

    >>> prologue("PREFIX ex: <http://e.org/> SELECT * {}")
    'PREFIX ex: <http://e.org/>\n'
    """
    tokens = code(query)
    return "".join(
        f"PREFIX {tokens[index + 1].text} {tokens[index + 2].text}\n"
        for index, token in enumerate(tokens[:-2])
        if token.is_word("PREFIX")
    )


class Select(NamedTuple):
    """The clauses of a SELECT query or subquery, as tokens.

    Attributes:
        token: the word SELECT.
        columns: the names of the columns.
        plain_columns: the columns that are variables of the pattern; the others are computed.
        pattern: the group of the WHERE clause, including the braces.
        modifiers: the clauses after the pattern: GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET and VALUES.
    """

    token: SparqlToken
    columns: tuple[str, ...]
    plain_columns: tuple[str, ...]
    pattern: tuple[SparqlToken, ...]
    modifiers: tuple[SparqlToken, ...]

    def modifier(self, keyword: str) -> tuple[SparqlToken, ...]:
        """Return a modifier including its keyword; empty if the query does not have it."""
        found: list[SparqlToken] = []
        for token in self.modifiers:
            if token.is_word(keyword) or (found and not token.is_word(*_MODIFIERS)):
                found.append(token)
            elif found:
                break
        return tuple(found)


def selects(tokens: Sequence[SparqlToken]) -> list[Select]:
    """Return each SELECT of a query, outermost first.

    Args:
        tokens: the query, without comments.

    Raises:
        JhaanError: the query has no SELECT, or a SELECT cannot be parsed.

    >>> outer, inner = selects(code("SELECT ?n { { SELECT (COUNT(?x) AS ?n) { ?x ?y ?z } } } LIMIT 1"))
    >>> outer.plain_columns, inner.columns, inner.plain_columns
    (('n',), ('n',), ())
    """
    found = [_select(tokens, index) for index, token in enumerate(tokens) if token.is_word("SELECT")]
    if not found:
        raise JhaanError("A stored query must be a SELECT query.")
    return found


def _select(tokens: Sequence[SparqlToken], index: int) -> Select:
    position = index + 1
    columns: list[str] = []
    plain: list[str] = []
    while position < len(tokens) and not tokens[position].is_symbol("{"):
        token = tokens[position]
        if token.is_symbol("("):
            end = find_closing(tokens, position)
            if tokens[end - 1].kind is not TokenKind.VARIABLE or not tokens[end - 2].is_word("AS"):
                raise JhaanError("Syntax error: a computed column has the form (expression AS ?name).")
            columns.append(variable_name(tokens[end - 1]))
            position = end
        elif token.kind is TokenKind.VARIABLE:
            columns.append(variable_name(token))
            plain.append(variable_name(token))
        position += 1
    if position >= len(tokens):
        raise JhaanError("Syntax error: a SELECT needs a pattern in braces.")
    end = behind = find_closing(tokens, position)
    depth = 0
    while behind + 1 < len(tokens) and depth >= 0:  # up to the end of the group that contains the SELECT
        behind += 1
        depth += tokens[behind].is_symbol(*_OPENING) - tokens[behind].is_symbol(*_OPENING.values())
    modifiers = tokens[end + 1 : behind + (depth >= 0)]
    pattern = tokens[position : end + 1]
    return Select(tokens[index], tuple(columns), tuple(plain), tuple(pattern), tuple(modifiers))


class IriMention(NamedTuple):
    """An IRI and its position in a text.

    Attributes:
        iri: the IRI; empty for a prefixed name whose prefix is unknown.
        text: the token as written.
        offset: the index of its first character in the text.
        typed: whether the IRI follows `a`, and must therefore be a class.
    """

    iri: str
    text: str
    offset: int
    typed: bool


def sparql_mentions(text: str, prefixes: Mapping[str, str] = PREFIXES) -> Iterator[IriMention]:
    r"""Yield each IRI of a SPARQL text, in the order of the text.

    Args:
        text: a query, or a part of one.
        prefixes: prefixes that need no declaration in the text.

    >>> [mention.iri for mention in sparql_mentions("SELECT ?x { ?x a jhaan:Agency # org:Role\n }")]
    ['https://w3id.org/jhaan/ontology#Agency']
    """
    tokens = code(text)
    declared = dict(prefixes)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.is_word("PREFIX") and index + 2 < len(tokens):
            declared[tokens[index + 1].text[:-1]] = tokens[index + 2].text[1:-1]
            index += 3
            continue
        if token.kind in (TokenKind.IRI, TokenKind.NAME):
            if token.kind is TokenKind.IRI:
                iri = token.text[1:-1]
            else:
                prefix, _, name = token.text.partition(":")
                iri = declared[prefix] + _ESCAPED_IN_NAME.sub(r"\1", name) if prefix in declared else ""
            typed = index > 0 and tokens[index - 1].kind is TokenKind.WORD and tokens[index - 1].text == "a"
            yield IriMention(iri, token.text, token.start, typed)
        index += 1


def query_file_mentions(text: str) -> Iterator[IriMention]:
    r"""Yield each IRI in the file of a stored query, from the header and the SPARQL.

    In the header, prefixed names are only found if the project defines their prefix.

    >>> text = "#+ evidence: ?x org:role ?r .\nPREFIX o: <http://www.w3.org/ns/org#>\nSELECT ?r { ?r a o:Role }"
    >>> [mention.iri for mention in query_file_mentions(text)]
    ['http://www.w3.org/ns/org#role', 'http://www.w3.org/ns/org#Role']
    """
    lines = text.splitlines(keepends=True)
    header = "".join("  " + line[2:] if line.startswith("#+") else " " * len(line) for line in lines)
    for mention in sparql_mentions(header):
        if mention.iri and not mention.text.endswith(":"):
            yield mention
    yield from sparql_mentions(text, {})


# --- templates of triples --------------------------------------------------------------------------------------------


class TriplePattern(NamedTuple):
    """A triple pattern of a template."""

    subject: Slot
    predicate: Slot
    object: Slot

    @property
    def slots(self) -> tuple[Slot, Slot, Slot]:
        """The subject, the predicate and the object."""
        return self.subject, self.predicate, self.object

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables."""
        return frozenset(slot.value for slot in self.slots if isinstance(slot, Variable))

    def fill(self, solution: Mapping[str, Term | None]) -> Triple | None:
        """Return the triple for a solution; None if a variable is unbound.

        >>> pattern, = parse_template("?s a ?class .", "")
        >>> pattern.fill({"s": NamedNode("urn:a")}) is None
        True
        """
        subject, predicate, value = (
            solution.get(slot.value) if isinstance(slot, Variable) else slot for slot in self.slots
        )
        if (
            isinstance(subject, NamedNode)
            and isinstance(predicate, NamedNode)
            and isinstance(value, NamedNode | Literal)
        ):
            return Triple(subject, predicate, value)
        return None

    def __str__(self) -> str:
        return " ".join(map(str, self.slots)) + " ."


def parse_template(template: str, query: str) -> tuple[TriplePattern, ...]:
    """Parse a template, which is Turtle with variables and with the prefixes of a query.

    Args:
        template: the template, such as `?event schema:startDate ?date .`
        query: the query with the PREFIX declarations.

    Raises:
        JhaanError: the template cannot be parsed, has a blank node, or has no variable.

    >>> [str(pattern) for pattern in parse_template("?x ex:y 1, ?z .", "PREFIX ex: <http://e.org/> SELECT")]
    ['?x <http://e.org/y> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .', '?x <http://e.org/y> ?z .']
    """
    pieces = []
    position = 0
    for token in code(template):
        if token.kind is TokenKind.VARIABLE:
            pieces += [template[position : token.start], f"<{_VARIABLE}{variable_name(token)}>"]
            position = token.end
    turtle = prologue(query) + "".join([*pieces, template[position:]])
    try:
        quads = list(parse(turtle, format=RdfFormat.TURTLE))
    except SyntaxError:
        raise JhaanError("the template must be Turtle with variables.") from None
    patterns = tuple(
        TriplePattern(_slot(quad.subject), _slot(quad.predicate), _slot(quad.object)) for quad in quads
    )
    if not any(pattern.variables for pattern in patterns):
        raise JhaanError("the template must have a triple with a variable.")
    return tuple(dict.fromkeys(patterns))


def components(patterns: Iterable[TriplePattern], apart: Iterable[str]) -> list[tuple[TriplePattern, ...]]:
    """Split a template into groups of patterns that share no variables with each other.

    Args:
        patterns: the template.
        apart: the names of variables to ignore, because each row determines their values.

    >>> parts = components(parse_template("?a a ?b . ?c a ?d . ?d a ?r . ?r a ?b .", ""), ["r"])
    >>> [len(part) for part in parts]
    [2, 2]
    """
    fixed = frozenset(apart)
    groups: list[list[TriplePattern]] = []
    for pattern in patterns:
        own = pattern.variables - fixed
        joined = [group for group in groups if any(own & other.variables for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(member for group in joined for member in group), pattern])
    return [tuple(group) for group in groups]


def _slot(term: object) -> Slot:
    if isinstance(term, NamedNode):
        name = term.value.removeprefix(_VARIABLE)
        return Variable(name) if name != term.value else term
    if isinstance(term, Literal):
        return term
    kind = "a blank node" if isinstance(term, BlankNode) else "a triple term"
    raise JhaanError(f"the template must have IRIs or variables instead of {kind}.")

"""Explanations of syntax errors in queries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Final, TypeAlias

from jhaan_kg.errors import JhaanError, printable
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.near import nearest, offer
from jhaan_kg.query.sparql_text import SparqlToken, TokenKind, code, place_at

Fault: TypeAlias = tuple[int, str]
"""An offset in the query, and a description of the error."""

_WORD: Final = re.compile(r"\w+")
_KEYWORDS: Final = frozenset(
    _WORD.findall(
        "ALL AS ASC ASK BASE BIND BY CONSTRUCT DEFAULT DESC DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH GROUP HAVING IN "
        "LIMIT MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT SEPARATOR SERVICE SILENT UNDEF UNION VALUES "
        "WHERE"
    )
)
_FUNCTIONS: Final = frozenset(
    _WORD.findall(
        "ABS AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI FLOOR GROUP_CONCAT HOURS "
        "IF IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES LCASE MAX MD5 MIN MINUTES MONTH NOW RAND "
        "REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT STRENDS "
        "STRLANG STRLEN STRSTARTS STRUUID SUBSTR SUM TIMEZONE TZ UCASE URI UUID YEAR"
    )
)
_LIKELY: Final = 80
"""The minimum similarity of a suggested word, from 0 to 100.

It is high because SPARQL keywords are short.
"""

_VALUES: Final = frozenset(("A", "TRUE", "FALSE"))
_TERMS: Final = (
    TokenKind.VARIABLE,
    TokenKind.NAME,
    TokenKind.IRI,
    TokenKind.STRING,
    TokenKind.NUMBER,
    TokenKind.BLANK_NODE,
)
_CLOSING: Final = {"}": "{", ")": "(", "]": "["}
_REASONS: Final = {
    "IRI parsing failed": "this is not a valid IRI",
    "The SELECT contains a variable that is unbound": "a variable after SELECT must be in GROUP BY or in an aggregate",
    "The SELECT overrides an existing variable using an expression": "AS needs a new name for the variable",
    "SELECT * is not authorized with GROUP BY": "SELECT * does not go with GROUP BY. Name the variables",
}
"""Parts of the parser's messages, and the explanations that replace them."""


class QuerySyntaxError(JhaanError):
    """A query cannot be parsed.

    The message is created on demand, because suggestions import a library, and worker processes cannot open files.

    >>> for query in ("SELECT ?a { ?a a jahan:Agency }", "SELECT * { ?a ?b ?c } LIMT 3", "SELECT * { ?a ?b }"):
    ...     print(QuerySyntaxError(SyntaxError("error at 1:20: expected Prefix not found"), query, PREFIXES))
    Syntax error at line 1, column 18: unknown prefix "jahan:". Did you mean "jhaan:"?
    Syntax error at line 1, column 23: unknown word "LIMT". Did you mean "LIMIT"?
    Syntax error at line 1, column 12: the triple "?a ?b" is incomplete.
    """

    def __init__(self, error: SyntaxError, query: str, known: Mapping[str, str]) -> None:
        """Create the error from the exception of the parser.

        Args:
            error: the exception, with a message in terms of the parser's grammar.
            query: the query.
            known: the prefixes that need no declaration in the query.
        """
        super().__init__()
        self._error, self._query, self._known = error, query, known

    def __str__(self) -> str:
        return printable(_explain(self._error, self._query, self._known))


def _explain(error: SyntaxError, query: str, known: Mapping[str, str]) -> str:
    """Return a message with the position and the likely cause of a syntax error."""
    found = re.fullmatch(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    if found is None:
        return f"Syntax error: {' '.join(str(error).split()).split('; ')[0].rstrip('.')}."
    line, column = int(found[1]), int(found[2])
    tokens = code(query)
    fault = next(_find_faults(tokens, query, found[3], known), None)
    if fault:
        line, column = place_at(query, fault[0])
        return f"Syntax error at line {line}, column {column}: {fault[1]}"
    lines = query.splitlines(keepends=True)
    offset = sum(map(len, lines[: line - 1])) + column - 1
    reason = next((ours for theirs, ours in _REASONS.items() if theirs in found[3]), "")
    near = next((token for token in reversed(tokens) if token.start < max(offset, 1)), None)
    cause = f": {reason}" if reason else f', near "{near.text[:40]}"' if near else ": the query is empty"
    return f"Syntax error at line {line}, column {column}{cause}."


def _suggest(word: str, choices: Iterable[str]) -> str:
    """Return a suggestion for a mistyped word.

    It is empty in a process that cannot open files, because the library cannot be imported there.
    """
    with suppress(ImportError, OSError):
        return offer(nearest(word, choices, most=2, least=_LIKELY))
    return ""


def _find_faults(
    tokens: Sequence[SparqlToken], query: str, message: str, known: Mapping[str, str]
) -> Iterator[Fault]:
    if "Prefix not found" in message:
        yield from _find_prefixes(tokens, query, known)
    if any(theirs in message for theirs in _REASONS):
        return
    yield from _find_brackets(tokens)
    yield from _find_words(tokens)
    yield from _find_forms(tokens)
    yield from _find_triples(tokens, query)


def _find_prefixes(tokens: Sequence[SparqlToken], query: str, known: Mapping[str, str]) -> Iterator[Fault]:
    declared = {
        after.text.removesuffix(":") for token, after in pairwise(tokens) if token.is_word("PREFIX")
    } | set(known)
    for token in tokens:
        prefix = token.text.partition(":")[0]
        if token.kind is not TokenKind.NAME or prefix in declared:
            continue
        if query.startswith(("http://", "https://"), token.start):
            yield token.start, "an IRI needs angle brackets: <http://…>."
        elif prefix in PREFIXES:
            yield token.start, f'undeclared prefix "{prefix}:". Add "PREFIX {prefix}: <{PREFIXES[prefix]}>".'
        else:
            hint = _suggest(f"{prefix}:", [f"{each}:" for each in declared if each])
            yield token.start, f'unknown prefix "{prefix}:".{hint or f" Add a PREFIX {prefix}: line."}'


def _find_brackets(tokens: Sequence[SparqlToken]) -> Iterator[Fault]:
    opened: list[SparqlToken] = []
    for token in tokens:
        if token.is_symbol(*_CLOSING.values()):
            opened.append(token)
        elif token.is_symbol(*_CLOSING):
            if not opened or opened[-1].text != _CLOSING[token.text]:
                yield token.start, f'"{token.text}" has no opening bracket.'
                return
            opened.pop()
    if opened:
        yield opened[-1].start, f'"{opened[-1].text}" is never closed.'


def _find_words(tokens: Sequence[SparqlToken]) -> Iterator[Fault]:
    for token in tokens:
        word = token.text.upper()
        if token.kind is TokenKind.WORD and word not in _KEYWORDS | _FUNCTIONS | _VALUES:
            yield token.start, f'unknown word "{token.text}".{_suggest(word, _KEYWORDS | _FUNCTIONS)}'


def _find_forms(tokens: Sequence[SparqlToken]) -> Iterator[Fault]:
    """Yield errors in the clauses SELECT, FILTER, ORDER BY and GROUP BY, and in comparisons."""
    for token, after in pairwise(tokens):
        if token.is_word("SELECT") and after.is_symbol("{"):
            yield after.start, "SELECT needs variables or *."
        elif token.is_word("ORDER", "GROUP") and not after.is_word("BY"):
            yield after.start, f"{token.text.upper()} needs BY."
        elif token.is_word("FILTER") and after.kind in (TokenKind.VARIABLE, TokenKind.STRING):
            yield after.start, "FILTER needs parentheses."
        elif token.is_word("OPTIONAL", "UNION", "MINUS") and not after.is_symbol("{"):
            yield after.start, f"{token.text.upper()} needs a pattern in braces."
        elif token.is_symbol("=") and after.is_symbol("="):
            yield token.start, 'use "=" to compare.'
    start = next((place for place, token in enumerate(tokens) if token.is_word("SELECT")), len(tokens))
    has_name = any(token.is_word("AS") for token in tokens[start:])
    for token, after in pairwise(tokens[start:]):
        if token.is_word("WHERE", "FROM") or token.is_symbol("{"):
            return
        if token.is_symbol(",") and after.kind is TokenKind.VARIABLE:
            yield token.start, "SELECT takes no commas between variables."
        if token.is_word(*_FUNCTIONS) and not has_name:
            yield token.start, f"an expression needs a name: ({token.text.upper()}(…) AS ?name)."


def _find_triples(tokens: Sequence[SparqlToken], query: str) -> Iterator[Fault]:
    """Yield errors for incomplete triples and missing dots between triples.

    Triples with paths or brackets are not checked.
    """
    run: list[SparqlToken] | None = None
    braces = brackets = 0
    is_data = False
    befores: list[SparqlToken | None] = [None, *tokens]
    for token, before in zip(tokens, befores, strict=False):
        brackets += token.is_symbol("(", "[") - token.is_symbol(")", "]")
        braces += token.is_symbol("{") - token.is_symbol("}")
        is_data = token.is_word("VALUES") or (is_data and not token.is_symbol("}"))
        is_term = token.kind in _TERMS or token.text.upper() in _VALUES or token.is_symbol(";", ",")
        if token.is_symbol("{", "}", ".") or (token.is_symbol(")") and not brackets):
            if run and not is_data:
                yield from _check_triples(run, query)
            run = [] if braces and not brackets else None
        elif token.kind is TokenKind.LANGUAGE or any(
            each and each.is_symbol("^^") for each in (token, before)
        ):
            continue
        elif token.kind is TokenKind.WORD and not is_term:
            if run and not is_data:
                yield from _check_triples(run, query)
            run = None
        elif run is not None:
            if is_term:
                run.append(token)
            else:
                run = None


def _check_triples(run: Sequence[SparqlToken], query: str) -> Iterator[Fault]:
    expected, part = 3, list[SparqlToken]()
    ended: list[SparqlToken | None] = [*run, None]
    for token in ended:
        if token is not None and not token.is_symbol(";", ","):
            part.append(token)
            continue
        is_open_end = expected == 2 and not part  # a semicolon may be the last token
        if len(part) < expected and not is_open_end:
            first, last = (part or run)[0], (part or run)[-1]
            yield first.start, f'the triple "{query[first.start : last.end]}" is incomplete.'
        elif len(part) > expected:
            yield part[expected].start, f'"." is missing after "{part[expected - 1].text}".'
        if token is not None:
            expected, part = (2 if token.text == ";" else 1), []

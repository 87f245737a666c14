r"""Syntax trees for triples that no one has authored, so that they are written in the one style too.

A literal is written bare where its lexical form is the usual one of an integer or a boolean, else with its datatype, so
that every parser gives back the same lexical form. A text of several lines is a long string.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import XSD
from jhaan_kg.turtle.lexer import Kind, Token
from jhaan_kg.turtle.tree import (
    BlankNodeTerm,
    Comment,
    GraphBlock,
    IriTerm,
    LiteralTerm,
    ObjectItem,
    PredicateObjects,
    Statement,
)

_BARE: Final = {
    XSD + "integer": (Kind.INTEGER, re.compile(r"0|-?[1-9][0-9]*")),
    XSD + "boolean": (Kind.WORD, re.compile("true|false")),
}
"""The lexical forms that need neither quotes nor datatype."""

_ESCAPES: Final = {
    **{ord(sign): f"\\{letter}" for sign, letter in zip('\\"\b\t\n\f\r', '\\"btnfr', strict=True)},
    **{code: f"\\u{code:04X}" for code in (*range(8), 0x0B, *range(0x0E, 0x20), *range(0x7F, 0xA0))},
    # line ends that not every editor knows, marks that turn the direction of writing, and what is no character
    **{code: f"\\u{code:04X}" for code in (0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))},
    **{code: f"\\u{code:04X}" for code in (*range(0xFDD0, 0xFDF0), 0xFEFF, 0xFFFE, 0xFFFF)},
    **{code: f"\\U{code:08X}" for plane in range(1, 17) for code in (plane << 16 | 0xFFFE, plane << 16 | 0xFFFF)},
}
"""How characters are written that can't stand in a string, or that nobody would see there."""

_LONG_ESCAPES: Final = {code: text for code, text in _ESCAPES.items() if chr(code) not in '\n"'}
_LONG_QUOTE: Final = re.compile('"(?="|$)')
_QUOTE: Final = r"\\" + '"'


class Terms:
    """The terms of a tree, each made once."""

    def __init__(self) -> None:
        self._known: dict[NamedNode | BlankNode | Literal, IriTerm | BlankNodeTerm | LiteralTerm] = {}

    def iri(self, term: NamedNode) -> IriTerm:
        """Give the term for an IRI."""
        return IriTerm(_token(Kind.IRI_REFERENCE, f"<{term.value}>"), term)

    def term(self, term: NamedNode | BlankNode | Literal | Triple) -> IriTerm | BlankNodeTerm | LiteralTerm:
        """Give the term for a node or literal.

        Raises:
            JhaanError: Turtle 1.1 has nothing like it.
        """
        if isinstance(term, Triple) or (isinstance(term, Literal) and term.direction):
            raise JhaanError(f"{term} can't be written in Turtle 1.1. Choose ntriples.")
        if term not in self._known:
            self._known[term] = self._made(term)
        return self._known[term]

    def _made(self, term: NamedNode | BlankNode | Literal) -> IriTerm | BlankNodeTerm | LiteralTerm:
        if isinstance(term, NamedNode):
            return self.iri(term)
        if isinstance(term, BlankNode):
            return BlankNodeTerm(_token(Kind.BLANK_NODE_LABEL, str(term)), term)
        datatype = term.datatype.value
        kind, bare = _BARE.get(datatype, (Kind.STRING, None))
        if bare and bare.fullmatch(term.value):
            return LiteralTerm(_token(kind, term.value), "", None, term)
        language = f"@{term.language}" if term.language else ""
        plain = language or datatype == XSD + "string"
        return LiteralTerm(
            _token(Kind.STRING, quoted(term.value)), language, None if plain else self.iri(term.datatype), term
        )


def quoted(text: str) -> str:
    r"""Write a text as a string of Turtle: a long one where it has several lines.

    >>> print(quoted('say "no"\\'), quoted('SELECT "x"\nWHERE ""'))
    "say \"no\"\\" \"""SELECT "x"
    WHERE \"\"\"""
    """
    if "\n" not in text:
        return f'"{text.translate(_ESCAPES)}"'
    return f'"""{_LONG_QUOTE.sub(_QUOTE, text.translate(_LONG_ESCAPES))}"""'


def statements(triples: Iterable[Triple], terms: Terms) -> list[Statement]:
    """Give the statements for triples, in their order.

    Args:
        triples: those of one subject follow each other, and among them those of one predicate.
        terms: where terms come from.

    Raises:
        JhaanError: Turtle 1.1 has no word for a term.
    """
    return [
        Statement([], terms.term(subject), [], _predicates(own, terms), [], [])  # type: ignore[arg-type]
        for subject, own in groupby(triples, key=attrgetter("subject"))
    ]


def _predicates(triples: Iterable[Triple], terms: Terms) -> list[PredicateObjects]:
    return [
        PredicateObjects(
            [], terms.iri(predicate), [], [ObjectItem([], terms.term(triple.object), []) for triple in own]
        )
        for predicate, own in groupby(triples, key=attrgetter("predicate"))
    ]


def graph_block(graph: NamedNode, inside: list[Statement], about: str, terms: Terms) -> GraphBlock:
    """Give the block of a named graph, with a comment of one line before it."""
    name = terms.iri(graph)
    return GraphBlock([_comment(about)], name.token._replace(line=2), name, [], inside, [], [])


def headed(statement: Statement, heading: str) -> Statement:
    """Give a statement with a heading of one line before it, a blank line apart."""
    return replace(statement, leading=[_comment(heading)])


def _comment(text: str) -> Comment:
    return Comment(f"# {text}", 1, after_blank=False)


def _token(kind: Kind, text: str) -> Token:
    """Give a token on the third line, so that a comment on the first has a blank line behind it."""
    return Token(kind, text, 3, 1, 0)

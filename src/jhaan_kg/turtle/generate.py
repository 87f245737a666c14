r"""Syntax trees for generated triples, so that they are written in the same style.

A literal is written bare if its lexical form is the canonical one of an integer or a boolean, otherwise with its
datatype, so that every parser returns the same lexical form. A text of several lines is a long string.
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
from jhaan_kg.turtle.lexer import Token, TurtleTokenKind
from jhaan_kg.turtle.tree import (
    BlankNodeTerm,
    Comment,
    GraphBlock,
    IriTerm,
    LiteralTerm,
    ObjectItem,
    PredicateObjects,
    TurtleStatement,
)

_BARE: Final = {
    XSD + "integer": (TurtleTokenKind.INTEGER, re.compile(r"0|-?[1-9][0-9]*")),
    XSD + "boolean": (TurtleTokenKind.WORD, re.compile("true|false")),
}
"""The lexical forms that need neither quotes nor datatype."""

_ESCAPES: Final = {
    **{ord(sign): f"\\{letter}" for sign, letter in zip('\\"\b\t\n\f\r', '\\"btnfr', strict=True)},
    **{code: f"\\u{code:04X}" for code in (*range(8), 0x0B, *range(0x0E, 0x20), *range(0x7F, 0xA0))},
    # Unusual line ends, bidirectional marks, the byte order mark, and noncharacters.
    **{code: f"\\u{code:04X}" for code in (0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))},
    **{code: f"\\u{code:04X}" for code in (*range(0xFDD0, 0xFDF0), 0xFEFF, 0xFFFE, 0xFFFF)},
    **{
        code: f"\\U{code:08X}"
        for plane in range(1, 17)
        for code in (plane << 16 | 0xFFFE, plane << 16 | 0xFFFF)
    },
}
"""The escapes of characters that are not allowed in a string, or that are invisible there."""

_LONG_ESCAPES: Final = {code: text for code, text in _ESCAPES.items() if chr(code) not in '\n"'}
_LONG_QUOTE: Final = re.compile(r'"(?="|\Z)')
_QUOTE: Final = r"\\" + '"'


_Node = NamedNode | BlankNode | Literal | Triple


class Terms:
    """The terms of a tree, each created once, since a term occurs at many places."""

    def __init__(self) -> None:
        self._iris: dict[NamedNode, IriTerm] = {}
        self._items: dict[_Node, ObjectItem] = {}

    def iri(self, iri: NamedNode) -> IriTerm:
        """Return the term for an IRI."""
        if iri not in self._iris:
            self._iris[iri] = IriTerm(_token(TurtleTokenKind.IRI_REFERENCE, f"<{iri.value}>"), iri)
        return self._iris[iri]

    def node(self, node: NamedNode | BlankNode | Triple) -> IriTerm | BlankNodeTerm:
        """Return the term for a subject.

        Raises:
            JhaanError: the node is a triple, which Turtle 1.1 cannot express.
        """
        if isinstance(node, Triple):
            raise JhaanError(f"Turtle 1.1 cannot contain {node}. Choose ntriples.")
        if isinstance(node, NamedNode):
            return self.iri(node)
        return BlankNodeTerm(_token(TurtleTokenKind.BLANK_NODE_LABEL, str(node)), node)

    def item(self, term: _Node) -> ObjectItem:
        """Return the item for an object.

        Raises:
            JhaanError: the term is a triple or has a base direction, which Turtle 1.1 cannot express.
        """
        known = self._items.get(term)
        if known is None:
            made = self._literal(term) if isinstance(term, Literal) else self.node(term)
            known = self._items[term] = ObjectItem([], made, [])
        return known

    def _literal(self, term: Literal) -> LiteralTerm:
        if term.direction:
            raise JhaanError(f"Turtle 1.1 cannot contain {term}. Choose ntriples.")
        kind, bare = _BARE.get(term.datatype.value, (TurtleTokenKind.STRING, None))
        if bare and bare.fullmatch(term.value):
            return LiteralTerm(_token(kind, term.value), "", None, term)
        language = f"@{term.language}" if term.language else ""
        plain = language or term.datatype.value == XSD + "string"
        datatype = None if plain else self.iri(term.datatype)
        return LiteralTerm(_token(TurtleTokenKind.STRING, quote(term.value)), language, datatype, term)


def quote(text: str) -> str:
    r"""Return a text as a Turtle string.

    It is a long string if it has several lines with text.

    >>> print(quote('say "no"\\'))
    "say \"no\"\\"
    """
    if "\n" not in text.strip("\n"):
        return f'"{text.translate(_ESCAPES)}"'
    return f'"""{_LONG_QUOTE.sub(_QUOTE, text.translate(_LONG_ESCAPES))}"""'


def statements(triples: Iterable[Triple], terms: Terms) -> list[TurtleStatement]:
    """Return the statements for triples, in their order.

    Args:
        triples: the triples, grouped by subject and predicate.
        terms: the terms of the tree.

    Raises:
        JhaanError: Turtle 1.1 cannot express one of the terms.
    """
    made = []
    for subject, own in groupby(triples, key=attrgetter("subject")):
        predicates = [
            PredicateObjects([], terms.iri(predicate), [], [terms.item(triple.object) for triple in same])
            for predicate, same in groupby(own, key=attrgetter("predicate"))
        ]
        made.append(TurtleStatement([], terms.node(subject), [], predicates, [], []))
    return made


def graph_block(graph: NamedNode, inside: list[TurtleStatement], about: str, terms: Terms) -> GraphBlock:
    """Return the block of a named graph, after a comment of one line."""
    name = terms.iri(graph)
    return GraphBlock([_comment(about)], name.token._replace(line=2), name, [], inside, [], [])


def add_heading(statement: TurtleStatement, heading: str) -> TurtleStatement:
    """Return a statement after a heading of one line and a blank line."""
    return replace(statement, leading=[_comment(heading)])


def _comment(text: str) -> Comment:
    return Comment(f"# {text}", 1, after_blank=False)


def _token(kind: TurtleTokenKind, text: str) -> Token:
    """Return a token on the third line.

    A comment on the first line is then followed by a blank line.
    """
    return Token(kind, text, 3, 1, 0)

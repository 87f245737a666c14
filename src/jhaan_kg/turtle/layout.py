"""The one style of the project: a syntax tree written as text, apart from the lines of prefixes.

The style, in short: one block per subject, each predicate on its own line, the objects in one column, which
all subjects of a graph block share. Names, literals and comments are written as they were authored, but for
full IRIs, which become prefixed names where a prefix fits, and `rdf:type`, which becomes `a`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from jhaan_kg.namespaces import OWL, RDF_TYPE, RDFS, SH, SKOS
from jhaan_kg.turtle.tree import (
    BlankNodeTerm,
    Block,
    Collection,
    Comment,
    GraphBlock,
    IriTerm,
    LiteralTerm,
    ObjectItem,
    PredicateObjects,
    PropertyList,
    Statement,
    Term,
)

LINE_LENGTH: Final = 100
"""The longest line that is made by joining; a single literal or name may be longer."""

INDENT: Final = 4

PREDICATE_ORDER: Final = (
    RDF_TYPE.value,
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "definition",
    RDFS + "isDefinedBy",
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
    RDFS + "domain",
    RDFS + "range",
    OWL + "inverseOf",
    SH + "path",
)
"""The predicates that come first in a block, in this order.

All others keep the order in which they were authored, since a curator's order carries meaning. So do, where
comments stand on lines of their own among the predicates, all predicates from the first such comment on.
"""
_RANK: Final = {predicate: rank for rank, predicate in enumerate(PREDICATE_ORDER)}


def merge_adjacent(statements: Iterable[Statement]) -> list[Statement]:
    """Join neighbouring statements about the same subject; comments between them go before the predicate."""
    merged: list[Statement] = []
    for statement in statements:
        if merged and _same_subject(merged[-1], statement):
            before = merged[-1]
            first, *others = statement.predicates
            between = [*before.closing, *before.after_dot, *statement.leading, *statement.after_subject]
            first = replace(first, leading=between + first.leading)
            merged[-1] = replace(
                before,
                predicates=[*before.predicates, first, *others],
                closing=statement.closing,
                after_dot=statement.after_dot,
            )
        else:
            merged.append(statement)
    return merged


def _same_subject(one: Statement, other: Statement) -> bool:
    """Say whether two statements are about the same IRI or the same labelled blank node."""
    return isinstance(one.subject, IriTerm | BlankNodeTerm) and one.subject.value == other.subject.value


def in_order(entries: Sequence[PredicateObjects]) -> list[PredicateObjects]:
    """Put predicates in the order that `PREDICATE_ORDER` describes."""
    movable = next((index for index, entry in enumerate(entries) if entry.leading), len(entries))
    by_rank = sorted(entries[:movable], key=lambda entry: _RANK.get(entry.predicate.value.value, len(_RANK)))
    return [*by_rank, *entries[movable:]]


def comment_lines(comments: Iterable[Comment], indent: int = 0, *, spaced: bool = False) -> list[str]:
    """Give comments as lines of their own.

    Args:
        comments: the comments.
        indent: how far they are indented.
        spaced: whether blank lines between them stay (one of several).
    """
    lines: list[str] = []
    for comment in comments:
        if spaced and lines and comment.after_blank:
            lines.append("")
        lines.append(" " * indent + comment.text)
    return lines


def block_lines(block: Block, name: Callable[[IriTerm], str]) -> list[str]:
    """Write a statement or graph block with the comments before it.

    Args:
        block: the statement or graph block.
        name: gives the text of an IRI.

    Returns:
        The lines; a literal of several lines is in one of them.
    """
    layout = _Layout(name)
    if isinstance(block, Statement):
        layout.statement(block)
    else:
        layout.graph_block(block)
    return layout.lines


class _Layout:
    """A writer of lines that knows the style."""

    def __init__(self, name: Callable[[IriTerm], str]) -> None:
        self.name = name
        self.lines: list[str] = []

    # --- lines ---------------------------------------------------------------------------------------------

    def start(self, indent: int) -> None:
        """Start a line."""
        self.lines.append(" " * indent)

    def put(self, text: str, behind: Iterable[Comment] = ()) -> None:
        """Write on the current line; behind a comment, the caller starts another line."""
        self.lines[-1] += text + "".join(f"  {comment.text}" for comment in behind)

    def column(self) -> int:
        """Give the width of the current line; after a string of several lines, that of the last."""
        return len(self.lines[-1]) - (self.lines[-1].rfind("\n") + 1)

    def comments(self, comments: Iterable[Comment], indent: int, *, spaced: bool = False) -> None:
        """Write comments on lines of their own."""
        self.lines += comment_lines(comments, indent, spaced=spaced)

    def comments_before(self, block: Block, indent: int) -> None:
        """Write the comments before a block; a blank line behind them stays."""
        self.comments(block.leading, indent, spaced=True)
        if block.leading and block.line > block.leading[-1].line + 1:
            self.lines.append("")

    # --- blocks --------------------------------------------------------------------------------------------

    def graph_block(self, block: GraphBlock) -> None:
        """Write a graph block with the comments before it."""
        self.comments_before(block, 0)
        self.start(0)
        self.put(f"{self.name(block.graph)} {{" if block.graph else "{", block.after_open)
        statements = merge_adjacent(block.statements)
        width = self.width(entry for statement in statements for entry in statement.predicates)
        for index, statement in enumerate(statements):
            if index:
                self.lines.append("")
            self.statement(statement, INDENT, width)
        if statements and block.closing and block.closing[0].after_blank:
            self.lines.append("")
        self.comments(block.closing, INDENT, spaced=True)
        self.start(0)
        self.put("}", block.trailing)

    def statement(self, statement: Statement, indent: int = 0, width: int | None = None) -> None:
        """Write a statement with the comments before it.

        Args:
            statement: the statement.
            indent: how far it is indented.
            width: how wide its column of predicates is; if not given, as wide as they need.
        """
        subject, predicates = statement.subject, statement.predicates
        self.comments_before(statement, indent)
        self.start(indent)
        self.term(subject, indent, self.is_expanded(subject, indent))
        if not predicates and not statement.closing:
            self.put(" .")
        self.put("", statement.after_subject)
        if predicates:
            width = self.width(predicates) if width is None else width
            self.predicates(predicates, indent + INDENT, width, ";" if statement.closing else ".")
        if statement.closing:
            self.comments(statement.closing, indent + INDENT)
            self.start(indent + INDENT)
            self.put(".", statement.after_dot)

    def width(self, entries: Iterable[PredicateObjects]) -> int:
        """Give the width of the column of predicates, with the space behind it."""
        return max((len(self.verb(entry)) for entry in entries), default=0) + 1

    def predicates(self, entries: Sequence[PredicateObjects], indent: int, width: int, end: str) -> None:
        """Write predicates with their objects, each with a semicolon, the last with `end`."""
        ordered = in_order(entries)
        for entry in ordered:
            self.comments(entry.leading, indent)
            self.start(indent)
            self.put(self.verb(entry), entry.after_predicate)
            self.objects(entry, indent, width, end if entry is ordered[-1] else ";")

    # --- objects -------------------------------------------------------------------------------------------

    def objects(self, entry: PredicateObjects, indent: int, width: int, end: str) -> None:
        """Write the objects of a predicate, which is on the current line.

        Names fill the lines like words, and brackets of several lines follow one another; other objects share
        one line if they fit, or have one each, as they do where a comment belongs to a single one.
        """
        items, column = entry.objects, indent + width
        expanded = [self.is_expanded(item.term, column) for item in items]
        on_own_lines = _has_own_comments(items) or not (any(expanded) or self.fill(items, column))
        on_predicate_line = not entry.after_predicate and not items[0].leading
        for index, item in enumerate(items):
            mark = f" {end}" if index + 1 == len(items) else ","
            start = indent if expanded[index] else column
            if index == 0 and on_predicate_line:
                self.put(" " * (column - self.column()))
            elif index == 0 or on_own_lines:
                self.comments(item.leading, start)
                self.start(start)
            elif expanded[index] or self.column() + len(f" {self.flat(item.term)}{mark}") <= LINE_LENGTH:
                self.put(" ")
            else:
                self.start(column)
            self.term(item.term, indent, expanded[index])
            self.put(mark, item.trailing)

    def fill(self, items: Sequence[ObjectItem], column: int) -> bool:
        """Say whether objects that each need one line at most can share lines."""
        if all(isinstance(item.term, IriTerm | BlankNodeTerm) for item in items):
            return True
        joined = ", ".join(self.flat(item.term) or "" for item in items)
        return "\n" not in joined and column + len(joined) + len(" ;") <= LINE_LENGTH

    def is_expanded(self, term: Term, column: int) -> bool:
        """Say whether a term in brackets needs several lines."""
        if not isinstance(term, PropertyList | Collection):
            return False
        flat = self.flat(term)
        return flat is None or column + len(flat) + len(" ;") > LINE_LENGTH

    # --- terms ---------------------------------------------------------------------------------------------

    def term(self, term: Term, indent: int, expanded: bool) -> None:
        """Write a term on the current line, or from there on over several lines with this indentation."""
        if not expanded:
            self.put(self.flat(term) or "")
        elif isinstance(term, PropertyList):
            self.put("[", term.after_open)
            self.predicates(term.predicates, indent + INDENT, self.width(term.predicates), ";")
            self.comments(term.closing, indent + INDENT)
            self.start(indent)
            self.put("]")
        elif isinstance(term, Collection):
            self.put("(", term.after_open)
            for item in term.members:
                self.comments(item.leading, indent + INDENT)
                self.start(indent + INDENT)
                self.term(item.term, indent + INDENT, self.is_expanded(item.term, indent + INDENT))
                self.put("", item.trailing)
            self.comments(term.closing, indent + INDENT)
            self.start(indent)
            self.put(")")

    def flat(self, term: Term) -> str | None:
        """Give a term as one piece of text; None if it needs several lines."""
        if isinstance(term, IriTerm):
            return self.name(term)
        if isinstance(term, BlankNodeTerm):
            return "[]" if term.token.text == "[" else term.token.text
        if isinstance(term, LiteralTerm):
            datatype = f"^^{self.name(term.datatype)}" if term.datatype else ""
            return _without_carriage_returns(term.token.text) + term.language + datatype
        if term.after_open or term.closing:
            return None
        if isinstance(term, Collection):
            return self.flat_items("(", term.members, " ", ")")
        if len(term.predicates) != 1:
            return None
        entry = term.predicates[0]
        if entry.leading or entry.after_predicate:
            return None
        return self.flat_items(f"[ {self.verb(entry)}", entry.objects, ", ", "]")

    def flat_items(self, opening: str, items: Sequence[ObjectItem], mark: str, closing: str) -> str | None:
        """Give what stands in brackets as one piece of text; None if it needs several lines."""
        texts = []
        for item in items:
            text = self.flat(item.term)
            if item.leading or item.trailing or text is None or "\n" in text:
                return None
            texts.append(text)
        return f"{opening} {mark.join(texts)} {closing}" if texts else opening + closing

    def verb(self, entry: PredicateObjects) -> str:
        """Give the text of a predicate."""
        return "a" if entry.predicate.value == RDF_TYPE else self.name(entry.predicate)


def _has_own_comments(items: Sequence[ObjectItem]) -> bool:
    """Say whether there are comments among objects that belong to a single one of them.

    A comment behind the last object may be about the whole line, unless each object had a line of its own.
    """
    if any(item.leading for item in items[1:]) or any(item.trailing for item in items[:-1]):
        return True
    lines = {item.term.token.line for item in items}
    return bool(items[-1].trailing) and len(lines) == len(items)


def _without_carriage_returns(string: str) -> str:
    r"""Escape the carriage returns in a long string: the lines of a file end in line feeds only.

    >>> _without_carriage_returns("'''one\r\ntwo'''")
    "'''one\\r\ntwo'''"
    """
    return string.replace("\r", r"\r")

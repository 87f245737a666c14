r"""The parser of Turtle and TriG: from the text of a source to its syntax tree.

The grammar is that of RDF 1.1 Turtle (https://www.w3.org/TR/turtle/) and TriG (https://www.w3.org/TR/trig/). The
additions of RDF 1.2 and blank nodes as graph names, which the project never needs, are errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from jhaan_kg.namespaces import PREFIXES, RDF, RDF_TYPE, XSD, namespace_of_year
from jhaan_kg.near import nearest
from jhaan_kg.turtle.lexer import Token, TurtleSyntaxError, TurtleTokenKind, position, tokenize
from jhaan_kg.turtle.tree import (
    BlankNodeTerm,
    Collection,
    Comment,
    GraphBlock,
    IriTerm,
    Item,
    LiteralTerm,
    ObjectItem,
    PredicateObjects,
    PrefixDirective,
    PropertyList,
    SourceTree,
    Term,
    TurtleStatement,
)

MAX_DEPTH: Final = 100
"""The maximum nesting of brackets.

It is far more than people write, and far less than Python's call stack allows.
"""


def parse_source(
    text: str, *, trig: bool, name: str, presumed: Mapping[str, str] | None = None
) -> SourceTree:
    """Parse a Turtle or TriG source into its syntax tree.

    Args:
        text: the source.
        trig: whether graph blocks are allowed.
        name: the name of the source in errors, usually its path.
        presumed: prefixes with namespaces that are predeclared.

    Returns:
        The tree; every IRI in it is resolved.

    Raises:
        TurtleSyntaxError: the source is not Turtle (TriG), or uses an undeclared prefix or RDF 1.2 syntax.

    >>> text = '''
    ... @prefix ex: <http://example.org/> .
    ... ex:a ex:p ex:b,
    ...           ex:c .
    ... '''
    >>> for located in parse_source(text, trig=False, name="example.ttl").triples():
    ...     print(located.line, located.triple.object)
    3 <http://example.org/b>
    4 <http://example.org/c>
    """
    return _Parser(text, trig, name, presumed or {}).source()


_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED_CHARACTERS: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_NUMERIC: Final = {
    TurtleTokenKind.INTEGER: NamedNode(XSD + "integer"),
    TurtleTokenKind.DECIMAL: NamedNode(XSD + "decimal"),
    TurtleTokenKind.DOUBLE: NamedNode(XSD + "double"),
}
_BOOLEAN: Final = NamedNode(XSD + "boolean")
_LANG_STRING: Final = NamedNode(RDF + "langString")
_NAMES: Final = frozenset({TurtleTokenKind.IRI_REFERENCE, TurtleTokenKind.PREFIXED_NAME})
_TERMS: Final = frozenset({*_NAMES, *_NUMERIC, TurtleTokenKind.BLANK_NODE_LABEL, TurtleTokenKind.STRING})
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def _unescape(text: str) -> str:
    r"""Resolve the escape sequences of strings, IRIs and local names.

    Raises:
        ValueError: a code point is beyond Unicode, or half of a surrogate pair.
    """

    def character(match: re.Match[str]) -> str:
        code_point = match[1] or match[2]
        if code_point is None:
            return _ESCAPED_CHARACTERS.get(match[3], match[3])
        number = int(code_point, 16)
        if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            raise ValueError(f"{match[0]} is not a Unicode character")
        return chr(number)

    return _ESCAPE.sub(character, text) if "\\" in text else text


class _Parser:
    """A recursive-descent parser for the grammar of Turtle and TriG."""

    def __init__(self, text: str, trig: bool, name: str, presumed: Mapping[str, str]) -> None:
        self.text = text
        self.trig = trig
        self.name = name
        self.presumed = presumed
        self.declared: dict[str, str] = {}
        self.iris: dict[str, NamedNode] = {}
        self.tokens: list[Token] = []
        self.comments: dict[int, list[Comment]] = {}
        self._read_tokens()
        self.labels = {
            token.text[2:] for token in self.tokens if token.kind is TurtleTokenKind.BLANK_NODE_LABEL
        }
        self.made_up = 0
        self.index = 0
        self.depth = 0
        self.slot: list[Comment] = []
        self.pending: list[Comment] = []

    # --- tokens and comments -------------------------------------------------------------------------------

    def _read_tokens(self) -> None:
        """Split the text into tokens, and store the comments before each token by its index."""
        previous_end = 0
        for token in tokenize(self.text, self.name):
            if token.kind is TurtleTokenKind.COMMENT:
                newlines = self.text.count("\n", previous_end, token.offset)
                comment = Comment(token.text.rstrip(), token.line, newlines > 1)
                self.comments.setdefault(len(self.tokens), []).append(comment)
            else:
                self.tokens.append(token)
            previous_end = token.end

    @property
    def current(self) -> Token:
        """The next token."""
        return self.tokens[self.index]

    def last_line(self) -> int:
        """Return the line on which the previous token ends."""
        previous = self.tokens[self.index - 1]
        return previous.line + previous.text.count("\n")

    def settle(self) -> None:
        """Assign the comments before the current token.

        The first one goes to `slot`, for the item before it, if it is on the line of the previous token. The others go
        to `pending`, for the next item.
        """
        for comment in self.comments.pop(self.index, ()):
            behind = self.index > 0 and comment.line == self.last_line()
            if behind and not self.slot and not self.pending:
                self.slot.append(comment)
            else:
                self.pending.append(comment)

    def take(self) -> Token:
        """Return the current token, and go to the next."""
        self.settle()
        token = self.tokens[self.index]
        self.index += 1
        return token

    def waiting(self) -> list[Comment]:
        """Return the comments on separate lines before the current token."""
        self.settle()
        comments, self.pending = self.pending, []
        return comments

    def at(self, mark: str) -> bool:
        """Return whether the current token is a certain punctuation mark."""
        token = self.tokens[self.index]
        return token.kind is TurtleTokenKind.PUNCTUATION and token.text == mark

    def at_keyword(self, word: str) -> bool:
        """Return whether the current token is a certain keyword, in any case (as in SPARQL)."""
        return self.current.kind is TurtleTokenKind.WORD and self.current.text.upper() == word

    def at_name(self) -> bool:
        """Return whether the current token is an IRI."""
        return self.tokens[self.index].kind in _NAMES

    # --- errors --------------------------------------------------------------------------------------------

    def error(self, message: str, fix: str = "", at: Token | None = None) -> TurtleSyntaxError:
        """Return an error at a token, by default the current one."""
        token = at or self.current
        return TurtleSyntaxError(self.name, token.line, token.column, message, fix)

    def expected(self, what: str, fix: str = "") -> TurtleSyntaxError:
        """Return an error on what was expected instead of the current token."""
        token, previous = self.current, self.tokens[max(0, self.index - 1)]
        if token.kind is TurtleTokenKind.INTEGER and token.offset == previous.end and token.text[0] == "-":
            message = "a date must be in quotation marks and have a type."
            return self.error(message, 'Write it as "2023-07-06"^^xsd:date.', previous)
        if token.kind is TurtleTokenKind.RDF12 or self.at_keyword("VERSION") or token.text == "@version":
            return self.error(f"{token} is RDF 1.2, which is not supported.", "Write RDF 1.1 Turtle or TriG.")
        return self.error(f"found {token}, expected {what}.", fix)

    def unfinished(self, what: str, fix: str = "") -> TurtleSyntaxError:
        """Return an error that something is missing.

        The error is at the end of the previous token, or at the current one if that is on the same line or is RDF 1.2.
        """
        at_end = self.current.kind is TurtleTokenKind.END
        if self.current.kind is TurtleTokenKind.RDF12 or (
            self.current.line == self.last_line() and not at_end
        ):
            return self.expected(what, fix)
        previous = self.tokens[self.index - 1]
        line, column = position(self.text, previous.end)
        where = "" if at_end else f" in line {self.current.line}"
        message = f"expected {what} after {previous}, found {self.current}{where}."
        return TurtleSyntaxError(self.name, line, column, message, fix)

    # --- the grammar ---------------------------------------------------------------------------------------

    def source(self) -> SourceTree:
        """Read the whole source."""
        items: list[Item] = []
        while True:
            leading = self.waiting()
            if self.current.kind is TurtleTokenKind.END:
                return SourceTree(self.name, self.text, items, leading, self.declared)
            items.append(self.item(leading))

    def item(self, leading: list[Comment]) -> Item:
        """Read a directive, graph block or statement."""
        if self.current.text == "@prefix" or self.at_keyword("PREFIX"):
            return self.prefix(leading)
        if self.current.text == "@base" or self.at_keyword("BASE"):
            message = "a base IRI is declared, which the style of this project does not allow."
            raise self.error(message, "Write the IRIs in full or with prefixes.")
        if self.at("}"):
            raise self.error('found "}", but no graph block is open.')
        opens_block = self.at_name() and self.tokens[self.index + 1].text == "{"
        if opens_block or self.at("{") or self.at_keyword("GRAPH"):
            return self.graph_block(leading)
        return self.statement(leading)

    def prefix(self, leading: list[Comment]) -> PrefixDirective:
        """Read the declaration of a prefix."""
        token = self.take()
        trailing: list[Comment] = []
        self.slot = trailing
        label = self.current
        if label.kind is not TurtleTokenKind.PREFIXED_NAME or label.text.find(":") != len(label.text) - 1:
            raise self.expected('a prefix such as "ex:"')
        self.take()
        if self.current.kind is not TurtleTokenKind.IRI_REFERENCE:
            raise self.expected("the namespace of the prefix, as an IRI in angle brackets")
        namespace = self.iri(self.take()).value
        if token.text.startswith("@"):
            if not self.at("."):
                raise self.unfinished(f'"." at the end of {token}')
            self.take()
        elif self.at("."):
            raise self.error(f"{token} takes no dot at its end.", 'Write "@prefix", or leave the dot out.')
        self.declared[label.text[:-1]] = namespace
        self.iris.clear()
        return PrefixDirective(leading, token, label.text[:-1], namespace, trailing)

    def graph_block(self, leading: list[Comment]) -> GraphBlock:
        """Read a graph in braces."""
        first = self.current
        if not self.trig:
            fix = "Give the file the ending .trig, or leave the braces out."
            raise self.error("graph blocks are TriG, but this is a Turtle source.", fix)
        after_open: list[Comment] = []
        self.slot = after_open
        graph = None
        if self.at_keyword("GRAPH"):
            self.take()
            graph = self.graph_name()
        elif not self.at("{"):
            graph = self.graph_name()
        if not self.at("{"):
            raise self.expected('"{"')
        opening = self.take()
        statements = []
        waiting = self.waiting()
        while not self.at("}"):
            if self.current.kind is TurtleTokenKind.END:
                raise self.error(f'the graph block of line {opening.line} lacks its "}}".')
            statements.append(self.statement(waiting, block=opening))
            waiting = self.waiting()
        self.take()
        trailing: list[Comment] = []
        self.slot = trailing
        return GraphBlock(leading, first, graph, after_open, statements, waiting, trailing)

    def graph_name(self) -> IriTerm:
        """Read the name of a graph."""
        token = self.current
        if token.kind is TurtleTokenKind.BLANK_NODE_LABEL or self.at("["):
            raise self.error("a blank node cannot name a graph here.", "Use an IRI.")
        if not self.at_name():
            raise self.expected("the graph's name, an IRI")
        self.take()
        return IriTerm(token, self.iri(token))

    def statement(self, leading: list[Comment], block: Token | None = None) -> TurtleStatement:
        """Read a statement.

        `block` is the opening brace of the graph block around it, if there is one.
        """
        first = self.current
        after_subject: list[Comment] = []
        subject = self.term(after_subject, 'a subject or "}"' if block else "a subject or a directive")
        if isinstance(subject, LiteralTerm):
            raise self.error(f"{first} is a literal, which cannot be a subject.", at=first)
        if self.at("{"):
            if block:
                message = f'graph blocks don\'t nest, and the one of line {block.line} lacks its "}}".'
                raise self.error(message, at=first)
            raise self.error("only an IRI can name a graph here.", at=first)
        predicates: list[PredicateObjects] = []
        at_end = self.at(".") or (block is not None and self.at("}"))
        if not (at_end and isinstance(subject, PropertyList) and subject.predicates):
            predicates = self.predicates(f"a predicate after {first}")
        closing: list[Comment] = []
        after_dot: list[Comment] = []
        if self.at("."):
            closing = self.waiting()
            self.take()
            if closing:
                self.slot = after_dot
        elif not (block and self.at("}")):
            what = '"." to end the statement, ";" before a predicate or "," before an object'
            raise self.unfinished(what, self.full_stop_hint(predicates))
        return TurtleStatement(leading, subject, after_subject, predicates, closing, after_dot)

    def full_stop_hint(self, predicates: Sequence[PredicateObjects]) -> str:
        """Return what to do if the last predicate, alone on its line, was meant as the subject of a statement."""
        last = predicates[-1].predicate.token if len(predicates) > 1 else self.current
        if self.at_name() and last.line < self.current.line:
            return f'If {last} in line {last.line} begins a new entity, put "." instead of ";" before it.'
        return ""

    def predicates(self, what: str) -> list[PredicateObjects]:
        """Read predicates with their objects."""
        entries = []
        while True:
            leading = self.waiting()
            token = self.current
            if not self.at_name() and token.text != "a":
                raise self.expected(what)
            self.take()
            predicate = IriTerm(token, RDF_TYPE if token.text == "a" else self.iri(token))
            after_predicate: list[Comment] = []
            self.slot = after_predicate
            objects = [self.member(f"an object of {token}")]
            while self.at(","):
                self.take()
                objects.append(self.member(f"an object of {token}"))
            entries.append(PredicateObjects(leading, predicate, after_predicate, objects))
            if not self.at(";"):
                return entries
            while self.at(";"):
                self.take()
            if self.at(".") or self.at("]") or self.at("}"):
                return entries
            what = "a predicate"

    def member(self, what: str) -> ObjectItem:
        """Read an object or a member of a collection."""
        leading = self.waiting()
        trailing: list[Comment] = []
        return ObjectItem(leading, self.term(trailing, what), trailing)

    def term(self, trailing: list[Comment], what: str) -> Term:
        """Read a subject or object; `trailing` gets the comment after it."""
        token = self.current
        if self.at("["):
            return self.property_list(trailing)
        if self.at("("):
            return self.collection(trailing)
        if token.kind not in _TERMS and token.text not in {"true", "false"}:
            raise self.expected(what)
        self.take()
        self.slot = trailing
        if token.kind in _NAMES:
            return IriTerm(token, self.iri(token))
        if token.kind is TurtleTokenKind.BLANK_NODE_LABEL:
            return BlankNodeTerm(token, BlankNode(token.text[2:]))
        if token.kind is TurtleTokenKind.STRING:
            return self.string(token)
        return LiteralTerm(token, "", None, Literal(token.text, datatype=_NUMERIC.get(token.kind, _BOOLEAN)))

    def string(self, token: Token) -> LiteralTerm:
        """Read the possible end of a string: a language tag, or a datatype."""
        quotes = 3 if token.text.startswith(('"""', "'''")) else 1
        value = self.unescape(token, token.text[quotes:-quotes])
        if self.current.kind is TurtleTokenKind.AT_WORD:
            tag = self.take()
            try:
                return LiteralTerm(token, tag.text, None, Literal(value, language=tag.text[1:]))
            except ValueError as error:
                raise self.error(f"{tag} is not a valid language tag: {error}.", at=tag) from None
        if not self.at("^^"):
            return LiteralTerm(token, "", None, Literal(value))
        self.take()
        name = self.current
        if not self.at_name():
            raise self.expected('a datatype after "^^"')
        self.take()
        datatype = IriTerm(name, self.iri(name))
        if datatype.value == _LANG_STRING:
            raise self.error(f"a literal of type {name} needs a language tag.", at=name)
        return LiteralTerm(token, "", datatype, Literal(value, datatype=datatype.value))

    def property_list(self, trailing: list[Comment]) -> BlankNodeTerm | PropertyList:
        """Read a blank node in brackets."""
        opening = self.open_bracket()
        node = self.blank_node()
        after_open: list[Comment] = []
        self.slot = after_open
        predicates = [] if self.at("]") else self.predicates('a predicate or "]"')
        if not self.at("]"):
            raise self.unfinished(f'"]" to close the bracket of line {opening.line}, ";" or ","')
        closing = self.waiting()
        self.take()
        self.slot = trailing
        self.depth -= 1
        if predicates or after_open or closing:
            return PropertyList(opening, node, after_open, predicates, closing)
        return BlankNodeTerm(opening, node)

    def collection(self, trailing: list[Comment]) -> Collection:
        """Read a list in parentheses."""
        opening = self.open_bracket()
        after_open: list[Comment] = []
        self.slot = after_open
        nodes, members = [], []
        while not self.at(")"):
            nodes.append(self.blank_node())
            members.append(self.member(f'a member or ")" to close the list of line {opening.line}'))
        closing = self.waiting()
        self.take()
        self.slot = trailing
        self.depth -= 1
        return Collection(opening, nodes, after_open, members, closing)

    def open_bracket(self) -> Token:
        """Take an opening bracket or parenthesis."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"brackets are nested more than {MAX_DEPTH} deep.")
        return self.take()

    def blank_node(self) -> BlankNode:
        """Return a new blank node with a unique label."""
        while True:
            self.made_up += 1
            label = f"genid{self.made_up}"
            if label not in self.labels:
                return BlankNode(label)

    # --- names ---------------------------------------------------------------------------------------------

    def iri(self, token: Token) -> NamedNode:
        """Resolve an IRI in angle brackets, or a prefixed name."""
        iri = self.iris.get(token.text)
        if iri is None:
            try:
                iri = NamedNode(self.expand(token))
            except ValueError as error:
                raise self.error(f"{token} is not a valid IRI: {error}.", at=token) from None
            self.iris[token.text] = iri
        return iri

    def expand(self, token: Token) -> str:
        """Return the text of an IRI."""
        if token.kind is TurtleTokenKind.IRI_REFERENCE:
            reference = self.unescape(token, token.text[1:-1])
            if not _SCHEME.match(reference):
                raise self.error(f"{token} is a relative IRI.", "Write it in full.", at=token)
            return reference
        prefix, _, local = token.text.partition(":")
        namespace = self.declared.get(prefix, self.presumed.get(prefix))
        if namespace is None:
            raise self.error(f'the prefix "{prefix}:" is not declared.', self.suggest(prefix), at=token)
        return namespace + self.unescape(token, local)

    def suggest(self, prefix: str) -> str:
        """Return the remedy for an undeclared prefix."""
        if prefix in PREFIXES or namespace_of_year(prefix):
            return "Run `jhaan format`, which adds it."
        near = nearest(prefix, {*self.declared, *PREFIXES}, most=1)
        return f'Did you mean "{near[0]}:"?' if near else f"Declare it: @prefix {prefix}: <…> ."

    def unescape(self, token: Token, text: str) -> str:
        """Resolve the escape sequences in the text of a token."""
        try:
            return _unescape(text)
        except ValueError as error:
            raise self.error(f"{error}.", at=token) from None

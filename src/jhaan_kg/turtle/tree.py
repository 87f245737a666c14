r"""The syntax tree of a Turtle or TriG source, with places and comments.

pyoxigraph remains the authority on the meaning of a source; the tree adds the place of each term, the comments, and
the authored lexical forms.

Comments are attached as follows. A comment on its own line belongs to the next item that can have one (directive,
graph block, statement, predicate, object); if none follows inside the same brackets, it is among the `closing`
comments of the brackets. A comment after an item on its line belongs to that item. There is one such comment per
line: a second one, only possible after tokens such as a lone ";", counts as one on its own line. So a list of
comments after an item has at most one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.namespaces import RDF
from jhaan_kg.turtle.lexer import Token

RDF_FIRST: Final = NamedNode(RDF + "first")
RDF_REST: Final = NamedNode(RDF + "rest")
RDF_NIL: Final = NamedNode(RDF + "nil")


@dataclass(slots=True, frozen=True)
class Comment:
    """A comment.

    Attributes:
        text: from the hash sign to the end of the line, without white space at the end.
        line: its line, counted from 1.
        after_blank: whether there is a blank line before it.
    """

    text: str
    line: int
    after_blank: bool


@dataclass(slots=True, frozen=True)
class IriTerm:
    """An IRI, written in full, as a prefixed name or as `a`."""

    token: Token
    value: NamedNode


@dataclass(slots=True, frozen=True)
class BlankNodeTerm:
    """A blank node with a label, or `[]`."""

    token: Token
    value: BlankNode


@dataclass(slots=True, frozen=True)
class LiteralTerm:
    """A literal.

    Attributes:
        token: its string, number or boolean.
        language: the language tag as authored, with its "@"; empty if there is none.
        datatype: the datatype after "^^", if there is one.
        value: the literal as a term.
    """

    token: Token
    language: str
    datatype: IriTerm | None
    value: Literal


@dataclass(slots=True, frozen=True)
class PropertyList:
    """A blank node with its properties in brackets, `[ ex:p ex:o ]`.

    Attributes:
        token: the opening bracket.
        value: the blank node.
        after_open: the comment after the opening bracket.
        predicates: the predicates; none only if the brackets contain just comments.
        closing: comments before the closing bracket.
    """

    token: Token
    value: BlankNode
    after_open: list[Comment]
    predicates: list[PredicateObjects]
    closing: list[Comment]


@dataclass(slots=True, frozen=True)
class Collection:
    """An RDF list in parentheses, `( 1 2 )`.

    Attributes:
        token: the opening parenthesis.
        nodes: for each member the list node with it as `rdf:first`.
        after_open: the comment after the opening parenthesis.
        members: the members.
        closing: comments before the closing parenthesis.
    """

    token: Token
    nodes: list[BlankNode]
    after_open: list[Comment]
    members: list[ObjectItem]
    closing: list[Comment]

    @property
    def value(self) -> BlankNode | NamedNode:
        """The node that the list as a whole denotes."""
        return self.nodes[0] if self.nodes else RDF_NIL


Term = IriTerm | BlankNodeTerm | LiteralTerm | PropertyList | Collection
SubjectTerm = IriTerm | BlankNodeTerm | PropertyList | Collection


@dataclass(slots=True, frozen=True)
class ObjectItem:
    """An object of a predicate, or a member of a collection.

    It includes the comments before and after it.
    """

    leading: list[Comment]
    term: Term
    trailing: list[Comment]


@dataclass(slots=True, frozen=True)
class PredicateObjects:
    """A predicate with its objects.

    Attributes:
        leading: comments on separate lines before it.
        predicate: the predicate.
        after_predicate: the comment between the predicate and its first object, on the predicate's line.
        objects: the objects, at least one.
    """

    leading: list[Comment]
    predicate: IriTerm
    after_predicate: list[Comment]
    objects: list[ObjectItem]


@dataclass(slots=True, frozen=True)
class TurtleStatement:
    """A subject with its predicates, up to the dot.

    Attributes:
        leading: comments on separate lines before it.
        subject: the subject.
        after_subject: the comment after the subject on its line.
        predicates: the predicates; none only if the subject is a property list.
        closing: comments on separate lines between the last object and the dot.
        after_dot: the comment after a dot that follows such comments.
    """

    leading: list[Comment]
    subject: SubjectTerm
    after_subject: list[Comment]
    predicates: list[PredicateObjects]
    closing: list[Comment]
    after_dot: list[Comment]

    @property
    def line(self) -> int:
        """The line on which it starts, counted from 1."""
        return self.subject.token.line


@dataclass(slots=True, frozen=True)
class PrefixDirective:
    """A declaration of a prefix, `@prefix ex: <…> .` or `PREFIX ex: <…>`."""

    leading: list[Comment]
    token: Token
    prefix: str
    namespace: str
    trailing: list[Comment]


@dataclass(slots=True, frozen=True)
class GraphBlock:
    """A graph in braces.

    Attributes:
        leading: comments on separate lines before it.
        token: its first token.
        graph: its name; None for the default graph.
        after_open: the comment after its name or opening brace.
        statements: its statements.
        closing: comments before the closing brace.
        trailing: the comment after the closing brace.
    """

    leading: list[Comment]
    token: Token
    graph: IriTerm | None
    after_open: list[Comment]
    statements: list[TurtleStatement]
    closing: list[Comment]
    trailing: list[Comment]

    @property
    def line(self) -> int:
        """The line on which it starts, counted from 1."""
        return self.token.line


Block = GraphBlock | TurtleStatement
Item = PrefixDirective | Block


class LocatedTriple(NamedTuple):
    """A triple with its place.

    Attributes:
        triple: the triple.
        graph: its graph block; None for the default graph.
        term: its object; for the triples of a collection, the member.
    """

    triple: Triple
    graph: NamedNode | None
    term: Term

    @property
    def line(self) -> int:
        """The line of the object, counted from 1, which is shown for the triple."""
        return self.term.token.line


@dataclass(slots=True, frozen=True)
class SourceTree:
    """A Turtle or TriG source.

    Attributes:
        name: its name in errors, usually its path.
        text: the source.
        items: directives, graph blocks and statements in order.
        closing: comments at the end.
        prefixes: the declared prefixes with their namespaces; for one declared twice, the last.
    """

    name: str
    text: str
    items: list[Item]
    closing: list[Comment]
    prefixes: dict[str, str]

    def triples(self) -> Iterator[LocatedTriple]:
        """Yield the triples in the order of the source.

        Those inside brackets come after the one with the brackets.

        Blank nodes have the labels of the source, or generated ones, and are only unique within this source.
        """
        for item in self.items:
            if isinstance(item, TurtleStatement):
                yield from _statement_triples(item, None)
            elif isinstance(item, GraphBlock):
                for statement in item.statements:
                    yield from _statement_triples(statement, item.graph.value if item.graph else None)


def _statement_triples(statement: TurtleStatement, graph: NamedNode | None) -> Iterator[LocatedTriple]:
    yield from _inner_triples(statement.subject, graph)
    yield from _predicate_triples(statement.subject.value, statement.predicates, graph)


def _predicate_triples(
    node: NamedNode | BlankNode, predicates: list[PredicateObjects], graph: NamedNode | None
) -> Iterator[LocatedTriple]:
    for entry in predicates:
        for item in entry.objects:
            yield LocatedTriple(Triple(node, entry.predicate.value, item.term.value), graph, item.term)
            yield from _inner_triples(item.term, graph)


def _inner_triples(term: Term, graph: NamedNode | None) -> Iterator[LocatedTriple]:
    """Yield the triples inside a property list or collection."""
    if isinstance(term, PropertyList):
        yield from _predicate_triples(term.value, term.predicates, graph)
    elif isinstance(term, Collection):
        following: list[BlankNode | NamedNode] = [*term.nodes[1:], RDF_NIL]
        for node, item, rest in zip(term.nodes, term.members, following, strict=False):
            yield LocatedTriple(Triple(node, RDF_FIRST, item.term.value), graph, item.term)
            yield from _inner_triples(item.term, graph)
            yield LocatedTriple(Triple(node, RDF_REST, rest), graph, item.term)

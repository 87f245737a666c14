"""Triples with their places, by subject and predicate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.checks.stated import Stated, iri_of
from jhaan_kg.namespaces import RDF

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple

_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", RDF + "nil"


class Index:
    """Some triples, and quick answers to what a node has."""

    def __init__(self, statements: Iterable[Stated]) -> None:
        self._objects: dict[Node, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._places: dict[Node, tuple[str, int]] = {}
        self._owners: dict[Node, Node] = {}
        self.statements = tuple(statements)
        for statement in self.statements:
            subject, value = statement.triple.subject, statement.triple.object
            if isinstance(subject, Triple):
                continue
            self._objects[subject][statement.triple.predicate.value].append(value)
            self._places.setdefault(subject, (statement.path, statement.line))
            if isinstance(value, BlankNode):
                self._owners.setdefault(value, subject)

    def subjects(self) -> Iterator[Node]:
        """Give each subject, in the order of the sources."""
        yield from self._places

    def objects(self, subject: Node, predicate: str) -> list[Term]:
        """Give the objects of a subject and predicate."""
        return self._objects[subject][predicate] if subject in self._objects else []

    def predicates(self, subject: Node) -> list[str]:
        """Give the predicates that a subject has."""
        return [predicate for predicate, values in self._objects.get(subject, {}).items() if values]

    def iris(self, subject: Node, predicate: str) -> list[str]:
        """Give the objects that are IRIs."""
        return [value.value for value in self.objects(subject, predicate) if isinstance(value, NamedNode)]

    def literals(self, subject: Node, predicate: str) -> list[Literal]:
        """Give the objects that are literals."""
        return [value for value in self.objects(subject, predicate) if isinstance(value, Literal)]

    def items(self, head: Term) -> list[Term]:
        """Give the members of an RDF list."""
        members: list[Term] = []
        seen: set[Term] = set()
        while isinstance(head, (NamedNode, BlankNode)) and iri_of(head) != _NIL and head not in seen:
            seen.add(head)
            members += self.objects(head, _FIRST)
            head = next(iter(self.objects(head, _REST)), NamedNode(_NIL))
        return members

    def place(self, subject: Node) -> tuple[str, int]:
        """Give path and line of the first triple of a subject; nothing and 0 if it is none."""
        return self._places.get(subject, ("", 0))

    def owner(self, node: Node) -> NamedNode | None:
        """Give the named node in whose description a blank node stands; a named node itself."""
        seen = set()
        while isinstance(node, BlankNode) and node in self._owners and node not in seen:
            seen.add(node)
            node = self._owners[node]
        return node if isinstance(node, NamedNode) else None

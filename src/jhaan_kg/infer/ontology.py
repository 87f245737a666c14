"""The triples of an ontology, with what a compiler of axioms asks of them: lists, kinds of terms, names for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.infer.constructs import ANNOTATION_PROPERTIES, is_axiom, is_datatype
from jhaan_kg.infer.rules import Node, Term, describe
from jhaan_kg.namespaces import OWL, RDF, RDF_TYPE, RDFS

_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_NIL: Final = NamedNode(RDF + "nil")


class Ontology:
    """An ontology as its triples say it, blank nodes included.

    Attributes:
        triples: all triples. Their order has no meaning, since blank nodes have new names in each parse.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = frozenset(triples)
        self._values: dict[Node, dict[NamedNode, list[Term]]] = defaultdict(dict)
        self._holders: dict[Term, set[Node]] = defaultdict(set)
        for subject, predicate, value in self.triples:
            self._values[subject].setdefault(predicate, []).append(value)
            if isinstance(value, BlankNode):
                self._holders[value].add(subject)

    def values(self, node: Node, predicate: NamedNode) -> list[Term]:
        """Give the objects of a subject and predicate."""
        return self._values.get(node, {}).get(predicate, [])

    def predicates(self, node: Node) -> set[str]:
        """Give the IRIs of the predicates that a subject has."""
        return {predicate.value for predicate in self._values.get(node, ())}

    def value(self, node: Node, predicate: NamedNode) -> Term:
        """Give the one object of a subject and predicate.

        Raises:
            JhaanError: there is none, or there are several.
        """
        values = self.values(node, predicate)
        if len(values) != 1:
            raise self.refusal(node, describe(predicate), f"it needs one value here, but has {len(values)}")
        return values[0]

    def items(self, head: Term) -> list[Term]:
        """Give the members of an RDF list.

        Raises:
            JhaanError: the list is broken: it ends without rdf:nil, forks, or bites its tail.
        """
        members: list[Term] = []
        seen: set[Term] = set()
        while head != _NIL:
            if not isinstance(head, (NamedNode, BlankNode)) or head in seen:
                raise JhaanError(
                    f"{self.text(head)}: an RDF list of the ontology doesn't end with rdf:nil. "
                    "Write lists as Turtle does: ( a b )."
                )
            seen.add(head)
            members.append(self.value(head, _FIRST))
            head = self.value(head, _REST)
        return members

    def is_a(self, term: Term, kind: str) -> bool:
        """Whether a term is declared to be of a kind, named by its local name in OWL, such as `ObjectProperty`."""
        return isinstance(term, NamedNode) and NamedNode(OWL + kind) in self.values(term, RDF_TYPE)

    def is_annotation_property(self, term: Term) -> bool:
        """Whether a property is an annotation property, which OWL gives no meaning.

        Raises:
            JhaanError: it is declared to be another kind of property too.
        """
        if not isinstance(term, NamedNode):
            return False
        if not self.is_a(term, "AnnotationProperty"):
            return term.value in ANNOTATION_PROPERTIES
        for other in ("ObjectProperty", "DatatypeProperty"):
            if self.is_a(term, other):
                why = f"it is declared owl:{other} too, so its meaning is open"
                raise self.refusal(term, "owl:AnnotationProperty", why)
        return True

    def is_datatype(self, term: Term) -> bool:
        """Whether a term is a datatype, of the standards or declared."""
        if not isinstance(term, NamedNode):
            return False
        return is_datatype(term.value) or NamedNode(RDFS + "Datatype") in self.values(term, RDF_TYPE)

    def text(self, term: Term) -> str:
        """Give a term as Turtle has it; a blank node with what it consists of.

        The text depends only on what is said, not on the names of blank nodes.
        """
        return self._text(term, frozenset())

    def _text(self, term: Term, within: frozenset[Term]) -> str:
        if not isinstance(term, BlankNode) or term not in self._values:
            return describe(term)
        if term in within:
            return "[ … ]"
        within |= {term}
        firsts, rests = self.values(term, _FIRST), self.values(term, _REST)
        if len(firsts) == len(rests) == 1:
            rest = "( )" if rests[0] == _NIL else self._text(rests[0], within)
            return f"( {self._text(firsts[0], within)} {rest[2:]}"
        parts = [
            f"{describe(predicate)} {self._text(value, within)}"
            for predicate, values in self._values[term].items()
            for value in values
            if predicate != RDF_TYPE and not is_axiom(Triple(term, predicate, value))
        ]
        return f"[ {' ; '.join(sorted(parts))} ]"

    def refusal(self, node: Node, construct: str, why: str) -> JhaanError:
        """Give the error for what the engine doesn't cover, to be raised by the caller.

        Args:
            node: where it stands; a blank node is named by the term in whose description it stands.
            construct: what isn't covered.
            why: the reason.
        """
        owners = ", ".join(sorted(map(describe, self._owners(node)))) or self.text(node)
        return JhaanError(
            f"{owners}: {construct} can't be used for inference: {why}. Without it entailments would be missing, "
            "so the build stops. Leave it out of the ontology, or state it as a shape in shapes/."
        )

    def _owners(self, node: Node) -> set[NamedNode]:
        """Give the named terms from whose descriptions a node can be reached, or which stand in its own."""
        seen: set[Node] = {node}
        waiting: list[Node] = [node]
        found: set[NamedNode] = set()
        while waiting:
            current = waiting.pop()
            if isinstance(current, NamedNode):
                found.add(current)
                continue
            waiting.extend(self._holders[current] - seen)
            seen |= self._holders[current]
        return found

"""What a rule is: patterns of triples, and the pattern of the triple that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from jhaan_kg.namespaces import compact

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple


class Pattern(NamedTuple):
    """A triple in which subject and object may be variables; the predicate never is.

    Membership of a class is a pattern with the predicate `rdf:type` and the class as object.
    """

    subject: Node | Variable
    predicate: NamedNode
    object: Term | Variable

    def __str__(self) -> str:
        return " ".join(describe(term) for term in self)


@dataclass(frozen=True)
class Rule:
    """A rule of the form "where the body holds, the head holds", or "the body never holds".

    Attributes:
        name: the rule of OWL 2 Profiles, section 4.3, that it is an instance of, such as `prp-dom`.
        axiom: the axiom that it comes from, for people.
        body: the patterns that must hold together. Each shares a variable with another.
        head: what follows; None if the body is a contradiction.
        different: two variables of the body that must have different values.

    >>> x, y = Variable("x"), Variable("y")
    >>> member = NamedNode("http://www.w3.org/ns/org#member")
    >>> print(Rule("prp-symp", "org:member a owl:SymmetricProperty", (Pattern(x, member, y),), Pattern(y, member, x)))
    prp-symp: ?x org:member ?y => ?y org:member ?x
    """

    name: str
    axiom: str
    body: tuple[Pattern, ...]
    head: Pattern | None
    different: tuple[Variable, Variable] | None = None

    def __str__(self) -> str:
        conditions = [str(pattern) for pattern in self.body]
        if self.different:
            conditions.append(" != ".join(map(str, self.different)))
        return f"{self.name}: {', '.join(conditions)} => {self.head or 'contradiction'}"


@dataclass(frozen=True)
class RuleSet:
    """What an ontology entails and what it forbids.

    Attributes:
        rules: those that give new triples, in the order of their axioms' texts.
        checks: those that find contradictions, likewise.
        axioms: the ontology's triples that the rules stand for, those with blank nodes apart.
        ignored: the axioms, for people, that entail nothing about individuals: ranges that are datatypes (shapes
            check literals), and what is said of annotation properties; sorted.
    """

    rules: tuple[Rule, ...]
    checks: tuple[Rule, ...]
    axioms: frozenset[Triple]
    ignored: tuple[str, ...]


def describe(term: Term | Variable) -> str:
    """Give a term as Turtle has it, with the prefixes of the project.

    >>> describe(NamedNode("https://w3id.org/jhaan/ontology#Event"))
    'jhaan:Event'
    """
    return compact(term.value) if isinstance(term, NamedNode) else str(term)

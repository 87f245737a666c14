"""Class and property expressions: which patterns make a thing their member, and what follows from membership.

Where each constructor may stand is settled by OWL 2 Profiles, section 4.2.3; the rules are those of its table 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, product
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Variable

from jhaan_kg.infer.constructs import CLASS_CONSTRUCTORS
from jhaan_kg.infer.ontology import Ontology
from jhaan_kg.infer.rules import Node, Pattern, Term, describe
from jhaan_kg.namespaces import OWL, RDF, RDF_TYPE, RDFS

Body = tuple[Pattern, ...]


class Consequence(NamedTuple):
    """What follows from membership of a class, as the parts of a rule.

    Attributes:
        name: the rule of OWL 2 RL, where it isn't that of the axiom in which the class stands.
        body: the patterns that must hold together.
        head: what follows; None if the body is a contradiction.
        different: two variables that must have different values.
    """

    name: str | None
    body: Body
    head: Pattern | None
    different: tuple[Variable, Variable] | None = None


class Role(NamedTuple):
    """A property, or the inverse of one."""

    property: NamedNode
    inverted: bool

    def pattern(self, subject: Variable | Node, value: Variable | Node) -> Pattern:
        """Give the pattern of a triple that relates two things by this role."""
        if self.inverted:
            return Pattern(value, self.property, subject)
        return Pattern(subject, self.property, value)


_THING: Final = NamedNode(OWL + "Thing")
_NOTHING: Final = NamedNode(OWL + "Nothing")
_RESOURCE: Final = NamedNode(RDFS + "Resource")
_STRUCTURE: Final = frozenset(
    NamedNode(iri)
    for iri in (
        *(RDF + name for name in ("type", "first", "rest")),
        *(RDFS + name for name in ("domain", "range", "subClassOf", "subPropertyOf")),
    )
)


def _owl(name: str) -> NamedNode:
    return NamedNode(OWL + name)


class Expressions:
    """Reads the class and property expressions of one ontology."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._open: set[Term] = set()
        self._numbers = count(1)

    def restart(self) -> None:
        """Number new variables from 1 again, as each axiom needs it to give the same rule in each run."""
        self._numbers = count(1)

    def variable(self) -> Variable:
        """Give a variable that no pattern of the axiom has yet."""
        return Variable(f"y{next(self._numbers)}")

    # --- properties -------------------------------------------------------------------------------------------------

    def role(self, node: Node, construct: str, expression: Term) -> Role:
        """Read a property, or an anonymous one that is the inverse of a property.

        Args:
            node: the node in whose description it stands, for the error.
            construct: the axiom or constructor in which it stands, for the error.
            expression: the property.

        Raises:
            JhaanError: it is no property with a meaning in OWL.
        """
        if isinstance(expression, BlankNode):
            if self._ontology.predicates(expression) - {RDF + "type"} == {OWL + "inverseOf"}:
                inner = self._ontology.value(expression, _owl("inverseOf"))
                if isinstance(inner, NamedNode):
                    role = self.role(node, construct, inner)
                    return Role(role.property, not role.inverted)
            raise self._ontology.refusal(
                node, construct, f"{self._ontology.text(expression)} is not the inverse of a named property"
            )
        if not isinstance(expression, NamedNode):
            raise self._ontology.refusal(
                node, construct, f"{describe(expression)} stands in place of a property"
            )
        if expression in _STRUCTURE or expression.value.startswith(OWL):
            why = f"{describe(expression)} belongs to the language, so an axiom must not change its meaning"
            raise self._ontology.refusal(node, construct, why)
        if self._ontology.is_annotation_property(expression):
            why = f"{describe(expression)} is an annotation property, which OWL gives no meaning"
            raise self._ontology.refusal(node, construct, why)
        return Role(expression, inverted=False)

    def _on_property(self, node: BlankNode, construct: str) -> Role:
        return self.role(node, construct, self._ontology.value(node, _owl("onProperty")))

    # --- classes ----------------------------------------------------------------------------------------------------

    def members(self, node: Node, expression: Term, x: Variable) -> list[Body]:
        """Give the alternatives that make a thing a member of a class: a disjunction of conjunctions.

        Args:
            node: the node in whose description the class stands, for errors.
            expression: the class.
            x: the variable for the thing.

        Raises:
            JhaanError: OWL 2 RL or this engine doesn't allow the class on the left of rdfs:subClassOf.
        """
        if not isinstance(expression, BlankNode):
            named = self._named(node, expression)
            if named == _NOTHING:
                return []
            return [()] if named == _THING else [(Pattern(x, RDF_TYPE, named),)]
        constructor = self._enter(node, expression)
        try:
            return self._anonymous_members(expression, constructor, x)
        finally:
            self._open.remove(expression)

    def _anonymous_members(self, node: BlankNode, constructor: str, x: Variable) -> list[Body]:
        value = self._ontology.value(node, _owl(constructor))
        construct = f"owl:{constructor}"
        if constructor == "intersectionOf":
            parts = [self.members(node, part, x) for part in self._ontology.items(value)]
            return [sum(combination, ()) for combination in product(*parts)]
        if constructor == "unionOf":
            return [body for part in self._ontology.items(value) for body in self.members(node, part, x)]
        if constructor == "someValuesFrom":
            y = self.variable()
            link = self._on_property(node, construct).pattern(x, y)
            return [(link, *body) for body in self.members(node, value, y)]
        if constructor == "hasValue":
            return [(self._has_value(node, value, x),)]
        raise self._ontology.refusal(
            node, construct, "OWL 2 RL doesn't allow it in a subclass or a disjoint class"
        )

    def consequences(self, node: Node, expression: Term, x: Variable, body: Body) -> Iterator[Consequence]:
        """Give what follows if a thing is a member of a class.

        Args:
            node: the node in whose description the class stands, for errors.
            expression: the class.
            x: the variable for the thing.
            body: the patterns that make the thing a member.

        Raises:
            JhaanError: OWL 2 RL or this engine doesn't allow the class on the right of rdfs:subClassOf.
        """
        if not isinstance(expression, BlankNode):
            named = self._named(node, expression)
            if named == _NOTHING:
                yield Consequence("cls-nothing2", body, None)
            elif named != _THING:
                yield Consequence(None, body, Pattern(x, RDF_TYPE, named))
            return
        constructor = self._enter(node, expression)
        try:
            yield from self._anonymous_consequences(expression, constructor, x, body)
        finally:
            self._open.remove(expression)

    def _anonymous_consequences(
        self, node: BlankNode, constructor: str, x: Variable, body: Body
    ) -> Iterator[Consequence]:
        value = self._ontology.value(node, _owl(constructor))
        construct = f"owl:{constructor}"
        if constructor == "intersectionOf":
            for part in self._ontology.items(value):
                yield from self.consequences(node, part, x, body)
        elif constructor == "allValuesFrom":
            y = self.variable()
            link = self._on_property(node, construct).pattern(x, y)
            yield from self.consequences(node, value, y, (*body, link))
        elif constructor == "hasValue":
            yield Consequence(None, body, self._has_value(node, value, x))
        elif constructor == "complementOf":
            for other in self.members(node, value, x):
                yield Consequence("cls-com", (*body, *other), None)
        elif constructor in ("maxCardinality", "maxQualifiedCardinality"):
            yield from self._at_most(node, constructor, value, x, body)
        else:
            raise self._ontology.refusal(node, construct, "OWL 2 RL doesn't allow it in a superclass")

    def _at_most(
        self, node: BlankNode, constructor: str, value: Term, x: Variable, body: Body
    ) -> Iterator[Consequence]:
        """Give the contradictions of a maximal cardinality: names are unique, so two names are two things."""
        construct = f"owl:{constructor}"
        role = self._on_property(node, construct)
        if not self._ontology.is_a(role.property, "ObjectProperty"):
            why = (
                f"{describe(role.property)} is not declared owl:ObjectProperty, so the values may be literals"
            )
            raise self._ontology.refusal(node, construct, why)
        number = value.value if isinstance(value, Literal) else ""
        if number not in ("0", "1"):
            raise self._ontology.refusal(
                node, construct, f"its value is {describe(value)}, but OWL 2 RL allows 0 and 1 only"
            )
        qualified = constructor == "maxQualifiedCardinality"
        of_class = self._ontology.value(node, _owl("onClass")) if qualified else _THING
        y, z = self.variable(), self.variable()
        for first in self.members(node, of_class, y):
            with_first = (*body, role.pattern(x, y), *first)
            if number == "0":
                yield Consequence("cls-maxqc1" if qualified else "cls-maxc1", with_first, None)
                continue
            for second in self.members(node, of_class, z):
                both = (*with_first, role.pattern(x, z), *second)
                yield Consequence("cls-maxqc3" if qualified else "cls-maxc2", both, None, (y, z))

    def _enter(self, node: Node, expression: BlankNode) -> str:
        """Give the local name of the constructor of an anonymous class, and note that it is being read."""
        if expression in self._open:
            raise self._ontology.refusal(node, "an anonymous class", "it contains itself")
        found = self._ontology.predicates(expression)
        constructors = found & CLASS_CONSTRUCTORS
        if len(constructors) != 1:
            what = ", ".join(sorted(describe(NamedNode(iri)) for iri in constructors or found))
            why = "an anonymous class needs one constructor that OWL 2 RL has and that is covered"
            raise self._ontology.refusal(expression, what or "a blank node", why)
        self._open.add(expression)
        return constructors.pop().removeprefix(OWL)

    def _named(self, node: Node, term: Term) -> NamedNode:
        """Give a named class; what everything belongs to is given as owl:Thing."""
        if not isinstance(term, NamedNode):
            raise self._ontology.refusal(node, describe(term), "it stands in place of a class")
        if self._ontology.is_datatype(term):
            raise self._ontology.refusal(node, describe(term), "a datatype stands in place of a class")
        if term == _RESOURCE:
            return _THING
        if term.value.startswith((OWL, RDFS)) and term not in (_THING, _NOTHING):
            raise self._ontology.refusal(node, describe(term), "it belongs to the language")
        return term

    def _has_value(self, node: BlankNode, value: Term, x: Variable) -> Pattern:
        role = self._on_property(node, "owl:hasValue")
        if isinstance(value, NamedNode):
            return role.pattern(x, value)
        if isinstance(value, Literal) and not role.inverted:
            return Pattern(x, role.property, value)
        raise self._ontology.refusal(node, "owl:hasValue", f"{describe(value)} can't be its value")

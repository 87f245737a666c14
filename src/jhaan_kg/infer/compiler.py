"""From the axioms of an ontology to rules and checks.

The rules are those of OWL 2 Profiles, section 4.3, tables 5 to 7, with the schema already put in: an axiom
`jhaan:Agency rdfs:subClassOf jhaan:Body` becomes the rule that each Agency is a Body. Entailments among schema terms
(table 9) need no rules of their own, since rules apply to what other rules give.

Equality is not reasoned about. Where OWL 2 RL would infer `owl:sameAs` (functional properties, cardinalities), two
different names are a contradiction instead, because a name is never minted twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, pairwise
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple, Variable

from jhaan_kg.infer.constructs import is_axiom
from jhaan_kg.infer.expressions import Consequence, Expressions
from jhaan_kg.infer.ontology import Ontology
from jhaan_kg.infer.rules import Node, Pattern, Rule, RuleSet, Term, describe
from jhaan_kg.namespaces import OWL, RDF_TYPE, RDFS

_X: Final = Variable("x")
_Y: Final = Variable("y")
_Z: Final = Variable("z")

_ALWAYS: Final = (
    Rule(
        "cls-nothing2",
        "owl:Nothing has no members",
        (Pattern(_X, RDF_TYPE, NamedNode(OWL + "Nothing")),),
        None,
    ),
    Rule(
        "eq-diff1",
        "nothing is owl:differentFrom itself",
        (Pattern(_X, NamedNode(OWL + "differentFrom"), _X),),
        None,
    ),
)
"""The checks that hold whatever the ontology says."""

_ON_ANNOTATIONS: Final = frozenset(RDFS + name for name in ("subPropertyOf", "domain", "range"))
"""The axioms that OWL 2 allows for annotation properties, without meaning."""


def compile_rules(ontology: Iterable[Triple]) -> RuleSet:
    """Give the rules and checks that an ontology stands for.

    Covered are: hierarchies and equivalence of classes and properties, domains and ranges, inverse, symmetric and
    transitive properties, property chains of any length, intersections, unions, existential, universal and value
    restrictions where OWL 2 RL allows them, and, as checks, disjoint classes and properties, complements, asymmetric,
    irreflexive, functional and inverse functional properties, and maximal cardinalities of 0 and 1. Wherever a property
    may stand, `[ owl:inverseOf p ]` may too.

    Args:
        ontology: all triples of the ontology files, blank nodes included.

    Returns:
        Rules and checks, in an order that depends only on what the ontology says.

    Raises:
        JhaanError: the ontology uses a construct that isn't covered; the message names the term and the construct.

    >>> def term(name): return NamedNode("https://w3id.org/jhaan/ontology#" + name)
    >>> rules = compile_rules([Triple(term("Agency"), NamedNode(RDFS + "subClassOf"), term("Body"))])
    >>> print(*rules.rules)
    cax-sco: ?x rdf:type jhaan:Agency => ?x rdf:type jhaan:Body
    """
    return _Compiler(Ontology(ontology)).compile()


class _Compiler:
    """Goes through the axioms of an ontology, one method for each kind of axiom."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._expressions = Expressions(ontology)
        self._by_predicate: dict[str, Callable[[Node, Term, str], Iterator[Rule]]] = {
            RDFS + "subClassOf": self._subclass,
            RDFS + "subPropertyOf": self._subproperty,
            RDFS + "domain": self._domain,
            RDFS + "range": self._range,
            OWL + "equivalentClass": self._equivalent_classes,
            OWL + "equivalentProperty": self._equivalent_properties,
            OWL + "inverseOf": self._inverse,
            OWL + "propertyChainAxiom": self._chain,
            OWL + "disjointWith": self._disjoint_classes,
            OWL + "propertyDisjointWith": self._disjoint_properties,
        }
        self._by_type: dict[str, Callable[[Node, str], Iterator[Rule]]] = {
            OWL + "SymmetricProperty": self._symmetric,
            OWL + "TransitiveProperty": self._transitive,
            OWL + "AsymmetricProperty": self._asymmetric,
            OWL + "IrreflexiveProperty": self._irreflexive,
            OWL + "FunctionalProperty": self._functional,
            OWL + "InverseFunctionalProperty": self._inverse_functional,
            OWL + "AllDisjointClasses": self._all_disjoint_classes,
            OWL + "AllDisjointProperties": self._all_disjoint_properties,
        }

    def compile(self) -> RuleSet:
        rules, ignored = list(_ALWAYS), []
        # Blank nodes have other names in each parse, so only the texts give a lasting order, of rules and of errors.
        axioms = sorted(filter(is_axiom, self._ontology.triples), key=self._text)
        for triple in axioms:
            if self._says_nothing(triple):
                ignored.append(self._text(triple))
            else:
                rules += [rule for rule in self._rules(triple) if rule.head not in rule.body]
        # Of rules that say the same, such as those of two axioms that state one inverse, one is enough.
        distinct: dict[object, Rule] = {}
        for rule in rules:
            distinct.setdefault((rule.body, rule.head, rule.different), rule)
        return RuleSet(
            rules=tuple(rule for rule in distinct.values() if rule.head),
            checks=tuple(rule for rule in distinct.values() if not rule.head),
            axioms=frozenset(
                triple
                for triple in axioms
                if not isinstance(triple.subject, BlankNode) and not isinstance(triple.object, BlankNode)
            ),
            ignored=tuple(ignored),
        )

    def _text(self, triple: Triple) -> str:
        return " ".join(self._ontology.text(term) for term in triple)

    def _says_nothing(self, triple: Triple) -> bool:
        """Whether an axiom entails nothing about individuals."""
        subject, predicate, value = triple
        if predicate.value in _ON_ANNOTATIONS and self._ontology.is_annotation_property(subject):
            return True
        return predicate.value == RDFS + "range" and self._ontology.is_datatype(value)

    def _rules(self, triple: Triple) -> Iterator[Rule]:
        subject, predicate, value = triple
        self._expressions.restart()
        if predicate == RDF_TYPE:
            kind = value.value if isinstance(value, NamedNode) else ""
            if kind not in self._by_type:
                raise self._ontology.refusal(subject, describe(value), "it isn't covered")
            yield from self._by_type[kind](subject, self._text(triple))
        elif predicate.value in self._by_predicate:
            yield from self._by_predicate[predicate.value](subject, value, self._text(triple))
        else:
            raise self._ontology.refusal(subject, describe(predicate), "it isn't covered")

    # --- classes ----------------------------------------------------------------------------------------------------

    def _subclass(self, subclass: Node, superclass: Term, axiom: str) -> Iterator[Rule]:
        yield from self._inclusion("cax-sco", axiom, subclass, subclass, superclass)

    def _equivalent_classes(self, one: Node, other: Term, axiom: str) -> Iterator[Rule]:
        yield from self._inclusion("cax-eqc1", axiom, one, one, other)
        yield from self._inclusion("cax-eqc2", axiom, one, other, one)

    def _inclusion(
        self, name: str, axiom: str, node: Node, subclass: Term, superclass: Term
    ) -> Iterator[Rule]:
        if subclass == NamedNode(OWL + "Thing"):
            raise self._ontology.refusal(
                node, "owl:Thing", "OWL 2 RL doesn't allow it as a subclass or an equivalent class"
            )
        for body in self._expressions.members(node, subclass, _X):
            for consequence in self._expressions.consequences(node, superclass, _X, body):
                yield _rule(name, axiom, consequence)

    def _disjoint_classes(self, one: Node, other: Term, axiom: str) -> Iterator[Rule]:
        yield from self._disjoint("cax-dw", axiom, one, one, other)

    def _all_disjoint_classes(self, node: Node, _: str) -> Iterator[Rule]:
        for one, other in combinations(self._members_of(node), 2):
            axiom = f"{self._ontology.text(one)} owl:disjointWith {self._ontology.text(other)}"
            yield from self._disjoint("cax-adc", axiom, node, one, other)

    def _disjoint(self, name: str, axiom: str, node: Node, one: Term, other: Term) -> Iterator[Rule]:
        for left in self._expressions.members(node, one, _X):
            for right in self._expressions.members(node, other, _X):
                yield Rule(name, axiom, (*left, *right), None)

    def _members_of(self, node: Node) -> list[Term]:
        return self._ontology.items(self._ontology.value(node, NamedNode(OWL + "members")))

    # --- properties -------------------------------------------------------------------------------------------------

    def _domain(self, subject: Node, value: Term, axiom: str) -> Iterator[Rule]:
        link = self._expressions.role(subject, "rdfs:domain", subject).pattern(_X, _Y)
        for consequence in self._expressions.consequences(subject, value, _X, (link,)):
            yield _rule("prp-dom", axiom, consequence)

    def _range(self, subject: Node, value: Term, axiom: str) -> Iterator[Rule]:
        link = self._expressions.role(subject, "rdfs:range", subject).pattern(_X, _Y)
        for consequence in self._expressions.consequences(subject, value, _Y, (link,)):
            yield _rule("prp-rng", axiom, consequence)

    def _subproperty(self, subject: Node, value: Term, axiom: str) -> Iterator[Rule]:
        yield self._implication("prp-spo1", "rdfs:subPropertyOf", axiom, subject, subject, value)

    def _equivalent_properties(self, one: Node, other: Term, axiom: str) -> Iterator[Rule]:
        yield self._implication("prp-eqp1", "owl:equivalentProperty", axiom, one, one, other)
        yield self._implication("prp-eqp2", "owl:equivalentProperty", axiom, one, other, one)

    def _implication(
        self, name: str, construct: str, axiom: str, node: Node, narrower: Term, wider: Term
    ) -> Rule:
        body = self._expressions.role(node, construct, narrower).pattern(_X, _Y)
        return Rule(name, axiom, (body,), self._expressions.role(node, construct, wider).pattern(_X, _Y))

    def _inverse(self, subject: Node, value: Term, axiom: str) -> Iterator[Rule]:
        one = self._expressions.role(subject, "owl:inverseOf", subject)
        other = self._expressions.role(subject, "owl:inverseOf", value)
        yield Rule("prp-inv1", axiom, (one.pattern(_X, _Y),), other.pattern(_Y, _X))
        yield Rule("prp-inv2", axiom, (other.pattern(_X, _Y),), one.pattern(_Y, _X))

    def _chain(self, subject: Node, value: Term, axiom: str) -> Iterator[Rule]:
        construct = "owl:propertyChainAxiom"
        members = [self._expressions.role(subject, construct, item) for item in self._ontology.items(value)]
        if len(members) < 2:
            raise self._ontology.refusal(subject, construct, "a chain needs two properties or more")
        joints = [_X, *(self._expressions.variable() for _ in members[1:]), _Z]
        body = tuple(
            role.pattern(start, end) for role, (start, end) in zip(members, pairwise(joints), strict=True)
        )
        whole = self._expressions.role(subject, construct, subject)
        yield Rule("prp-spo2", axiom, body, whole.pattern(_X, _Z))

    def _symmetric(self, subject: Node, axiom: str) -> Iterator[Rule]:
        role = self._expressions.role(subject, "owl:SymmetricProperty", subject)
        yield Rule("prp-symp", axiom, (role.pattern(_X, _Y),), role.pattern(_Y, _X))

    def _transitive(self, subject: Node, axiom: str) -> Iterator[Rule]:
        role = self._expressions.role(subject, "owl:TransitiveProperty", subject)
        yield Rule("prp-trp", axiom, (role.pattern(_X, _Y), role.pattern(_Y, _Z)), role.pattern(_X, _Z))

    def _asymmetric(self, subject: Node, axiom: str) -> Iterator[Rule]:
        role = self._expressions.role(subject, "owl:AsymmetricProperty", subject)
        yield Rule("prp-asyp", axiom, (role.pattern(_X, _Y), role.pattern(_Y, _X)), None)

    def _irreflexive(self, subject: Node, axiom: str) -> Iterator[Rule]:
        role = self._expressions.role(subject, "owl:IrreflexiveProperty", subject)
        yield Rule("prp-irp", axiom, (role.pattern(_X, _X),), None)

    def _functional(self, subject: Node, axiom: str) -> Iterator[Rule]:
        role = self._expressions.role(subject, "owl:FunctionalProperty", subject)
        if not self._ontology.is_a(role.property, "ObjectProperty"):
            why = "it is not declared owl:ObjectProperty, and two literals would be inferred to be the same"
            raise self._ontology.refusal(subject, "owl:FunctionalProperty", why)
        body = (role.pattern(_X, _Y), role.pattern(_X, _Z))
        yield Rule("prp-fp", axiom, body, None, (_Y, _Z))

    def _inverse_functional(self, subject: Node, axiom: str) -> Iterator[Rule]:
        role = self._expressions.role(subject, "owl:InverseFunctionalProperty", subject)
        yield Rule("prp-ifp", axiom, (role.pattern(_Y, _X), role.pattern(_Z, _X)), None, (_Y, _Z))

    def _disjoint_properties(self, one: Node, other: Term, axiom: str) -> Iterator[Rule]:
        yield self._exclusion("prp-pdw", "owl:propertyDisjointWith", axiom, one, one, other)

    def _all_disjoint_properties(self, node: Node, _: str) -> Iterator[Rule]:
        for one, other in combinations(self._members_of(node), 2):
            axiom = f"{self._ontology.text(one)} owl:propertyDisjointWith {self._ontology.text(other)}"
            yield self._exclusion("prp-adp", "owl:AllDisjointProperties", axiom, node, one, other)

    def _exclusion(self, name: str, construct: str, axiom: str, node: Node, one: Term, other: Term) -> Rule:
        left = self._expressions.role(node, construct, one)
        right = self._expressions.role(node, construct, other)
        return Rule(name, axiom, (left.pattern(_X, _Y), right.pattern(_X, _Y)), None)


def _rule(name: str, axiom: str, consequence: Consequence) -> Rule:
    return Rule(consequence.name or name, axiom, consequence.body, consequence.head, consequence.different)

"""Contradictions: what the checks of an ontology find in a closure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Triple

from jhaan_kg.infer.engine import Closure
from jhaan_kg.infer.matching import Fact, Index, Plan, Program
from jhaan_kg.infer.rules import Rule, RuleSet, describe


@dataclass(frozen=True)
class Clash:
    """Some triples that can't all be true.

    Attributes:
        rule: the check that they fail.
        triples: the triples, stated or inferred, sorted.
        leaves: the stated triples from which they follow, sorted.
    """

    rule: Rule
    triples: tuple[Triple, ...]
    leaves: tuple[Triple, ...]

    def __str__(self) -> str:
        """Say what clashes, with which axiom, and which stated triples it comes from."""
        text = f"{_listed(self.triples)}: this contradicts the axiom {self.rule.axiom}"
        if self.rule.different:
            text += " (two names are taken to name two things)"
        if self.leaves == self.triples:
            return text + "."
        return f"{text}. It follows from: {_listed(self.leaves)}."


def contradictions(rules: RuleSet, closure: Closure) -> list[Clash]:
    """Find where a closure contradicts the axioms.

    Args:
        rules: the rule set with which the closure was made.
        closure: the data and what they entail.

    Returns:
        The clashes, in the order of the checks and of the triples; none if the data are consistent.

    >>> from pyoxigraph import NamedNode
    >>> from jhaan_kg.infer import close, compile_rules
    >>> from jhaan_kg.namespaces import OWL, RDF_TYPE, jhaan
    >>> rules = compile_rules([Triple(jhaan("Agency"), NamedNode(OWL + "disjointWith"), jhaan("Trio"))])
    >>> europol = NamedNode("https://w3id.org/jhaan/id/agency/europol")
    >>> data = [Triple(europol, RDF_TYPE, jhaan(name)) for name in ("Agency", "Trio")]
    >>> [clash.rule.axiom for clash in contradictions(rules, close(rules, [data]))]
    ['jhaan:Agency owl:disjointWith jhaan:Trio']
    """
    program = Program(rules.checks, closure.terms)
    clashes = []
    for rule, plans in zip(rules.checks, program.plans, strict=True):
        # Two values can be found in either order: they are one clash.
        for facts in sorted({tuple(sorted(set(found))) for found in _violations(plans, closure)}):
            leaves = closure.leaf_facts(facts)
            triple = closure.terms.triple
            clashes.append(Clash(rule, tuple(map(triple, facts)), tuple(map(triple, leaves))))
    return clashes


def _violations(plans: tuple[Plan, ...], closure: Closure) -> Iterator[tuple[Fact, ...]]:
    """Give the facts of each match of a check's body, starting from the pattern that the fewest facts match."""
    if not plans:
        return
    starts = [list(_matching(plan, closure.index)) for plan in plans]
    start, plan = min(zip(starts, plans, strict=True), key=lambda pair: len(pair[0]))
    for fact in start:
        for values in plan.solutions(fact, closure.index):
            yield plan.premises(values)


def _matching(plan: Plan, index: Index) -> Iterator[Fact]:
    """Give the facts that may match the pattern from which a plan starts."""
    _, predicate, slot = plan.start
    subjects = index.subjects[predicate]
    value = plan.values[slot]
    for number in [value] if value else list(subjects):
        yield from ((subject, predicate, number) for subject in subjects.get(number, ()))


def _listed(triples: tuple[Triple, ...]) -> str:
    return " and ".join(" ".join(map(describe, triple)) for triple in triples)

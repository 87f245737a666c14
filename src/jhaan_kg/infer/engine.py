"""The closure of the data under the rules, layer by layer, with the first derivation of each entailed triple."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import Triple, Variable

from jhaan_kg.errors import JhaanError
from jhaan_kg.infer.constructs import is_axiom
from jhaan_kg.infer.matching import Fact, Index, Program, Terms, saturate
from jhaan_kg.infer.rules import Rule, RuleSet, Term, describe


@dataclass(frozen=True)
class Derivation:
    """How a triple was derived.

    Attributes:
        rule: the rule that gave it.
        premises: the triples that the rule's body matched, in the order of its patterns; stated or inferred.
    """

    rule: Rule
    premises: tuple[Triple, ...]


class Closure:
    """Some layers of triples, and what they entail.

    A triple belongs to one stage: the first layer that, with those before it, states or entails it. If one layer does
    both, it is stated. What an earlier layer entails stays inferred when a later layer states it: what follows from
    the earlier layers must not depend on the later ones.
    """

    def __init__(
        self,
        program: Program,
        terms: Terms,
        index: Index,
        rules: Sequence[Rule],
        stated: Sequence[tuple[Fact, ...]],
        inferred: Sequence[tuple[Fact, ...]],
        derivations: dict[Fact, tuple[int, tuple[Fact, ...]]],
    ) -> None:
        """Keep what `close` found, as it is in the numbers of `terms`; see there."""
        self.program = program
        self.terms = terms
        self.index = index
        self.stated_facts = stated
        self.inferred_facts = inferred
        self._rules = rules
        self._derivations = derivations

    @property
    def stages(self) -> int:
        """The number of layers."""
        return len(self.stated_facts)

    def inferred(self, stage: int) -> tuple[Triple, ...]:
        """Give the triples that are inferred at a stage, sorted by the text of subject, predicate and object.

        Args:
            stage: the number of the layer, counted from 0.
        """
        return tuple(map(self.terms.triple, self.inferred_facts[stage]))

    def __contains__(self, triple: object) -> bool:
        """Whether a triple is stated or inferred."""
        return isinstance(triple, Triple) and self._find(triple) is not None

    def derivation(self, triple: Triple) -> Derivation | None:
        """Give the first derivation of an inferred triple.

        Returns:
            The derivation; None for a stated triple.

        Raises:
            KeyError: the triple is neither stated nor inferred.
        """
        found = self._derivations.get(self._known(triple))
        if found is None:
            return None
        rule, premises = found
        return Derivation(self._rules[rule], tuple(map(self.terms.triple, premises)))

    def leaves(self, triple: Triple) -> tuple[Triple, ...]:
        """Give the stated triples from which a triple's first derivation starts.

        They entail the triple, but some of them may not be needed: see `premises`. They are also what a value that is
        generated from this triple, such as a label, rests on.

        Returns:
            The stated triples, sorted; a stated triple is its own leaf.

        Raises:
            KeyError: the triple is neither stated nor inferred.
        """
        return tuple(map(self.terms.triple, self.leaf_facts((self._known(triple),))))

    def leaf_facts(self, facts: Collection[Fact]) -> list[Fact]:
        """Give the stated facts from which the first derivations of some facts start, sorted."""
        seen, waiting = set(facts), list(facts)
        leaves = []
        while waiting:
            fact = waiting.pop()
            derivation = self._derivations.get(fact)
            if derivation is None:
                leaves.append(fact)
                continue
            new = set(derivation[1]) - seen
            seen |= new
            waiting.extend(new)
        return sorted(leaves)

    def _find(self, triple: Triple) -> Fact | None:
        try:
            fact = self.terms.fact(triple)
        except KeyError:
            return None
        return fact if fact in self.index.facts else None

    def _known(self, triple: Triple) -> Fact:
        fact = self._find(triple)
        if fact is None:
            raise KeyError(f"{triple} is neither stated nor inferred")
        return fact


def close(rules: RuleSet, layers: Sequence[Collection[Triple]]) -> Closure:
    """Find everything that layers of triples entail.

    Only triples about individuals come out: no `owl:sameAs`, no `owl:Thing`, nothing with a literal as subject, nothing
    about the schema. The time is proportional to the number of matches of rule bodies, some microseconds each; that is
    linear in the size of the data unless a transitive property or a chain joins many with many.

    Args:
        rules: what `compile_rules` gives.
        layers: the triples that are stated, in the order in which they may build on each other: such as background and
            report, then curation, then context. The triples of the ontology may be among them.

    Returns:
        The closure. It depends only on the sets of triples, not on their order.

    Raises:
        JhaanError: a layer states an axiom that the rules don't have, `owl:sameAs` included.

    >>> from pyoxigraph import NamedNode
    >>> from jhaan_kg.infer import compile_rules
    >>> from jhaan_kg.namespaces import OWL, RDF_TYPE
    >>> within, *places = (NamedNode("http://example.org/" + name) for name in ("within", "brussels", "belgium", "eu"))
    >>> rules = compile_rules([Triple(within, RDF_TYPE, NamedNode(OWL + "TransitiveProperty"))])
    >>> closure = close(rules, [[Triple(places[0], within, places[1])], [Triple(places[1], within, places[2])]])
    >>> len(closure.inferred(0)), len(closure.inferred(1))
    (0, 1)
    >>> print(*closure.inferred(1))
    <http://example.org/brussels> <http://example.org/within> <http://example.org/eu>
    """
    for layer in layers:
        _refuse_axioms(rules, layer)
    terms = Terms(
        chain(_terms(rules.rules), (term for layer in layers for triple in layer for term in triple))
    )
    program = Program(rules.rules, terms)
    index = Index()
    derivations: dict[Fact, tuple[int, tuple[Fact, ...]]] = {}
    stated: list[tuple[Fact, ...]] = []
    inferred: list[tuple[Fact, ...]] = []
    for layer in layers:
        facts = sorted({terms.fact(triple) for triple in layer}.difference(*stated))
        new = {head: (rule, premises) for head, rule, premises in saturate(program, index, facts)}
        derivations |= new
        stated.append(tuple(facts))
        inferred.append(tuple(sorted(new)))
    return Closure(program, terms, index, rules.rules, stated, inferred, derivations)


def _terms(rules: Iterable[Rule]) -> Iterator[Term]:
    """Give the terms that rules name."""
    for rule in rules:
        for pattern in (*rule.body, rule.head):
            yield from (term for term in pattern or () if not isinstance(term, Variable))


def _refuse_axioms(rules: RuleSet, layer: Iterable[Triple]) -> None:
    """Refuse axioms of which the rules know nothing: what they entail would be missing."""
    for triple in layer:
        if is_axiom(triple) and triple not in rules.axioms:
            subject, predicate, value = map(describe, triple)
            raise JhaanError(
                f"{subject}: the data state {predicate} {value}, which is an axiom, and no axiom of the ontology. "
                "Move axioms to ontology/jhaan.ttl; relate things that are the same elsewhere by skos:exactMatch."
            )

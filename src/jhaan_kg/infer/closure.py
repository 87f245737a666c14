"""The closure of layers of data under rules, with contradictions and premises.

Terms are numbered in the order of their text, so that comparing numbers compares texts and nothing depends on the
hash seed. Literals, which cannot be subjects, have negative numbers. A variable named `fact` is a triple of
such numbers.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.graph import Term
from jhaan_kg.infer.rules import InferenceRule, RuleSet, describe, is_axiom
from jhaan_kg.namespaces import RDF_TYPE

EncodedTriple = tuple[int, int, int]
"""Subject, predicate and object by their numbers."""


class TermDictionary:
    """The numbers of terms, in both directions."""

    def __init__(self, terms: Iterable[Term]) -> None:
        in_order = sorted(dict.fromkeys(terms), key=str)
        nodes = [term for term in in_order if isinstance(term, NamedNode | BlankNode)]
        values = [term for term in in_order if not isinstance(term, NamedNode | BlankNode)]
        self._terms: Final = dict(enumerate(nodes, 1)) | dict(enumerate(values, -len(values)))
        self.numbers: Final = {term: number for number, term in self._terms.items()}

    def encode(self, triple: Triple) -> EncodedTriple:
        """Return the numbers of a triple; all its terms must be in the dictionary."""
        subject, predicate, value = triple
        return self.numbers[subject], self.numbers[predicate], self.numbers[value]

    def decode(self, fact: EncodedTriple) -> Triple:
        """Return the triple with some numbers."""
        subject, predicate, value = (self._terms[number] for number in fact)
        return Triple(subject, predicate, value)  # type: ignore[arg-type]


class _Program:
    """The rules, by the number of the class or property in the body."""

    def __init__(self, rules: Iterable[InferenceRule], terms: TermDictionary) -> None:
        self.type: Final = terms.numbers[RDF_TYPE]
        tables: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        self.second: Final[dict[int, list[tuple[int, int]]]] = defaultdict(list)
        self.first: Final[dict[int, list[tuple[int, int]]]] = defaultdict(list)
        for rule in rules:
            head, *body = (terms.numbers[term] for term in (rule.head, *rule.body) if term)
            if len(body) == 2:
                self.second[body[0]].append((body[1], head))
                self.first[body[1]].append((body[0], head))
            else:
                tables[rule.name][body[0]].append(head)
        self.classes: Final = tables["cax-sco"]
        self.domains: Final = tables["prp-dom"]
        self.ranges: Final = tables["prp-rng"]
        self.properties: Final = tables["prp-spo1"]
        self.inverses: Final = tables["prp-inv"]


class _TripleSet:
    """Triples in the order of their addition, and their consequences."""

    def __init__(self, program: _Program) -> None:
        self.known: Final[dict[EncodedTriple, None]] = {}
        self._program = program
        # For triples that may be links of a chain: objects by property and subject, subjects by property and object.
        self._objects: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._subjects: dict[tuple[int, int], list[int]] = defaultdict(list)

    def add(self, fact: EncodedTriple) -> None:
        """Add a new triple."""
        subject, predicate, value = fact
        self.known[fact] = None
        if predicate in self._program.first:
            self._objects[predicate, subject].append(value)
        if predicate in self._program.second:
            self._subjects[predicate, value].append(subject)

    def shrink(self, size: int) -> None:
        """Remove the latest triples until only `size` triples are left."""
        while len(self.known) > size:
            (subject, predicate, value), _ = self.known.popitem()
            # The values of the latest triple are the last ones in both lists.
            if predicate in self._program.first:
                self._objects[predicate, subject].pop()
            if predicate in self._program.second:
                self._subjects[predicate, value].pop()

    def consequences(self, fact: EncodedTriple) -> Iterator[tuple[EncodedTriple, tuple[EncodedTriple, ...]]]:
        """Yield each consequence of a known triple, with its premises.

        The other premises are known triples, too.
        """
        program = self._program
        subject, predicate, value = fact
        alone = (fact,)
        if predicate == program.type:
            for above in program.classes.get(value, ()):
                yield (subject, predicate, above), alone
            return
        for kind in program.domains.get(predicate, ()):
            yield (subject, program.type, kind), alone
        for above in program.properties.get(predicate, ()):
            yield (subject, above, value), alone
        if value > 0:
            for kind in program.ranges.get(predicate, ()):
                yield (value, program.type, kind), alone
            for inverse in program.inverses.get(predicate, ()):
                yield (value, inverse, subject), alone
        for link, head in program.second.get(predicate, ()):
            for end in self._objects.get((link, value), ()):
                yield (subject, head, end), (fact, (value, link, end))
        for link, head in program.first.get(predicate, ()):
            for start in self._subjects.get((link, subject), ()):
                yield (start, head, value), ((start, link, subject), fact)

    def saturate(self, facts: Iterable[EncodedTriple]) -> Iterator[EncodedTriple]:
        """Add triples and all consequences, and yield the consequences.

        Each triple is processed once, as the newest in the bodies of rules (semi-naive evaluation).
        """
        pending = [fact for fact in dict.fromkeys(facts) if fact not in self.known]
        for fact in pending:
            self.add(fact)
        for fact in pending:
            for head, _ in self.consequences(fact):
                if head not in self.known:
                    self.add(head)
                    pending.append(head)
                    yield head


class Closure:
    """Layers of triples, and their entailments.

    A triple belongs to one stage: the first layer that, with those before it, states or entails it. If one layer does
    both, it counts as stated. A triple that an earlier layer entails remains inferred even if a later layer states
    it: the results of earlier layers must not depend on later ones.
    """

    def __init__(self, rules: RuleSet, terms: TermDictionary, layers: Iterable[Collection[Triple]]) -> None:
        """Compute the closure; see `close`."""
        self.terms: Final = terms
        self.program: Final = _Program(rules.rules, terms)
        self.stated_facts: Final[list[tuple[EncodedTriple, ...]]] = []
        self.inferred_facts: Final[list[tuple[EncodedTriple, ...]]] = []
        facts = _TripleSet(self.program)
        self.facts: Final = facts.known
        seen: set[EncodedTriple] = set()
        for layer in layers:
            stated = tuple(
                sorted(dict.fromkeys(fact for fact in map(terms.encode, layer) if fact not in seen))
            )
            seen.update(stated)
            self.stated_facts.append(stated)
            self.inferred_facts.append(tuple(sorted(facts.saturate(stated))))

    @property
    def stages(self) -> int:
        """The number of layers."""
        return len(self.stated_facts)

    def inferred(self, stage: int) -> tuple[Triple, ...]:
        """Return the triples inferred at a stage, from 0, sorted by the text of their terms."""
        return tuple(map(self.terms.decode, self.inferred_facts[stage]))

    def __contains__(self, triple: object) -> bool:
        """Return whether a triple is stated or inferred."""
        if not isinstance(triple, Triple) or not all(term in self.terms.numbers for term in triple):
            return False
        return self.terms.encode(triple) in self.facts


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause the garbage collector.

    It would repeatedly scan all triples, which are many and have no cycles.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_without_collector()
def close(rules: RuleSet, layers: Sequence[Collection[Triple]]) -> Closure:
    """Return the closure of layers of triples: everything that they entail.

    The result has only triples about individuals: no `owl:sameAs`, no `owl:Thing`, no literals as subjects, no
    schema. The time is linear in the size of the data unless a transitive property or a chain joins many with many.

    Args:
        rules: the result of `compile_rules`.
        layers: the stated triples, in the order of their dependence, such as background and report, then curation,
            then context. They may include the triples of the ontology.

    Returns:
        The closure. It depends only on the sets of triples, not on their order.

    Raises:
        JhaanError: a layer states an axiom that the rules do not cover, including `owl:sameAs`.

    >>> from jhaan_kg.infer import compile_rules
    >>> from jhaan_kg.namespaces import OWL
    >>> within, *places = (NamedNode("http://example.org/" + name) for name in ("within", "brussels", "belgium", "eu"))
    >>> rules = compile_rules([Triple(within, RDF_TYPE, NamedNode(OWL + "TransitiveProperty"))])
    >>> closure = close(rules, [[Triple(places[0], within, places[1])], [Triple(places[1], within, places[2])]])
    >>> len(closure.inferred(0)), len(closure.inferred(1))
    (0, 1)
    >>> print(*closure.inferred(1))
    <http://example.org/brussels> <http://example.org/within> <http://example.org/eu>
    """
    # A dictionary keeps the order of the data, so terms of adjacent triples are near each other in memory. This keeps
    # the time linear for large data.
    terms: dict[Term, None] = {RDF_TYPE: None}
    for rule in rules.rules:
        terms |= dict.fromkeys((*rule.body, *((rule.head,) if rule.head else ())))
    for layer in layers:
        for triple in layer:
            # An axiom that the rules do not cover is an error: its entailments would be missing.
            if is_axiom(triple) and triple not in rules.axioms:
                subject, predicate, value = map(describe, triple)
                raise JhaanError(
                    f"{subject}: the axiom {predicate} {value} must be in ontology/jhaan.ttl, not in the data. "
                    "For equal entities elsewhere, use skos:exactMatch."
                )
            for term in triple:
                terms[term] = None
    return Closure(rules, TermDictionary(terms), layers)


@dataclass(frozen=True)
class Clash:
    """A contradiction: triples that cannot all be true.

    Attributes:
        rule: the failed check.
        triples: the triples, stated or inferred, sorted.
        leaves: a minimal set of stated triples from which they follow, sorted.
    """

    rule: InferenceRule
    triples: tuple[Triple, ...]
    leaves: tuple[Triple, ...]

    def __str__(self) -> str:
        """Return the contradicting triples, the axiom and the stated triples as text."""
        text = f"{_join_triples(self.triples)}: this contradicts the axiom {self.rule.axiom}"
        if self.rule.name == "prp-fp":
            text += " (different IRIs are taken to name different entities)"
        if self.leaves == self.triples:
            return text + "."
        return f"{text}. It follows from: {_join_triples(self.leaves)}."


def find_contradictions(rules: RuleSet, closure: Closure) -> list[Clash]:
    """Find the contradictions of a closure with the axioms.

    Args:
        rules: the rule set of the closure.
        closure: the data and their entailments.

    Returns:
        The clashes, in the order of the checks and of the triples; none if the data are consistent.

    >>> from jhaan_kg.infer import compile_rules
    >>> from jhaan_kg.namespaces import OWL, jhaan
    >>> rules = compile_rules([Triple(jhaan("Agency"), NamedNode(OWL + "disjointWith"), jhaan("Trio"))])
    >>> europol = NamedNode("https://w3id.org/jhaan/id/agency/europol")
    >>> data = [Triple(europol, RDF_TYPE, jhaan(name)) for name in ("Agency", "Trio")]
    >>> [clash.rule.axiom for clash in find_contradictions(rules, close(rules, [data]))]
    ['jhaan:Agency owl:disjointWith jhaan:Trio']
    """
    members: dict[int, set[int]] = defaultdict(set)
    links: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for subject, predicate, value in closure.facts:
        if predicate == closure.program.type:
            members[value].add(subject)
        else:
            links[predicate].add((subject, value))

    def find_violations(rule: InferenceRule) -> Iterator[tuple[EncodedTriple, ...]]:
        one, other = ([closure.terms.numbers.get(term, 0) for term in rule.body] * 2)[:2]
        if rule.name == "cax-dw":
            for node in members[one] & members[other]:
                yield (node, closure.program.type, one), (node, closure.program.type, other)
        elif rule.name == "prp-pdw":
            for subject, value in links[one] & links[other]:
                yield (subject, one, value), (subject, other, value)
        elif rule.name == "prp-asyp":
            for subject, value in links[one]:
                if (value, subject) in links[one]:
                    yield (subject, one, value), (value, one, subject)
        else:
            values: dict[int, list[int]] = defaultdict(list)
            for subject, value in links[one]:
                values[subject].append(value)
            for subject, found in values.items():
                yield from (((subject, one, a), (subject, one, b)) for a, b in combinations(found, 2))

    found = [
        (rule, facts)
        for rule in rules.checks
        for facts in sorted({tuple(sorted(set(facts))) for facts in find_violations(rule)})
    ]
    rests_on = find_premises(closure, lambda _: True) if found else {}
    clashes = []
    for rule, facts in found:
        triples = tuple(map(closure.terms.decode, facts))
        leaves = {leaf for triple in triples for leaf in rests_on.get(triple, (triple,))}
        clashes.append(Clash(rule, triples, tuple(sorted(leaves, key=closure.terms.encode))))
    return clashes


def _join_triples(triples: tuple[Triple, ...]) -> str:
    return " and ".join(" ".join(map(describe, triple)) for triple in triples)


@_without_collector()
def find_premises(
    closure: Closure, is_asserted: Callable[[Triple], bool]
) -> dict[Triple, tuple[Triple, ...]]:
    """Return the premises of inferred triples: minimal sets of asserted triples.

    The premises of a triple entail it, together with the background: the stated triples that are not asserted. The
    premises of a stage are in its layer or earlier ones. No proper subset of the premises entails the triple. A
    smaller set may exist, since finding one is NP-hard. There are two steps per stage:

    1. The closure is computed again, by the cost of triples: the number of asserted triples that start the
       derivation, then the length of the derivation, then the order of these triples (Knuth's generalisation of
       Dijkstra's algorithm, https://doi.org/10.1016/0020-0190(77)90002-3).
    2. A set of several triples may still contain an unnecessary one, so each in turn is left out if the rest and
       the background still entail the triple.

    Args:
        closure: the data and their entailments.
        is_asserted: function that checks whether a stated triple is asserted.

    Returns:
        The premises of each inferred triple, sorted. They are empty if the background alone entails the triple. The
        triples are in the order of the stages, and sorted within each.

    >>> from jhaan_kg.infer import compile_rules
    >>> from jhaan_kg.namespaces import RDFS
    >>> within, place, lyon = (NamedNode("http://example.org/" + name) for name in ("within", "Place", "lyon"))
    >>> rules = compile_rules([Triple(within, NamedNode(RDFS + "domain"), place)])
    >>> stated = Triple(lyon, within, NamedNode("http://example.org/france"))
    >>> find_premises(close(rules, [[stated]]), lambda _: True) == {Triple(lyon, RDF_TYPE, place): (stated,)}
    True
    """
    triple = closure.terms.decode
    citing = _Citing(closure.program)
    background = _TripleSet(closure.program)
    found: dict[Triple, tuple[Triple, ...]] = {}
    for stated, inferred in zip(closure.stated_facts, closure.inferred_facts, strict=True):
        cited = {fact for fact in stated if is_asserted(triple(fact))}
        for _ in background.saturate(fact for fact in stated if fact not in cited):
            pass
        citing.add({fact: (fact,) if fact in cited else () for fact in stated})
        needed = _Needed(background)
        for fact in inferred:
            found[triple(fact)] = tuple(map(triple, needed(citing.leaves[fact], fact)))
    return found


class _Citing:
    """Triples with the asserted triples from which their cheapest derivations start."""

    def __init__(self, program: _Program) -> None:
        self.leaves: Final[dict[EncodedTriple, tuple[EncodedTriple, ...]]] = {}
        self._lengths: dict[EncodedTriple, int] = {}
        self._facts = _TripleSet(program)

    def add(self, stated: Mapping[EncodedTriple, tuple[EncodedTriple, ...]]) -> None:
        """Add stated triples and all consequences.

        Args:
            stated: the stated triples, each with the asserted triples from which it is derived: itself or none.
        """
        # Triples to add, by cost: the number of asserted triples, then the length of the derivation. The length grows
        # with each step, so a consequence is always added after its premises.
        agenda: dict[tuple[int, int], dict[EncodedTriple, tuple[EncodedTriple, ...]]] = {}

        def propose(fact: EncodedTriple, length: int, leaves: tuple[EncodedTriple, ...]) -> None:
            equal = agenda.setdefault((len(leaves), length), {})
            if fact not in equal or leaves < equal[fact]:
                equal[fact] = leaves

        for fact, leaves in stated.items():
            propose(fact, 0, leaves)
        while agenda:
            _, length = cheapest = min(agenda)
            for fact, leaves in agenda.pop(cheapest).items():
                if fact in self.leaves:
                    continue
                self.leaves[fact] = leaves
                self._lengths[fact] = length
                self._facts.add(fact)
                for head, body in self._facts.consequences(fact):
                    if head in self.leaves:
                        continue
                    if len(body) == 1:
                        propose(head, length + 1, leaves)
                    else:
                        union = sorted({leaf for part in body for leaf in self.leaves[part]})
                        propose(head, 1 + max(self._lengths[part] for part in body), tuple(union))


class _Needed:
    """Selection of the triples that are needed to entail a triple, given a background."""

    def __init__(self, background: _TripleSet) -> None:
        self._background = background
        self._entailed = lru_cache(maxsize=10_000)(self._saturate)

    def __call__(self, leaves: tuple[EncodedTriple, ...], goal: EncodedTriple) -> tuple[EncodedTriple, ...]:
        """Return the triples that are needed to entail a goal.

        From the last to the first, a triple is left out if the others and the background entail the goal.
        """
        if goal in self._background.known:
            return ()
        if len(leaves) > 1:
            for leaf in reversed(leaves):
                rest = tuple(other for other in leaves if other != leaf)
                if goal in self._entailed(rest):
                    leaves = rest
        return leaves

    def _saturate(self, facts: tuple[EncodedTriple, ...]) -> frozenset[EncodedTriple]:
        size = len(self._background.known)
        found = frozenset(self._background.saturate(facts))
        self._background.shrink(size)
        return found

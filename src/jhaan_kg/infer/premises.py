"""For each inferred triple one minimal set of cited triples that entails it.

Two steps, stage by stage as in the closure:

1. The closure is computed anew, in the order of what a triple costs: the number of cited triples that its derivation
   starts from, then the length of the derivation, then the order of the cited triples (Knuth's generalisation of
   Dijkstra's algorithm, https://doi.org/10.1016/0020-0190(77)90002-3). So each triple gets a small set near to it.
2. A set of several triples may still hold one that isn't needed, so each in turn is left out, and what the rest and
   the background entail is computed on top of the closed background. What can be left out is.

So no proper subset of the result entails the triple. Another set of fewer triples may exist: to find a smallest set is
NP-hard.

The first step takes some times as long as the closure. The second computes, for each set of n triples (n > 1), n
closures of n - 1 triples: some tens of microseconds each, as long as little follows from so few. It grows fast with the
length of chains of a transitive property, from which much does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from heapq import heapify, heappop, heappush

from pyoxigraph import Triple

from jhaan_kg.infer.engine import Closure
from jhaan_kg.infer.matching import Fact, Index, Program, saturate


def premises(
    closure: Closure, asserted: Collection[Triple] | Callable[[Triple], bool]
) -> dict[Triple, tuple[Triple, ...]]:
    """Find for each inferred triple a minimal set of asserted triples that, with the background, entails it.

    The background are the stated triples that aren't asserted. What belongs to a stage rests only on its layer and
    those before it.

    Args:
        closure: the data and what they entail.
        asserted: the stated triples that are cited, or a test for them.

    Returns:
        The premises of each inferred triple, sorted; the triples in the order of stages, each sorted. They are empty
        where the background alone entails the triple.

    >>> from pyoxigraph import NamedNode
    >>> from jhaan_kg.infer import close, compile_rules
    >>> from jhaan_kg.namespaces import RDF_TYPE, RDFS
    >>> within, place, lyon = (NamedNode("http://example.org/" + name) for name in ("within", "Place", "lyon"))
    >>> rules = compile_rules([Triple(within, NamedNode(RDFS + "domain"), place)])
    >>> stated = Triple(lyon, within, NamedNode("http://example.org/france"))
    >>> premises(close(rules, [[stated]]), [stated]) == {Triple(lyon, RDF_TYPE, place): (stated,)}
    True
    """
    is_asserted = asserted if callable(asserted) else frozenset(asserted).__contains__
    triple = closure.terms.triple
    citations = _Citations(closure.program)
    background = _Background(closure.program)
    found: dict[Triple, tuple[Triple, ...]] = {}
    for stated, inferred in zip(closure.stated_facts, closure.inferred_facts, strict=True):
        cited = {fact for fact in stated if is_asserted(triple(fact))}
        background.add(fact for fact in stated if fact not in cited)
        citations.add((fact, (fact,) if fact in cited else ()) for fact in stated)
        for fact in inferred:
            leaves = background.reduce(citations.leaves[fact], fact)
            found[triple(fact)] = tuple(map(triple, leaves))
    return found


class _Citations:
    """Facts with the cited facts that their cheapest derivation starts from.

    Attributes:
        leaves: the cited facts, sorted, by fact.
    """

    def __init__(self, program: Program) -> None:
        self.leaves: dict[Fact, tuple[Fact, ...]] = {}
        self._lengths: dict[Fact, int] = {}
        self._program = program
        self._index = Index()

    def add(self, stated: Iterable[tuple[Fact, tuple[Fact, ...]]]) -> None:
        """Add stated facts with what each cites, and all that follows."""
        agenda = [(len(leaves), 0, leaves, fact) for fact, leaves in stated]
        heapify(agenda)
        cheapest: dict[Fact, tuple[int, int, tuple[Fact, ...]]] = {}
        while agenda:
            _, length, leaves, fact = heappop(agenda)
            if fact in self.leaves:
                continue
            self.leaves[fact] = leaves
            self._lengths[fact] = length
            self._index.add(fact)
            for head, plan, values in self._program.fire(fact, self._index):
                if head in self.leaves:
                    continue
                body = plan.premises(values)
                union = self._union(body)
                cost = (len(union), 1 + max(self._lengths[premise] for premise in body), union)
                if head not in cheapest or cost < cheapest[head]:
                    cheapest[head] = cost
                    heappush(agenda, (*cost, head))

    def _union(self, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        if len(facts) == 1:
            return self.leaves[facts[0]]
        return tuple(sorted({leaf for fact in facts for leaf in self.leaves[fact]}))


class _Background:
    """The closed background, on top of which it is tried what some cited facts entail."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._index = Index()

    def add(self, facts: Iterable[Fact]) -> None:
        """Add background facts and what follows from them."""
        for _ in saturate(self._program, self._index, facts):
            pass

    def reduce(self, leaves: tuple[Fact, ...], goal: Fact) -> tuple[Fact, ...]:
        """Leave out of some facts that entail a goal those that aren't needed; the last first."""
        if goal in self._index.facts:
            return ()
        if len(leaves) == 1:
            return leaves
        for leaf in reversed(leaves):
            rest = tuple(other for other in leaves if other != leaf)
            if self._entails(rest, goal):
                leaves = rest
        return leaves

    def _entails(self, facts: tuple[Fact, ...], goal: Fact) -> bool:
        size = len(self._index.facts)
        try:
            return any(head == goal for head, _, _ in saturate(self._program, self._index, facts))
        finally:
            self._index.shrink(size)

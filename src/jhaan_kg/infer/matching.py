"""The core of the engine: facts as numbers, and the rules that a fact makes fire.

Terms are numbered in the order of their text, so that comparing numbers compares texts and nothing depends on the
hash seed. What can't be a subject (literals) has a negative number. A fact is a triple of numbers. Of each rule there
is one plan for each pattern of its body: it starts from a fact that matches this pattern, and finds facts for the
others one after another. Each step has subject or object bound, so it is a look-up and not a scan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple, Variable

from jhaan_kg.infer.rules import Rule, Term
from jhaan_kg.namespaces import RDF_TYPE

Fact = tuple[int, int, int]
"""Subject, predicate and object by their numbers."""

_UNBOUND: Final = 0


class Terms:
    """Terms by their numbers, and back."""

    def __init__(self, terms: Iterable[Term]) -> None:
        in_order = sorted(set(terms), key=str)
        nodes = [term for term in in_order if isinstance(term, (NamedNode, BlankNode))]
        values = [term for term in in_order if not isinstance(term, (NamedNode, BlankNode))]
        self._terms: dict[int, Term] = dict(enumerate(nodes, 1))
        self._terms |= enumerate(values, -len(values))
        self._numbers = {term: number for number, term in self._terms.items()}

    def number(self, term: Term) -> int | None:
        """Give the number of a term; None if it has none."""
        return self._numbers.get(term)

    def fact(self, triple: Triple) -> Fact:
        """Give a triple in numbers.

        Raises:
            KeyError: one of its terms has no number.
        """
        subject, predicate, value = triple
        return self._numbers[subject], self._numbers[predicate], self._numbers[value]

    def triple(self, fact: Fact) -> Triple:
        """Give the triple that a fact stands for."""
        subject, predicate, value = (self._terms[number] for number in fact)
        return Triple(subject, predicate, value)  # type: ignore[arg-type]


class Index:
    """Facts in the order in which they came, and found by predicate with subject or object.

    Attributes:
        facts: all facts; a dictionary for its order.
        objects: by predicate and subject, the objects.
        subjects: by predicate and object, the subjects.
    """

    def __init__(self) -> None:
        self.facts: dict[Fact, None] = {}
        self.objects: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        self.subjects: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))

    def add(self, fact: Fact) -> None:
        """Add a fact that isn't there yet."""
        subject, predicate, value = fact
        self.facts[fact] = None
        self.objects[predicate][subject].append(value)
        self.subjects[predicate][value].append(subject)

    def shrink(self, size: int) -> None:
        """Remove the facts that came last, so that this many are left."""
        while len(self.facts) > size:
            (subject, predicate, value), _ = self.facts.popitem()
            # What came last stands last in both lists.
            self.objects[predicate][subject].pop()
            self.subjects[predicate][value].pop()


class _Find(Enum):
    """What a step looks for, the rest being bound."""

    NOTHING = 0
    OBJECT = 1
    SUBJECT = 2


class _Step(NamedTuple):
    """The look-up of one pattern: the slots of its subject and object, its predicate, and what is looked for."""

    subject: int
    predicate: int
    object: int
    find: _Find


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to find the facts for a rule's body, starting from a fact for one of its patterns.

    Subjects and objects are given as slots: places in a list that holds the rule's constants and the values of its
    variables.

    Attributes:
        rule: the number of the rule.
        values: the slots at the start, constants filled in.
        start: the slots of the pattern from which the search starts.
        steps: the look-ups for the other patterns, in turn.
        body: all patterns in the order of the rule.
        head: what follows; None for a contradiction.
        different: two slots that must have different values.
    """

    rule: int
    values: tuple[int, ...]
    start: Fact
    steps: tuple[_Step, ...]
    body: tuple[Fact, ...]
    head: Fact | None
    different: tuple[int, int] | None

    def solutions(self, fact: Fact, index: Index) -> Iterable[list[int]]:
        """Give the slots' values for each way in which the body holds with a fact at its start.

        The list is the same each time: take from it what is needed before going on.
        """
        values = list(self.values)
        for slot, number in ((self.start[0], fact[0]), (self.start[2], fact[2])):
            if values[slot] == _UNBOUND:
                values[slot] = number
            elif values[slot] != number:
                return ()
        if not self.steps:
            return (values,)
        solutions = self._search(values, 0, index)
        if self.different is None:
            return solutions
        one, other = self.different
        return (found for found in solutions if found[one] != found[other])

    def _search(self, values: list[int], position: int, index: Index) -> Iterator[list[int]]:
        subject, predicate, value, find = self.steps[position]
        is_last = position + 1 == len(self.steps)
        if find is _Find.NOTHING:
            if (values[subject], predicate, values[value]) in index.facts:
                yield from (values,) if is_last else self._search(values, position + 1, index)
            return
        if find is _Find.OBJECT:
            free, found = value, index.objects[predicate].get(values[subject], ())
        else:
            free, found = subject, index.subjects[predicate].get(values[value], ())
        for number in found:
            values[free] = number
            if is_last:
                yield values
            else:
                yield from self._search(values, position + 1, index)

    def premises(self, values: list[int]) -> tuple[Fact, ...]:
        """Give the facts of the body for a solution, in the order of the rule."""
        return tuple([(values[subject], predicate, values[value]) for subject, predicate, value in self.body])


class Program:
    """Rules in numbers, with their plans."""

    def __init__(self, rules: Sequence[Rule], terms: Terms) -> None:
        """Make the plans.

        Args:
            rules: the rules. One that names a term without a number can't fire, and has no plan.
            terms: the numbers of terms, those of the rules' heads among them.
        """
        self.plans = [tuple(_plans(number, rule, terms)) for number, rule in enumerate(rules)]
        self._type = terms.number(RDF_TYPE)
        self._of_property: dict[int, list[Plan]] = defaultdict(list)
        self._of_class: dict[int, list[Plan]] = defaultdict(list)
        for plan in chain.from_iterable(self.plans):
            _, predicate, value = plan.start
            if predicate == self._type:
                self._of_class[plan.values[value]].append(plan)
            else:
                self._of_property[predicate].append(plan)

    def fire(self, fact: Fact, index: Index) -> Iterator[tuple[Fact, Plan, list[int]]]:
        """Give what follows from a fact together with those of the index, of which it is one.

        Yields:
            A fact that follows, known or not, with the plan and its solution, which give rule and premises.
        """
        of_type = fact[1] == self._type
        for plan in self._of_class.get(fact[2], ()) if of_type else self._of_property.get(fact[1], ()):
            if plan.head is None:
                continue
            subject, predicate, value = plan.head
            for values in plan.solutions(fact, index):
                # A literal can't be a subject: RDF has no such triple.
                if values[subject] > 0:
                    yield (values[subject], predicate, values[value]), plan, values


def saturate(
    program: Program, index: Index, facts: Iterable[Fact]
) -> Iterator[tuple[Fact, int, tuple[Fact, ...]]]:
    """Add facts to an index, and everything that follows from them and what is there.

    Each fact is looked at once, as the newest in the bodies of the rules, so that no join of old facts is repeated
    (semi-naive evaluation). The time is proportional to the number of matches of rule bodies.

    Yields:
        Each fact that follows and wasn't there, when it is found first: with the number of the rule and its premises.
    """
    pending = []
    for fact in facts:
        if fact not in index.facts:
            index.add(fact)
            pending.append(fact)
    for fact in pending:
        for head, plan, values in program.fire(fact, index):
            if head not in index.facts:
                premises = plan.premises(values)
                index.add(head)
                pending.append(head)
                yield head, plan.rule, premises


def _plans(number: int, rule: Rule, terms: Terms) -> Iterator[Plan]:
    """Give the plans of a rule, one for each pattern of its body; none if it names a term without a number."""
    patterns = [*rule.body, rule.head] if rule.head else [*rule.body]
    slots: dict[Variable | Term, int] = {}
    values: list[int] = []
    encoded: list[Fact] = []
    for subject, predicate, value in patterns:
        for term in (subject, value):
            if term not in slots:
                constant = _UNBOUND if isinstance(term, Variable) else terms.number(term)
                if constant is None:
                    return
                slots[term] = len(values)
                values.append(constant)
        property_number = terms.number(predicate)
        if property_number is None:
            return
        encoded.append((slots[subject], property_number, slots[value]))
    body = tuple(encoded[: len(rule.body)])
    head = encoded[-1] if rule.head else None
    different = (slots[rule.different[0]], slots[rule.different[1]]) if rule.different else None
    constants = {slot for slot, constant in enumerate(values) if constant != _UNBOUND}
    for start, pattern in enumerate(body):
        rest = [*body[:start], *body[start + 1 :]]
        steps = tuple(_steps(rest, constants, {pattern[0], pattern[2]} - constants))
        yield Plan(number, tuple(values), pattern, steps, body, head, different)


def _steps(patterns: list[Fact], constants: set[int], bound: set[int]) -> Iterator[_Step]:
    """Give an order in which the patterns are looked up: always the one next of which the most is known."""

    def known(pattern: Fact) -> tuple[int, int]:
        ends = {pattern[0], pattern[2]}
        return -len(ends - constants - bound), len(ends & bound)

    while patterns:
        subject, predicate, value = best = max(patterns, key=known)
        patterns.remove(best)
        free = {subject, value} - constants - bound
        yield _Step(
            subject,
            predicate,
            value,
            _Find.NOTHING if not free else _Find.OBJECT if value in free else _Find.SUBJECT,
        )
        bound |= free

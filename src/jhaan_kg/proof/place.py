"""A passage with what it states: where the words and the facts of a passage meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pyoxigraph import NamedNode

from jhaan_kg.proof.passage import Day, PassageText
from jhaan_kg.proof.scope import Scope
from jhaan_kg.proof.stated import Fact, Stated


@dataclass(frozen=True)
class Place:
    """A passage with what it states.

    Attributes:
        stated: what all passages state.
        text: the passage.
        facts: what it states.
    """

    stated: Stated
    text: PassageText
    facts: Sequence[Fact]

    @cached_property
    def about(self) -> Mapping[NamedNode, Sequence[Fact]]:
        """The facts by their subjects."""
        found: dict[NamedNode, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            found[fact.subject].append(fact)
        return dict(found)

    def objects(self, subject: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        """Give the things that the passage gives a subject as values of a property."""
        return [
            fact.object
            for fact in self.about.get(subject, ())
            if fact.predicate == predicate and isinstance(fact.object, NamedNode)
        ]

    def intervals(self, thing: NamedNode) -> set[tuple[date, date]]:
        """Give the days that the passage states of a thing."""
        return self.stated.intervals(self.about.get(thing, ()))

    @cached_property
    def scope(self) -> Scope:
        """Which of the events that the passage tells of its words belong to."""
        stated = [*self.about, *(fact.object for fact in self.facts)]
        named = [one for name in self.text.names for one in name.things]
        events = [
            one for one in (*stated, *named) if isinstance(one, NamedNode) and self.stated.is_a(one, "Event")
        ]
        return Scope(self, dict.fromkeys(events))

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """The dates in the passage and its lead-ins."""
        return tuple(day for text in self.text.area for day in text.dates)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in the passage and its lead-ins, in digits."""
        return frozenset(number.value for text in self.text.area for number in text.numbers)

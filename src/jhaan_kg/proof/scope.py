"""Which thing a sentence is about: where a passage tells of several events, whom it names belongs to the nearest.

A thing is anchored where its name or its date stands. A sentence without any anchor goes on with what the sentence
before was about; at the beginning of a passage it is about all that follows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.proof.listing import NameList
from jhaan_kg.proof.passage import Day, PassageText

_BETWEEN: Final = frozenset({",", "and", "&"})


@dataclass(frozen=True)
class Traces:
    """What may stand for an event in a passage, beside its own name.

    Attributes:
        days: the days that the passage states of it.
        things: what it is part of, such as its series.
    """

    days: Collection[tuple[date, date]] = ()
    things: Collection[NamedNode] = ()


@dataclass
class Scope:
    """The anchors of the things that a passage tells of.

    Attributes:
        text: the passage.
        anchors: for each thing, the tokens where it is named or dated, as pairs of first and after-last.
    """

    text: PassageText
    anchors: dict[NamedNode, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    @staticmethod
    def of(text: PassageText, events: Mapping[NamedNode, Traces]) -> Scope:
        """Find the anchors of events in a passage.

        Args:
            text: the passage.
            events: the events that it may tell of, each with what may stand for it.
        """
        scope = Scope(text)
        for event, traces in events.items():
            names = [name for thing in (event, *traces.things) for name in text.mentions(thing)]
            places = [(name.first, name.last) for name in names]
            places += [span for day, span in _date_lists(text) if day.days in traces.days]
            if places:
                scope.anchors[event] = places
        return scope

    def covers(self, names: NameList, thing: NamedNode) -> bool:
        """Tell whether a list of names stands where the passage tells of a thing."""
        if thing not in self.anchors:
            return True
        words = self.text.words
        for sentence in range(words.sentence_of(names.first), -1, -1):
            span = words.sentence(sentence)
            here = {
                one: min(_distance(names, place) for place in places if span[0] <= place[0] < span[1])
                for one, places in self.anchors.items()
                if any(span[0] <= place[0] < span[1] for place in places)
            }
            if here:
                return thing in here and here[thing] == min(here.values())
        return True


def _date_lists(text: PassageText) -> list[tuple[Day, tuple[int, int]]]:
    """Give each date with the span of the list that it stands in: "25 January, 17 February and 26 May" is one."""
    lists: list[list[Day]] = []
    for day in text.dates:
        between = text.words.tokens[lists[-1][-1].last : day.first] if lists else ()
        if lists and _BETWEEN.issuperset(between):
            lists[-1].append(day)
        else:
            lists.append([day])
    return [(day, (days[0].first, days[-1].last)) for days in lists for day in days]


def _distance(names: NameList, place: tuple[int, int]) -> int:
    if place[1] <= names.first:
        return names.first - place[1]
    return max(0, place[0] - names.last)

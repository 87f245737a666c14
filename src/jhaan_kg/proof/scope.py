"""Which event a place in a passage belongs to, where the passage tells of several.

An event is anchored where its name, a wording or the name of its series stands, or else where its date stands. What is
said belongs to the event that was named last before it in the sentence; if none was, to the one that is named next in
the sentence; if none is, to those of the last sentence that names any. At the beginning of a passage it belongs to all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import jhaan

if TYPE_CHECKING:
    from jhaan_kg.proof.place import Place

_IN_SERIES: Final = jhaan("inSeries")


@dataclass(frozen=True)
class Anchor:
    """A place where events are named or dated.

    Attributes:
        first: its first token.
        last: the token after its last.
        events: the events.
    """

    first: int
    last: int
    events: frozenset[NamedNode]


class Scope:
    """The anchors of the events that a passage tells of, and what belongs to them."""

    def __init__(self, place: Place, events: Iterable[NamedNode]) -> None:
        """Find the anchors.

        Args:
            place: the passage with what it states.
            events: the events that it may tell of.
        """
        self._words = place.text.words
        found: dict[tuple[int, int], set[NamedNode]] = {}
        self._anchored: set[NamedNode] = set()
        for event in events:
            things = (event, *place.objects(event, _IN_SERIES))
            spans = [(name.first, name.last) for thing in things for name in place.text.mentions(thing)]
            if not spans:
                days = place.intervals(event)
                spans = [(day.first, day.last) for day in place.text.dates if day.days in days]
            if spans:
                self._anchored.add(event)
            for span in spans:
                found.setdefault(span, set()).add(event)
        self._anchors = [Anchor(*span, frozenset(events)) for span, events in sorted(found.items())]

    def covers(self, first: int, last: int, event: NamedNode) -> bool:
        """Tell whether what stands at some tokens may be said of an event.

        Args:
            first: the first token.
            last: the token after the last.
            event: the event; one without anchor may be meant anywhere.
        """
        return event not in self._anchored or event in self._events_at(first, last)

    def _events_at(self, first: int, last: int) -> frozenset[NamedNode]:
        sentence = self._words.sentence_of(first)
        start, end = self._words.sentence(sentence)
        here = [one for one in self._anchors if start <= one.first < end]
        around = [one for one in here if one.first < last and first < one.last]
        before = [one for one in here if one.last <= first]
        if around:
            return frozenset[NamedNode]().union(*(one.events for one in around))
        if before:
            return _at(before, max(one.last for one in before))
        if here:
            return _at(here, min(one.last for one in here))
        earlier = [one for one in self._anchors if one.first < start]
        if not earlier:
            return frozenset(self._anchored)
        last_named = self._words.sentence_of(max(one.first for one in earlier))
        return frozenset[NamedNode]().union(
            *(one.events for one in earlier if self._words.sentence_of(one.first) == last_named)
        )


def _at(anchors: Iterable[Anchor], last: int) -> frozenset[NamedNode]:
    return frozenset[NamedNode]().union(*(one.events for one in anchors if one.last == last))

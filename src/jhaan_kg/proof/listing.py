"""Lists of names in a passage: names that only commas and words like "and" keep apart.

A list is taken as a whole or not at all: who leaves one agency out of it, or puts another in, contradicts the text
though each name taken alone stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.proof.lexicon import NameMention
from jhaan_kg.proof.passage import PassageText

_BETWEEN: Final = frozenset(",;&/-()") | {
    "also",
    "and",
    "as",
    "both",
    "from",
    "in",
    "including",
    "its",
    "namely",
    "of",
    "or",
    "the",
    "well",
}
_AT_LEAST_ONE: Final = frozenset([",", "&", "/", "-", "and", "or", "well"])


@dataclass(frozen=True)
class NameList:
    """Names that are listed together, or a name alone.

    Attributes:
        text: the passage.
        items: the names in order; each may stand for several things.
    """

    text: PassageText
    items: tuple[NameMention, ...]

    @property
    def first(self) -> int:
        """The index of the first token."""
        return self.items[0].first

    @property
    def last(self) -> int:
        """The index after the last token."""
        return self.items[-1].last

    def names(self, thing: NamedNode) -> bool:
        """Tell whether a thing is listed."""
        return any(thing in item.things for item in self.items)

    def is_within(self, things: Iterable[NamedNode]) -> bool:
        """Tell whether each name of the list stands for one of some things."""
        taken = frozenset(things)
        return all(item.is_taken_by(taken) for item in self.items)


def name_lists(
    text: PassageText, listable: Callable[[NamedNode], bool], alone: Callable[[NamedNode], bool]
) -> tuple[NameList, ...]:
    """Cut the names of a passage into lists.

    Args:
        text: the passage, without its lead-ins.
        listable: which things count; names inside longer ones don't.
        alone: which of them are never listed with others, as a network with its own members.
    """
    lists: list[list[NameMention]] = []
    for name in outermost(text.names, listable):
        between = text.words.tokens[lists[-1][-1].last : name.first] if lists else ()
        words = frozenset(word.casefold() for word in between)
        joined = words <= _BETWEEN and words & _AT_LEAST_ONE
        if lists and joined and not any(map(alone, name.things | lists[-1][-1].things)):
            lists[-1].append(name)
        else:
            lists.append([name])
    return tuple(NameList(text, tuple(items)) for items in lists)


def outermost(names: Iterable[NameMention], counts: Callable[[NamedNode], bool]) -> list[NameMention]:
    """Give the names of things that count which stand in no longer such name, in order."""
    found: list[NameMention] = []
    for name in sorted(names, key=lambda name: (name.first, -name.last)):
        if any(map(counts, name.things)) and (not found or name.last > found[-1].last):
            found.append(name)
    return found

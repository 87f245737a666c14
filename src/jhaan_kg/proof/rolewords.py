"""Role patterns: words around a list of names that give those named their role, such as "chaired by {who}".

`{who}` stands for the list. The words follow each other directly, apart from articles and the like; `…` leaves room for
any number of words of the sentence, but for no other list of names. `{observers}` stands for a list whose names have
that word in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from jhaan_kg.proof.listing import NameList
from jhaan_kg.proof.words import tokenise

_PASSED_OVER: Final = frozenset("'(),") | {
    "a",
    "all",
    "an",
    "both",
    "its",
    "jha",
    "other",
    "s",
    "the",
    "their",
}
_PLACE: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class RolePattern:
    """A pattern of words around a list of names.

    Attributes:
        written: the pattern as the lexicon has it.

    Raises:
        ValueError: it has not exactly one place for the list.
    """

    written: str

    def __post_init__(self) -> None:
        if len(_PLACE.findall(self.written)) != 1:
            raise ValueError(f"{self.written!r} needs one place for the list of names: {{who}}.")

    @property
    def is_inside(self) -> bool:
        """Whether it asks for a word in the names themselves, and so gives the role to some of a list only."""
        return self._parts[1] != "who"

    @cached_property
    def _parts(self) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
        before, place, after = _PLACE.split(self.written)
        return _steps(before), place, _steps(after)

    def matches(self, names: NameList, others: Iterable[NameList] = ()) -> bool:
        """Tell whether the words stand around a list of names, in its sentence.

        Args:
            names: the list.
            others: the other lists of the passage, which `…` does not pass over.
        """
        before, place, after = self._parts
        words = names.text.words
        first, last = words.sentence(words.sentence_of(names.first))
        tokens = words.folded
        inside = tokens[names.first : names.last]
        if place != "who" and not all(word in inside for word in tokenise(place.casefold())):
            return False
        barriers = {
            index
            for other in others
            if other.text is names.text and (other.last <= names.first or names.last <= other.first)
            for index in range(other.first, other.last)
        }
        return _follow(before[::-1], tokens, range(names.first - 1, first - 1, -1), barriers) and _follow(
            after, tokens, range(names.last, last), barriers
        )


def _steps(words: str) -> tuple[str, ...]:
    return tokenise(words.casefold())


def _follow(steps: Sequence[str], tokens: Sequence[str], way: range, barriers: set[int]) -> bool:
    """Tell whether the steps of a pattern are found one after the other, from the list outwards."""
    positions = {0}
    free = False
    for step in steps:
        if step == "…":
            free = True
            continue
        positions = {
            index + 1
            for position in positions
            for index in _reached(step, tokens, way[position:], barriers if free else None, position)
        }
        free = False
    return bool(positions)


def _reached(
    step: str, tokens: Sequence[str], way: range, barriers: set[int] | None, passed: int
) -> Iterator[int]:
    """Give the places on the way where a step is found; without barriers, only words like articles are passed over."""
    for distance, index in enumerate(way, passed):
        if tokens[index] == step:
            yield distance
        if index in barriers if barriers is not None else tokens[index] not in _PASSED_OVER:
            return

"""Role patterns: words around a list of names that give those named their role, such as "chaired by {who}".

`{who}` stands for the list. The words follow each other directly, apart from articles and the like; `…` leaves room for
any number of words of the sentence. `{observers}` stands for a list whose names have that word in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
        written: the pattern as the ontology has it.

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

    def matches(self, names: NameList) -> bool:
        """Tell whether the words stand around a list of names, in its sentence.

        Where a name stands inside the words of the pattern, as in a longer title, that does not matter.
        """
        before, place, after = self._parts
        words = names.text.words
        first, last = words.sentence(words.sentence_of(names.first))
        tokens = words.folded
        inside = tokens[names.first : names.last]
        if place != "who" and not all(word in inside for word in tokenise(place.casefold())):
            return False
        return _follow(before[::-1], tokens[first : names.first][::-1]) and _follow(
            after, tokens[names.last : last]
        )


def _steps(words: str) -> tuple[str, ...]:
    return tokenise(words.casefold())


def _follow(steps: Sequence[str], tokens: Sequence[str]) -> bool:
    """Tell whether the steps of a pattern are found one after the other, from the list outwards."""
    positions = {0}
    free = False
    for step in steps:
        if step == "…":
            free = True
            continue
        positions = {
            index + 1 for position in positions for index in _reached(tokens, position, step, free=free)
        }
        free = False
    return bool(positions)


def _reached(tokens: Sequence[str], position: int, step: str, *, free: bool) -> Iterator[int]:
    for index in range(position, len(tokens)):
        if tokens[index] == step:
            yield index
        if not free and tokens[index] not in _PASSED_OVER:
            return

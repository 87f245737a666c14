"""Numbers with what they count: the number, a word for its unit beside it, and the word that qualifies it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import jhaan
from jhaan_kg.proof.passage import Number, PassageText
from jhaan_kg.proof.stated import Term
from jhaan_kg.proof.wording import Wordings
from jhaan_kg.proof.words import places_of

_BESIDE: Final = 8
_JUST_BEFORE: Final = 4
EXACT: Final = jhaan("Exact")
_INEXACT: Final = (
    *((word,) for word in ("about", "approximately", "nearly", "over", "roughly", "some", "under")),
    *(("more", "than"), ("less", "than"), ("fewer", "than"), ("up", "to"), ("at", "most"), ("not", "quite")),
)
"""Words before a number that is not exact, whatever qualifiers the ontology has."""


@dataclass(frozen=True)
class Found:
    """What of a quantity was found at one place."""

    value: bool
    unit: bool
    qualifier: bool


def find_quantity(
    texts: Sequence[PassageText],
    value: str | None,
    unit: Term | None,
    qualifier: Term | None,
    wordings: Wordings,
) -> Found:
    """Look for a quantity in a passage and its lead-ins, and give the best place.

    Args:
        texts: the passage and its lead-ins.
        value: the number in digits; None if the passage gives none.
        unit: its unit.
        qualifier: its qualifier; None if no word limits the number.
        wordings: the wordings of all units and qualifiers; a number is exact if no qualifier stands before it.
    """
    found = [
        Found(
            True,
            _has_unit(text, number, unit, wordings.units),
            _is_qualified(text, number.first, qualifier, wordings.qualifiers),
        )
        for text in texts
        for number in text.numbers
        if value is not None and number.value == value
    ]
    if value is None and isinstance(qualifier, NamedNode):
        found = [
            Found(False, _has_unit(text, Number(index, index + len(words), ""), unit, wordings.units), True)
            for text in texts
            for words in wordings.qualifiers.get(qualifier, ())
            for index in places_of(words, text.words.folded)
        ]
    return max(found, key=lambda one: one.unit + one.qualifier, default=Found(False, False, False))


def _has_unit(
    text: PassageText,
    number: Number,
    unit: Term | None,
    units: Mapping[NamedNode, Sequence[tuple[str, ...]]],
) -> bool:
    """Tell whether the unit is the first that is named after a number, or before it if no other number is."""
    start, end = _around(text, number.first, number.last)
    tokens = text.words.folded
    after = _units_in(tokens[number.last : min(end, number.last + _BESIDE)], units)
    if after:
        nearest = min(place for place, _, _ in after)
        longest = max(size for place, size, _ in after if place == nearest)
        return any(one == unit for place, size, one in after if (place, size) == (nearest, longest))
    is_first = start == text.words.sentence(text.words.sentence_of(number.first))[0]
    before = tokens[max(start, number.first - _BESIDE) : number.first] if is_first else ()
    return any(one == unit for _, _, one in _units_in(before, units))


def _units_in(
    tokens: Sequence[str], units: Mapping[NamedNode, Sequence[tuple[str, ...]]]
) -> list[tuple[int, int, NamedNode]]:
    """Give the places of units among tokens, how many tokens each has, and which it is."""
    return [
        (place, len(words), unit)
        for unit, wordings in units.items()
        for words in wordings
        for place in places_of(words, tokens)
    ]


def _is_qualified(
    text: PassageText,
    first: int,
    qualifier: Term | None,
    qualifiers: Mapping[NamedNode, Sequence[tuple[str, ...]]],
) -> bool:
    start, _ = _around(text, first, first + 1)
    before = text.words.folded[max(start, first - _JUST_BEFORE) : first + 1]
    said = {
        one for one, wordings in qualifiers.items() if any(places_of(words, before) for words in wordings)
    }
    if said:
        return qualifier in said
    is_inexact = any(before[:-1][-len(words) :] == words for words in _INEXACT)
    return qualifier in (None, EXACT) and not is_inexact


def _around(text: PassageText, first: int, last: int) -> tuple[int, int]:
    """Give the part of the sentence around a number in which no other number stands."""
    start, end = text.words.sentence(text.words.sentence_of(first))
    return (
        max([start, *(other.last for other in text.numbers if start <= other.first and other.last <= first)]),
        min([end, *(other.first for other in text.numbers if last <= other.first < end)]),
    )

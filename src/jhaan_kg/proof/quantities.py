"""Numbers with what they count: the number, a word for its unit beside it, and the word that qualifies it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import jhaan
from jhaan_kg.proof.passage import Number, PassageText
from jhaan_kg.proof.stated import Term
from jhaan_kg.proof.words import places_of

_BESIDE: Final = 8
_JUST_BEFORE: Final = 4
EXACT: Final = jhaan("Exact")


@dataclass(frozen=True)
class Found:
    """What of a quantity was found at one place."""

    value: bool
    unit: bool
    qualifier: bool


def find_quantity(
    texts: Sequence[PassageText],
    value: str | None,
    unit: Sequence[tuple[str, ...]],
    qualifier: Term | None,
    qualifiers: Mapping[NamedNode, Sequence[tuple[str, ...]]],
) -> Found:
    """Look for a quantity in a passage and its lead-ins, and give the best place.

    Args:
        texts: the passage and its lead-ins.
        value: the number in digits; None if the passage gives none.
        unit: the wordings of its unit, as tokens.
        qualifier: its qualifier.
        qualifiers: the wordings of all qualifiers; a number is exact if none of them stands before it.
    """
    found = [
        Found(
            True,
            _has_unit(text, number, unit),
            _is_qualified(text, number.first, qualifier, qualifiers),
        )
        for text in texts
        for number in text.numbers
        if value is not None and number.value == value
    ]
    if value is None and isinstance(qualifier, NamedNode):
        found = [
            Found(False, _has_unit(text, Number(index, index + len(words), ""), unit), True)
            for text in texts
            for words in qualifiers.get(qualifier, ())
            for index in places_of(words, text.words.folded)
        ]
    return max(found, key=lambda one: one.unit + one.qualifier, default=Found(False, False, False))


def _has_unit(text: PassageText, number: Number, wordings: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether a word for the unit stands near a number: after it, or before it if no other number does."""
    start, end = _around(text, number.first, number.last)
    tokens = text.words.folded
    after = tokens[number.last : min(end, number.last + _BESIDE)]
    is_first = start == text.words.sentence(text.words.sentence_of(number.first))[0]
    before = tokens[max(start, number.first - _BESIDE) : number.first] if is_first else ()
    return any(places_of(words, window) for words in wordings for window in (after, before))


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
    return qualifier in said if said else qualifier == EXACT


def _around(text: PassageText, first: int, last: int) -> tuple[int, int]:
    """Give the part of the sentence around a number in which no other number stands."""
    start, end = text.words.sentence(text.words.sentence_of(first))
    return (
        max([start, *(other.last for other in text.numbers if start <= other.first and other.last <= first)]),
        min([end, *(other.first for other in text.numbers if last <= other.first < end)]),
    )

"""Numbers with what they count: the number, a word for its unit beside it, and the word that qualifies it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import jhaan
from jhaan_kg.proof.passage import PassageText
from jhaan_kg.proof.stated import Term

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
            _beside(text, number.first, number.last, unit),
            _qualified(text, number.first, qualifier, qualifiers),
        )
        for text in texts
        for number in text.numbers
        if value is not None and number.value == value
    ]
    if value is None and isinstance(qualifier, NamedNode):
        found = [
            Found(False, _beside(text, index, index + 1, unit), True)
            for text in texts
            for wording in qualifiers.get(qualifier, ())
            for index in _places(text.folded.tokens, wording)
        ]
    return max(found, key=lambda one: one.unit + one.qualifier, default=Found(False, False, False))


def _beside(text: PassageText, first: int, last: int, wordings: Sequence[tuple[str, ...]]) -> bool:
    tokens = text.folded.tokens
    start, end = text.words.sentence(text.words.sentence_of(first))
    window = tokens[max(start, first - _BESIDE) : min(end, last + _BESIDE)]
    return any(_places(window, wording) for wording in wordings)


def _qualified(
    text: PassageText,
    first: int,
    qualifier: Term | None,
    qualifiers: Mapping[NamedNode, Sequence[tuple[str, ...]]],
) -> bool:
    before = text.folded.tokens[max(0, first - _JUST_BEFORE) : first + 1]
    said = {one for one, wordings in qualifiers.items() if any(_places(before, words) for words in wordings)}
    return qualifier in said if said else qualifier == EXACT


def _places(tokens: Sequence[str], wording: tuple[str, ...]) -> list[int]:
    size = len(wording)
    return [
        index for index in range(len(tokens) - size + 1) if tuple(tokens[index : index + size]) == wording
    ]

"""Quantities in a text: a number, a word for its unit next to it, and a qualifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.proof.lexicon import Wording, Wordings
from jhaan_kg.proof.passage import PassageText
from jhaan_kg.proof.statements import Term
from jhaan_kg.proof.words import positions_of

_BESIDE: Final = 8
_JUST_BEFORE: Final = 4
_INEXACT: Final = tuple(
    tuple(words.split())
    for words in (
        *("about", "approximately", "nearly", "over", "roughly", "some", "under"),
        *("more than", "less than", "fewer than", "up to", "at most", "not quite"),
    )
)
"""Words that make a number inexact, in addition to the qualifiers of the ontology."""


class QuantityMatch(NamedTuple):
    """The parts of a quantity that were found at a place."""

    value: bool = False
    unit: bool = False
    qualifier: bool = False


def find_quantity(
    texts: Sequence[PassageText],
    value: str | None,
    unit: Term | None,
    qualifier: Term | None,
    wordings: Wordings,
) -> QuantityMatch:
    """Return the best match of a quantity in a passage and its lead-ins.

    Args:
        texts: the passage and its lead-ins.
        value: the number in digits; None if no number is stated.
        unit: its unit.
        qualifier: its qualifier; None if no word limits the number.
        wordings: the wordings of all units and qualifiers; a number is exact if no qualifier is before it.
    """
    found: Iterable[QuantityMatch] = ()
    if value is not None:
        found = (
            QuantityMatch(
                True,
                _has_unit(text, number.first, number.last, unit, wordings.units),
                _is_qualified(text, number.first, qualifier, wordings.qualifiers),
            )
            for text in texts
            for number in text.numbers
            if number.value == value
        )
    elif isinstance(qualifier, NamedNode):
        found = (
            QuantityMatch(False, _has_unit(text, index, index + len(words), unit, wordings.units), True)
            for text in texts
            for words in wordings.qualifiers.get(qualifier, ())
            for index in positions_of(words, text.words.folded)
        )
    return max(found, key=lambda one: one.unit + one.qualifier, default=QuantityMatch())


def _has_unit(
    text: PassageText, first: int, last: int, unit: Term | None, units: Mapping[NamedNode, list[Wording]]
) -> bool:
    """Return whether a number has a unit.

    It must be the first unit after the number. If there is none, it may be before the first number of the sentence.
    """

    def units_in(tokens: Sequence[str]) -> list[tuple[int, int, NamedNode]]:
        return [
            (position, -len(words), one)
            for one, wordings in units.items()
            for words in wordings
            for position in positions_of(words, tokens)
        ]

    start, end = _around(text, first, last)
    tokens = text.words.folded
    if after := units_in(tokens[last : min(end, last + _BESIDE)]):
        nearest, longest, _ = min(after, key=lambda one: one[:2])
        return (nearest, longest, unit) in after
    is_first = start == text.words.sentence_around(first)[0]
    return is_first and any(
        one == unit for _, _, one in units_in(tokens[max(start, first - _BESIDE) : first])
    )


def _is_qualified(
    text: PassageText, first: int, qualifier: Term | None, qualifiers: Mapping[NamedNode, list[Wording]]
) -> bool:
    """Return whether the words before a number match its stated qualifier.

    If none is stated, no word may qualify the number.
    """
    start, _ = _around(text, first, first + 1)
    before = text.words.folded[max(start, first - _JUST_BEFORE) : first + 1]
    printed = {
        one for one, wordings in qualifiers.items() if any(positions_of(words, before) for words in wordings)
    }
    if printed:
        return qualifier in printed
    is_inexact = any(before[:-1][-len(words) :] == words for words in _INEXACT)
    return qualifier is None and not is_inexact


def _around(text: PassageText, first: int, last: int) -> tuple[int, int]:
    """Return the part of the sentence around a number, without other numbers."""
    start, end = text.words.sentence_around(first)
    return (
        max([start, *(other.last for other in text.numbers if start <= other.first and other.last <= first)]),
        min([end, *(other.first for other in text.numbers if last <= other.first < end)]),
    )

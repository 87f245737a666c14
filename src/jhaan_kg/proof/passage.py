"""A passage as the proof sees it: its words, and the dates, numbers and names in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.passages import Document
from jhaan_kg.passages.model import Kind, Passage
from jhaan_kg.proof.dates import find_dates
from jhaan_kg.proof.lexicon import Lexicon, NameMention
from jhaan_kg.proof.numbers import find_numbers
from jhaan_kg.proof.words import Words, read_words


class Day(NamedTuple):
    """A date in a passage: its first token, the one after its last, and the days that it means."""

    first: int
    last: int
    days: tuple[date, date]


class Number(NamedTuple):
    """A number in a passage: its first token, the one after its last, and its digits."""

    first: int
    last: int
    value: str


@dataclass(frozen=True)
class PassageText:
    """What stands in a passage.

    Attributes:
        passage: the passage.
        words: its words.
        dates: the dates in it, in order.
        numbers: the numbers in it that are no part of a date, in order.
        names: the names in it, also those inside longer ones, in order.
        before: the passages that it can't be understood without, its lead-ins: to cite it is to cite them.
        headings: the heading of its section, if it has one.
    """

    passage: Passage
    words: Words
    dates: tuple[Day, ...]
    numbers: tuple[Number, ...]
    names: tuple[NameMention, ...]
    before: tuple[PassageText, ...] = field(default=(), repr=False)
    headings: tuple[PassageText, ...] = field(default=(), repr=False)

    @property
    def area(self) -> tuple[PassageText, ...]:
        """The passage and its lead-ins."""
        return (self, *(one for before in self.before for one in before.area))

    def mentions(self, thing: NamedNode) -> list[NameMention]:
        """Give the places in this passage, without lead-ins, where a thing is named."""
        return [name for name in self.names if thing in name.things]


def read_passages(document: Document, text: str, lexicon: Lexicon, year: int) -> Mapping[str, PassageText]:
    """Read all passages of a report.

    Args:
        document: the tree of passages.
        text: the report's text, to which the offsets of the tree belong.
        lexicon: the names to look for.
        year: the year that dates without year mean.

    Returns:
        The passages other than sections, by IRI.
    """
    read: dict[str, PassageText] = {}
    headings = {one.parent: one for one in document.leaves if one.kind is Kind.HEADING}

    def get(passage: Passage) -> PassageText:
        if passage.iri not in read:
            before = [document.by_iri[iri] for iri in passage.lead_in]
            leads = tuple(get(one) for one in before if one.kind is not Kind.SECTION)
            heading = headings.get(passage.parent)
            above = (get(heading),) if heading and heading is not passage else ()
            read[passage.iri] = _read(passage, text, lexicon, year, leads, above)
        return read[passage.iri]

    for passage in document.leaves:
        get(passage)
    return read


def _read(
    passage: Passage,
    text: str,
    lexicon: Lexicon,
    year: int,
    before: tuple[PassageText, ...],
    headings: tuple[PassageText, ...],
) -> PassageText:
    words = read_words(text, passage)
    dates = tuple(
        Day(words.token_at(found.start), words.token_at(found.end - 1) + 1, (found.first, found.last))
        for found in find_dates(words.text, year)
    )
    numbers = tuple(
        Number(first, words.token_at(found.end - 1) + 1, found.value)
        for found in find_numbers(words.text)
        for first in [words.token_at(found.start)]
        if not any(day.first <= first < day.last for day in dates)
    )
    return PassageText(passage, words, dates, numbers, tuple(lexicon.find(words.tokens)), before, headings)

"""A passage as the proof sees it: its words, and the dates, numbers and names in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.passages import Document
from jhaan_kg.passages.model import Kind, Passage
from jhaan_kg.proof.dates import find_dates
from jhaan_kg.proof.lexicon import Lexicon, NameMention
from jhaan_kg.proof.numbers import find_numbers
from jhaan_kg.proof.words import Words, bare, read_words

RUNNING_TEXT: Final = (Kind.PARAGRAPH, Kind.LIST_ITEM)
"""The kinds of passages that tell of one thing after the other, as titles and rows don't."""


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
    return _Reader(document, text, lexicon, year).read()


class _Reader:
    def __init__(self, document: Document, text: str, lexicon: Lexicon, year: int) -> None:
        self.document, self.text, self.lexicon, self.year = document, text, lexicon, year
        self.headings = {one.parent: one for one in document.leaves if one.kind is Kind.HEADING}
        self.done: dict[str, PassageText] = {}

    def read(self) -> Mapping[str, PassageText]:
        for passage in self.document.leaves:
            self.get(passage)
        return self.done

    def get(self, passage: Passage) -> PassageText:
        if passage.iri not in self.done:
            leads = [self.document.by_iri[iri] for iri in passage.lead_in]
            before = tuple(self._lead_in(passage, one) for one in leads if one.kind is not Kind.SECTION)
            heading = self.headings.get(passage.parent)
            above = (self.get(heading),) if heading and heading is not passage else ()
            self.done[passage.iri] = self._make(passage, read_words(self.text, passage), before, above)
        return self.done[passage.iri]

    def _lead_in(self, passage: Passage, lead: Passage) -> PassageText:
        """Give a lead-in: for a note, only the sentence with its mark."""
        found = self.get(lead)
        mark = re.compile(rf"<sup>{passage.number}</sup>").search(self.text, lead.start, lead.end)
        if passage.kind is not Kind.FOOTNOTE or mark is None:
            return found
        before = len(Words(bare(self.text[lead.start : mark.start()], lead.kind)).tokens)
        first, last = found.words.sentence(found.words.sentence_of(max(0, before - 1)))
        end = found.words.starts[last - 1] + len(found.words.tokens[last - 1])
        return self._make(lead, Words(found.words.text[found.words.starts[first] : end]))

    def _make(
        self,
        passage: Passage,
        words: Words,
        before: tuple[PassageText, ...] = (),
        headings: tuple[PassageText, ...] = (),
    ) -> PassageText:
        dates = tuple(
            Day(words.token_at(found.start), words.token_at(found.end - 1) + 1, (found.first, found.last))
            for found in find_dates(words.text, self.year)
        )
        numbers = tuple(
            Number(first, words.token_at(found.end - 1) + 1, found.value)
            for found in find_numbers(words.text)
            for first in [words.token_at(found.start)]
            if not any(day.first <= first < day.last for day in dates)
        )
        names = self.lexicon.find(words.tokens, (passage.iri, passage.parent))
        return PassageText(passage, words, dates, numbers, tuple(names), before, headings)

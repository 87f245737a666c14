"""Derived: a number in the text and the list that follows it differ."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from jhaan_kg.derived.model import Derived, DerivedKind
from jhaan_kg.derived.source import Source
from jhaan_kg.passages import Kind, Passage, locator, normalise

_WORDS: Final = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_VALUES: Final = {word: value for value, word in enumerate(_WORDS, 2)}
_NUMBER: Final = rf"(?:{'|'.join(_WORDS)}|\d{{1,2}})"
_BODIES: Final = r"(?:agencies|bodies|institutions|members|networks|observers)"
# a number, at most three words that qualify, and then the noun: a preposition would bring in another noun
_COUNT: Final = (
    rf"(?i:\b(?P<number>{_NUMBER})(?:\s+of\s+(?:all|its|the)\s+{_NUMBER})?"
    r"(?:\s+(?!(?:and|between|by|for|from|in|of|or|to|with)\b)[a-z-]+){0,3}?\s+"
)
_GAP: Final = rf"(?:\s+(?!(?:between|from|to|with|{_NUMBER})\b)[a-z-]+){{0,12}}?"
_SITE: Final = re.compile(
    rf"{_COUNT}{_BODIES}\b){_GAP}(?:\s*\((?P<brackets>[^()]*)\)|,?\s+namely:?\s+(?P<namely>.*)|\^(?P<mark>\d+))",
    re.DOTALL,
)
_LEAD_IN: Final = re.compile(rf"{_COUNT}(?P<noun>[a-z]+)):$")
_INEXACT: Final = re.compile(r"\b(?:about|almost|around|at least|more than|nearly|over|some|up to)\s+$", re.I)

# EIGE; eu-LISA; LIBE Secretariat; General Secretariat of the Council of the EU
_CAPITALISED: Final = r"(?:[a-z]+-)?[A-Z][\w'\u2019-]*"
_NAME: Final = rf"(?:the\s+)?{_CAPITALISED}(?:\s+(?:(?:for|of|on|the)\s+)*{_CAPITALISED})*"
_SEPARATOR: Final = r"(?:\s*[,;]\s*(?:and\s+)?|\s+and\s+)"
_NAMES: Final = re.compile(rf"{_NAME}(?:{_SEPARATOR}{_NAME})+")
_ONE_NAME: Final = re.compile(_NAME)
_NOTE_NUMBER: Final = re.compile(r"(?:\^|\()(\d+)\)?\s*")
_MARK: Final = re.compile(r"<sup>(\d+)</sup>")


class CountedList(NamedTuple):
    """A number in the text with the list that it counts.

    Attributes:
        line: the line of the text where the passage with the number starts, from 1.
        value: the number.
        items: the names in the list, or the locators of its items.
        passages: the IRIs of the passage with the number and, where that is another, the passage with the list.
    """

    line: int
    value: int
    items: tuple[str, ...]
    passages: tuple[str, ...]


def list_differences(source: Source) -> Iterator[Derived]:
    """Give the numbers that differ from the length of the list that they count."""
    for line, value, items, passages in counted_lists(source):
        if value != len(items):
            yield Derived(
                line,
                DerivedKind.COUNT_DIFFERS,
                f"{locator(passages[0])} counts {value}, but the list has {len(items)}: {'; '.join(items)}.",
                passages,
            )


def counted_lists(source: Source) -> Iterator[CountedList]:
    """Find the numbers whose list can be told from the text.

    Such a list is one of names of bodies after a number of agencies, bodies, institutions, members, networks or
    observers: in brackets, after "namely", or as the whole of the note that a mark points to; or the items that a
    paragraph introduces whose last words are a number and what it counts. Numbers that are not exact ("over",
    "almost") and the number one, whose list can't be told from an explanation, are left out.
    """
    notes = _notes(source)
    for passage in source.document.leaves:
        if passage.kind in (Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.FOOTNOTE):
            words = _words(source, passage)
            line = source.line_of(passage)
            for site in _SITE.finditer(words):
                if _INEXACT.search(words[: site.start()]):
                    continue
                note = notes.get((passage.parent, site["mark"]))
                items = _items_of_note(source, note) if note else _items_in_line(site)
                if items:
                    passages = (passage.iri, note.iri) if note else (passage.iri,)
                    yield CountedList(line, _value(site["number"]), items, passages)
    yield from _lists_of_items(source)


def _words(source: Source, passage: Passage) -> str:
    """Give the bare words of a passage, with the mark of note 1 as ^1."""
    return normalise(_MARK.sub(r"^\1", source.text_of(passage)))


def _value(number: str) -> int:
    return _VALUES.get(number.lower()) or int(number)


def _notes(source: Source) -> dict[tuple[str, str], Passage]:
    """Give the notes by section and number."""
    found = {}
    for passage in source.of_kind(Kind.FOOTNOTE):
        if number := _NOTE_NUMBER.match(_words(source, passage)):
            found[passage.parent, number[1]] = passage
    return found


def _items_of_note(source: Source, note: Passage) -> tuple[str, ...]:
    words = _NOTE_NUMBER.sub("", _words(source, note), count=1).rstrip(".")
    return _split(words) if _NAMES.fullmatch(words) else ()


def _items_in_line(site: re.Match[str]) -> tuple[str, ...]:
    if site["brackets"]:
        return _split(site["brackets"]) if _NAMES.fullmatch(site["brackets"]) else ()
    names = _NAMES.match(site["namely"] or "")
    return _split(names[0]) if names else ()


def _split(names: str) -> tuple[str, ...]:
    return tuple(re.split(_SEPARATOR, names))


def _lists_of_items(source: Source) -> Iterator[CountedList]:
    """Give the lists of items whose lead-in ends with a number and what it counts."""
    lists: defaultdict[str, list[Passage]] = defaultdict(list)
    for item in source.of_kind(Kind.LIST_ITEM):
        for lead_in in item.lead_in:
            lists[lead_in].append(item)
    for lead_in, items in lists.items():
        words = _words(source, source.document.by_iri[lead_in])
        found = _LEAD_IN.search(words)
        if not found or _INEXACT.search(words[: found.start()]):
            continue
        # "undertaken by the nine agencies:" counts those who act, while the items are what they do
        of_bodies = re.fullmatch(_BODIES, found["noun"], re.IGNORECASE)
        if not of_bodies or all(_ONE_NAME.fullmatch(_words(source, item)) for item in items):
            places = tuple(map(locator, items))
            yield CountedList(source.line_of(lead_in), _value(found["number"]), places, (lead_in,))

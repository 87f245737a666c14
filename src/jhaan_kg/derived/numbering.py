"""Derived: a numbering that jumps or repeats, and headings and notes that don't fit theirs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from jhaan_kg.derived.model import Derived, DerivedKind
from jhaan_kg.derived.source import Source
from jhaan_kg.passages import HeadingStatus, Kind, Passage, locator, normalise
from jhaan_kg.passages.contents import parse_entry
from jhaan_kg.passages.lines import Line

_HEADING: Final = re.compile(r"#{1,6}\s+\**(\d+(?:\.\d+)*)\.\s")
_CAPTION: Final = re.compile(r"(?:Figure|Table)\s+(\d+)\.")
_NOTE: Final = re.compile(r"(?:<sup>|\()(\d+)")
_ITEM: Final = re.compile(r"(\d{1,2})\.\s")
_CELL: Final = re.compile(r"\d+(?:\.\d+)*")
_NUMBER_COLUMN: Final = re.compile(r"(?:.*\s)?No\.")
_MARK: Final = re.compile(r"<sup>(\d+)</sup>")


class _Numbered(NamedTuple):
    """A passage with a number.

    Attributes:
        what: what is numbered, for people.
        number: the number as printed, without a closing full stop.
        passage: the passage.
    """

    what: str
    number: str
    passage: Passage

    @property
    def steps(self) -> tuple[int, ...]:
        """The number's parts: 6.1 is 6, then 1."""
        return tuple(map(int, self.number.split(".")))


def numbering_faults(source: Source) -> Iterator[Derived]:
    """Give what is wrong in the numberings of the whole text.

    Figures, tables and notes are numbered through the report, items through their list, rows through their table,
    in each column whose head ends in "No."; sections as the contents list has them.
    """
    yield from _headings(source)
    yield from _faults(source, _sections(source))
    yield from _faults(source, _captions(source, Kind.FIGURE))
    yield from _faults(source, _captions(source, Kind.TABLE_CAPTION))
    yield from _faults(source, _notes(source))
    for numbers in (*_lists(source), *_columns(source)):
        yield from _faults(source, numbers)
    yield from _marks(source)


def _faults(source: Source, numbers: Iterable[_Numbered]) -> Iterator[Derived]:
    """Give the numbers of one numbering that are there already, or don't follow the one before."""
    first: dict[tuple[int, ...], _Numbered] = {}
    previous: tuple[int, ...] = ()
    before = "the beginning"
    for one in numbers:
        line = source.line_of(one.passage)
        if one.steps in first:
            other = first[one.steps]
            yield Derived(
                line,
                DerivedKind.NUMBER_REPEATED,
                f"{one.what} {one.number} is there a second time ({locator(one.passage)}): the first is in line "
                f"{source.line_of(other.passage)} ({locator(other.passage)}).",
                source.in_order((other.passage.iri, one.passage.iri)),
            )
        elif not _follows(previous, one.steps):
            yield Derived(
                line,
                DerivedKind.NUMBER_SKIPPED,
                f"{one.what} {one.number} ({locator(one.passage)}) comes after {before}: the numbering jumps.",
                (one.passage.iri,),
            )
        first.setdefault(one.steps, one)
        previous, before = one.steps, one.number


def _follows(previous: tuple[int, ...], number: tuple[int, ...]) -> bool:
    """Whether a number is the next of an outline: one more at some level, and 1 at each level below.

    >>> [_follows(*pair) for pair in (((), (1,)), ((5,), (6, 1)), ((6, 2), (7, 1)), ((7, 5), (8,)))]
    [True, True, True, True]
    >>> [_follows(*pair) for pair in (((), (2,)), ((5,), (6, 2)), ((6, 1), (6, 3)), ((7, 5), (7,)))]
    [False, False, False, False]
    """
    level = next(
        (i for i, (one, other) in enumerate(zip(previous, number, strict=False)) if one != other), None
    )
    if level is None:
        level = len(previous)
    counted = previous[level] if level < len(previous) else 0
    return level < len(number) and number[level] == counted + 1 and set(number[level + 1 :]) <= {1}


def _sections(source: Source) -> Iterator[_Numbered]:
    numbered = (section for section in source.document.sections if section.title is not None)
    for section, entry in zip(numbered, source.of_kind(Kind.CONTENTS_ENTRY), strict=True):
        yield _Numbered("Section", section.section_number or "", entry)


def _captions(source: Source, kind: Kind) -> Iterator[_Numbered]:
    what = "Figure" if kind is Kind.FIGURE else "Table"
    for passage in source.of_kind(kind):
        if number := _CAPTION.match(normalise(source.text_of(passage))):
            yield _Numbered(what, number[1], passage)


def _notes(source: Source) -> Iterator[_Numbered]:
    for passage in source.of_kind(Kind.FOOTNOTE):
        if number := _NOTE.match(source.text_of(passage)):
            yield _Numbered("Note", number[1], passage)


def _lists(source: Source) -> list[list[_Numbered]]:
    """Give the numbered lists: an item 1 begins another one if something else introduces it."""
    lists: list[list[_Numbered]] = []
    for passage in source.of_kind(Kind.LIST_ITEM):
        if number := _ITEM.match(source.text_of(passage)):
            item = _Numbered("Item", number[1], passage)
            last = lists[-1][-1].passage if lists else None
            same_section = last is not None and last.parent == passage.parent
            same_list = last is not None and last.lead_in == passage.lead_in
            if same_section and (same_list or number[1] != "1"):
                lists[-1].append(item)
            else:
                lists.append([item])
    return lists


def _columns(source: Source) -> Iterator[list[_Numbered]]:
    """Give the columns of tables that hold numbers of things."""
    columns: defaultdict[tuple[str, int], list[_Numbered]] = defaultdict(list)
    for row in source.of_kind(Kind.TABLE_ROW):
        leads = [source.document.by_iri[lead] for lead in row.lead_in]
        head = next((lead for lead in leads if lead.kind is Kind.TABLE_HEADER), None)
        if head is None:
            continue
        table = next((lead for lead in leads if lead.kind is Kind.TABLE_CAPTION), head)
        names = source.text_of(head).splitlines()[-1].split("\t")
        cells = source.text_of(row).split("\t")
        for index, (name, cell) in enumerate(zip(names, cells, strict=False)):
            if _NUMBER_COLUMN.fullmatch(name.strip()) and _CELL.fullmatch(cell.strip()):
                columns[table.iri, index].append(_Numbered(name.strip(), cell.strip(), row))
    yield from columns.values()


def _marks(source: Source) -> Iterator[Derived]:
    """Give the notes without mark in their section, and the marks without note."""
    notes = {(note.passage.parent, note.number): note for note in _notes(source)}
    for note in notes.values():
        if not note.passage.lead_in:
            yield Derived(
                source.line_of(note.passage),
                DerivedKind.NOTE_WITHOUT_MARK,
                f"Note {note.number} ({locator(note.passage)}) has no mark in its section.",
                (note.passage.iri,),
            )
    for passage in source.document.leaves:
        if passage.kind is Kind.FOOTNOTE:
            continue
        for mark in _MARK.finditer(source.text, passage.start, passage.end):
            if (passage.parent, mark[1]) not in notes:
                yield Derived(
                    source.line_at(mark.start()),
                    DerivedKind.MARK_WITHOUT_NOTE,
                    f"The mark {mark[1]} ({locator(passage)}) leads to no note of its section.",
                    (passage.iri,),
                )


def _headings(source: Source) -> Iterator[Derived]:
    """Compare the headings with the contents list."""
    headings = {heading.parent: heading for heading in source.of_kind(Kind.HEADING)}
    numbered = (section for section in source.document.sections if section.title is not None)
    for section, entry in zip(numbered, source.of_kind(Kind.CONTENTS_ENTRY), strict=True):
        listed = parse_entry(Line(source.line_of(entry), entry.start, entry.end, source.text_of(entry)))
        title = normalise(f"{listed.number}. {listed.title}")
        heading = headings.get(section.iri)
        if heading is None or section.heading_status is not HeadingStatus.PRESENT:
            printed = f"; the text prints {normalise(source.text_of(heading))!r} there" if heading else ""
            yield Derived(
                source.line_of(section),
                DerivedKind.HEADING_LOST,
                f"The contents list has {title!r}, but the text has no such heading{printed}.",
                (section.iri,),
            )
        elif (words := normalise(source.text_of(heading))) != title:
            yield Derived(
                source.line_of(heading),
                DerivedKind.HEADING_DIFFERS,
                f"The heading is {words!r}; the contents list has {title!r} (line {source.line_of(entry)}).",
                (entry.iri, heading.iri),
            )
    for passage in source.document.leaves:
        if passage.kind is not Kind.HEADING and (number := _HEADING.match(source.text_of(passage))):
            yield Derived(
                source.line_of(passage),
                DerivedKind.HEADING_UNLISTED,
                f"The text has a heading {number[1]} ({locator(passage)}), but the contents list has not.",
                (passage.iri,),
            )

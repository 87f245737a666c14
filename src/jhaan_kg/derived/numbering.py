"""Findings about numbering that need only the text: headings, gaps, repetitions, notes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from jhaan_kg.derived.findings import Derived, DerivedKind
from jhaan_kg.passages import HeadingStatus, Passage, PassageKind, Report, normalise
from jhaan_kg.passages.lines import Line, parse_entry
from jhaan_kg.reports import locator

_HEADING: Final = re.compile(r"#{1,6}\s+\**(\d+(?:\.\d+)*)\.\s")
_CAPTION: Final = re.compile(r"(?:\*\*)?(?:Figure|Table)\s+(\d+)\.")
_NOTE: Final = re.compile(r"(?:<sup>|\()(\d+)")
_ITEM: Final = re.compile(r"(\d{1,2})\.\s")
_CELL: Final = re.compile(r"\d+(?:\.\d+)*")
_NUMBER_COLUMN: Final = re.compile(r"(?:.*\s)?No\.")
_MARK: Final = re.compile(r"<sup>(\d+)</sup>")


class _Numbered(NamedTuple):
    """A passage with a number: the name of the numbered object, and the number as printed."""

    what: str
    number: str
    passage: Passage

    @property
    def steps(self) -> tuple[int, ...]:
        """The number's parts: for 6.1, 6 and 1."""
        return tuple(map(int, self.number.split(".")))


def check_numbering(report: Report) -> Iterator[Derived]:
    """Yield the faults in the numberings of the whole text.

    Figures, tables and notes are numbered throughout the report, items within their list, and rows within their
    table, in each column with a head that ends in "No."; sections as in the table of contents.
    """
    sections = [
        _Numbered("Section", section.section_number or "", entry) for section, entry in _find_entries(report)
    ]
    notes = _find_numbered(report, PassageKind.FOOTNOTE, "Note", _NOTE)
    yield from _compare_headings(report)
    for numbers in (
        sections,
        _find_numbered(report, PassageKind.FIGURE, "Figure", _CAPTION),
        _find_numbered(report, PassageKind.TABLE_CAPTION, "Table", _CAPTION),
        notes,
        *_find_lists(report),
        *_find_columns(report),
    ):
        yield from _check_sequence(report, numbers)
    yield from _check_notes(report, notes)


def _find_numbered(report: Report, kind: PassageKind, what: str, pattern: re.Pattern[str]) -> list[_Numbered]:
    """Return the passages of a kind that begin with a number."""
    return [
        _Numbered(what, number[1], passage)
        for passage in report.document.of_kind(kind)
        if (number := pattern.match(report.text_of(passage)))
    ]


def _find_entries(report: Report) -> Iterator[tuple[Passage, Passage]]:
    """Yield the numbered sections with their entries in the table of contents."""
    numbered = (section for section in report.document.sections if section.title is not None)
    return zip(numbered, report.document.of_kind(PassageKind.CONTENTS_ENTRY), strict=True)


def _check_sequence(report: Report, numbers: Iterable[_Numbered]) -> Iterator[Derived]:
    """Yield the numbers of a sequence that repeat, or do not follow the previous one."""
    first: dict[tuple[int, ...], _Numbered] = {}
    previous: tuple[int, ...] = ()
    before = "the beginning"
    for one in numbers:
        line, where = report.line_of(one.passage), locator(one.passage.iri)
        if other := first.get(one.steps):
            yield Derived(
                line,
                DerivedKind.NUMBER_REPEATED,
                f"{one.what} {one.number} occurs twice ({where}): the first time in line "
                f"{report.line_of(other.passage)} ({locator(other.passage.iri)}).",
                report.document.in_order((other.passage.iri, one.passage.iri)),
            )
        elif not _follows(previous, one.steps):
            yield Derived(
                line,
                DerivedKind.NUMBER_SKIPPED,
                f"{one.what} {one.number} ({where}) comes after {before}: the numbering jumps.",
                (one.passage.iri,),
            )
        first.setdefault(one.steps, one)
        previous, before = one.steps, one.number


def _follows(previous: tuple[int, ...], number: tuple[int, ...]) -> bool:
    """Return whether a number is next in an outline.

    The next number is one more at some level, and 1 at each level below.

    >>> [_follows(*pair) for pair in (((), (1,)), ((5,), (6, 1)), ((6, 2), (7, 1)), ((7, 5), (8,)))]
    [True, True, True, True]
    >>> [_follows(*pair) for pair in (((), (2,)), ((5,), (6, 2)), ((6, 1), (6, 3)), ((7, 5), (7,)))]
    [False, False, False, False]
    """
    level = 0
    while level < min(len(previous), len(number)) and previous[level] == number[level]:
        level += 1
    counted = previous[level] if level < len(previous) else 0
    return level < len(number) and number[level] == counted + 1 and set(number[level + 1 :]) <= {1}


def _find_lists(report: Report) -> list[list[_Numbered]]:
    """Return the numbered lists: an item 1 begins a new one if it has another introduction."""
    lists: list[list[_Numbered]] = []
    for item in _find_numbered(report, PassageKind.LIST_ITEM, "Item", _ITEM):
        last = lists[-1][-1].passage if lists else None
        if (
            last is not None
            and last.parent == item.passage.parent
            and (last.lead_in == item.passage.lead_in or item.number != "1")
        ):
            lists[-1].append(item)
        else:
            lists.append([item])
    return lists


def _find_columns(report: Report) -> Iterable[list[_Numbered]]:
    """Return the columns of tables that contain numbers."""
    columns: defaultdict[tuple[str, int], list[_Numbered]] = defaultdict(list)
    for row in report.document.of_kind(PassageKind.TABLE_ROW):
        leads = {lead.kind: lead for lead in map(report.document.by_iri.__getitem__, row.lead_in)}
        if head := leads.get(PassageKind.TABLE_HEADER):
            table = leads.get(PassageKind.TABLE_CAPTION, head)
            names = report.text_of(head).splitlines()[-1].split("\t")
            cells = report.text_of(row).split("\t")
            for index, (name, cell) in enumerate(zip(names, cells, strict=False)):
                if _NUMBER_COLUMN.fullmatch(name.strip()) and _CELL.fullmatch(cell.strip()):
                    columns[table.iri, index].append(_Numbered(name.strip(), cell.strip(), row))
    return columns.values()


def _check_notes(report: Report, notes: Iterable[_Numbered]) -> Iterator[Derived]:
    """Yield the notes without a mark in their section, and the marks without a note."""
    by_number = {(note.passage.parent, note.number): note for note in notes}
    for note in by_number.values():
        if not note.passage.lead_in:
            yield Derived(
                report.line_of(note.passage),
                DerivedKind.NOTE_WITHOUT_MARK,
                f"Note {note.number} ({locator(note.passage.iri)}) has no mark in its section.",
                (note.passage.iri,),
            )
    for passage in report.document.leaves:
        marks = _MARK.finditer(report.text, passage.start, passage.end)
        for mark in marks if passage.kind is not PassageKind.FOOTNOTE else ():
            if (passage.parent, mark[1]) not in by_number:
                yield Derived(
                    report.line_at(mark.start()),
                    DerivedKind.MARK_WITHOUT_NOTE,
                    f"The mark {mark[1]} ({locator(passage.iri)}) has no note in its section.",
                    (passage.iri,),
                )


def _compare_headings(report: Report) -> Iterator[Derived]:
    """Yield the differences between the headings and the table of contents."""
    headings = {heading.parent: heading for heading in report.document.of_kind(PassageKind.HEADING)}
    for section, entry in _find_entries(report):
        line = report.line_of(entry)
        listed = parse_entry(Line(line, entry.start, entry.end, report.text_of(entry)))
        title = normalise(f"{listed.number}. {listed.title}")
        heading = headings.get(section.iri)
        words = report.words(heading) if heading else ""
        if heading is None or section.heading_status is not HeadingStatus.PRESENT:
            printed = f"; the text prints {words!r} there" if heading else ""
            yield Derived(
                report.line_of(section),
                DerivedKind.HEADING_LOST,
                f"The table of contents has {title!r}, but the text has no such heading{printed}.",
                (section.iri,),
            )
        elif words != title:
            yield Derived(
                report.line_of(heading),
                DerivedKind.HEADING_DIFFERS,
                f"The heading is {words!r}; the table of contents has {title!r} (line {line}).",
                (entry.iri, heading.iri),
            )
    for passage in report.document.leaves:
        if passage.kind is not PassageKind.HEADING and (number := _HEADING.match(report.text_of(passage))):
            yield Derived(
                report.line_of(passage),
                DerivedKind.HEADING_UNLISTED,
                f"The text has a heading {number[1]} ({locator(passage.iri)}) that the table of contents lacks.",
                (passage.iri,),
            )

"""The contents list: the authority on which sections a report has, in which order and on which pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.passages.lines import Line, Piece, Shape
from jhaan_kg.passages.text import normalise

_TITLES: Final = frozenset({"contents", "table of contents"})
_ENTRY: Final = re.compile(r"(\d+(?:\.\d+)*)\.\t(.*?)[ \t]*(?:\.{3,})?[ \t]*\t(\d+)")
_TAG: Final = re.compile(r"</?b>")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents list.

    Attributes:
        number: the section's number, without the closing full stop.
        title: its title, without leader dots.
        page: the page on which it starts.
        line: where the entry stands in the text.
    """

    number: str
    title: str
    page: int
    line: Line

    @property
    def parent(self) -> str:
        """The number of the section that it is part of; empty for a chapter."""
        return self.number.rpartition(".")[0]


def is_contents_heading(piece: Piece) -> bool:
    """Tell whether a piece is the heading of the contents list."""
    return piece.shape is Shape.HEADING and normalise(piece.text).casefold() in _TITLES


def parse_entry(line: Line) -> Entry:
    r"""Read one line of the contents list: number, tab, title with leader dots, tab, page.

    Raises:
        JhaanError: the line is no such entry.

    >>> parse_entry(Line(60, 0, 0, "<b>1.</b>\t<b>Foreword .....</b>\t<b>6</b>"))
    Entry(number='1', title='Foreword', page=6, line=Line(number=60, start=0, end=0, ...
    """
    match = _ENTRY.fullmatch(_TAG.sub("", line.text))
    if not match:
        raise JhaanError(
            f"line {line.number} of the report's text stands in the contents list but is no entry of it: "
            "expected number with full stop, tab, title, tab, page. Correct the line, or check that the "
            "heading of the first section was not lost."
        )
    return Entry(match[1], match[2], int(match[3]), line)


def parse_contents(pieces: Sequence[Piece]) -> list[Entry]:
    """Read the contents list and check that it is a tree in reading order.

    Args:
        pieces: what stands between the heading of the contents list and the first heading of the text.

    Raises:
        JhaanError: a line is no entry, a number occurs twice, a section stands apart from the section that
            it is part of, or there is no entry.
    """
    entries: list[Entry] = []
    seen: dict[str, Entry] = {}
    for entry in (parse_entry(line) for piece in pieces for line in piece.lines):
        if entry.number in seen:
            raise JhaanError(
                f"line {entry.line.number} of the report's text: the contents list has {entry.number} a "
                f"second time (first in line {seen[entry.number].line.number}). Delete or renumber one."
            )
        last = entries[-1].number if entries else ""
        if entry.parent and not f"{last}.".startswith(f"{entry.parent}."):
            raise JhaanError(
                f"line {entry.line.number} of the report's text: the contents list has {entry.number} after "
                f"{last or 'nothing'}; expected it below {entry.parent}. Restore the order of the list."
            )
        entries.append(entry)
        seen[entry.number] = entry
    if not entries:
        raise JhaanError(
            "the contents list of the report's text is empty: no section can be told from another."
        )
    return entries

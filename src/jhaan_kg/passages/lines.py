"""Splitting of a text into lines and pieces, the consecutive lines that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.passages.model import normalise

PAGE_BREAK: Final = 3
"""The minimum number of consecutive blank lines for a page break.

One blank line separates paragraphs.
"""


class LineShape(Enum):
    """The kind of a line, by its first characters alone."""

    HEADING = auto()
    RULE = auto()
    FOOTNOTE = auto()
    FIGURE = auto()
    CAPTION = auto()
    ITEM = auto()
    TABLE = auto()
    TEXT = auto()


_SHAPES: Final = (
    (LineShape.HEADING, re.compile(r"#{1,6}\s+\S")),
    (LineShape.RULE, re.compile(r"-{3,}$")),
    (LineShape.FOOTNOTE, re.compile(r"(?:<sup>\d+</sup>|\(\d+\))\s+\S")),
    (LineShape.FIGURE, re.compile(r"(?:\*\*)?Figure\s+\d+\.\s")),
    (LineShape.CAPTION, re.compile(r"(?:\*\*)?Table\s+\d+\.\s")),
    (LineShape.TABLE, re.compile(r"[^\t]*\t")),
    (LineShape.ITEM, re.compile(r"(?:[-*•]|\d{1,2}\.)\s+\S")),
)

# A line of text directly below a piece of one of these kinds belongs to that piece.
_CONTINUED: Final = {LineShape.FOOTNOTE, LineShape.FIGURE, LineShape.CAPTION, LineShape.ITEM, LineShape.TEXT}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, without the white space around it.

    Attributes:
        number: its number in the text, from 1.
        start: the offset of its first character that is not white space.
        end: the offset after its last such character.
        text: its text.
    """

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive lines, without a blank line, that belong together.

    Attributes:
        shape: the kind of its first line.
        lines: its lines.
        page_break: whether it is the first after a page break, or the first of the text.
    """

    shape: LineShape
    lines: tuple[Line, ...]
    page_break: bool

    @property
    def start(self) -> int:
        """The offset of its first character."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.lines[-1].end

    @property
    def text(self) -> str:
        """The text of the lines, separated by line feeds."""
        return "\n".join(line.text for line in self.lines)


def shape_of(line: str) -> LineShape:
    """Return the kind of a line, by its first characters.

    >>> shape_of("## 5. Meetings"), shape_of("#StandWithUkraine")
    (<LineShape.HEADING: 1>, <LineShape.TEXT: 8>)
    """
    return next((shape for shape, pattern in _SHAPES if pattern.match(line)), LineShape.TEXT)


def read_lines(text: str) -> Iterator[Line]:
    r"""Yield the lines that are not blank; a line ends with LF, CR LF or CR.

    >>> [(line.number, line.start, line.end) for line in read_lines("a \r\n\r\n b")]
    [(1, 0, 1), (3, 7, 8)]
    """
    start = 0
    for number, ending in enumerate(re.finditer(r"\r\n|\r|\n|\Z", text), 1):
        raw = text[start : ending.start()]
        if bare := raw.strip():
            first = start + len(raw) - len(raw.lstrip())
            yield Line(number, first, first + len(bare), bare)
        start = ending.end()


def read_pieces(text: str) -> list[Piece]:
    r"""Return the pieces of a text in reading order.

    A piece starts after a blank line, and within a block at each line that starts a heading, an item, a note, a
    caption or a table, and after a heading or a rule. Text directly above a line with tabs is the table's head, even
    without tabs, since editors may trim them at the end of a line.

    >>> [(piece.shape.name, len(piece.lines)) for piece in read_pieces("# T\nLead-in:\n- one\n  more\n- two")]
    [('HEADING', 1), ('TEXT', 1), ('ITEM', 2), ('ITEM', 1)]
    >>> [(piece.shape.name, len(piece.lines)) for piece in read_pieces("Plans\nNo.\tName\n1\tDrugs")]
    [('TABLE', 3)]
    """
    found: list[tuple[LineShape, list[Line], bool]] = []
    previous = -PAGE_BREAK
    for line in read_lines(text):
        shape = shape_of(line.text)
        gap = line.number - previous - 1
        before = found[-1][0] if found and not gap else None
        if shape is LineShape.TABLE and before in (LineShape.TABLE, LineShape.TEXT):
            _, own, page_break = found.pop()
            own.append(line)
            found.append((LineShape.TABLE, own, page_break))
        elif shape is LineShape.TEXT and before in _CONTINUED:
            found[-1][1].append(line)
        else:
            found.append((shape, [line], gap >= PAGE_BREAK))
        previous = line.number
    return [Piece(shape, tuple(own), page_break) for shape, own, page_break in found]


_TITLES: Final = frozenset({"contents", "table of contents"})
_ENTRY: Final = re.compile(r"(\d+(?:\.\d+)*)\.\t(.*?)[ \t]*(?:\.{3,})?[ \t]*\t(\d+)")
_TAG: Final = re.compile(r"</?b>")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents, which determines the sections of a report.

    Attributes:
        number: the section's number, without the closing full stop.
        title: its title, without leader dots.
        page: the page on which it starts.
        line: the line of the text.
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
    """Return whether a piece is the heading of the table of contents."""
    return piece.shape is LineShape.HEADING and normalise(piece.text).casefold() in _TITLES


def parse_entry(line: Line) -> Entry:
    r"""Read one line of the table of contents: number, tab, title with leader dots, tab, page.

    Raises:
        JhaanError: the line has another form.

    >>> parse_entry(Line(60, 0, 0, "<b>1.</b>\t<b>Foreword .....</b>\t<b>6</b>"))
    Entry(number='1', title='Foreword', page=6, line=Line(number=60, start=0, end=0, ...
    """
    match = _ENTRY.fullmatch(_TAG.sub("", line.text))
    if not match:
        raise JhaanError(
            f"Line {line.number} of the report's text must be an entry of the table of contents: number with full "
            "stop, tab, title, tab, page. Or the heading of the first section is missing."
        )
    return Entry(match[1], match[2], int(match[3]), line)


def parse_contents(contents: Sequence[Piece]) -> list[Entry]:
    """Read the table of contents and check that it is a tree in reading order.

    Args:
        contents: the pieces between the heading of the table and the first heading of the text.

    Raises:
        JhaanError: a line is not an entry, a number occurs twice, a section is not next to its parent section, or
            there is no entry.
    """
    entries: dict[str, Entry] = {}
    last = ""
    for entry in (parse_entry(line) for piece in contents for line in piece.lines):
        if entry.number in entries:
            raise JhaanError(
                f"Line {entry.line.number} of the report's text: entry {entry.number} of the table of contents exists "
                f"already (line {entries[entry.number].line.number}). Delete or renumber one."
            )
        if entry.parent and not f"{last}.".startswith(f"{entry.parent}."):
            raise JhaanError(
                f"Line {entry.line.number} of the report's text: entry {entry.number} of the table of contents must be "
                f"below {entry.parent}, not after {last or 'nothing'}. Restore the order."
            )
        entries[entry.number] = entry
        last = entry.number
    if not entries:
        raise JhaanError("The table of contents of the report's text has no entries.")
    return list(entries.values())

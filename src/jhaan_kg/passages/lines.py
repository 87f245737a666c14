"""From characters to pieces: lines, what a line starts, and the runs of lines that make one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

PAGE_BREAK: Final = 3
"""So many blank lines or more in a row stand for a page break; paragraphs are one blank line apart."""


class Shape(Enum):
    """What a line looks like by its first characters alone."""

    HEADING = auto()
    RULE = auto()
    FOOTNOTE = auto()
    FIGURE = auto()
    CAPTION = auto()
    ITEM = auto()
    TABLE = auto()
    TEXT = auto()


_SHAPES: Final = (
    (Shape.HEADING, re.compile(r"#{1,6}\s+\S")),
    (Shape.RULE, re.compile(r"-{3,}$")),
    (Shape.FOOTNOTE, re.compile(r"(?:<sup>\d+</sup>|\(\d+\))\s+\S")),
    (Shape.FIGURE, re.compile(r"(?:\*\*)?Figure\s+\d+\.\s")),
    (Shape.CAPTION, re.compile(r"(?:\*\*)?Table\s+\d+\.\s")),
    (Shape.TABLE, re.compile(r"[^\t]*\t")),
    (Shape.ITEM, re.compile(r"(?:[-*•]|\d{1,2}\.)\s+\S")),
)

# A line that starts nothing new continues one of these within a block.
_CONTINUED: Final = {Shape.FOOTNOTE, Shape.FIGURE, Shape.CAPTION, Shape.ITEM, Shape.TEXT}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, without the white space around it.

    Attributes:
        number: its number in the text, from 1.
        start: the offset of its first character that is not white space.
        end: the offset after its last such character.
        text: what stands there.
    """

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that follow each other without a blank line and belong together.

    Attributes:
        shape: what its first line looks like.
        lines: its lines.
        page_break: whether it is the first after a page break, or the first of the text.
    """

    shape: Shape
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
        """Its lines, one below the other."""
        return "\n".join(line.text for line in self.lines)


def shape_of(line: str) -> Shape:
    """Tell what a line looks like by its first characters.

    >>> shape_of("## 5. Meetings"), shape_of("#StandWithUkraine")
    (<Shape.HEADING: 1>, <Shape.TEXT: 8>)
    """
    return next((shape for shape, pattern in _SHAPES if pattern.match(line)), Shape.TEXT)


def lines(text: str) -> Iterator[Line]:
    r"""Give the lines that are not blank; a line ends with LF, CR LF or CR.

    >>> [(line.number, line.start, line.end) for line in lines("a \r\n\r\n b")]
    [(1, 0, 1), (3, 7, 8)]
    """
    start = 0
    for number, ending in enumerate(re.finditer(r"\r\n|\r|\n|\Z", text), 1):
        raw = text[start : ending.start()]
        if bare := raw.strip():
            first = start + len(raw) - len(raw.lstrip())
            yield Line(number, first, first + len(bare), bare)
        start = ending.end()


def pieces(text: str) -> list[Piece]:
    r"""Give the pieces of a text in reading order.

    A piece starts after a blank line, and within a block at each line that starts a heading, an item, a
    note, a caption or a table, and after a heading or a rule. Text directly above a line with tabs is the
    table's head: its own tabs stand at its end, where many an editor trims them.

    >>> [(piece.shape.name, len(piece.lines)) for piece in pieces("# T\nLead-in:\n- one\n  more\n- two")]
    [('HEADING', 1), ('TEXT', 1), ('ITEM', 2), ('ITEM', 1)]
    >>> [(piece.shape.name, len(piece.lines)) for piece in pieces("Plans\nNo.\tName\n1\tDrugs")]
    [('TABLE', 3)]
    """
    found: list[tuple[Shape, list[Line], bool]] = []
    previous = -PAGE_BREAK
    for line in lines(text):
        shape = shape_of(line.text)
        gap = line.number - previous - 1
        if found and not gap and _continues(found[-1][0], shape):
            own = found[-1][1]
            own.append(line)
            if shape is Shape.TABLE:
                found[-1] = (shape, own, found[-1][2])
        else:
            found.append((shape, [line], gap >= PAGE_BREAK))
        previous = line.number
    return [Piece(shape, tuple(own), page_break) for shape, own, page_break in found]


def _continues(piece: Shape, line: Shape) -> bool:
    if line is Shape.TABLE:
        return piece in (Shape.TABLE, Shape.TEXT)
    return line is Shape.TEXT and piece in _CONTINUED

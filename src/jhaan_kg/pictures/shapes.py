"""Elements of pictures: shapes, marks, and drawings, and estimates of the widths of texts.

The estimates need no renderer and are upper limits.
"""

from __future__ import annotations

from typing import Final, NamedTuple

SIZE: Final = 13
"""The font size in pixels."""

LINE: Final = 17
"""The height of a line of text in pixels."""


class Shape(NamedTuple):
    """An SVG element.

    Attributes:
        tag: the name of the element.
        place: the attributes for its position, in pixels or as a percentage of the picture's width ("12.5%").
        style: the CSS class.
        text: the text of a text element; empty for other elements.
    """

    tag: str
    place: tuple[tuple[str, int | str], ...]
    style: str = ""
    text: str = ""


class Mark(NamedTuple):
    """The shapes that represent a row of the answer.

    Attributes:
        name: the accessible name, which describes the row.
        row: the index of the row.
        shapes: the shapes.
    """

    name: str
    row: int
    shapes: tuple[Shape, ...]


class Drawing(NamedTuple):
    """A picture without a title.

    Attributes:
        width: the width in pixels; 0 to use the available width.
        height: the height in pixels.
        parts: the parts in the order of drawing and reading.
    """

    width: int
    height: int
    parts: tuple[Shape | Mark, ...]


def text(x: int | str, y: int, words: str, style: str = "", *, dx: int = 0, anchor: str = "") -> Shape:
    place: list[tuple[str, int | str]] = [("x", x), ("y", y)]
    place += [("dx", dx)] if dx else []
    place += [("text-anchor", anchor)] if anchor else []
    return Shape("text", tuple(place), style, words)


def rect(x: int | str, y: int, width: int | str, height: int, style: str) -> Shape:
    return Shape("rect", (("x", x), ("y", y), ("width", width), ("height", height)), style)


def line(x1: int, y1: int, x2: int, y2: int, style: str) -> Shape:
    return Shape("line", (("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)), style)


def circle(x: int, y: int, radius: int, style: str) -> Shape:
    return Shape("circle", (("cx", x), ("cy", y), ("r", radius)), style)


_WIDTHS: Final = {
    **dict.fromkeys("iljI.,:;'!|\u2019", 0.34),
    **dict.fromkeys("frt()[]-/ \u201c\u201d", 0.5),
    **dict.fromkeys("mwMW@%\u2014", 1.0),
}
_CAPITAL: Final = 0.78
_OTHER: Final = 0.65


def width_of(text: str, size: int) -> float:
    """Return the maximum width of a text in pixels.

    It is the width in DejaVu Sans or Verdana, the widest fonts used.

    >>> width_of("CEPOL", 13) > 5 * 13 * 0.6
    True
    """
    return size * sum(_WIDTHS.get(each, _CAPITAL if each.isupper() else _OTHER) for each in text)


def wrap(text: str, width: float, size: int, most: int = 9) -> list[str]:
    """Split a text into lines; if words remain after the last line, the line ends in "…".

    Args:
        text: the text.
        width: the maximum width of a line in pixels.
        size: the font size in pixels.
        most: the maximum number of lines.

    >>> wrap("Meeting of the Working Group on Training", 130, 13)
    ['Meeting of the', 'Working Group on', 'Training']
    >>> wrap("Meeting of the Working Group on Training", 130, 13, 2)
    ['Meeting of the', 'Working Group …']
    """
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size) <= width or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            while lines[-1] and width_of(f"{lines[-1]} …", size) > width:
                lines[-1] = lines[-1].rpartition(" ")[0]
            lines[-1] = f"{lines[-1]} …".strip()
            break
    return lines

"""Estimation of text widths without a renderer; the estimates are upper limits."""

from __future__ import annotations

from typing import Final

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

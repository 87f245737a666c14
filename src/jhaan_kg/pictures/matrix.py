"""Matrices: a symbol or a number for each row and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from jhaan_kg.pictures.shapes import (
    LINE,
    SIZE,
    Drawing,
    Mark,
    Shape,
    circle,
    line,
    rect,
    text,
    width_of,
    wrap,
)

_LABEL: Final = 330
_ROW: Final = 26
_SYMBOLS: Final[Mapping[str, str]] = {"did not ": "✕", "may ": "○◇", "not ": "·?-", "": "●◆■▲"}
"""The symbols for values, by the prefix of the value.

Several values with a prefix get the symbols in order.
"""

_SHADES: Final = 4


class Cell(NamedTuple):
    """A cell of a matrix.

    Attributes:
        row: the index of the row in the answer; the first if several rows share the cell.
        value: a number, or text that a symbol represents.
        is_shaded: whether a cell with text is shaded.
        is_ringed: whether the cell has a ring.
    """

    row: int
    value: str
    is_shaded: bool = False
    is_ringed: bool = False


def draw_matrix(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[str, str], Cell],
    symbols: Mapping[str, str] | None = None,
    legend: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw a matrix.

    Args:
        rows: the labels on the left.
        columns: the labels above.
        cells: the cells by labels of row and column. Numbers are shaded; texts are shown as symbols with a legend.
        symbols: the symbols by text; a default symbol is chosen for other texts.
        legend: the explanations of symbols by text; by default, the text itself.
    """
    left = min(_LABEL, max(round(width_of(each, SIZE)) for each in rows)) + 12
    step = max(44, max(round(width_of(each, SIZE)) for each in columns) + 12)
    values = list(dict.fromkeys(cell.value for cell in cells.values()))
    is_counted = all(value.isdigit() for value in values)
    symbols = symbols or _choose_symbols(values)
    most = max((int(value) for value in values), default=0) if is_counted else 0
    parts: list[Shape | Mark] = [
        text(left + number * step + step // 2, SIZE, name, style="mid") for number, name in enumerate(columns)
    ]
    y = LINE + 8
    for name in rows:
        lines = wrap(name, _LABEL, SIZE)
        height = max(_ROW, len(lines) * LINE + 6)
        parts += [text(0, y + SIZE + 3 + number * LINE, words) for number, words in enumerate(lines)]
        for number, column in enumerate(columns):
            cell = cells.get((name, column))
            if cell is None:
                continue
            x = left + number * step
            shade = shade_of(int(cell.value), most) if is_counted else 2 * cell.is_shaded
            own = [rect(x + 1, y + 1, step - 2, height - 2, f"q{shade}")] if shade else []
            own += [circle(x + step // 2, y + height // 2, 12, "ring")] if cell.is_ringed else []
            own.append(
                text(
                    x + step // 2,
                    y + height // 2 + 5,
                    cell.value if is_counted else symbols[cell.value],
                    "mid",
                )
            )
            parts.append(Mark(f"{name}, {column}: {cell.value}", cell.row, tuple(own)))
        y += height
        parts.append(line(0, y, left + len(columns) * step, y, "grid"))
    width = left + len(columns) * step
    if not is_counted:
        y += 10
        legend = legend or {symbols[value]: value for value in sorted(symbols)}
        indent = 12 + max(round(width_of(symbol, SIZE)) for symbol in legend)
        for symbol, meaning in legend.items():
            for number, words in enumerate(wrap(meaning, width - indent, SIZE)):
                parts += [text(4, y + SIZE, symbol)] if number == 0 else []
                parts.append(text(indent, y + SIZE, words))
                y += LINE
    return Drawing(width, y + 4, tuple(parts))


def shade_of(number: int, most: int) -> int:
    """Return the shade of a number, from 0 for zero to 4 for the largest number.

    >>> shade_of(0, 0), shade_of(1, 100), shade_of(51, 100), shade_of(100, 100)
    (0, 1, 3, 4)
    """
    return -(-_SHADES * number // most) if number else 0


def _choose_symbols(values: Iterable[str]) -> dict[str, str]:
    """Return a symbol for each text.

    >>> _choose_symbols(["took part", "not recorded", "did not take part"])
    {'did not take part': '✕', 'not recorded': '·', 'took part': '●'}
    """
    left = {beginning: iter(symbols) for beginning, symbols in _SYMBOLS.items()}
    return {
        value: next(next(left[each] for each in left if value.startswith(each)), "●")
        for value in sorted(values)
    }

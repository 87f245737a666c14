"""Bar charts: a label and up to four numbers for each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jhaan_kg.pictures.shapes import LINE, SIZE, Drawing, Mark, Shape, rect, text, wrap

_LABEL: Final = 330
"""The maximum width of labels in pixels, which fits on a phone."""

_LONGEST: Final = 80
"""The length of the longest bar as a percentage of the width.

The rest is for the number after the bar.
"""

_BAR: Final = 16


def draw_bars(labels: Sequence[str], series: Sequence[str], values: Sequence[Sequence[str]]) -> Drawing:
    """Return a bar chart.

    Args:
        labels: the labels of the rows.
        series: the names of the series, that is, of the counted entities.
        values: the formatted numbers of each row, one for each series; empty for missing numbers.
    """
    numbers = [[float(value) if value else 0.0 for value in row] for row in values]
    most = max((number for row in numbers for number in row), default=0) or 1
    parts: list[Shape | Mark] = []
    y = 0
    if len(series) > 1:
        for number, name in enumerate(series):
            parts += [rect(0, y + 3, 12, 12, f"s{number}"), text(20, y + SIZE + 1, name)]
            y += LINE + 2
        y += 8
    for row, (label, own, written) in enumerate(zip(labels, numbers, values, strict=True)):
        shapes = []
        for words in wrap(label, _LABEL, SIZE):
            shapes.append(text(0, y + SIZE, words))
            y += LINE
        numbers_beside = []
        for number, value in enumerate(own):
            length = f"{_LONGEST * value / most:.1f}%"
            shapes.append(rect(0, y + 1, length, _BAR - 2, f"s{number}"))
            numbers_beside.append(text(length, y + SIZE, written[number] or "not stated", dx=6))
            y += _BAR
        y += 8
        said = ", ".join(
            f"{value or 'not stated'} {name}" for value, name in zip(written, series, strict=True)
        )
        # The numbers are outside the link, because the visible text of a link must be part of its accessible name.
        parts += [Mark(f"{label}: {said}", row, tuple(shapes)), *numbers_beside]
    return Drawing(0, y, tuple(parts))

"""A timeline: months from left to right, lanes from top to bottom, each row at its day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from jhaan_kg.days import MONTHS
from jhaan_kg.pictures.shapes import LINE, SIZE, Drawing, Mark, Shape, circle, line, rect, text
from jhaan_kg.pictures.text import width_of, wrap

_MONTH: Final = 84
_ROW: Final = 20
_LABEL: Final = 470
_RADIUS: Final = 5


class Moment(NamedTuple):
    """A row of a timeline.

    Attributes:
        row: the index of the row.
        label: the label of the event.
        lane: its lane.
        first: the first day.
        last: the last day.
        said: the date in words.
        is_open: whether the mark is open, as for a date that is not preferred.
        is_period: whether the days are a period that contains the event.
        is_filled: whether the mark has the full colour.
    """

    row: int
    label: str
    lane: str
    first: date
    last: date
    said: str
    is_open: bool = False
    is_period: bool = False
    is_filled: bool = True


def draw_timeline(moments: Sequence[Moment]) -> Drawing:
    """Return a timeline of at least one moment."""
    start = min(moment.first for moment in moments).replace(day=1)
    end = max(moment.last for moment in moments)
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    width = months * _MONTH + 2 * _RADIUS

    def place(day: date) -> int:
        """Return the position of a day: its middle, in the column of its month."""
        month = (day.year - start.year) * 12 + day.month - start.month
        return _RADIUS + round((month + (day.day - 0.5) / monthrange(day.year, day.month)[1]) * _MONTH)

    parts: list[Shape | Mark] = []
    y = LINE + 8
    for lane in dict.fromkeys(moment.lane for moment in moments):
        if lane:
            parts.append(text(0, y + SIZE, lane, "lane"))
            y += _ROW
        ends: list[int] = []  # of each row of marks
        for moment in sorted(
            (each for each in moments if each.lane == lane), key=lambda each: (each.first, each.row)
        ):
            x, until = place(moment.first), place(moment.last)
            (words,) = wrap(moment.label, _LABEL, SIZE, 1)
            needed = round(width_of(words, SIZE)) + _RADIUS + 10
            is_left = until + needed > width and x >= needed  # the label is before the mark
            left, right = (x - needed, until + _RADIUS) if is_left else (x - _RADIUS, until + needed)
            row = next((number for number, reached in enumerate(ends) if reached < left), len(ends))
            ends[row : row + 1] = [right + 8]
            middle = y + row * _ROW + _ROW // 2
            style = (
                "open" if moment.is_open else "s0" if moment.is_filled and not moment.is_period else "period"
            )
            if moment.first == moment.last:
                mark = circle(x, middle, _RADIUS, style)
            else:
                mark = rect(x - _RADIUS, middle - _RADIUS, until - x + 2 * _RADIUS, 2 * _RADIUS, style)
            if is_left:
                label = text(x - _RADIUS - 5, middle + 5, words, anchor="end")
            else:
                label = text(until + _RADIUS + 5, middle + 5, words)
            parts.append(Mark(f"{moment.label}: {moment.said}", moment.row, (mark, label)))
        y += len(ends) * _ROW + 8
    grid: list[Shape | Mark] = []
    for month in range(months):
        number = start.month - 1 + month
        year = f" {start.year + number // 12}" if month == 0 or number % 12 == 0 else ""
        grid += [
            line(_RADIUS + month * _MONTH, 0, _RADIUS + month * _MONTH, y, "grid"),
            text(_RADIUS + month * _MONTH + 5, SIZE, MONTHS[number % 12][:3] + year, "month"),
        ]
    return Drawing(width, y, (*grid, *parts))

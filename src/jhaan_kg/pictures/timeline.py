"""Timelines: months from left to right, lanes from top to bottom, and a mark for each row."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Final, NamedTuple

from jhaan_kg.days import MONTHS
from jhaan_kg.pictures.shapes import LINE, SIZE, Drawing, Mark, Shape, circle, line, rect, text, width_of

_MONTH: Final = 84
_ROW: Final = 20
_RADIUS: Final = 5
_GAP: Final = _RADIUS + 5
_AFTER, _BEFORE, _INSIDE = range(3)
"""The possible positions of a label in relation to its mark."""


class Moment(NamedTuple):
    """A row of a timeline.

    Attributes:
        row: the index of the row.
        label: the label of the event.
        lane: the name of the lane.
        first: the first day of the event or period.
        last: the last day of the event or period.
        said: the date as text.
        is_open: whether the mark is open, as for a date that is not preferred.
        is_period: whether the days are a period that contains the event.
        is_filled: whether the mark has the full colour instead of a pale one.
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
        """Return the horizontal position of the middle of a day, in pixels."""
        month = (day.year - start.year) * 12 + day.month - start.month
        return _RADIUS + round((month + (day.day - 0.5) / monthrange(day.year, day.month)[1]) * _MONTH)

    parts: list[Shape | Mark] = []
    y = LINE + 8
    for lane in dict.fromkeys(moment.lane for moment in moments):
        if lane:
            parts.append(text(0, y + SIZE, lane, "lane"))
            y += _ROW
        ends: list[int] = []  # the right end of the marks and labels in each row of the lane, with a gap
        for moment in sorted(
            (each for each in moments if each.lane == lane), key=lambda each: (each.first, each.row)
        ):
            x, until = place(moment.first), place(moment.last)
            style = (
                "open" if moment.is_open else "s0" if moment.is_filled and not moment.is_period else "period"
            )
            # Put the label after the mark, before it, or in a pale bar. If there is no room, widen the picture.
            wanted = ceil(width_of(moment.label, SIZE))
            rooms = (months * _MONTH - until - _RADIUS, x - _GAP, until - x if style == "period" else 0)
            where = next((each for each, room in enumerate(rooms) if wanted <= room), _AFTER)
            needed = wanted + _GAP
            left = x - (needed if where == _BEFORE else _RADIUS)
            right = until + (needed if where == _AFTER else _RADIUS)
            width = max(width, right)
            row = next((number for number, reached in enumerate(ends) if reached < left), len(ends))
            ends[row : row + 1] = [right + 8]
            middle = y + row * _ROW + _ROW // 2
            if moment.first == moment.last:
                mark = circle(x, middle, _RADIUS, style)
            else:
                half = _RADIUS if where != _INSIDE else _ROW // 2 - 1
                mark = rect(x - _RADIUS, middle - half, until - x + 2 * _RADIUS, 2 * half, style)
            at = {_AFTER: until + _GAP, _BEFORE: x - _GAP, _INSIDE: x}[where]
            label = text(at, middle + 5, moment.label, anchor="end" if where == _BEFORE else "")
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

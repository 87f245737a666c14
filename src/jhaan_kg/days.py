"""Dates as people write them."""

from __future__ import annotations

import re
from typing import Final

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def write_day(text: str) -> str:
    """Return a text with its dates as people write them, in English in any locale.

    >>> write_day("2023-11-06"), write_day("June 2023")
    ('6 November 2023', 'June 2023')
    """
    return _DAY.sub(
        lambda day: f"{int(day[3])} {MONTHS[int(day[2]) - 1]} {day[1]}" if 1 <= int(day[2]) <= 12 else day[0],
        text,
    )

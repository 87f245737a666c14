"""Dates as reports write them: days, spans of days, months, quarters, years and spans of years.

A date without a year takes the year of the report, which its reader takes too.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH: Final = "(?:" + "|".join(f"{name}|{name.upper()}" for name in MONTHS) + r")\b"
_NUMBER: Final = {name.casefold(): number for number, name in enumerate(MONTHS, 1)}
_YEAR: Final = r"(?:19|20)\d\d"
_TO: Final = r"\s*(?:&|and|to|-)\s*"
_PATTERN: Final = re.compile(
    rf"""\b(?:
      (?P<day>\d{{1,2}})(?:{_TO}(?P<last>\d{{1,2}}))?\s+(?P<month>{_MONTH})(?:\s+(?P<year>{_YEAR})\b)?
    | (?P<month_first>{_MONTH})\s+(?P<day_after>\d{{1,2}})\b(?!\d)(?:,?\s*(?P<year_after>{_YEAR})\b)?
    | (?P<from_month>{_MONTH})\s+(?P<from_year>{_YEAR}){_TO}(?P<to_month>{_MONTH})\s+(?P<to_year>{_YEAR})\b
    | (?P<whole_month>{_MONTH})(?:\s+(?P<month_year>{_YEAR})\b)?
    | Q(?P<quarter>[1-4])(?:-Q?(?P<last_quarter>[1-4]))?\s+(?P<quarter_year>{_YEAR})\b
    | (?P<first_year>{_YEAR})-(?P<last_year>{_YEAR})\b
    | (?P<only_year>{_YEAR})\b(?!/)
    | (?P<this_year>(?:earlier|later)\s+in\s+the\s+year)\b
    )""",
    re.VERBOSE,
)


class DateMention(NamedTuple):
    """A date in a text.

    Attributes:
        start: the offset of its first character.
        end: the offset after its last character.
        first: the first day that it means.
        last: the last day that it means; the same for a single day.
    """

    start: int
    end: int
    first: date
    last: date


def find_dates(text: str, year: int) -> Iterator[DateMention]:
    """Find the dates of a text, in order.

    What looks like a date and is none of the calendar (31 February) is left out.

    Args:
        text: bare text.
        year: the year that a date without year means.

    >>> for found in find_dates("on 13 & 14 June, on June 16, 2022, in Q1-2 2024 and 2022-2024", 2023):
    ...     print(found.first, found.last)
    2023-06-13 2023-06-14
    2022-06-16 2022-06-16
    2024-01-01 2024-06-30
    2022-01-01 2024-12-31
    """
    for match in _PATTERN.finditer(text):
        try:
            first, last = _days(match, year)
        except ValueError:
            continue
        if first <= last:
            yield DateMention(match.start(), match.end(), first, last)


def _days(match: re.Match[str], year: int) -> tuple[date, date]:
    found = match.groupdict()
    if found["day"]:
        of, month = int(found["year"] or year), _month(found["month"])
        return date(of, month, int(found["day"])), date(of, month, int(found["last"] or found["day"]))
    if found["month_first"]:
        day = date(int(found["year_after"] or year), _month(found["month_first"]), int(found["day_after"]))
        return day, day
    if found["from_month"]:
        return (
            date(int(found["from_year"]), _month(found["from_month"]), 1),
            _end(int(found["to_year"]), _month(found["to_month"])),
        )
    if found["whole_month"]:
        of, month = int(found["month_year"] or year), _month(found["whole_month"])
        return date(of, month, 1), _end(of, month)
    if found["quarter"]:
        of = int(found["quarter_year"])
        first, last = int(found["quarter"]), int(found["last_quarter"] or found["quarter"])
        return date(of, 3 * first - 2, 1), _end(of, 3 * last)
    first_year = year if found["this_year"] else int(found["first_year"] or found["only_year"])
    return date(first_year, 1, 1), date(int(found["last_year"] or first_year), 12, 31)


def _month(name: str) -> int:
    return _NUMBER[name.casefold()]


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])

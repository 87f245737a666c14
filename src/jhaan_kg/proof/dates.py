"""Dates as reports write them: days, spans of days, months, quarters, years and spans of years.

A date without a year takes the year that ends its list ("20 April and 11 December 2023"), or else that of the report.
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
_NUMBER: Final = {name.casefold(): number for number, name in enumerate(MONTHS, 1)}
_M: Final = "(?:" + "|".join(f"{name}|{name.upper()}" for name in MONTHS) + r")\b"
_D: Final = r"\d{1,2}(?:st|nd|rd|th)?\b"
_Y: Final = r"(?:19|20)\d\d\b(?!/)"
_UNTIL: Final = r"\s*(?:-|to|until)\s*"
_AND: Final = rf"(?:{_UNTIL}|\s*(?:&|and)\s*)"
_PATTERN: Final = re.compile(
    rf"""(?<![\w./])(?:
      (?P<day>{_D})\s+(?P<month>{_M})(?:\s+(?P<year>{_Y}))?{_UNTIL}(?P<to_day>{_D})\s+(?P<to_month>{_M})(?:\s+(?P<to_year>{_Y}))?
    | (?P<first>{_D})(?:,\s*{_D})*(?:{_AND}(?P<last>{_D}))?\s+(?P<of>{_M})(?:\s+(?P<of_year>{_Y}))?
    | (?P<us_month>{_M})\s+(?P<us_day>{_D})(?:{_UNTIL}(?P<us_last>{_D}))?(?:,?\s*(?P<us_year>{_Y}))?
    | (?P<from_month>{_M})(?:\s+(?P<from_year>{_Y}))?{_UNTIL}(?P<until_month>{_M})(?:\s+(?P<until_year>{_Y}))?
    | between\s+(?P<between_month>{_M})\s+and\s+(?P<and_month>{_M})(?:\s+(?P<and_year>{_Y}))?
    | (?P<whole_month>{_M})(?:\s+(?P<month_year>{_Y}))?
    | Q(?P<quarter>[1-4])(?:-Q?(?P<last_quarter>[1-4]))?\s+(?P<quarter_year>{_Y})
    | (?P<first_year>{_Y})-(?P<last_year>{_Y})
    | (?P<only_year>{_Y})
    | (?P<this_year>(?:earlier|later)\s+in\s+the\s+year)\b
    )""",
    re.VERBOSE,
)
_YEARS: Final = ("to_year", "year", "of_year", "us_year", "until_year", "from_year", "and_year", "month_year")
_LISTED: Final = re.compile(r"\s*(?:,|and|&|,\s*and)\s*")


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

    >>> for found in find_dates("13 & 14 June, on June 16, 2022, in Q1-2 2024; 30 May to 2 June 2022", 2023):
    ...     print(found.first, found.last)
    2023-06-13 2023-06-14
    2022-06-16 2022-06-16
    2024-01-01 2024-06-30
    2022-05-30 2022-06-02
    """
    matches = list(_PATTERN.finditer(text))
    for match, implied in zip(matches, _implied_years(text, matches, year), strict=True):
        try:
            first, last = _days(match.groupdict(), implied)
        except ValueError:
            continue
        if first <= last:
            yield DateMention(match.start(), match.end(), first, last)


def _implied_years(text: str, matches: list[re.Match[str]], year: int) -> list[int]:
    """Give for each date the year that it takes if it has none: that which ends its list, or else the report's."""
    years: list[int] = []
    for match, following in zip(reversed(matches), [None, *reversed(matches)], strict=False):
        own = next((int(match[name]) for name in _YEARS if match[name]), None)
        listed = following is not None and _LISTED.fullmatch(text, match.end(), following.start())
        years.append(own or (years[-1] if listed else year))
    return years[::-1]


def _days(found: dict[str, str | None], year: int) -> tuple[date, date]:
    if found["to_month"]:
        to_year = int(found["to_year"] or year)
        first = _day(int(found["year"] or to_year), found["month"], found["day"])
        return first, _day(to_year, found["to_month"], found["to_day"])
    if found["of"]:
        of_year = int(found["of_year"] or year)
        first = _day(of_year, found["of"], found["first"])
        return first, _day(of_year, found["of"], found["last"] or found["first"])
    if found["us_month"]:
        us_year = int(found["us_year"] or year)
        first = _day(us_year, found["us_month"], found["us_day"])
        return first, _day(us_year, found["us_month"], found["us_last"] or found["us_day"])
    for start, start_year, end, end_year in (
        ("from_month", "from_year", "until_month", "until_year"),
        ("between_month", "and_year", "and_month", "and_year"),
        ("whole_month", "month_year", "whole_month", "month_year"),
    ):
        if found[start]:
            last_year = int(found[end_year] or year)
            first = _day(int(found[start_year] or last_year), found[start], "1")
            month = _month(found[end])
            return first, date(last_year, month, monthrange(last_year, month)[1])
    if found["quarter"]:
        of_year, last_month = (
            int(found["quarter_year"] or year),
            3 * int(found["last_quarter"] or found["quarter"]),
        )
        first = date(of_year, 3 * int(found["quarter"]) - 2, 1)
        return first, date(of_year, last_month, monthrange(of_year, last_month)[1])
    first_year = int(found["first_year"] or found["only_year"] or year)
    return date(first_year, 1, 1), date(int(found["last_year"] or first_year), 12, 31)


def _day(year: int, month: str | None, day: str | None) -> date:
    return date(year, _month(month), int((day or "").rstrip("stndrh")))


def _month(name: str | None) -> int:
    return _NUMBER[(name or "").casefold()]

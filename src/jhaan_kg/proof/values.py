"""Dates and numbers as reports write them.

Dates are days, spans of days, months, quarters, years and spans of years. A date without a year takes the year that
ends its list ("20 April and 11 December 2023"), or else that of the report.

Numbers are in digits or in words. The word "one" is no number here, since it is an article or pronoun almost always;
nor are ordinals, which tell a place in a row, nor references to parts of the report ("paragraph 6.3.1"). Dates are told
apart before: digits from 1900 to 2099 are a year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

_MONTHS: Final = "January February March April May June July August September October November December"
MONTHS: Final = tuple(_MONTHS.split())
_MONTH_NUMBERS: Final = {name.casefold(): number for number, name in enumerate(MONTHS, 1)}
_M: Final = "(?:" + "|".join(f"{name}|{name.upper()}" for name in MONTHS) + r")\b"
_D: Final = r"\d{1,2}(?:st|nd|rd|th)?\b"
_Y: Final = r"(?:19|20)\d\d\b(?!/)"
_UNTIL: Final = r"\s*(?:-|to|until)\s*"
_AND: Final = rf"(?:{_UNTIL}|\s*(?:&|and)\s*)"
# The numbers only tell the groups of the forms apart, since a name may stand once in a pattern.
_DATE: Final = re.compile(
    rf"""(?<![\w./])(?:
      (?P<day1>{_D})\s+(?P<month1>{_M})(?:\s+(?P<year1>{_Y}))?{_UNTIL}
      (?P<last_day1>{_D})\s+(?P<last_month1>{_M})(?:\s+(?P<last_year1>{_Y}))?
    | (?P<day2>{_D})(?:,\s*{_D})*(?:{_AND}(?P<last_day2>{_D}))?\s+(?P<month2>{_M})(?:\s+(?P<year2>{_Y}))?
    | (?P<month3>{_M})\s+(?P<day3>{_D})(?:{_UNTIL}(?P<last_day3>{_D}))?(?:,?\s*(?P<year3>{_Y}))?
    | (?P<month4>{_M})(?:\s+(?P<year4>{_Y}))?{_UNTIL}(?P<last_month4>{_M})(?:\s+(?P<last_year4>{_Y}))?
    | between\s+(?P<month5>{_M})\s+and\s+(?P<last_month5>{_M})(?:\s+(?P<last_year5>{_Y}))?
    | (?P<month6>{_M})(?:\s+(?P<year6>{_Y}))?
    | Q(?P<quarter>[1-4])(?:-Q?(?P<last_quarter>[1-4]))?\s+(?P<year7>{_Y})
    | (?P<year8>{_Y})(?:-(?P<last_year8>{_Y}))?
    | (?:earlier|later)\s+in\s+the\s+year\b
    )""",
    re.VERBOSE,
)
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
    matches = list(_DATE.finditer(text))
    dates: list[DateMention] = []
    following: re.Match[str] | None = None
    implied = year
    for match in reversed(matches):
        parts = {name.rstrip("0123456789"): found for name, found in match.groupdict().items() if found}
        # The year of a day or month; if it has none, that of the date which follows it in a list.
        own = (parts.get("last_year") or parts.get("year")) if "month" in parts else None
        is_listed = following is not None and _LISTED.fullmatch(text, match.end(), following.start())
        implied = int(own) if own else implied if is_listed else year
        following = match
        try:
            first, last = _days(parts, implied)
        except ValueError:
            continue
        if first <= last:
            dates.append(DateMention(match.start(), match.end(), first, last))
    yield from reversed(dates)


def _days(parts: Mapping[str, str], implied: int) -> tuple[date, date]:
    """Return the first and the last day of a date."""
    first_year = int(parts.get("year") or parts.get("last_year") or implied)
    last_year = int(parts.get("last_year") or parts.get("year") or implied)
    first_month, last_month = 1, 12
    if quarter := parts.get("quarter"):
        first_month, last_month = 3 * int(quarter) - 2, 3 * int(parts.get("last_quarter") or quarter)
    elif month := parts.get("month"):
        first_month = _MONTH_NUMBERS[month.casefold()]
        last_month = _MONTH_NUMBERS[parts.get("last_month", month).casefold()]
    if day := parts.get("day"):
        first_day, last_day = _day(day), _day(parts.get("last_day", day))
    else:
        first_day, last_day = 1, monthrange(last_year, last_month)[1]
    return date(first_year, first_month, first_day), date(last_year, last_month, last_day)


def _day(printed: str) -> int:
    return int(printed.rstrip("stndrh"))


_TWO_TO_NINETEEN: Final = """
two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
"""
_TWENTY_TO_NINETY: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES: Final = _TWO_TO_NINETEEN.split()
_TENS: Final = _TWENTY_TO_NINETY.split()
_UNITS: Final = {"one": 1} | {word: number for number, word in enumerate(_ONES[:8], 2)}
_WORDS: Final = (
    {"zero": 0, "once": 1, "twice": 2}
    | {word: number for number, word in enumerate(_ONES, 2)}
    | {word: 10 * number for number, word in enumerate(_TENS, 2)}
)
_TIMES: Final = {"a": 1, "ten": 10} | _UNITS
_MANY: Final = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_NUMBER: Final = re.compile(
    rf"""(?<![\w.])(?<![A-Za-z]-)(?:
      (?P<reference>(?:paragraph|section|chapter|annex|page|table|figure)\s+\d+(?:\.\d+)*|\d+(?:\.\d+){{2,}})(?!\w)
    | (?P<always>24/7)
    | (?P<times>a|{"|".join(_UNITS)}|ten|\d{{1,3}})\s+(?P<many>{"|".join(_MANY)})\b
    | (?P<digits>\d{{1,3}}(?:[ ,]\d{{3}})+|\d+(?:\.\d+)?)(?![\w])
    | (?P<tens>{"|".join(_TENS)})-(?P<unit>{"|".join(_UNITS)})\b
    | (?P<word>{"|".join(_WORDS)})\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)


class NumberMention(NamedTuple):
    """A number in a text.

    Attributes:
        start: the offset of its first character.
        end: the offset after its last character.
        value: the number as digits, as the graph writes it: `12`, `6.1`.
    """

    start: int
    end: int
    value: str


def find_numbers(text: str) -> Iterator[NumberMention]:
    """Find the numbers of a text, in order.

    >>> [found.value for found in find_numbers("Twelve of 1,300 (see paragraph 6.3.1) met twice, OAP 6.1, twenty-four")]
    ['12', '1300', '2', '6.1', '24']
    """
    for match in _NUMBER.finditer(text):
        found = {name: part.lower() for name, part in match.groupdict().items() if part}
        if "digits" in found:
            value = re.sub("[ ,]", "", found["digits"])
        elif "many" in found:
            times = found["times"]
            value = str((int(times) if times.isdecimal() else _TIMES[times]) * _MANY[found["many"]])
        elif "tens" in found:
            value = str(_WORDS[found["tens"]] + _UNITS[found["unit"]])
        elif "word" in found:
            value = str(_WORDS[found["word"]])
        else:
            continue
        yield NumberMention(match.start(), match.end(), value)

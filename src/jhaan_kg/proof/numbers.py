"""Numbers as reports write them, in digits and in words.

The word "one" is no number here, since it is an article or pronoun almost always; nor are ordinals, which tell a place
in a row, nor references to parts of the report ("paragraph 6.3.1"). Dates are told apart before (see dates.py): digits
from 1900 to 2099 are a year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_ONES: Final = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS: Final[dict[str, int]] = (
    {"zero": 0, "once": 1, "twice": 2}
    | {word: number for number, word in enumerate(_ONES, 2)}
    | {word: 10 * number for number, word in enumerate(_TENS, 2)}
)
_UNITS: Final = {"one": 1} | {word: number for number, word in enumerate(_ONES[:8], 2)}
_MANY: Final = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_PATTERN: Final = re.compile(
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

    Args:
        text: bare text.

    >>> [found.value for found in find_numbers("Twelve of 1,300 (see paragraph 6.3.1) met twice, OAP 6.1, twenty-four")]
    ['12', '1300', '2', '6.1', '24']
    """
    for match in _PATTERN.finditer(text):
        if not match["reference"] and not match["always"]:
            yield NumberMention(match.start(), match.end(), _value(match))


def _value(match: re.Match[str]) -> str:
    if match["many"]:
        times = match["times"].lower()
        return str(
            (int(times) if times.isdecimal() else ({"a": 1, "ten": 10} | _UNITS)[times])
            * _MANY[match["many"].lower()]
        )
    if match["digits"]:
        return re.sub("[ ,]", "", match["digits"])
    if match["tens"]:
        return str(_WORDS[match["tens"].lower()] + _UNITS[match["unit"].lower()])
    return str(_WORDS[match["word"].lower()])

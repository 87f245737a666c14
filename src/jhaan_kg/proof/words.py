"""The words of a passage: tokens, sentences, dates and numbers of its bare text.

Numbering (of headings, items and notes, and the leader dots and pages of a table of contents) is left out: it is not
part of the content.

Dates are days, spans of days, months, quarters, years and spans of years. A date without a year has the year at the
end of its list ("20 April and 11 December 2023"), or that of the report.

Numbers are in digits or in words. The word "one" does not count, since it is almost always an article or pronoun; nor
do ordinals and references to parts of the report ("paragraph 6.3.1"). Dates are found first: digits from 1900 to 2099
are a year.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from jhaan_kg.days import MONTHS
from jhaan_kg.passages.model import PassageKind, normalise

_NOTE_MARK: Final = re.compile(r"<sup>\d+</sup>")
_SIGNS: Final = str.maketrans("\u2018\u2019\u02bc\u201c\u201d\u201e\u2013\u2014", "'''\"\"\"--")
_NUMBERING: Final = {
    PassageKind.HEADING: re.compile(r"^\d+(?:\.\d+)*\.\s+"),
    PassageKind.CONTENTS_ENTRY: re.compile(r"^\d+(?:\.\d+)*\.\s+|\s*(?:\.{2,}\s*)?\d+$"),
    PassageKind.LIST_ITEM: re.compile(r"^\d+[.)]\s+"),
    PassageKind.FOOTNOTE: re.compile(r"^\(\d+\)\s*"),
    PassageKind.FIGURE: re.compile(r"^Figure \d+\.\s*"),
    PassageKind.TABLE_CAPTION: re.compile(r"^Table \d+\.\s*"),
}
_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)+|\w+|[^\w\s]")
_SENTENCE_END: Final = re.compile(
    r"(?<![ .(][A-Z])(?<!e\.g)(?<!i\.e)(?<!etc)(?<!No)(?<!Art)[.!?][)\"']?\s+(?=[\"'(]?(?:[A-Z\d]|eu-))"
)


@dataclass(frozen=True)
class Words:
    """The bare text of a passage, split into tokens and sentences.

    Attributes:
        text: the bare text, with plain quotation marks and hyphens.
    """

    text: str

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The words, numbers and signs in order."""
        return tuple(_TOKEN.findall(self.text))

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The tokens in lower case."""
        return tuple(token.casefold() for token in self.tokens)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(match.start() for match in _TOKEN.finditer(self.text))

    @cached_property
    def _sentence_starts(self) -> tuple[int, ...]:
        ends = (match.end() for match in _SENTENCE_END.finditer(self.text))
        return (0, *(self.token_at(end) for end in ends), len(self.tokens))

    @cached_property
    def sentence_words(self) -> tuple[frozenset[str], ...]:
        """The tokens of each sentence, in lower case."""
        return tuple(frozenset(self.folded[first:last]) for first, last in pairwise(self._sentence_starts))

    def token_at(self, offset: int) -> int:
        """Return the index of the token that covers an offset, or else of the next one."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self._starts[index] + len(self.tokens[index]):
            return index
        return index + 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the first token of a part of the text, and the one after its last."""
        return self.token_at(start), self.token_at(end - 1) + 1

    def printed(self, first: int, last: int) -> str:
        """Return the text from one token up to, but not including, another."""
        return self.text[self._starts[first] : self._starts[last - 1] + len(self.tokens[last - 1])]

    def sentence_of(self, token: int) -> int:
        """Return the number, from 0, of the sentence that has a token."""
        return bisect_right(self._sentence_starts, token, hi=len(self._sentence_starts) - 1) - 1

    def sentence(self, number: int) -> tuple[int, int]:
        """Return the index of a sentence's first token, and the index after its last."""
        return self._sentence_starts[number], self._sentence_starts[number + 1]

    def sentence_around(self, token: int) -> tuple[int, int]:
        """Return the indices of the sentence with a token; see `sentence`."""
        return self.sentence(self.sentence_of(token))


def positions_of(words: Sequence[str], tokens: Sequence[str]) -> list[int]:
    """Return the indices of tokens where some words are adjacent; none for no words."""
    size = len(words)
    return [
        index
        for index in range(len(tokens) - size + 1)
        if size and tuple(tokens[index : index + size]) == tuple(words)
    ]


def tokenise(text: str) -> tuple[str, ...]:
    r"""Split a name into tokens, like passages.

    >>> tokenise("EMPACT \u2013 the Agency\u2019s 6.1")
    ('EMPACT', '-', 'the', 'Agency', "'", 's', '6.1')
    """
    return Words(plain(text)).tokens


def bare(text: str, kind: PassageKind) -> str:
    r"""Return the content of a passage, without markup and numbering.

    >>> bare("5.2.2.\tWorking Group on ICT, 6 July 2023.....15", PassageKind.CONTENTS_ENTRY)
    'Working Group on ICT, 6 July 2023'
    >>> bare("justice and home affairs<sup>1</sup>. The 2<sup>nd</sup> meeting", PassageKind.PARAGRAPH)
    'justice and home affairs . The 2nd meeting'
    """
    words = plain(_NOTE_MARK.sub(" ", text))
    numbering = _NUMBERING.get(kind)
    return numbering.sub("", words) if numbering else words


def plain(text: str) -> str:
    """Return a text without markup, with plain quotation marks and hyphens, as for passages."""
    return normalise(text).translate(_SIGNS)


_MONTH_NUMBERS: Final = {name.casefold(): number for number, name in enumerate(MONTHS, 1)}
_M: Final = "(?:" + "|".join(f"{name}|{name.upper()}" for name in MONTHS) + r")\b"
_D: Final = r"\d{1,2}(?:st|nd|rd|th)?\b"
_Y: Final = r"(?:19|20)\d\d\b(?!/)"
_UNTIL: Final = r"\s*(?:-|to|until)\s*"
_AND: Final = rf"(?:{_UNTIL}|\s*(?:&|and)\s*)"
# The digit at the end of a group name is the number of the alternative, since group names must be unique.
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
        first: its first day.
        last: its last day; the same for a single day.
    """

    start: int
    end: int
    first: date
    last: date


def find_dates(text: str, year: int) -> Iterator[DateMention]:
    """Yield the dates of a text, in order.

    Dates that are not in the calendar (31 February) are left out.

    Args:
        text: bare text.
        year: the year of dates without a year.

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
        # A day or month without a year takes the year of the next date in its list.
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
        value: the number as digits, as in the graph: `12`, `6.1`.
    """

    start: int
    end: int
    value: str


def find_numbers(text: str) -> Iterator[NumberMention]:
    """Yield the numbers of a text, in order.

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

"""Dates and numbers in each style in which reports write them, and nothing else is taken for one."""

from __future__ import annotations

from calendar import month_name, monthrange
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jhaan_kg.proof.values import find_dates, find_numbers

NAMES = month_name[1:]
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
AROUND = st.sampled_from([("", ""), ("on ", "."), ("It (", "), that is"), ("1 lamp, ", ", 2 boats")])

ONE_DAY: list[Callable[[date], str]] = [
    lambda day: f"{day.day} {NAMES[day.month - 1]} {day.year}",
    lambda day: f"{day.day:02d} {NAMES[day.month - 1].upper()} {day.year}",
    lambda day: f"{NAMES[day.month - 1]} {day.day} {day.year}",
    lambda day: f"{NAMES[day.month - 1]} {day.day}, {day.year}",
    lambda day: f"{day.day}\n{NAMES[day.month - 1]}\u00a0{day.year}",
]


def spans(text: str, year: int = 2023) -> list[tuple[str, date, date]]:
    return [(text[one.start : one.end], one.first, one.last) for one in find_dates(text, year)]


def days(text: str, year: int = 2023) -> list[tuple[str, str]]:
    return [(first.isoformat(), last.isoformat()) for _, first, last in spans(text, year)]


@given(DAYS, st.sampled_from(ONE_DAY), AROUND)
def test_a_day(day: date, style: Callable[[date], str], around: tuple[str, str]) -> None:
    written = style(day)
    assert spans(written.join(around), 1999) == [(written, day, day)]


@given(DAYS, st.sampled_from(["{} {}", "{:02d} {}"]), AROUND)
def test_a_day_without_year_is_of_the_year_of_the_report(
    day: date, style: str, around: tuple[str, str]
) -> None:
    written = style.format(day.day, NAMES[day.month - 1])
    assert spans(written.join(around), day.year) == [(written, day, day)]


@given(
    DAYS,
    st.integers(1, 27),
    st.sampled_from([" & ", " and ", " to ", "-", " - ", "&", "\n& "]),
    st.booleans(),
    AROUND,
)
def test_days_of_one_month(first: date, more: int, to: str, with_year: bool, around: tuple[str, str]) -> None:
    last = min(first + timedelta(more), first.replace(day=monthrange(first.year, first.month)[1]))
    written = f"{first.day:02d}{to}{last.day:02d} {NAMES[first.month - 1]}" + f" {first.year}" * with_year
    assert spans(written.join(around), 1999 if with_year else first.year) == [(written, first, last)]


@given(DAYS, st.booleans())
def test_a_month(day: date, with_year: bool) -> None:
    written = NAMES[day.month - 1] + f" {day.year}" * with_year
    last = day.replace(day=monthrange(day.year, day.month)[1])
    assert spans(f"in {written}.", 1999 if with_year else day.year) == [(written, day.replace(day=1), last)]


@given(DAYS, DAYS, st.sampled_from([" to ", "-", " until "]))
def test_months_with_years(one: date, other: date, to: str) -> None:
    first, last = sorted((one, other))
    written = f"{NAMES[first.month - 1]} {first.year}{to}{NAMES[last.month - 1]} {last.year}"
    end = last.replace(day=monthrange(last.year, last.month)[1])
    assert spans(f"from {written},") == [(written, first.replace(day=1), end)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("in 2022", "2022-01-01", "2022-12-31"),
        ("2022-2024", "2022-01-01", "2024-12-31"),
        ("Q1 2024", "2024-01-01", "2024-03-31"),
        ("Q4 2024", "2024-10-01", "2024-12-31"),
        ("Q1-2 2024", "2024-01-01", "2024-06-30"),
        ("Q2-Q3 2024", "2024-04-01", "2024-09-30"),
        ("29 February 2024", "2024-02-29", "2024-02-29"),
        ("February 2024", "2024-02-01", "2024-02-29"),
        ("earlier in the year", "2023-01-01", "2023-12-31"),
        ("later in the year", "2023-01-01", "2023-12-31"),
    ],
)
def test_years_quarters_and_ends_of_months(text: str, first: str, last: str) -> None:
    assert days(text) == [(first, last)]


@pytest.mark.parametrize(
    "text",
    [
        "29 February 2023",
        "31 June",
        "0 June",
        "14-13 June",
        "2024-2022",
        "Q5",
        "Q1",
        "2018/1725",
        "in the 2030s",
        "12023",
        "2123",
        "on 13",
        "it may 5",
        "Mayor 5",
        "earlier in the day",
    ],
)
def test_no_date(text: str) -> None:
    assert days(text) == []


def test_dates_of_a_list_are_apart() -> None:
    assert spans("on 25 January, 17 February and 26 May") == [
        ("25 January", date(2023, 1, 25), date(2023, 1, 25)),
        ("17 February", date(2023, 2, 17), date(2023, 2, 17)),
        ("26 May", date(2023, 5, 26), date(2023, 5, 26)),
    ]


@pytest.mark.parametrize(
    ("text", "first"), [("30 May to 2 June 2022", "2022-05-30"), ("May to July 2022", "2022-05-01")]
)
def test_a_year_that_ends_a_list_is_that_of_all_its_dates(text: str, first: str) -> None:
    assert days(text)[0][0] == first


@given(
    st.text(alphabet="0123 ,&-/Q", max_size=12),
    st.sampled_from(NAMES),
    st.text(alphabet="0123 ,&-/", max_size=12),
)
def test_dates_stand_one_after_the_other(before: str, month: str, after: str) -> None:
    found = spans(text := f"{before}{month}{after}")
    assert all(first <= last for _, first, last in found)
    ends = [(one.start, one.end) for one in find_dates(text, 2023)]
    assert ends == sorted(ends)
    assert all(one[1] <= other[0] for one, other in pairwise(ends))


ONES = [
    *(
        "zero",
        "one",
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
    ),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def values(text: str) -> list[str]:
    return [one.value for one in find_numbers(text)]


def in_words(number: int) -> str:
    if number < 20:
        return ONES[number]
    return TENS[number // 10 - 2] + f"-{ONES[number % 10]}" * (number % 10 > 0)


@given(
    st.integers(0, 10**9),
    st.sampled_from(["{}", "{:,}"]),
    st.sampled_from(["over {}", "{}.", "({})", "a {}-year"]),
)
def test_digits(number: int, style: str, around: str) -> None:
    assert values(around.format(style.format(number))) == [str(number)]


@given(st.integers(1000, 10**9))
def test_thousands_apart_by_a_space(number: int) -> None:
    assert values(f"{number:,} lamps".replace(",", " ")) == [str(number)]


@given(
    st.integers(0, 99).filter(lambda number: number != 1), st.sampled_from([str.lower, str.title, str.upper])
)
def test_words(number: int, style: Callable[[str], str]) -> None:
    text = f"the {style(in_words(number))} lamps"
    assert values(text) == [str(number)]
    (found,) = find_numbers(text)
    assert text[found.start : found.end].casefold() == in_words(number)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("plan 6.1 and 10", ["6.1", "10"]),
        ("24/7", []),
        ("1, 2 and 3.", ["1", "2", "3"]),
        ("met once or twice", ["1", "2"]),
        ("a hundred lamps", ["100"]),
        ("60% of 1,300", ["60", "1300"]),
        ("five-year plan", ["5"]),
        ("one of them", []),
        ("the 2nd of the second", []),
        ("often, someone, tenth, COVID19, x7", []),
        ("see paragraph 6.3.1, Section 5 and annex 2", []),
        ("under 6.3.1", []),
        ("two hundred lamps", ["200"]),
        ("three thousand boats", ["3000"]),
        ("", []),
    ],
)
def test_what_is_a_number(text: str, numbers: list[str]) -> None:
    assert values(text) == numbers

"""Dates and numbers in each style in which reports write them, and nothing else is taken for one."""

from __future__ import annotations

from calendar import month_name, monthrange
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jhaan_kg.proof.words import find_dates, find_numbers

NAMES = month_name[1:]
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
AROUND = st.sampled_from([("", ""), ("on ", "."), ("It (", "), that is"), ("1 lamp, ", ", 2 boats")])
ONE_DAY: list[Callable[[date], str]] = [
    lambda day: f"{day.day} {NAMES[day.month - 1]} {day.year}",
    lambda day: f"{day.day:02d} {NAMES[day.month - 1].upper()} {day.year}",
    lambda day: f"{NAMES[day.month - 1]} {day.day} {day.year}",
    lambda day: f"{NAMES[day.month - 1]} {day.day}, {day.year}",
    lambda day: f"{day.day}\n{NAMES[day.month - 1]}\u00a0{day.year}",
    lambda day: f"{day.day:02d} {NAMES[day.month - 1]}",
]


def spans(text: str, year: int = 2023) -> list[tuple[str, date, date]]:
    return [(text[one.start : one.end], one.first, one.last) for one in find_dates(text, year)]


@given(DAYS, st.sampled_from(ONE_DAY), AROUND)
def test_a_day(day: date, style: Callable[[date], str], around: tuple[str, str]) -> None:
    """A day without year is of the year of the report."""
    written = style(day)
    assert spans(written.join(around), 1999 if str(day.year) in written else day.year) == [
        (written, day, day)
    ]


@given(DAYS, st.integers(1, 27), st.sampled_from([" & ", " and ", " to ", "-", " - ", "&", "\n& "]), AROUND)
def test_days_of_one_month(first: date, more: int, to: str, around: tuple[str, str]) -> None:
    last = min(first + timedelta(more), first.replace(day=monthrange(first.year, first.month)[1]))
    for year, of_report in ((f" {first.year}", 1999), ("", first.year)):
        written = f"{first.day:02d}{to}{last.day:02d} {NAMES[first.month - 1]}{year}"
        assert spans(written.join(around), of_report) == [(written, first, last)]


@given(DAYS, DAYS, st.sampled_from([" to ", "-", " until "]))
def test_months(one: date, other: date, to: str) -> None:
    first, last = sorted((one, other))
    start, end = first.replace(day=1), last.replace(day=monthrange(last.year, last.month)[1])
    with_years = [f"{NAMES[day.month - 1]} {day.year}" for day in (first, last)]
    assert spans(f"from {to.join(with_years)},") == [(to.join(with_years), start, end)]
    end_of_first = start.replace(day=monthrange(start.year, start.month)[1])
    for written, of_report in ((with_years[0], 1999), (NAMES[first.month - 1], first.year)):
        assert spans(f"in {written}.", of_report) == [(written, start, end_of_first)]


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
        # a year that ends a span is that of its beginning, too
        ("30 May to 2 June 2022", "2022-05-30", "2022-06-02"),
        ("May to July 2022", "2022-05-01", "2022-07-31"),
    ],
)
def test_a_date(text: str, first: str, last: str) -> None:
    assert [tuple(map(str, days)) for _, *days in spans(text)] == [(first, last)]


@pytest.mark.parametrize(
    "text",
    [
        *("29 February 2023", "31 June", "0 June", "14-13 June", "2024-2022", "Q5", "Q1", "2018/1725"),
        *("in the 2030s", "12023", "2123", "on 13", "it may 5", "Mayor 5", "earlier in the day"),
    ],
)
def test_no_date(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(("end", "year"), [("", 2023), (" 2022", 2022)])
def test_dates_of_a_list_are_apart_and_of_the_year_that_ends_it(end: str, year: int) -> None:
    days = [("25 January", 1, 25), ("17 February", 2, 17), (f"26 May{end}", 5, 26)]
    text = f"on 25 January, 17 February and 26 May{end}"
    assert spans(text) == [(printed, *(date(year, month, day),) * 2) for printed, month, day in days]


def values(text: str) -> list[str]:
    return [one.value for one in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("plan 6.1 and 10", ["6.1", "10"]),
        ("24/7", []),
        ("1, 2 and 3.", ["1", "2", "3"]),
        ("1 300 lamps", ["1300"]),
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
    ],
)
def test_what_is_a_number(text: str, numbers: list[str]) -> None:
    assert values(text) == numbers

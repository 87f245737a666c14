"""Numbers are found in digits and in words; ordinals, references and parts of words are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jhaan_kg.proof.values import find_numbers

ONES = [
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
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
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
        ("", []),
    ],
)
def test_what_is_a_number(text: str, numbers: list[str]) -> None:
    assert values(text) == numbers


@pytest.mark.parametrize(("text", "number"), [("two hundred lamps", "200"), ("three thousand boats", "3000")])
def test_hundreds_and_thousands(text: str, number: str) -> None:
    assert values(text) == [number]

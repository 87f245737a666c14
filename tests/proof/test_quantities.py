"""A number is proven with the unit that stands beside it and the word that qualifies it."""

from __future__ import annotations

import pytest
from small_proof import case_of

VALUE, UNIT, QUALIFIER = "q value", "q unit", "q qualifier"


def refused(text: str, value: int | None = 12, unit: str = "Lamps", qualifier: str = "") -> set[str]:
    """Return which properties of a quantity are refused."""
    stated = f"jhaan:value {value}" if value is not None else "jhaan:notStated jhaan:value"
    qualified = qualifier and f"; jhaan:qualifier jhaan:{qualifier}"
    case = case_of(text, f"x:q {stated} ; jhaan:unit jhaan:{unit} {qualified} .")
    return {" ".join(one.split()[:2]) for one in case.refused}


@pytest.mark.parametrize(
    ("text", "unit", "qualifier"),
    [
        ("They had 12 lamps.", "Lamps", ""),
        ("They had twelve LAMPS.", "Lamps", ""),
        ("Of lamps they had 12.", "Lamps", ""),
        ("They had 12 big, red and very old lamps.", "Lamps", ""),
        ("They had almost 12 lamps.", "Lamps", "Almost"),
        ("They had at least twelve lamps.", "Lamps", "AtLeast"),
        ("They had 12 boats.", "Boats", ""),
        ("They had 12 rowing boats.", "Boats", ""),
        # the place that fits best counts
        ("They had almost 12 boats and then again, as the year went on and out, 12 lamps.", "Lamps", ""),
        ("That was almost all. 12 lamps burnt.", "Lamps", ""),
        ("They had almost 60 boats, 12 lamps.", "Lamps", ""),
    ],
)
def test_quantities_that_stand_there(text: str, unit: str, qualifier: str) -> None:
    assert refused(text, unit=unit, qualifier=qualifier) == set()


@pytest.mark.parametrize(
    ("text", "unit", "qualifier", "expected"),
    [
        ("They had 13 lamps.", "Lamps", "", {VALUE, UNIT}),
        ("On 12 May they had lamps.", "Lamps", "", {VALUE, UNIT}),
        ("They had 12 lamps.", "Boats", "", {UNIT}),
        ("They had 12 boats with lamps.", "Lamps", "", {UNIT}),  # the first unit after a number is its own
        ("Of lamps they had 12 boats full.", "Lamps", "", {UNIT}),
        ("They had about 12 lamps.", "Lamps", "", {VALUE}),  # no qualifier of the ontology, but inexact
        ("They had more than 12 lamps.", "Lamps", "", {VALUE}),
        ("They had up to 12 lamps.", "Lamps", "", {VALUE}),
        ("They had 12. Lamps went out.", "Lamps", "", {UNIT}),
        ("They had 12 of those things that one calls in towns lamps.", "Lamps", "", {UNIT}),
        ("They had almost 12 lamps.", "Lamps", "", {VALUE}),
        ("They had almost 12 lamps.", "Lamps", "AtLeast", {QUALIFIER}),
        ("They had 12 lamps.", "Lamps", "Almost", {QUALIFIER}),
        ("They had 12 lamps, almost.", "Lamps", "Almost", {QUALIFIER}),
        ("They had almost no other lamps than these 12.", "Lamps", "Almost", {QUALIFIER}),
        ("They had almost 60 boats, 12 lamps.", "Lamps", "Almost", {QUALIFIER}),
        ("They had 12 boats and 7 lamps.", "Lamps", "", {UNIT}),
    ],
)
def test_quantities_that_do_not(text: str, unit: str, qualifier: str, expected: set[str]) -> None:
    assert refused(text, unit=unit, qualifier=qualifier) == expected


def test_no_place_has_all_of_it() -> None:
    text = "They had almost 12 boats and then again, as the year went on and out, 12 lamps."
    assert refused(text, qualifier="Almost") != set()


def test_a_number_that_is_not_stated() -> None:
    assert refused("They had several lamps.", None, qualifier="Several") == set()
    assert refused("They had several lamps.", None, unit="Boats", qualifier="Several") == {UNIT}
    assert refused("They had some lamps.", None, qualifier="Several") >= {UNIT, QUALIFIER}


def test_digits_that_might_be_a_year_are_one() -> None:
    assert refused("They had 2,000 lamps.", 2000) == set()
    assert VALUE in refused("They had 2000 lamps.", 2000)

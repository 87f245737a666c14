"""A number is proven with the unit that stands beside it and the word that qualifies it.

A fact with an exclamation mark is refused; all others are found.
"""

from __future__ import annotations

import pytest
from small_proof import case_of, judge

TWELVE = "q value 12; q unit Lamps"
ONLY_UNIT = "q value 12; !q unit Lamps"
LIMITED = "!q value 12; q unit Lamps"
NOT_ALMOST = f"{TWELVE}; !q qualifier Almost"
TWICE = "They had almost 12 boats and then again, as the year went on and out, 12 lamps."


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("They had 12 lamps.", TWELVE),
        ("They had twelve LAMPS.", TWELVE),
        ("Of lamps they had 12.", TWELVE),
        ("They had almost 12 lamps.", f"{TWELVE}; q qualifier Almost"),
        ("They had 12 rowing boats.", "q value 12; q unit Boats"),
        # the place that fits best counts
        (TWICE, TWELVE),
        (TWICE, "q value 12; !q unit Lamps; q qualifier Almost"),
        ("They had almost 60 boats, 12 lamps.", TWELVE),
        ("They had 13 lamps.", "!q value 12; !q unit Lamps"),
        ("On 12 May they had lamps.", "!q value 12; !q unit Lamps"),
        # the first unit after a number is its own
        ("They had 12 boats with lamps.", ONLY_UNIT),
        ("Of lamps they had 12 boats full.", ONLY_UNIT),
        ("They had 12. Lamps went out.", ONLY_UNIT),
        ("They had 12 of those things that one calls in towns lamps.", ONLY_UNIT),
        # no qualifier of the ontology, but inexact
        ("They had about 12 lamps.", LIMITED),
        ("They had more than 12 lamps.", LIMITED),
        ("They had almost 12 lamps.", LIMITED),
        ("They had almost 12 lamps.", f"{TWELVE}; !q qualifier AtLeast"),
        ("They had 12 lamps.", NOT_ALMOST),
        ("They had almost no other lamps than these 12.", NOT_ALMOST),
        ("They had almost 60 boats, 12 lamps.", NOT_ALMOST),
        # a number that is not stated
        ("They had several lamps.", "q unit Lamps; q qualifier Several"),
        ("They had several lamps.", "!q unit Boats; q qualifier Several"),
        ("They had some lamps.", "!q unit Lamps; !q qualifier Several"),
        # digits that might be a year are one
        ("They had 2,000 lamps.", "q value 2000; q unit Lamps"),
        ("They had 2000 lamps.", "!q value 2000; !q unit Lamps"),
    ],
)
def test_quantities(text: str, facts: str) -> None:
    assert judge(case_of(text, facts), facts) == facts

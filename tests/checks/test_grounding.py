"""The check that each property says how its values are found in a text."""

from __future__ import annotations

import pytest
from checks_support import stated

from jhaan_kg.checks.grounding import check_grounding

WAYS = "jhaan:ByDate a jhaan:Grounding . jhaan:ByRole a jhaan:Grounding . jhaan:ByName a jhaan:Grounding . "
REGISTER = "period:2023 a jhaan:Period ."


def codes(ontology: str, data: str) -> list[str]:
    """Return the codes of what the check finds."""
    found = check_grounding(stated(WAYS + ontology), stated(REGISTER), stated(data))
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("ontology", "data", "expected"),
    [
        ('jhaan:summary jhaan:notGrounded "Ours."@en .', 'agency:fra jhaan:summary "Text"@en .', []),
        ("jhaan:participant jhaan:grounded jhaan:ByName .", "agency:fra jhaan:participant agency:fra .", []),
        ("", "agency:fra jhaan:participant agency:fra .", ["grounding-missing"]),
        (
            'jhaan:edition jhaan:grounded jhaan:ByName ; jhaan:notGrounded "Ours."@en .',
            'agency:fra jhaan:edition "first"@en .',
            ["grounding-twice"],
        ),
        (
            "jhaan:edition jhaan:grounded jhaan:ByMagic .",
            'agency:fra jhaan:edition "x"@en .',
            ["grounding-way"],
        ),
        (
            'jhaan:participant jhaan:notGrounded "Ours."@en .',
            "agency:fra jhaan:participant agency:fra .",
            ["grounding-needed"],
        ),
        (
            'schema:startDate jhaan:notGrounded "Ours."@en .',
            'agency:fra schema:startDate "2023-06-08"^^xsd:date .',
            ["grounding-needed"],
        ),
        ('jhaan:value jhaan:notGrounded "Ours."@en .', "agency:fra jhaan:value 7 .", ["grounding-needed"]),
        (
            'jhaan:inPeriod jhaan:notGrounded "Ours."@en .',
            "agency:fra jhaan:inPeriod period:2023 .",
            ["grounding-needed"],
        ),
        (
            "jhaan:role jhaan:grounded jhaan:ByRole .",
            "agency:fra jhaan:role jhaan:Chair .",
            ["wording-missing"],
        ),
        (
            'jhaan:role jhaan:grounded jhaan:ByRole . jhaan:Chair jhaan:tellingWording "chaired by {who}"@en .',
            "agency:fra jhaan:role jhaan:Chair .",
            [],
        ),
        ('jhaan:Chair jhaan:wording "{who} with {who}"@en .', "", ["role-pattern"]),
        ('jhaan:Chair jhaan:tellingWording "chaired by"@en .', "", ["role-pattern"]),
    ],
)
def test_each_fault_is_found_and_nothing_else(ontology: str, data: str, expected: list[str]) -> None:
    assert codes(ontology, data) == expected

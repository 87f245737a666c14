"""The check that each property says how its values are found in a text."""

from __future__ import annotations

import pytest
from checks_support import stated

from jhaan_kg.checks.grounding import check_grounding

WAYS = "jhaan:ByDate a jhaan:Grounding . jhaan:ByRole a jhaan:Grounding . jhaan:ByName a jhaan:Grounding . "
REGISTER = "period:2023 a jhaan:Period ."
NOT_GROUNDED = "{} jhaan:notGrounded 'Ours.'@en ."


@pytest.mark.parametrize(
    ("ontology", "data", "expected"),
    [
        ("jhaan:summary jhaan:notGrounded 'Ours.'@en .", "jhaan:summary 'Text'@en", []),
        ("jhaan:participant jhaan:grounded jhaan:ByName .", "jhaan:participant agency:fra", []),
        ("", "jhaan:participant agency:fra", ["grounding-missing"]),
        (
            "jhaan:edition jhaan:grounded jhaan:ByName ; jhaan:notGrounded 'Ours.'@en .",
            "jhaan:edition 'first'@en",
            ["grounding-twice"],
        ),
        ("jhaan:edition jhaan:grounded jhaan:ByMagic .", "jhaan:edition 'x'@en", ["grounding-way"]),
        (NOT_GROUNDED.format("jhaan:participant"), "jhaan:participant agency:fra", ["grounding-needed"]),
        (
            NOT_GROUNDED.format("schema:startDate"),
            "schema:startDate '2023-06-08'^^xsd:date",
            ["grounding-needed"],
        ),
        (NOT_GROUNDED.format("jhaan:value"), "jhaan:value 7", ["grounding-needed"]),
        (NOT_GROUNDED.format("jhaan:inPeriod"), "jhaan:inPeriod period:2023", ["grounding-needed"]),
        ("jhaan:role jhaan:grounded jhaan:ByRole .", "jhaan:role jhaan:Chair", ["wording-missing"]),
        (
            "jhaan:role jhaan:grounded jhaan:ByRole . jhaan:Chair jhaan:tellingWording 'chaired by {who}'@en .",
            "jhaan:role jhaan:Chair",
            [],
        ),
        ("jhaan:Chair jhaan:wording '{who} with {who}'@en .", "", ["role-pattern"]),
        ("jhaan:Chair jhaan:tellingWording 'chaired by'@en .", "", ["role-pattern"]),
    ],
)
def test_each_fault_is_found_and_nothing_else(ontology: str, data: str, expected: list[str]) -> None:
    found = check_grounding(
        stated(WAYS + ontology), stated(REGISTER), stated(data and f"agency:fra {data} .")
    )
    assert [finding.code for finding in found] == expected

"""Whose something is, on whose behalf somebody acts, to whom words of ours refer."""

from __future__ import annotations

import pytest
from small_proof import case_of

GROUNDED = """
jhaan:ofBody jhaan:grounded jhaan:ByName .
jhaan:onBehalfOf jhaan:grounded jhaan:ByName .
org:subOrganizationOf jhaan:grounded jhaan:ByName .
"""
THINGS = """
system:beacon a jhaan:Thing ; rdfs:label "Beacon"@en .
system:nora-log a jhaan:Thing ; rdfs:label "NORA log"@en ; jhaan:wording "log"@en .
position:master a jhaan:Position ; rdfs:label "Harbour Master"@en ; jhaan:positionIn agency:nora .
"""


def problem(text: str, stated: str, claim: str) -> str | None:
    """Give what speaks against a statement; None if nothing does."""
    return case_of(text, stated, GROUNDED + THINGS).refused.get(claim)


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("NORA opened its Beacon.", False),
        ("SUND runs the Beacon of NORA.", False),
        ("NORA met SUND, which opened the Beacon.", True),
        ("NORA came. SUND opened the Beacon.", True),
        ("The Beacon was opened by SUND for NORA.", True),
    ],
)
def test_no_other_agency_stands_between_a_thing_and_the_one_whose_it_is(text: str, is_wrong: bool) -> None:
    found = problem(text, "system:beacon jhaan:ofBody agency:nora .", "beacon ofBody nora")
    assert found == ("another agency is named between the two" if is_wrong else None)


def test_what_is_called_after_an_agency_is_of_that_one() -> None:
    text = "SUND and NORA use the log."
    assert problem(text, "system:nora-log jhaan:ofBody agency:nora .", "nora-log ofBody nora") is None
    found = problem(text, "system:nora-log jhaan:ofBody agency:sund .", "nora-log ofBody sund")
    assert found == "it is called after another agency"


def test_who_is_referred_to_is_named_in_our_own_words_if_they_name_anyone() -> None:
    def refers(summary: str) -> str | None:
        stated = (
            f'x:a jhaan:refersTo agency:nora ; jhaan:about event2023:drill ; jhaan:summary "{summary}"@en .'
        )
        return problem("At the Storm Drill NORA spoke with SUND.", stated, "a refersTo nora")

    assert refers("NORA spoke.") is None
    assert refers("They spoke.") is None
    assert refers("SUND listened.") == "our own words on it name another agency"


def test_a_position_acts_on_behalf_of_the_body_that_it_is_in() -> None:
    def acts(agency: str) -> str | None:
        stated = f"""x:a jhaan:inEvent event2023:drill ; jhaan:participant position:master ;
            jhaan:role jhaan:Participant ; jhaan:onBehalfOf agency:{agency} ."""
        text = "The Harbour Master of NORA took part in the Storm Drill with SUND."
        return problem(text, stated, f"a onBehalfOf {agency}")

    assert acts("nora") is None
    assert acts("sund") == "those named hold positions in other bodies"

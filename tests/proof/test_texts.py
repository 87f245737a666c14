"""Our own texts beside their passages: words that they add, and qualifiers and modal verbs that they leave out."""

from __future__ import annotations

import pytest
from small_proof import FIRST, Case, case_of, report_case

AIMS = "The Fog Board aims to repair all lamps."
SEVERAL = "The aim is to mend lamps, paint boats and train pilots."
LIST = "# 1. Storms\n\nThe pilots need:\n\n- lamps\n- boats"
THREE = "# 1. Storms\n\nThe boats.\n\nThe lamps.\n\nThe oil."
BOTH = "r summary boats and lamps"


def differences(case: Case) -> tuple[str, str]:
    """Return the words that the only text of ours adds, and those that it leaves out."""
    drifts = case.proof.texts.drifts
    assert len(drifts) <= 1
    return next(((", ".join(one.added), ", ".join(one.left_out)) for one in drifts), ("", ""))


@pytest.mark.parametrize(
    ("paragraph", "summary", "added", "left_out"),
    [
        ("Pilots tested the new lamps.", "a test of new lamps by pilots", "", ""),
        ("Pilots discussed a seminar.", "The pilots' discussion was about a workshop.", "workshop", ""),
        ("Two seminars on oil.", "The report states that five seminars were about oil.", "", ""),
        ("Lamps for pilots.", "lamps for storms", "", ""),  # the section is called so
        ("Tarn sent boats.", "The Head of Tarn sent boats.", "Head", ""),
        ("The Head of Tarn sent boats.", "Tarn sent boats.", "", ""),
        ("The Spring Meeting took place.", "meeting in Oslo or on the fjord", "", ""),  # it is called so
        ("Boats sailed.", "Boats sailed in the fog.", "fog", ""),
        ("Boats sailed.", "Boats sailed in the fog.; r about fog", "", ""),  # a name of what it is linked to
        ("Pilots may sail.", "Pilots could sail.", "could", ""),  # another modal verb
        (AIMS, "The Fog Board repairs lamps.", "", "aims, all"),
        (AIMS, "repair of all lamps, an aim of the Fog Board", "", ""),
        ("Pilots may sail.", "Pilots sail.", "", "may"),
        ("Almost 40 boats sailed.", "40 boats sailed.", "", "almost"),
        ("Several pilots sailed with some lamps.", "Pilots sailed.", "", "several"),  # it is not about lamps
        ("Some pilots rowed home. Boats sailed with lamps.", "Boats with lamps sailed with pilots.", "", ""),
        (SEVERAL, "training of pilots", "", "aim, is to"),
        (SEVERAL, "aim of training pilots", "", ""),
    ],
)
def test_a_summary_beside_its_passage(paragraph: str, summary: str, added: str, left_out: str) -> None:
    assert differences(case_of(paragraph, f"r summary {summary}")) == (added, left_out)


@pytest.mark.parametrize(
    ("section", "facts", "added"),
    [
        # words of all its passages and of a lead-in are known
        (THREE, {FIRST: BOTH}, "lamps"),
        (THREE, {FIRST: BOTH, "1/paragraph/2": BOTH}, ""),
        (LIST, {"1/item/2": "r summary boats for pilots"}, ""),
        (LIST, {"1/item/2": "r summary lamps for pilots"}, "lamps"),
    ],
)
def test_the_passages_of_a_summary(section: str, facts: dict[str, str], added: str) -> None:
    assert differences(report_case([section], facts)) == (added, "")


@pytest.mark.parametrize("place", [FIRST, "1"])
def test_a_finding_may_speak_of_the_text(place: str) -> None:
    """Of a section, the passages are those in it; what a finding limits are its own words."""
    text = 'The heading lacks a comma; only the paragraph prints "boats", and it lists no oil.'
    more = f"finding:x jhaan:summary {text!r}@en ; jhaan:basedOn <{place}> ."
    case = case_of("Several boats sailed.", "", more)
    assert differences(case) == ("oil", "")
    assert case.proof.texts.own[0].is_finding


def test_the_list_for_curators() -> None:
    (drift,) = case_of("Some boats sailed.", "r summary boats and oil").proof.texts.drifts
    assert str(drift).splitlines() == [
        "Section 1, paragraph 1: <https://w3id.org/jhaan/id/x/r>",
        "  “boats and oil”",
        "  added: oil; left out: some",
    ]

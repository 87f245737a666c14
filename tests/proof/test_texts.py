"""Our own texts beside their passages: words that they add, and qualifiers and modal verbs that they leave out."""

from __future__ import annotations

import pytest
from small_proof import FIRST, Case, case_of, report_case

from jhaan_kg.proof.texts import Drift


def compared(paragraph: str, summary: str, more: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a summary adds to a paragraph and what it leaves out."""
    case = case_of(paragraph, f'x:r jhaan:summary "{summary}"@en {more} .')
    return both(case)


def both(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    drifts = drifts_of(case)
    assert len(drifts) <= 1
    return next(((one.added, one.left_out) for one in drifts), ((), ()))


def drifts_of(case: Case) -> tuple[Drift, ...]:
    return case.proof.texts.drifts


@pytest.mark.parametrize(
    ("paragraph", "summary", "added"),
    [
        ("Pilots tested the new lamps.", "a test of new lamps by pilots", ()),
        ("Pilots discussed a seminar.", "The pilots' discussion was about a workshop.", ("workshop",)),
        ("A drug-related seminar.", "seminar related to drugs", ()),
        ("Two seminars on oil.", "The report states that five seminars were about oil.", ()),
        ("Lamps for pilots.", "lamps for storms", ()),  # the section is called so
        ("Tarn sent boats.", "The Head of Tarn sent boats.", ("Head",)),
        ("The Head of Tarn sent boats.", "Tarn sent boats.", ()),
        ("The Spring Meeting took place.", "meeting in Oslo or on the fjord", ()),  # it is called so
        ("Boats sailed.", "Boats sailed around.", ("around",)),
    ],
)
def test_words_that_no_passage_has(paragraph: str, summary: str, added: tuple[str, ...]) -> None:
    assert compared(paragraph, summary) == (added, ())


def test_another_modal_verb_is_an_added_word() -> None:
    assert compared("Pilots may sail.", "Pilots could sail.") == (("could",), ())


def test_names_of_what_the_node_is_linked_to_are_known() -> None:
    assert compared("Boats sailed.", "Boats sailed in the fog.") == (("fog",), ())
    assert compared("Boats sailed.", "Boats sailed in the fog.", "; jhaan:about topic:fog") == ((), ())


def test_words_of_all_passages_of_a_text_are_known() -> None:
    state = '{ x:r jhaan:summary "boats and lamps"@en . }'
    sections = ["# 1. Storms\n\nThe boats.\n\nThe lamps.\n\nThe oil."]
    assert both(report_case(sections, f"<{FIRST}> {state}")) == (("lamps",), ())
    assert both(report_case(sections, f"<{FIRST}> {state} <1/paragraph/2> {state}")) == ((), ())


def test_words_of_a_lead_in_are_known() -> None:
    item = "<1/item/2> { x:r jhaan:summary %s@en . }"
    section = "# 1. Storms\n\nThe pilots need:\n\n- lamps\n- boats"
    assert both(report_case([section], item % '"boats for pilots"')) == ((), ())
    assert both(report_case([section], item % '"lamps for pilots"')) == (("lamps",), ())


@pytest.mark.parametrize(
    ("paragraph", "summary", "left_out"),
    [
        ("The Fog Board aims to repair all lamps.", "The Fog Board repairs lamps.", ("aims", "all")),
        ("The Fog Board aims to repair all lamps.", "repair of all lamps, an aim of the Fog Board", ()),
        ("Pilots may sail.", "Pilots sail.", ("may",)),
        ("Pilots sailed in May with lamps.", "Pilots sailed with lamps.", ()),
        ("Almost 40 boats sailed.", "40 boats sailed.", ("almost",)),
        ("Around 40 boats sailed around Oslo.", "40 boats sailed in Oslo.", ("around",)),
        ("Over 40 boats sailed.", "More than 40 boats sailed.", ()),
        ("Several pilots sailed with some lamps.", "Pilots sailed.", ("several",)),  # it is not about lamps
        ("Some pilots rowed home. Boats sailed with lamps.", "Boats with lamps sailed with pilots.", ()),
        ("The aim is to mend lamps, paint boats and train pilots.", "training of pilots", ("aim", "is to")),
        ("The aim is to mend lamps, paint boats and train pilots.", "aim of training pilots", ()),
        ("Lamps for pilots will be ready by spring.", "lamps for pilots", ()),
    ],
)
def test_limits_of_the_passage_that_the_text_lacks(
    paragraph: str, summary: str, left_out: tuple[str, ...]
) -> None:
    assert compared(paragraph, summary) == ((), left_out)


@pytest.mark.parametrize("place", [FIRST, "1"])
def test_a_finding_may_speak_of_the_text(place: str) -> None:
    """Of a section, the passages are those in it; what a finding limits are its own words."""
    text = 'The heading lacks a comma; only the paragraph prints "boats", and it lists no oil.'
    more = f"finding:x jhaan:summary {text!r}@en ; jhaan:basedOn <{place}> ."
    (found,) = drifts_of(case_of("Several boats sailed.", "", more))
    assert (found.own.is_finding, found.added, found.left_out) == (True, ("oil",), ())


def test_a_finding_without_passages_is_not_compared() -> None:
    assert case_of("Boats.", "", 'finding:x jhaan:summary "no oil"@en .').proof.texts.own == ()


def test_the_list_for_curators() -> None:
    (found,) = drifts_of(case_of("Some boats sailed.", 'x:r jhaan:summary "boats and oil"@en .'))
    assert str(found).splitlines() == [
        "1 paragraph 1: <https://w3id.org/jhaan/id/x/r>",
        "  “boats and oil”",
        "  added: oil; left out: some",
    ]


def test_the_order_is_that_of_the_report() -> None:
    trig = '<1/paragraph/2> { x:a jhaan:summary "oil"@en . } <1/paragraph/1> { x:b jhaan:summary "oil"@en . }'
    more = f'finding:x jhaan:summary "oil"@en ; jhaan:basedOn <{FIRST}> .'
    found = drifts_of(report_case(["# 1. Storms\n\nBoats.\n\nLamps."], trig, more))
    assert [one.own.node.value.rpartition("/")[2] for one in found] == ["b", "a", "x"]

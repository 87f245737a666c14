"""Those who take part are named as whole lists, once, in their role, and where the passage tells of the event.

A fact with an exclamation mark is refused; all others are found.
"""

from __future__ import annotations

import pytest
from small_proof import case_of, judge, report_case

TEXT = "The Storm Drill of 3 May was organised by Tarn and attended by NORA, SUND and eu-VEGA."
ATTENDED = "The Storm Drill of 3 May was attended by {}."
BOTH = "The Storm Drill of 3 May was attended by NORA. The Regatta of 5 May was attended by {}."
APART = "The Storm Drill of 3 May was attended by Tarn; then, on their own, NORA and SUND took part."
ORGANISED = "NORA and SUND organised the Storm Drill of 3 May. NORA and SUND took part in {}."
RING = ATTENDED.format("the Harbour Ring, NORA and SUND")
HEAD = ATTENDED.format("the Head of Tarn and SUND")
REGATTA = "regatta startDate 2023-05-05; "


def part(
    agencies: str, role: str = "Participant", event: str = "drill", name: str = "who", marks: str = "   "
) -> str:
    """Write a participation in short words; marks tell whether event, agencies and role are refused."""
    at_event, participants, in_role = (mark.strip() for mark in marks)
    return f"{at_event}{name} inEvent {event}; {participants}{name} participant {agencies}; {in_role}{name} role {role}"


TARN = part("tarn", "Organiser", name="host")
HOST = part("nora, sund", "Organiser", name="host")


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (TEXT, f"{TARN}; {part('nora, sund, eu-vega')}"),
        # one is left out, or swapped for a sibling that the passage names elsewhere; the other list stays proven
        (TEXT, f"{TARN}; {part('nora, sund', marks='!!!')}"),
        (TEXT, f"{TARN}; {part('nora, sund, tarn', marks='!!!')}"),
        (TEXT, f"{TARN}; {part('nora, sund, eu-vega, tarn', marks='  !')}"),
        # a list may be divided, as into agencies and others, if all of it is stated of the same event
        (ATTENDED.format("NORA, SUND and Tarn"), f"{part('nora, sund')}; {part('tarn', name='others')}"),
        (APART, f"{part('tarn', name='first')}; {part('nora, sund')}"),
        (APART, f"{part('tarn', name='first', marks='!!!')}; {part('nora, sund, tarn', marks='!!!')}"),
        # the same list in another role, or for another event
        (ORGANISED.format("the Regatta of 5 May"), f"{HOST}; {part('nora, sund', event='regatta')}"),
        (BOTH.format("SUND"), f"{REGATTA}{part('nora')}; {part('sund', event='regatta', name='others')}"),
        (
            BOTH.format("NORA and SUND"),
            f"{REGATTA}{part('nora')}; {part('nora, sund', event='regatta', name='others')}",
        ),
        # two who change places
        (
            "The Storm Drill of 3 May was organised by NORA and attended by SUND.",
            f"{part('sund', 'Organiser', name='host', marks='  !')}; {part('nora', marks='  !')}",
        ),
        # a role without its words, or with those of some only
        ("NORA and SUND were at the Storm Drill of 3 May.", part("nora, sund", marks="  !")),
        ("At the Storm Drill of 3 May NORA took part, and SUND spoke.", part("nora, sund", marks="  !")),
        (
            "SUND and NORA took part in the Storm Drill, which was organised by SUND.",
            f"{part('sund', 'Organiser', name='host')}; {part('nora', marks='  !')}",
        ),
        # the event must be named, too
        ("NORA took part in it.", part("nora", marks="!  ")),
        ("The Storm Drill.", "topic inEvent drill"),
        ("The storm games.", "!topic inEvent drill"),
        ("NORA took part.", "!who participant nora; !who role Participant"),
        # no one is named
        (
            "The Storm Drill of 3 May.",
            "who inEvent drill; !who role Participant; who notStated jhaan:participant",
        ),
        # groups, and someone named only inside a longer name
        (ATTENDED.format("lighthouse keepers"), "who inEvent drill; who group keepers; who role Participant"),
        (ATTENDED.format("ring observers"), "!who inEvent drill; !who group keepers; !who role Participant"),
        (HEAD, part("tarn", marks="  !")),
        # the network is no item of the list of its members
        (RING, part("nora", marks="!!!")),
        (RING, part("nora, sund", marks="  !")),
        # memberships and plain lists are whole lists, too
        ("The Harbour Ring has NORA and SUND.", "who organization ring; who member nora, sund"),
        ("The Harbour Ring has NORA and SUND.", "!who organization ring; !who member nora"),
        ("The Fog Board comprises NORA and SUND, but not Tarn.", "fog-board comprises nora, sund"),
        ("The Fog Board comprises NORA and SUND, but not Tarn.", "!fog-board comprises nora"),
        ("The Fog Board comprises NORA and SUND, but not Tarn.", "!fog-board comprises nora, eu-vega"),
        # values of a property with a pattern stand in it
        ("NORA proposed fog to SUND.", "fog proposedBy nora"),
        ("NORA proposed fog to SUND.", "!fog proposedBy sund"),
    ],
)
def test_what_a_paragraph_shows(text: str, facts: str) -> None:
    assert judge(case_of(text, facts), facts) == facts


REPRESENTED = ATTENDED.format("NORA and Tarn for SUND")


NORA = ATTENDED.format("NORA")


@pytest.mark.parametrize(
    ("text", "facts", "problem"),
    [
        (NORA, part("nora, sund"), "not all are named"),
        (
            REPRESENTED,
            f"{part('nora, tarn, sund')}; who onBehalfOf sund",
            "a body is named both as participant",
        ),
        (NORA, part("nora", "Organiser"), "no pattern of this role is around the names"),
    ],
)
def test_the_first_thing_that_is_missing_is_told(text: str, facts: str, problem: str) -> None:
    (told,) = set(case_of(text, facts).refused.values())
    assert told.startswith(problem)


def test_who_is_represented_is_not_there_beside_the_others() -> None:
    facts = f"{part('nora, tarn')}; who onBehalfOf sund"
    assert judge(case_of(REPRESENTED, facts), facts) == facts


LEAD_IN = "The Storm Drill of 3 May was attended by NORA and SUND, who had:\n\n- lamps\n- boats"
PARAGRAPHS = "The Storm Drill of 3 May was attended by NORA.\n\nSUND and NORA met."


@pytest.mark.parametrize(
    ("text", "place", "facts"),
    [
        (LEAD_IN, "1/item/1", part("nora, sund")),
        (LEAD_IN, "1/item/1", part("nora, sund, tarn", marks="!!!")),
        (PARAGRAPHS, "1/paragraph/1", part("nora")),
        (PARAGRAPHS, "1/paragraph/1", part("nora, sund", marks="!!!")),
    ],
)
def test_names_in_the_lead_in_count_and_those_in_another_paragraph_do_not(
    text: str, place: str, facts: str
) -> None:
    assert judge(report_case([f"# 1. Storms\n\n{text}"], {place: facts}), facts) == facts


def test_someone_in_two_roles_who_is_stated_in_one_is_missed_from_the_text() -> None:
    text = "The Storm Drill of 3 May was organised by SUND and attended by NORA and SUND."
    case = case_of(
        text, f"drill startDate 2023-05-03; {part('sund', 'Organiser', name='host')}; {part('nora')}"
    )
    assert case.not_taken == [("role", "SUND")]


@pytest.mark.parametrize(("agencies", "is_whole"), [("nora, sund", True), ("nora", False), ("sund", False)])
def test_words_for_several_stand_for_all_of_them(agencies: str, is_whole: bool) -> None:
    text = "NORA and SUND have a boat. The Storm Drill of 3 May was attended by the pair."
    wording = (
        'x:w jhaan:wordingOf agency:nora, agency:sund ; jhaan:printed "the pair"@en ; jhaan:standsIn <1> .'
    )
    facts = f"drill startDate 2023-05-03; {part(agencies)}; nora type Seen; sund type Seen"
    case = case_of(text, facts, wording)
    assert any(statement.startswith("who ") for statement in case.refused) != is_whole
    assert (case.not_taken == []) == is_whole

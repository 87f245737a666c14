"""From graph to text: each way of finding a value has cases that are found and the nearest ones that are not.

A fact with an exclamation mark is refused; all others are found.
"""

from __future__ import annotations

import pytest
from small_proof import case_of, judge, report_case

from jhaan_kg.proof.grounding import Ground

BLOW = "The Big Blow\u2019s storm \u2013 on \u201cFjords\u201d \u2013 came."
TWO_DAYS = "The Storm Drill took place on 3 May. The Regatta took place on 5 May."
TWO_MODES = "The Storm Drill was online. The Regatta in Oslo was hybrid."
HYBRID = "The Storm Drill was hybrid, all else online."
MASTER = "The Harbour Master of NORA took part in the Storm Drill with SUND."
ACTS = "a inEvent drill; a participant master; "
SPOKE = "At the Storm Drill NORA spoke with SUND."
NAMED = "They named NORA, SUND and fog."
ITEMS = "item1 atEvent drill; item1 summary a matter; item2 atEvent drill; item2 summary a matter; "
OWN_WORDS = "3 May: NORA in Oslo, twelve lamps."


@pytest.mark.parametrize(
    ("paragraph", "facts"),
    [
        ("The Storm Drill of 3 May 2023.", "drill startDate 2023-05-03"),
        ("The Storm Drill of May 3, 2023.", "drill startDate 2023-05-03"),
        ("The Storm Drill of 2 May.", "!drill startDate 2023-05-03"),
        ("The Storm Drill of 3 May 2022.", "!drill startDate 2023-05-03"),
        ("The Storm Drill of June 3, 2023.", "!drill startDate 2023-05-03"),
        # a span is found as a whole or not at all
        ("The Storm Drill of 3-5 May.", "drill startDate 2023-05-03; drill endDate 2023-05-05"),
        ("The Storm Drill of 3-5 May.", "!drill startDate 2023-05-03; !drill endDate 2023-05-04"),
        (TWO_DAYS, "!drill startDate 2023-05-03; !drill endDate 2023-05-05"),
        (TWO_DAYS, "drill startDate 2023-05-03; regatta startDate 2023-05-05"),
        (TWO_DAYS, "!drill startDate 2023-05-05; !regatta startDate 2023-05-03"),
        # a period is found by exactly its days
        ("The Storm Drill of 2023.", "drill inPeriod 2023"),
        ("The Storm Drill of earlier in the year.", "drill inPeriod 2023"),
        ("The Storm Drill of May 2023.", "!drill inPeriod 2023"),
        # a day stands for an event; a quarter or a year does not
        ("The games of 3 May in Oslo.", "drill location oslo; drill startDate 2023-05-03"),
        ("The games of 2023 in Oslo.", "!drill location oslo; !drill inPeriod 2023"),
        ("No. 12: fog.", "fog rowNumber 12"),
        ("No. twelve: fog.", "fog rowNumber 12"),
        ("12 May: fog.", "!fog rowNumber 12"),
        # words as printed; the first letter of a name may be small or a capital
        (BLOW, "drill called Big Blow\u2019s storm - on"),
        (BLOW, "drill called big Blow's"),
        (BLOW, "!drill called Big blow"),
        (BLOW, "!drill called Big Blows"),
        (BLOW, "!drill called "),
        ("The Storm Drill and the Regatta.", "drill called Storm Drill; regatta called Regatta"),
        ("The Storm Drill and the Regatta.", "!drill called Regatta; !regatta called Regatta"),
        # names
        ("The Storm Drill in Oslo.", "drill location oslo"),
        ("The Storm Drill in Oslos.", "!drill location oslo"),
        ("The Storm Drill in Oslo.", "!drill location Oslo"),
        ("The storm games in Oslo.", "!drill location oslo"),
        # a name that two events share does not say which is meant, unless the passage states something of it
        ("At the Spring Meeting of 3 May.", "!i atEvent spring-oslo"),
        ("At the Spring Meeting of 3 May.", "i atEvent spring-oslo; spring-oslo startDate 2023-05-03"),
        ("At the meeting in Oslo.", "i atEvent spring-oslo"),
        # a name inside the longer name of another event
        ("At the Night Storm Drill.", "!i atEvent drill"),
        ("At the Night Storm Drill and the Storm Drill.", "i atEvent drill"),
        ("At the Night Storm Drill.", "i atEvent night-drill"),
        ("At the Storm Drill for boats.", "!i atEvent drill"),
        # a place in a list of those who took part is no location
        ("The Storm Drill in Norway.", "drill location norway"),
        ("The Storm Drill with NORA and Norway.", "!drill location norway"),
        # a node of ours needs no name where the passage tells of it
        ("12 lamps.", "i rowNumber 12; !i refersTo x:j"),
        ("12 lamps.", "i rowNumber 12; i refersTo x:j; j rowNumber 12"),
        # the mode or the place of another event of the passage
        (TWO_MODES, "!drill mode MixedEventAttendanceMode"),
        (TWO_MODES, "drill mode OnlineEventAttendanceMode"),
        (TWO_MODES, "!drill location oslo"),
        # a mode is what the words beside it say; without such words those of the passage count
        (HYBRID, "drill mode MixedEventAttendanceMode; drill formatWording hybrid"),
        (HYBRID, "!drill mode OnlineEventAttendanceMode; drill formatWording hybrid"),
        (HYBRID, "!drill mode schema:OfflineEventAttendanceMode"),
        # a position must be beside its body, at most four words away, or have it in its name
        ("The Harbour Master, NORA and all.", "master positionIn nora"),
        ("The Harbour Master met the people who work at NORA.", "!master positionIn nora"),
        ("The Head of Tarn met at NORA.", "head positionIn tarn"),
        # no other agency stands between a thing and the one whose it is
        ("NORA opened its Beacon.", "beacon ofBody nora"),
        ("NORA met SUND, which opened the Beacon.", "!beacon ofBody nora"),
        ("NORA came. SUND opened the Beacon.", "!beacon ofBody nora"),
        ("The Beacon was opened by SUND for NORA.", "!beacon ofBody nora"),
        ("SUND and NORA use the log.", "!nora-log ofBody sund"),
        # who is referred to is named in our own words, if they name anyone
        (SPOKE, "a refersTo nora; a about drill; a summary NORA spoke."),
        (SPOKE, "a refersTo nora; a about drill; a summary They spoke."),
        (SPOKE, "!a refersTo nora; a refersTo sund; a summary SUND listened."),
        # a position acts on behalf of the body that it is in
        (MASTER, ACTS + "a onBehalfOf nora"),
        (MASTER, ACTS + "!a onBehalfOf sund"),
        # the order of mention, which words of ours don't show
        (NAMED, "nora listPosition 1; sund listPosition 2; fog listPosition 3"),
        (NAMED, "!nora listPosition 2; !sund listPosition 1; fog listPosition 3"),
        (NAMED, "nora listPosition 1; !tarn listPosition 2"),
        ("The Storm Drill had rain, then hail.", ITEMS + "item1 listPosition 1; item2 listPosition 2"),
        ("They aimed at more light.", "aim about fog; aim listPosition 1; aim summary more light"),
        # dates, numbers and names in our own words
        ("Fog, 2022\u20132024.", "r about fog; r summary Fog in 2022\u20132024."),
        (OWN_WORDS, "r about fog; r summary On 3 May 12 lamps burnt at NORA in Oslo."),
        (OWN_WORDS, "r about fog; !r summary On 4 May lamps burnt."),
        (OWN_WORDS, "r about fog; !r summary On 3 May 3 lamps burnt."),
        (OWN_WORDS, "r about fog; !r summary SUND burnt lamps."),
        (OWN_WORDS, "r about fog; !r summary It burnt in Norway."),
        # what has no form in a text needs the company of what is proven
        ("The Storm Drill of 3 May.", "drill startDate 2023-05-03; drill basis Named"),
        ("The Storm Drill of 4 May.", "!drill startDate 2023-05-03; !drill basis Named"),
        ("The Storm Drill.", "!drill edition Storm"),
    ],
)
def test_what_a_paragraph_shows(paragraph: str, facts: str) -> None:
    assert judge(case_of(paragraph, facts), facts) == facts


@pytest.mark.parametrize(
    ("paragraph", "facts", "problem"),
    [
        ("The Storm Drill.", "drill startDate 2023-05-03", "date not found"),
        ("The Regatta.", "drill called Regatta; regatta about fog", "this name belongs to another event"),
        ("The games in Oslo.", "drill location oslo", "the passage does not name the subject"),
        (TWO_MODES, "drill location oslo", "it is in a part of the passage about another event"),
        (HYBRID, "drill mode Mixed; drill formatWording hybrid", "“hybrid” is not a recorded wording"),
        (OWN_WORDS, "r about fog; r summary On 4 May.", "“4 May” of the summary was not found"),
        ("The Storm Drill.", "drill edition Storm", "the property has no matching method"),
        (
            "The Storm Drill.",
            "drill inPeriod 2023; drill basis Named",
            "the passage shows no other statement",
        ),
    ],
)
def test_the_first_thing_that_is_missing_is_told(paragraph: str, facts: str, problem: str) -> None:
    assert any(problem in told for told in case_of(paragraph, facts).refused.values())


@pytest.mark.parametrize(
    ("text", "place", "facts"),
    [
        # the heading names an event, but no body
        ("It was in Oslo.", "paragraph/1", "regatta location oslo"),
        ("It was in Oslo.", "paragraph/1", "!drill location oslo"),
        ("It was in Oslo.", "paragraph/1", "!nora location oslo"),
        # another passage does not count, but for the sentence that has the mark of a note
        ("The Storm Drill.\n\nIt was on 3 May.", "paragraph/1", "!drill startDate 2023-05-03"),
        ("The Storm Drill.<sup>1</sup> Fog.\n\n<sup>1</sup> In Oslo.", "footnote/1", "drill location oslo"),
        ("The Storm Drill. Fog.<sup>1</sup>\n\n<sup>1</sup> In Oslo.", "footnote/1", "!drill location oslo"),
        # a list item has a number that shows; several nodes of ours are a list within the item
        ("They named:\n\n- rain\n- fog", "item/2", "fog listPosition 2"),
        ("They named:\n\n- rain\n- fog", "item/2", "!fog listPosition 1"),
        (
            "Storm Drill:\n\n- rain\n- hail",
            "item/2",
            "a atEvent drill; !a listPosition 1; a summary a matter",
        ),
        (
            "Storm Drill:\n\n- rain\n- hail, snow",
            "item/2",
            ITEMS + "item1 listPosition 1; item2 listPosition 2",
        ),
        ("The Storm Drill.", "paragraph/1", "drill timelineEntry <1/paragraph/1>"),
        ("The Storm Drill.\n\nStorm Drill.", "paragraph/1", "!drill timelineEntry <1/paragraph/2>"),
    ],
)
def test_what_a_passage_shows_with_its_heading_and_lead_ins(text: str, place: str, facts: str) -> None:
    case = report_case([f"# 1. Regatta of NORA\n\n{text}"], {f"1/{place}": facts})
    assert judge(case, facts) == facts


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # a remark stands alone, but all of it in the same passages
        ("r about fog; r summary It rained.", ""),
        ("!r about fog", "!r summary It rained."),
        # what has no form is refused in a passage that proves nothing of it
        ("drill startDate 2023-05-03", "!drill basis Named"),
    ],
)
def test_what_has_no_form_in_two_passages(first: str, second: str) -> None:
    facts = {"1/paragraph/1": first, "1/paragraph/2": second}
    case = report_case(["# 1. Storms\n\nStorm Drill of 3 May, rain.\n\nIt snowed."], facts)
    assert judge(case, f"{first}; {second}".removesuffix("; ")) == f"{first}; {second}".removesuffix("; ")


def test_grounds_of_what_has_no_form() -> None:
    facts = (
        "drill startDate 2023-05-03; drill basis Named; drill edition Storm; i refersTo x:j; j rowNumber 3"
    )
    case = case_of("The Storm Drill of 3 May.", facts)
    assert case.claim("drill basis Named").ground is Ground.DECLARED
    assert case.claim("drill edition Storm").ground is Ground.UNDECLARED


@pytest.mark.parametrize(
    ("where", "refused"),
    [
        ("", []),
        ("; jhaan:standsIn <1/paragraph/2>", ["1/paragraph/1", "2/paragraph/1"]),
        ("; jhaan:standsIn <1>", ["2/paragraph/1"]),
        ("; jhaan:standsIn <1/paragraph/1>, <2>", ["1/paragraph/2"]),
    ],
)
def test_words_may_stand_for_a_thing_in_some_passages_only(where: str, refused: list[str]) -> None:
    report = ["# 1. Storms\n\nIn the storm city.\n\nIn the storm city.", "# 2. Fogs\n\nIn the storm city."]
    facts = dict.fromkeys(("1/paragraph/1", "1/paragraph/2", "2/paragraph/1"), "r refersTo oslo")
    wording = f'x:w jhaan:wordingOf place:oslo ; jhaan:printed "storm city"@en {where} .'
    not_proven = report_case(report, facts, wording).proof.not_proven
    assert [claim.passage.rpartition("/section/")[2] for claim in not_proven] == refused

"""Where a passage tells of several events, what it says belongs to the one that was named last before it."""

from __future__ import annotations

import pytest
from small_proof import FIRST, case_of, node, passage_iri, short

from jhaan_kg.proof.passage import PassageFacts

DRILL, REGATTA = node("event2023:drill"), node("event2023:regatta")
ON_3_MAY = 'event2023:drill schema:startDate "2023-05-03"^^xsd:date .'
ON_5_MAY = 'event2023:regatta schema:startDate "2023-05-05"^^xsd:date .'
SEPARATE = {"nora": ["drill"], "sund": ["regatta"]}


def covered(text: str, triples: str = "") -> dict[str, list[str]]:
    """Return for each name of a list the events that the passage is about there."""
    case = case_of(text, triples)
    passage = PassageFacts(
        case.statements, case.first, case.statements.by_passage.get(passage_iri(FIRST), ())
    )
    return {
        short(*name.things): [
            short(one) for one in (DRILL, REGATTA) if passage.is_about(names.first, names.last, one)
        ]
        for names in case.lists
        for name in names.items
    }


@pytest.mark.parametrize(
    "text",
    [
        "NORA held the Storm Drill. SUND held the Regatta.",
        "The Storm Drill was held by NORA and the Regatta was held by SUND.",
        "The Storm Drill was held by NORA, and much later on the Regatta was held by SUND.",
        "Storm Drill was held by NORA. Regatta followed. SUND met.",
        "The Storm Drill came first. It rained. NORA met. The Regatta followed. SUND met.",
    ],
)
def test_each_belongs_to_the_event_named_before_or_else_after_in_the_sentence(text: str) -> None:
    assert covered(text) == SEPARATE


def test_the_last_name_before_counts() -> None:
    text = "At the Storm Drill, unlike at the big Regatta, NORA met, and so it went on to the Storm Drill."
    assert covered(text) == {"nora": ["regatta"]}


def test_an_event_named_in_the_sentence_wins_over_one_before_it() -> None:
    text = "All came to the Regatta. NORA, as everybody had hoped, held the Storm Drill."
    assert covered(text) == {"nora": ["drill"]}


def test_a_sentence_without_events_goes_on_with_the_last_that_named_any() -> None:
    assert covered("The Storm Drill was held. The Regatta was held. It rained. NORA met.") == {
        "nora": ["regatta"]
    }
    assert covered("The Storm Drill and the Regatta were held. It rained. NORA met.") == {
        "nora": ["drill", "regatta"]
    }


def test_before_any_event_is_named_it_is_about_all_that_follow() -> None:
    text = "NORA was there. The Storm Drill came, then the Regatta."
    assert covered(text) == {"nora": ["drill", "regatta"]}


def test_an_event_that_is_not_named_may_be_meant_anywhere() -> None:
    assert covered("NORA held the Storm Drill.") == {"nora": ["drill", "regatta"]}


def test_the_date_of_an_event_that_is_not_named_stands_for_it() -> None:
    text = "NORA met on 3 May. SUND met on 5 May."
    assert covered(text, ON_3_MAY + ON_5_MAY) == SEPARATE
    assert covered(text, ON_3_MAY) == {"nora": ["drill", "regatta"], "sund": ["drill", "regatta"]}
    text = "NORA held the one of 3 May; later on, SUND held the Regatta of 5 May."
    assert covered(text, ON_3_MAY + ON_5_MAY) == {"nora": ["drill"], "sund": ["drill"]}


def test_the_series_of_an_event_stands_for_it() -> None:
    series = "event2023:drill jhaan:inSeries concept:drills ."
    assert covered("NORA told of drills. SUND told of the Regatta.", series) == SEPARATE

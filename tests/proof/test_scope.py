"""Where a passage tells of several events, whom it names belongs to the one whose name or date stands nearest."""

from __future__ import annotations

from datetime import date

import pytest
from small_proof import node, short, told

from jhaan_kg.proof.scope import Scope, Traces

DRILL, REGATTA, FOG = node("event2023:drill"), node("event2023:regatta"), node("topic:fog")


def day(month: int, number: int) -> tuple[date, date]:
    found = date(2023, month, number)
    return found, found


MAY_3, MAY_5 = day(5, 3), day(5, 5)


def covered(text: str, drill: Traces, regatta: Traces) -> dict[str, list[str]]:
    """Give for each name of a list the events of which the passage tells there."""
    case = told(text)
    scope = Scope.of(case.first, {DRILL: drill, REGATTA: regatta})
    return {
        short(*name.things): [short(one) for one in (DRILL, REGATTA) if scope.covers(names, one)]
        for names in case.lists
        for name in names.items
    }


@pytest.mark.parametrize(
    "text",
    [
        "NORA held the Storm Drill. SUND held the Regatta.",
        "The Storm Drill was held by NORA, and much later on the Regatta was held by SUND.",
        "It met with NORA on 3 May and with SUND on 5 May.",
        "The Storm Drill came first. It rained. NORA met. The Regatta followed. SUND met.",
        "NORA held the one of 3 May; later on, SUND held the Regatta.",
    ],
)
def test_each_belongs_to_the_nearest(text: str) -> None:
    assert covered(text, Traces([MAY_3]), Traces([MAY_5])) == {"nora": ["drill"], "sund": ["regatta"]}


@pytest.mark.xfail(strict=True, reason="only words are counted: what follows `and` is nearer than what is spoken of")
def test_the_next_clause_is_not_nearer() -> None:
    text = "The Storm Drill was held by NORA and the Regatta was held by SUND."
    assert covered(text, Traces(), Traces()) == {"nora": ["drill"], "sund": ["regatta"]}


def test_a_sentence_without_anchor_goes_on_with_the_one_before() -> None:
    text = "The Storm Drill was held. The Regatta was held. It rained. NORA met."
    assert covered(text, Traces(), Traces()) == {"nora": ["regatta"]}


def test_an_anchor_in_the_sentence_wins_over_a_nearer_one_before_it() -> None:
    text = "All came to the Regatta. NORA, as everybody had hoped, held the Storm Drill."
    assert covered(text, Traces(), Traces()) == {"nora": ["drill"]}


def test_before_any_anchor_it_is_about_all_that_follows() -> None:
    text = "NORA was there. The Storm Drill came, then the Regatta."
    assert covered(text, Traces(), Traces()) == {"nora": ["drill", "regatta"]}


def test_what_has_no_anchor_may_be_meant_anywhere() -> None:
    assert covered("NORA held the Storm Drill.", Traces(), Traces()) == {"nora": ["drill", "regatta"]}


def test_a_date_that_the_passage_does_not_state_is_no_anchor() -> None:
    text = "NORA met on 3 May. SUND met on 5 May."
    assert covered(text, Traces([MAY_3]), Traces([MAY_5])) == {"nora": ["drill"], "sund": ["regatta"]}
    assert covered(text, Traces([MAY_3]), Traces([day(5, 6)])) == {
        "nora": ["drill", "regatta"],
        "sund": ["drill", "regatta"],
    }


def test_dates_of_one_list_are_equally_near() -> None:
    assert covered("NORA met on 3 May, 4 May and 5 May.", Traces([MAY_3]), Traces([MAY_5])) == {
        "nora": ["drill", "regatta"]
    }
    assert covered("NORA met on 3 May, not on 5 May.", Traces([MAY_3]), Traces([MAY_5])) == {"nora": ["drill"]}


def test_what_an_event_is_part_of_stands_for_it() -> None:
    text = "NORA told of fog. SUND told of the Regatta."
    assert covered(text, Traces(things=[FOG]), Traces()) == {"nora": ["drill"], "sund": ["regatta"]}

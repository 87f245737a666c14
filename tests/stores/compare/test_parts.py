"""Answers that a store cuts, by the values of one parameter or of several."""

from __future__ import annotations

import pytest
from meetings_release import question
from pyoxigraph import Store

from jhaan_kg.query.endpoint import CutAnswerError
from jhaan_kg.query.engine import Answer, StoreEngine, Values, bind
from jhaan_kg.stores.compare.questions import select_in_parts

QUERY = question("together")
OPEN: Values = {"one": None, "other": None}


class Cutting(StoreEngine):
    """Gives no more than some rows of an answer."""

    def __init__(self, most: int) -> None:
        super().__init__(Store())
        self.most = most
        self.asked = 0

    def select(self, query: str) -> Answer:
        self.asked += 1
        whole = super().select(query)
        if len(whole.rows) > self.most:
            raise CutAnswerError("cut", self.most, len(whole.rows))
        return whole


def split(most: int) -> tuple[Cutting, Answer, tuple[Answer, int]]:
    """Ask a store that gives so many rows at most, in parts; return it, the whole answer, and what came."""
    engine, whole = Cutting(most), StoreEngine(Store()).select(bind(QUERY.text, OPEN))
    with pytest.raises(CutAnswerError) as cut:
        engine.select(bind(QUERY.text, OPEN))
    return engine, whole, select_in_parts(engine, QUERY, OPEN, whole, cut.value)


# Of the 60 rows each first number has 20, each second 15, each two 5. A part may have half of what a store gives.
@pytest.mark.parametrize(("most", "parts"), [(40, 3), (30, 4), (20, 6), (12, 12), (10, 12)])
def test_as_few_parameters_as_will_do_are_split(most: int, parts: int) -> None:
    engine, whole, (found, number) = split(most)
    assert sorted(map(str, found.rows)) == sorted(map(str, whole.rows))
    assert number == parts == engine.asked - 1


def test_what_is_too_large_in_any_part_stays_cut() -> None:
    with pytest.raises(CutAnswerError, match="cut"):
        split(9)  # a part may have four rows, and any two numbers have five

"""A hundred questions, written from the text before the graph was asked: the graph gives the answers of the text.

`hundred.tsv` has the questions with their answers; `qNNN.rq` asks the graph. An IRI counts by its label, a literal by
its text. `renderings.tsv` says which of our own words in the graph stand for which words of the text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from tables import read_table

HERE = Path(__file__).parent

KINDS = {"look-up", "list", "count", "join", "negation", "date", "conflict"}


class Question(NamedTuple):
    """A question with the answer of the text."""

    id: str
    kind: str
    question: str
    answer: str
    passages: str


QUESTIONS = [Question(*row) for row in read_table(HERE / "hundred.tsv")[1:]]


def query(question: str) -> str:
    return (HERE / f"{question}.rq").read_text(encoding="utf-8")


def test_there_are_a_hundred_of_all_kinds() -> None:
    assert [question.id for question in QUESTIONS] == [f"q{number:03}" for number in range(1, 101)]
    assert {question.kind for question in QUESTIONS} == KINDS


def test_no_query_holds_its_answer() -> None:
    """What a query says in quotation marks is none of the values that it is asked for."""
    for question in QUESTIONS:
        lines = query(question.id).splitlines()
        code = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
        quoted = set(re.findall(r'"([^"]*)"', code)) - {"online", "hybrid", "in-person", "not stated"}
        assert quoted & set(question.answer.split(" | ")) == set(), question

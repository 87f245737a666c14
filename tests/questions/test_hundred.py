"""A hundred questions, written from the text before the graph was asked: the graph gives the answers of the text.

`hundred.tsv` has the questions with their answers; `qNNN.rq` asks the graph. An IRI counts by its label, a literal by
its text. `renderings.tsv` says which of our own words in the graph stand for which words of the text.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import Literal, NamedNode, Store

from jhaan_kg.namespaces import RDFS_LABEL
from jhaan_kg.pages.loaded import Loaded
from tables import read_table

pytestmark = pytest.mark.slow


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


@cache
def renderings() -> dict[tuple[str, str], str]:
    return {(question, words): text for question, words, text in read_table(HERE / "renderings.tsv")[1:]}


def shown(term: object, store: Store) -> str:
    if isinstance(term, NamedNode):
        labels = [quad.object for quad in store.quads_for_pattern(term, RDFS_LABEL, None, None)]
        return min((label.value for label in labels if isinstance(label, Literal)), default=term.value)
    assert isinstance(term, Literal)
    return term.value


def expected(answer: str) -> set[str]:
    """Return the values of an answer; one that stands in several places is a value for each place."""
    values = set()
    for value in answer.split(" | "):
        match = re.fullmatch(r"(.*) \(((?:[\w.]+/[\w/-]+)(?:, [\w.]+/[\w/-]+)*)\)", value)
        places = match[2].split(", ") if match else []
        values |= {f"{match[1]} ({place})" for place in places} if match else {value}
    return values


def query(question: str) -> str:
    return (HERE / f"{question}.rq").read_text(encoding="utf-8")


def answer(question: str, loaded: Loaded) -> set[str]:
    found = loaded.engine.select(query(question))
    column = found.variables.index("answer")
    values = {shown(term, loaded.store) for row in found.rows if (term := row[column]) is not None}
    return {part for value in values for part in expected(renderings().get((question, value), value))}


def test_the_graph_answers_as_the_text_does(loaded: Loaded) -> None:
    answers = {question.id: answer(question.id, loaded) for question in QUESTIONS}
    assert answers == {question.id: expected(question.answer) for question in QUESTIONS}


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

"""Each stored question gives the rows that a reader works out; `slow_answers.py` has other engines and stores."""

from __future__ import annotations

import datetime
import re

import pytest

from expected_rows import CASES, LONG, Case
from jhaan_kg.namespaces import expand
from jhaan_kg.query.engine import answer
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.serve.loaded import Loaded


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.name not in LONG], ids=lambda case: case.name
)
def test_rows_are_those_that_a_reader_works_out(case: Case, loaded: Loaded) -> None:
    case.check(loaded)


def test_every_question_and_one_of_its_parameters_are_tried(loaded: Loaded) -> None:
    assert {case.query for case in CASES} == {stored.name for stored in loaded.catalogue}
    tried = {case.query for case in CASES if case.parameters}
    assert {stored.name for stored in loaded.catalogue if stored.parameters} - tried == set()


def test_days_are_weekdays_where_the_decision_says_so(loaded: Loaded) -> None:
    """The reason for the Trio meeting's date rests on the calendar."""
    assert datetime.date(2023, 8, 12).strftime("%A") == "Saturday"
    assert datetime.date(2023, 8, 31).strftime("%A") == "Thursday"
    dated = f"?event a <{expand('jhaan:Event')}> ; <{expand('schema:startDate')}> ?day"
    days = [
        row[0].value for row in loaded.engine.select(f"SELECT DISTINCT ?day {{ {dated} }}").rows if row[0]
    ]
    assert len(days) > 30
    assert all(datetime.date.fromisoformat(day).weekday() < 5 for day in days)


def test_what_the_sentences_of_questions_count_is_in_their_answers(loaded: Loaded) -> None:
    """The linter knows the columns, but only the rows tell whether a text such as `took part` occurs."""
    counted = re.compile(r"\{count(?: \w+)? where (\w+) is ([^{}]+)\}")
    wanted = {
        (stored, column, text)
        for stored in loaded.catalogue
        for sentence in stored.found
        for column, text in counted.findall(sentence)
    }
    assert len(wanted) > 20
    for stored, column, text in wanted:
        everything = resolve_parameters(
            loaded.engine, stored, {each.name: ["all"] for each in stored.parameters}
        )
        found = answer(loaded.engine, stored, everything)
        places = [
            found.variables.index(name) for name in (column, f"{column}Label") if name in found.variables
        ]
        assert text in {getattr(row[place], "value", "") for row in found.rows for place in places}, (
            stored.name
        )

"""Stored questions ask the sixty questions; `tests/test_answers.py` has the rows."""

from __future__ import annotations

from sixty import COMMANDS, options

from jhaan_kg.pages.loaded import Loaded


def test_each_of_the_sixty_questions_can_be_asked(loaded: Loaded) -> None:
    assert {number for number, _ in COMMANDS} == set(range(1, 61))
    for _, command in COMMANDS:
        name, given = options(command)
        assert given.keys() <= {parameter.name for parameter in loaded.catalogue.get(name).parameters}, (
            command
        )


def test_no_stored_question_answers_nothing_that_is_asked(loaded: Loaded) -> None:
    beside = {"coverage", "coverage-of-section", "cooperations", "members-and-observers", "official-timeline"}
    asked = {options(command)[0] for _, command in COMMANDS}
    assert {stored.name for stored in loaded.catalogue} - asked == beside

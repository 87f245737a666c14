"""What people ask is answered: the questions of the brief, by their numbers, with the command that answers each."""

from __future__ import annotations

import shlex
from functools import cache
from pathlib import Path

import pytest

from jhaan_kg.build.cache import open_snapshot, store_for
from jhaan_kg.query.catalogue import Catalogue, load_catalogue
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.query.run import StoreEngine, answer
from tables import read_table

COMMANDS = [
    (int(number), command) for number, command in list(read_table(Path(__file__).with_name("sixty.tsv")))[1:]
]


@cache
def catalogue() -> Catalogue:
    return load_catalogue(open_snapshot().catalogue_path)


@cache
def engine() -> StoreEngine:
    return StoreEngine(store_for(open_snapshot(), evidence=True, context=True))


@pytest.mark.parametrize("command", dict.fromkeys(command for _, command in COMMANDS))
def test_each_question_has_an_answer(command: str) -> None:
    name, *options = shlex.split(command)
    given: dict[str, list[str]] = {}
    for option, value in zip(options[::2], options[1::2], strict=True):
        given.setdefault(option.removeprefix("--"), []).append(value)
    stored = catalogue().get(name)
    assert answer(engine(), stored, resolve_parameters(engine(), stored, given)).rows


def test_no_question_is_left_out() -> None:
    assert {number for number, _ in COMMANDS} == set(range(1, 61))


def test_no_stored_question_answers_nothing_that_is_asked() -> None:
    beside = {"coverage", "coverage-of-section", "cooperations", "members-and-observers", "official-timeline"}
    assert {stored.name for stored in catalogue()} - {
        shlex.split(command)[0] for _, command in COMMANDS
    } == beside

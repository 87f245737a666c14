"""What people ask is answered: the questions of the brief, by their numbers, with the command that answers each."""

from __future__ import annotations

import csv
import io
import shlex
from functools import cache
from pathlib import Path

import pytest

from jhaan_kg import KnowledgeGraph, Table
from jhaan_kg.cli import main
from tables import read_table

COMMANDS = [
    (int(number), command) for number, command in list(read_table(Path(__file__).with_name("sixty.tsv")))[1:]
]


ASKED = list(dict.fromkeys(command for _, command in COMMANDS))


@cache
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open()


def test_all_sixty_are_here() -> None:
    assert {number for number, _ in COMMANDS} == set(range(1, 61))


def in_python(command: str) -> Table:
    name, *options = shlex.split(command)
    given: dict[str, list[str]] = {}
    for option, value in zip(options[::2], options[1::2], strict=True):
        given.setdefault(option.removeprefix("--"), []).append(value)
    return graph().query(name, **given)


@pytest.mark.parametrize("command", ASKED)
def test_each_question_has_an_answer(command: str) -> None:
    assert in_python(command).rows


@pytest.mark.slow
@pytest.mark.parametrize("command", ASKED)
def test_the_command_line_gives_as_many_rows(
    command: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["query", *shlex.split(command), "--format", "csv"]) == 0
    printed = list(csv.reader(io.StringIO(capsysbinary.readouterr().out.decode(), newline="")))
    assert len(printed) - 1 == len(in_python(command).rows)


def test_no_stored_question_answers_nothing_that_is_asked() -> None:
    beside = {"coverage", "coverage-of-section", "cooperations", "members-and-observers", "official-timeline"}
    assert graph().questions.keys() - {shlex.split(command)[0] for _, command in COMMANDS} == beside

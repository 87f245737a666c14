"""The sixty questions have answers, and the command prints as many rows as Python gives."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Callable

import pytest
from sixty import COMMANDS, options

from jhaan_kg import KnowledgeGraph


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open()


@pytest.mark.parametrize("command", [command for _, command in COMMANDS])
def test_each_question_has_an_answer(
    command: str, graph: KnowledgeGraph, run: Callable[..., tuple[int, str, str]]
) -> None:
    name, given = options(command)
    rows = graph.query(name, **given).rows
    assert rows
    code, printed, _ = run("query", *shlex.split(command), "--format", "csv")
    assert code == 0
    assert len(list(csv.reader(io.StringIO(printed, newline="")))) == len(rows) + 1

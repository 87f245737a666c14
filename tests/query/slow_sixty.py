"""Each of the sixty questions has an answer."""

from __future__ import annotations

import pytest
from sixty import COMMANDS, options

from jhaan_kg import KnowledgeGraph


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open()


@pytest.mark.parametrize("command", dict.fromkeys(command for _, command in COMMANDS))
def test_each_question_has_an_answer(command: str, graph: KnowledgeGraph) -> None:
    name, given = options(command)
    assert graph.query(name, **given).rows

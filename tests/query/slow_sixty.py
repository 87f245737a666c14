"""Those of the sixty questions that choose something have answers; `tests/test_answers.py` has the others."""

from __future__ import annotations

import pytest
from sixty import COMMANDS, options

from jhaan_kg import KnowledgeGraph


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open()


@pytest.mark.parametrize("command", [command for _, command in COMMANDS if options(command)[1]])
def test_each_question_has_an_answer(command: str, graph: KnowledgeGraph) -> None:
    name, given = options(command)
    assert graph.query(name, **given).rows

"""The one-line queries of docs/one-line-queries.md: each has the rows that readers of the report wrote below it."""

from __future__ import annotations

import re

import pytest
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from jhaan_kg.serve.loaded import Loaded
from real_sources import ROOT

HEAD, *SECTIONS = re.split(
    "^### ", (ROOT / "docs/one-line-queries.md").read_text("utf-8"), flags=re.MULTILINE
)
QUERIES = {section.partition("\n")[0]: section for section in SECTIONS}


def block(text: str) -> str:
    found = re.search(r"```sparql\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("question", QUERIES)
def test_a_newcomer_gets_what_readers_found(question: str, loaded: Loaded) -> None:
    section = QUERIES[question]
    found = loaded.engine.select(block(HEAD) + block(section))
    header, _, *rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in section.splitlines()
        if line.startswith("|")
    ]
    assert found.variables == header
    answer = [tuple(cell.value for cell in row if cell is not None) for row in found.rows]
    assert sorted(answer) == sorted(rows)


def patterns(node: object) -> int:
    """Count the triple patterns of a parsed query; a path is one."""
    if isinstance(node, list):
        return sum(map(patterns, node))
    if isinstance(node, CompValue):
        below = sum(patterns(part) for key, part in node.items() if key != "triples")
        return below + len(dict.get(node, "triples", ()))
    return 0


def test_there_are_thirty_of_at_most_four_patterns() -> None:
    assert len(QUERIES) == 30
    for question, section in QUERIES.items():
        assert 0 < patterns(prepareQuery(block(HEAD) + block(section)).algebra) <= 4, question

"""The queries of docs/one-line-queries.md have the rows that readers of the report wrote; others have rows."""

from __future__ import annotations

import re

import pytest
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.pages.loaded import Loaded
from pages import blocks
from real_sources import ROOT

HEAD, *SECTIONS = re.split(
    "^### ", (ROOT / "docs/one-line-queries.md").read_text("utf-8"), flags=re.MULTILINE
)
QUERIES = {section.partition("\n")[0]: section for section in SECTIONS}


def query_in(text: str) -> str:
    found = re.search(r"```sparql\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("question", QUERIES)
def test_a_newcomer_gets_what_readers_found(question: str, loaded: Loaded) -> None:
    section = QUERIES[question]
    found = loaded.engine.select(query_in(HEAD) + query_in(section))
    header, _, *rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in section.splitlines()
        if line.startswith("|")
    ]
    assert found.variables == header
    answer = [tuple(cell.value for cell in row if cell is not None) for row in found.rows]
    assert sorted(answer) == sorted(rows)


def test_the_queries_of_the_data_model_have_rows(loaded: Loaded) -> None:
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    shown = [each for each in blocks(ROOT / "docs" / "data-model.md") if each.language == "sparql"]
    assert len(shown) == 4
    assert [each.heading for each in shown if not loaded.engine.select(prefixes + each.text).rows] == []


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
        assert 0 < patterns(prepareQuery(query_in(HEAD) + query_in(section)).algebra) <= 4, question

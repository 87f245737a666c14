"""Turtle and TriG as people read them: a head, entities, named graphs."""

from __future__ import annotations

import re

import pytest

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export


@pytest.fixture(scope="module")
def turtle(small: Snapshot) -> str:
    return export(small, "turtle").decode()


@pytest.fixture(scope="module")
def trig(small: Snapshot) -> str:
    return export(small, "trig", context=False).decode()


def test_the_head_says_what_it_contains(turtle: str, trig: str) -> None:
    assert turtle.startswith(
        "# The JHAAN knowledge graph in one flat graph, the union of its named graphs.\n"
        "# With: inferred statements, external facts.\n"
        "# Without: evidence, stored questions and the lexicon.\n\n@prefix "
    )
    assert trig.startswith(
        "# The JHAAN knowledge graph as a dataset: each triple is in the named graph of its source.\n"
        "# With: inferred statements, evidence, stored questions and the lexicon.\n"
        "# Without: external facts.\n\n@prefix "
    )


def test_each_subject_is_there_once_and_from_type_to_sources(turtle: str) -> None:
    subjects = re.findall(r"^(<[^>]*>|\w+:\S+) ", turtle, re.MULTILINE)
    assert len(subjects) == len(set(subjects)) > 60
    block = re.search(r"^agency:alba (?:.*\n\t)*.*\n", turtle, re.MULTILINE)
    assert block
    assert block[0].split("\n\t") == [
        "agency:alba a jhaan:Agency ;",
        'rdfs:label "Alba"@en ;',
        'jhaan:called "Alba"@en , "the Agency of the Dawn"@en ;',
        "jhaan:seat place:port ;",
        "jhaan:within place:lisbon ;",
        "schema:location place:lisbon ;",
        "dcterms:source <https://w3id.org/jhaan/id/report/jhaan-2023/section/5.1> .\n",
    ]


def test_each_named_graph_is_there_once(trig: str, small: Snapshot) -> None:
    names = re.findall(r"^<(.+)> \{$", trig, re.MULTILINE)
    assert sorted(names) == [name for name in small.graph_names if "context" not in name]
    sections = [name.rpartition("/")[2] for name in names if "/graph/report/" in name]
    assert sections == ["4", "5.1", "5.2", "6", "7"]

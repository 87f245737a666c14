"""Turtle and TriG as people read them: a head, sections, named graphs with titles, in the one style."""

from __future__ import annotations

import re

import pytest

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export
from jhaan_kg.results.reading import SECTIONS
from jhaan_kg.turtle.format import is_formatted


@pytest.fixture(scope="module")
def turtle(small: Snapshot) -> str:
    return export(small, "turtle").decode()


@pytest.fixture(scope="module")
def trig(small: Snapshot) -> str:
    return export(small, "trig", context=False).decode()


def test_it_is_in_the_style_of_the_project_and_its_head_says_what_it_contains(turtle: str, trig: str) -> None:
    assert is_formatted(turtle, trig=False, name="turtle")
    assert is_formatted(trig, trig=True, name="trig")
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


def test_the_prefixes_are_those_in_use(turtle: str) -> None:
    _, head, body = turtle.split("\n\n", 2)
    declared = re.findall(r"^@prefix (\w+):", head, re.MULTILINE)
    assert declared == sorted(declared)
    assert {"agency", "jhaan", "schema"} <= set(declared)
    assert all(re.search(rf"(?<![\w:/]){prefix}:\w", body) for prefix in declared)


def test_each_section_is_there_once_in_order_and_each_subject_once(turtle: str) -> None:
    headings = re.findall(r"^# (.*?) -+$", turtle, re.MULTILINE)
    assert headings == [title for title in SECTIONS if title in headings]
    assert {"The report", "Agencies", "Passages", "Terms of the JHAAN ontology"} < set(headings)
    subjects = re.findall(r"^(?:<[^>]*>|[\w.-]+:[\w.-]+)$", turtle, re.MULTILINE)
    assert len(subjects) == len(set(subjects)) > 60


def test_a_thing_is_shown_from_type_to_sources_in_columns(turtle: str) -> None:
    block = re.search(r"^agency:alba\n(?:    .*\n)+", turtle, re.MULTILINE)
    assert block
    assert block[0].splitlines() == [
        "agency:alba",
        "    a               jhaan:Agency ;",
        '    rdfs:label      "Alba"@en ;',
        '    jhaan:called    "Alba"@en, "the Agency of the Dawn"@en ;',
        "    jhaan:seat      place:port ;",
        "    jhaan:within    place:lisbon ;",
        "    schema:location place:lisbon ;",
        "    dcterms:source  section:5.1 .",
    ]


def test_each_named_graph_has_a_title_and_is_there_once(trig: str, small: Snapshot) -> None:
    titled = re.findall(r"^# (.+)\n<(.+)> \{$", trig, re.MULTILINE)
    names = [name for _, name in titled]
    assert sorted(names) == [name for name in small.graph_names if "context" not in name]
    sections = [name.rpartition("/")[2] for name in names if "/graph/report/" in name]
    assert sections == ["4", "5.1", "5.2", "6", "7"]

"""Turtle and TriG as people read them: a head, sections, named graphs with titles, in the one style."""

from __future__ import annotations

import re

import pytest

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export
from jhaan_kg.results.reading import SECTIONS
from jhaan_kg.turtle.format import is_formatted


@pytest.fixture(scope="module")
def turtle() -> str:
    return export(open_snapshot(), "turtle").decode()


@pytest.fixture(scope="module")
def trig() -> str:
    return export(open_snapshot(), "trig", evidence=False).decode()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["turtle", "trig"])
def test_it_is_in_the_style_of_the_project(form: str, request: pytest.FixtureRequest) -> None:
    assert is_formatted(request.getfixturevalue(form), trig=form == "trig", name=form)


@pytest.mark.slow
def test_the_head_says_what_the_file_holds(turtle: str, trig: str) -> None:
    assert turtle.startswith(
        "# The JHAAN knowledge graph in one flat graph, the union of its named graphs.\n"
        "# With: what follows from what is stated, facts from outside the report.\n"
        "# Without: evidence.\n\n@prefix "
    )
    assert trig.startswith(
        "# The JHAAN knowledge graph as a dataset: each triple in the named graph that says where it comes from.\n"
        "# With: what follows from what is stated, facts from outside the report.\n"
        "# Without: evidence.\n\n@prefix "
    )


@pytest.mark.slow
def test_the_prefixes_are_those_in_use(turtle: str) -> None:
    declared = re.findall(r"^@prefix (\w+):", turtle, re.MULTILINE)
    body = turtle[turtle.rindex("@prefix") :].partition("\n")[2]
    assert declared == sorted(declared)
    assert len(declared) > 30
    assert all(re.search(rf"(?<![\w:/]){prefix}:\w", body) for prefix in declared)


@pytest.mark.slow
def test_each_section_stands_once_in_order_and_each_subject_once(turtle: str) -> None:
    """All sections have their things, but those of the evidence, which a flat graph has not, and of other things."""
    headings = re.findall(r"^# (.*?) -+$", turtle, re.MULTILINE)
    assert headings == [title for title in SECTIONS if title != "Other things" and "Evidence" not in title]
    subjects = re.findall(r"^(?:<[^>]*>|[\w.-]+:[\w.-]+)$", turtle, re.MULTILINE)
    assert len(subjects) == len(set(subjects)) > 3000
    agencies = turtle.partition("\n# Agencies")[2].partition("\n# ")[0]
    names = ["cepol", "emcdda", "eu-lisa", "euaa", "eige", "eurojust", "europol", "fra", "frontex"]
    assert set(re.findall(r"^agency:([\w-]+)$", agencies, re.MULTILINE)) == set(names)


@pytest.mark.slow
def test_an_agency_reads_well(turtle: str) -> None:
    """Worked out from the register, the report and the ontology: type, name, the rest in a column, sources last."""
    block = re.search(r"^agency:eurojust\n(?:    .*\n)+", turtle, re.MULTILINE)
    assert block
    lines = block[0].splitlines()
    assert re.match(r" {4}a +jhaan:Agency, ", lines[1])
    predicates = [line.split()[0] for line in lines[1:] if line[4] != " "]
    assert predicates[:2] == ["a", "rdfs:label"]
    assert predicates[-2:] == ["dcterms:source", "jhaan:statedIn"]
    assert len(predicates) == len(set(predicates))
    assert re.search(r'^ {4}rdfs:label +"Eurojust"@en ;$', block[0], re.MULTILINE)
    starts = {len(line) - len(line.lstrip()) for line in lines[2:] if line[4] == " "}
    column = re.match(r" {4}a +", lines[1])
    assert column
    assert starts == {column.end()}


@pytest.mark.slow
def test_each_named_graph_has_a_title_and_stands_once(trig: str) -> None:
    titled = re.findall(r"^# (.+)\n<(.+)> \{$", trig, re.MULTILINE)
    names = [name for _, name in titled]
    assert sorted(names) == [name for name in open_snapshot().graph_names if "/graph/evidence/" not in name]
    sections = [name.rpartition("/")[2] for name in names if "/graph/report/" in name]
    by_number = ["5.1", "5.1.1", "6.5.6", "7.1", "9", "9.1", "9.2", "9.9", "9.10", "9.12", "10", "11.1"]
    assert [section for section in sections if section in by_number] == by_number


@pytest.mark.slow
def test_queries_can_be_read(turtle: str) -> None:
    """A text of several lines is a long string."""
    assert re.search(r'^ {4}sh:select +"""', turtle, re.MULTILINE)
    assert "\\n" not in turtle

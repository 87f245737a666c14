"""The whole graph in Turtle and TriG: in the one style, each section and named graph in its place."""

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


def test_it_is_in_the_style_of_the_project(turtle: str, trig: str) -> None:
    assert is_formatted(turtle, trig=False, name="turtle")
    assert is_formatted(trig, trig=True, name="trig")


def test_each_section_is_there_once_in_order_and_each_subject_once(turtle: str) -> None:
    """All sections have their things, but those of the evidence, which a flat graph has not, and of other things."""
    headings = re.findall(r"^# (.*?) -+$", turtle, re.MULTILINE)
    assert headings == [title for title in SECTIONS if title != "Other things" and "Evidence" not in title]
    subjects = re.findall(r"^(?:<[^>]*>|[\w.-]+:[\w.-]+)$", turtle, re.MULTILINE)
    assert len(subjects) == len(set(subjects)) > 3000
    agencies = turtle.partition("\n# Agencies")[2].partition("\n# ")[0]
    names = ["cepol", "emcdda", "eu-lisa", "euaa", "eige", "eurojust", "europol", "fra", "frontex"]
    assert set(re.findall(r"^agency:([\w-]+)$", agencies, re.MULTILINE)) == set(names)


def test_each_named_graph_has_a_title_and_is_there_once(trig: str) -> None:
    titled = re.findall(r"^# (.+)\n<(.+)> \{$", trig, re.MULTILINE)
    names = [name for _, name in titled]
    assert sorted(names) == [name for name in open_snapshot().graph_names if "/graph/evidence/" not in name]
    sections = [name.rpartition("/")[2] for name in names if "/graph/report/" in name]
    by_number = ["5.1", "5.1.1", "6.5.6", "7.1", "9", "9.1", "9.2", "9.9", "9.10", "9.12", "10", "11.1"]
    assert [section for section in sections if section in by_number] == by_number


def test_queries_can_be_read(turtle: str) -> None:
    """A text of several lines is a long string."""
    assert re.search(r'^ {4}sh:select +"""', turtle, re.MULTILINE)
    assert "\\n" not in turtle

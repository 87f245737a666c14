"""The whole graph in Turtle and TriG: in the one style, each section and named graph in its place."""

from __future__ import annotations

import re

import pytest
import rdflib
from rdflib.namespace import RDF, SH

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export
from jhaan_kg.namespaces import expand
from jhaan_kg.results.reading import SECTIONS


@pytest.fixture(scope="module")
def turtle() -> str:
    return export(open_snapshot(), "turtle").decode()


def test_each_section_is_there_once_in_order_and_each_subject_once(turtle: str) -> None:
    """Evidence, stored questions and words are not in the flat graph."""
    headings = re.findall(r"^# (.*?) -+$", turtle, re.MULTILINE)
    none = ("Other entities", "Stored questions", "Local wordings")
    assert headings == [title for title in SECTIONS if title not in none and "Evidence" not in title]
    subjects = re.findall(r"^(?:<[^>]*>|[\w.-]+:[\w.-]+)$", turtle, re.MULTILINE)
    assert len(subjects) == len(set(subjects)) > 3000
    agencies = turtle.partition("\n# Agencies")[2].partition("\n# ")[0]
    names = ["cepol", "emcdda", "eu-lisa", "euaa", "eige", "eurojust", "europol", "fra", "frontex"]
    assert set(re.findall(r"^agency:([\w-]+)$", agencies, re.MULTILINE)) == set(names)


def test_queries_and_prefixes_and_words_are_apart_from_the_flat_graph(turtle: str) -> None:
    """Their graph has queries in texts of several lines, and the lexicon the words."""
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    assert not {SH.SPARQLExecutable, SH.PrefixDeclaration} & set(graph.objects(None, RDF.type))
    names = {
        expand(f"jhaan:{name}")
        for name in ("grounded", "notGrounded", "wording", "tellingWording", "wordingOf")
    }
    assert not names & set(map(str, graph.predicates()))

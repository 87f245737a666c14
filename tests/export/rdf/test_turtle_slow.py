"""The whole graph in Turtle and TriG: what is in which."""

from __future__ import annotations

import pytest
import rdflib
from rdflib.namespace import RDF, SH

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export
from jhaan_kg.namespaces import expand

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def turtle() -> str:
    return export(open_snapshot(), "turtle").decode()


def test_queries_and_prefixes_and_words_are_apart_from_the_flat_graph(turtle: str) -> None:
    """Their graph has queries in texts of several lines, and the lexicon the words."""
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    assert not {SH.SPARQLExecutable, SH.PrefixDeclaration} & set(graph.objects(None, RDF.type))
    names = {
        expand(f"jhaan:{name}")
        for name in ("grounded", "notGrounded", "wording", "tellingWording", "wordingOf")
    }
    assert not names & set(map(str, graph.predicates()))

"""The whole graph in Turtle and TriG: what is in which."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, parse
from rdflib.namespace import RDF, RDFS, SH

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export, export_files
from jhaan_kg.namespaces import expand


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
    lexicon = {quad.triple for quad in parse(export(open_snapshot(), "lexicon"), format=RdfFormat.TURTLE)}
    assert names <= {triple.predicate.value for triple in lexicon}
    quads = open_snapshot().quads(evidence=True, context=True)
    assert lexicon == {quad.triple for quad in quads if "/graph/lexicon" in str(quad.graph_name)}
    catalogue = dict(export_files(open_snapshot(), "queries"))["catalogue.ttl"].decode()
    assert "sh:select" in catalogue


def test_the_asserted_statements_are_those_of_the_files_in_data(root: Path) -> None:
    """Beside them are the classes above classes, and the classes of codes, which the shapes need."""
    asserted = {quad.triple for quad in parse(export(open_snapshot(), "asserted"), format=RdfFormat.TURTLE)}
    stated = set()
    for folder, ending in (("register", "ttl"), ("reports", "t*"), ("curation", "ttl"), ("context", "ttl")):
        for file in (root / "data" / folder).rglob(f"*.{ending}"):
            if file.stem != "lexicon":
                stated |= {quad.triple for quad in parse(path=file)}
    assert stated <= asserted
    assert {triple.predicate.value for triple in asserted - stated} == {str(RDF.type), str(RDFS.subClassOf)}
    assert all("/jhaan/id/" not in str(triple.subject) for triple in asserted - stated)

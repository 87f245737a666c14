"""What VoID says of a small graph, counted again by SPARQL and by hand."""

from __future__ import annotations

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export.description.partitions import Partitions
from void_counts import COUNTS, SELECTIONS, assert_counted, described, flat, rows


@pytest.mark.parametrize("selection", SELECTIONS)
def test_counts_are_those_of_the_graph(selection: str, world: Snapshot) -> None:
    description, graph = described(world, selection), flat(world, selection)
    for counted in COUNTS:
        assert_counted(description, graph, "9.8.7", selection, counted)


def test_a_description_names_itself_its_graphs_and_what_they_use(world: Snapshot) -> None:
    description = described(world, "-no-inferred-no-context")
    (title,) = rows(description, "SELECT ?t { ?d dcterms:title ?t ; void:uriSpace ?s }")[:1]
    assert title == ("JHAAN knowledge graph 9.8.7 (no inferred, no context)",)
    query = "SELECT ?graph ?triples { ?d void:subset ?graph . ?graph a void:Dataset ; void:triples ?triples }"
    sizes = {
        file.graph: file.triples
        for file in world.files(evidence=False, context=False)
        if "/inferred/" not in file.graph
    }
    assert {graph: int(triples) for graph, triples in rows(description, query)} == sizes
    vocabularies = {iri for (iri,) in rows(description, "SELECT ?v { ?d void:vocabulary ?v }")}
    assert {"https://w3id.org/jhaan/ontology#", "https://schema.org/"} <= vocabularies


def test_a_small_graph_is_counted_as_by_hand() -> None:
    """Two boats, one of them a ship too; one harbour; one boat lies in it, both are named."""
    lines = b"""
        <urn:a> a <urn:Boat>, <urn:Ship> ; <urn:in> <urn:h> ; <urn:name> "A", "Ay"@en .
        <urn:b> a <urn:Boat> ; <urn:name> "A" .
        <urn:h> a <urn:Harbour> ."""
    triples = {quad.triple for quad in pyoxigraph.parse(lines, format=RdfFormat.TURTLE)}
    boat, name, within = NamedNode("urn:Boat"), NamedNode("urn:name"), NamedNode("urn:in")
    counted = Partitions(triples)
    assert (counted.whole.triples, len(counted.whole.subjects), len(counted.whole.objects)) == (8, 3, 6)
    assert {kind.value: number for kind, number in counted.classes.items()} == {
        "urn:Boat": 2, "urn:Ship": 1, "urn:Harbour": 1,
    }  # fmt: skip
    named = counted.in_class[boat][name]
    assert (named.counted.triples, len(named.counted.subjects), len(named.counted.objects)) == (3, 2, 2)
    assert {kind.value.partition("#")[2]: number for kind, number in named.datatypes.items()} == {
        "string": 2, "langString": 1,
    }  # fmt: skip
    assert dict(counted.in_class[boat][within].classes) == {NamedNode("urn:Harbour"): 1}
    fewer = Partitions(triples - {Triple(NamedNode("urn:b"), name, pyoxigraph.Literal("A"))})
    assert fewer.in_class[boat][name].counted.triples == 2

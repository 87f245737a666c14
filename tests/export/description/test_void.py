"""What VoID says of a small graph, counted again without a store and by hand."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import expand
from void_counts import SELECTIONS, assert_counted, described, expected, rows


@pytest.mark.parametrize("selection", SELECTIONS)
def test_counts_are_those_of_the_graph(selection: str, world: Snapshot) -> None:
    assert_counted(described(world, selection), expected(world, selection), "9.8.7", selection)


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
    examples = {iri for (iri,) in rows(description, "SELECT ?x { ?d void:exampleResource ?x }")}
    assert examples == {"https://w3id.org/jhaan/id/report/jhaan-2023"}
    assert not any(isinstance(term, BlankNode) for quad in description for term in quad)


def test_an_editor_that_completes_queries_finds_what_it_asks_for(world: Snapshot) -> None:
    """The query of SIB's sparql-editor, in the part that yields rows."""
    query = """SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype {
        ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
        ?pp void:property ?prop .
        OPTIONAL { { ?pp void:classPartition [ void:class ?objectClass ] }
            UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] } } }"""
    completed = rows(described(world, ""), query)
    assert (expand("jhaan:Participation"), expand("jhaan:participant"), expand("jhaan:Agency")) in completed
    assert (expand("jhaan:Event"), expand("schema:startDate"), expand("xsd:date")) in completed

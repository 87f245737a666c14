"""What VoID says of a small graph, counted again without a store and by hand."""

from __future__ import annotations

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export.description import describe_partitions
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import expand
from void_counts import COUNTS, SELECTIONS, assert_counted, count, described, expected, rows


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


def test_a_small_graph_is_counted_as_by_hand() -> None:
    """Two boats, one of them a ship too; one harbour; one boat lies in it, both are named."""
    lines = b"""
        <urn:a> a <urn:Boat>, <urn:Ship> ; <urn:in> <urn:h> ; <urn:name> "A", "Ay"@en .
        <urn:b> a <urn:Boat> ; <urn:name> "A" .
        <urn:h> a <urn:Harbour> ."""
    triples = {quad.triple for quad in pyoxigraph.parse(lines, format=RdfFormat.TURTLE)}
    counted = Store()
    dataset = NamedNode("https://w3id.org/jhaan/release/1.0.0#graph")
    counted.extend(Quad(*triple) for triple in describe_partitions(dataset, Graph.of(triples).store))
    boats = "?part void:class <urn:Boat> ; void:propertyPartition ?within . ?within void:property"
    assert rows(counted, COUNTS["the whole"].replace("$dataset", str(dataset))) == [("8", "3", "6", "3")]
    assert rows(counted, COUNTS["classes"].replace("$dataset", str(dataset))) == [
        ("urn:Boat", "2"), ("urn:Harbour", "1"), ("urn:Ship", "1"),
    ]  # fmt: skip
    sizes = "void:triples ?t ; void:distinctSubjects ?s ; void:distinctObjects ?o"
    assert rows(counted, f"SELECT ?t ?s ?o {{ {boats} <urn:name> ; {sizes} }}") == [("3", "2", "2")]
    values = "void-ext:datatypePartition ?v . ?v void-ext:datatype ?d ; void:triples ?t"
    datatypes = rows(counted, f"SELECT ?d ?t {{ {boats} <urn:name> ; {values} }}")
    assert {(kind.partition("#")[2], number) for kind, number in datatypes} == {
        ("string", "2"),
        ("langString", "1"),
    }
    objects = "void:classPartition ?v . ?v void:class ?c ; void:triples ?t"
    assert rows(counted, f"SELECT ?c ?t {{ {boats} <urn:in> ; {objects} }}") == [("urn:Harbour", "1")]
    assert_counted(counted, count(triples) | {"links": []}, "1.0.0", "")

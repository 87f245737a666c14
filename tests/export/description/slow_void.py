"""What VoID says of the real graph, counted again without a store."""

from __future__ import annotations

from functools import cache

import pyoxigraph
import rdflib
from pyoxigraph import RdfFormat, Store

import void_counts
from jhaan_kg import __version__
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import Request, export
from void_counts import assert_counted, expected, rows

GRAPH = f"https://w3id.org/jhaan/release/{__version__}#graph"


@cache
def described(selection: str = "") -> Store:
    return void_counts.described(open_snapshot(), selection)


def test_counts_are_those_of_the_graph() -> None:
    assert_counted(described(), expected(open_snapshot(), ""), __version__, "")


def test_examples_and_vocabularies_are_of_the_graph() -> None:
    examples = rows(described(), "SELECT ?x { ?d void:exampleResource ?x }")
    assert len(examples) == 3
    triples = Request(open_snapshot(), "turtle").triples()
    assert {iri for (iri,) in examples} <= {str(triple.subject)[1:-1] for triple in triples}
    vocabularies = {iri for (iri,) in rows(described(), "SELECT ?v { ?d void:vocabulary ?v }")}
    assert {
        "https://w3id.org/jhaan/ontology#",
        "https://schema.org/",
        "http://www.w3.org/ns/org#",
    } <= vocabularies
    assert all(triple.predicate.value.startswith(tuple(vocabularies)) for triple in triples)


def test_an_editor_that_completes_queries_finds_what_it_asks_for() -> None:
    """The query of SIB's sparql-editor, in the part that yields rows."""
    query = """SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype {
        ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
        ?pp void:property ?prop .
        OPTIONAL { { ?pp void:classPartition [ void:class ?objectClass ] }
            UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] } } }"""
    jhaan, schema = "https://w3id.org/jhaan/ontology#", "https://schema.org/"
    found = rows(described(), query)
    assert (f"{jhaan}Participation", f"{jhaan}participant", f"{jhaan}Agency") in found
    assert (f"{jhaan}Meeting", f"{schema}startDate", "http://www.w3.org/2001/XMLSchema#date") in found


def test_rdflib_reads_the_same_triples_and_no_blank_node() -> None:
    data = export(open_snapshot(), "void")
    graph = rdflib.Graph().parse(data=data, format="turtle")
    assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)
    assert len(graph) == len(described())
    lines = graph.serialize(format="nt").encode()
    assert set(pyoxigraph.parse(lines, format=RdfFormat.N_TRIPLES)) == set(described())

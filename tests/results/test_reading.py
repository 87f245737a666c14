"""The order in which people read the graph."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import urljoin

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.namespaces import DCTERMS, GRAPH, ID, RDF_TYPE, RDFS_LABEL
from jhaan_kg.near import natural
from jhaan_kg.results.reading import GRAPHS, SECTIONS, for_reading, graph_order, graph_title, section_of
from small_graph import iri

IN_ORDER = [
    ("The report", ["report/jhaan-2023"]),
    ("Agencies", ["agency/cepol", "agency/frontex"]),
    ("Other entities", ["unheard-of/x"]),
    ("Passages", [f"report/jhaan-2023/section/{end}" for end in ("9/item/2", "9/item/10", "10/item/1")]),
    ("Terms of the JHAAN ontology", ["../ontology#Agency"]),
    ("Terms of other vocabularies", ["https://schema.org/Place"]),
]


def test_sections_stand_in_order_with_their_subjects() -> None:
    expected = [(title, [urljoin(ID, end) for end in ends]) for title, ends in IN_ORDER]
    labels = [
        Triple(NamedNode(iri), RDFS_LABEL, Literal("x")) for _, iris in expected[::-1] for iri in iris[::-1]
    ]
    found = [
        (title, list(own))
        for title, own in groupby((each.subject.value for each in for_reading(labels)), section_of)
    ]
    assert found == expected


def test_a_thing_is_told_from_type_to_sources() -> None:
    cepol = iri("agency:cepol")
    in_order = [
        Triple(cepol, RDF_TYPE, iri("jhaan:Agency")),
        Triple(cepol, RDF_TYPE, iri("org:Organization")),
        Triple(cepol, RDFS_LABEL, Literal("CEPOL")),
        Triple(cepol, iri("jhaan:called"), Literal("CEPOL 2")),
        Triple(cepol, iri("jhaan:called"), Literal("CEPOL 10")),
        Triple(cepol, iri("schema:startDate"), Literal("2023")),
        Triple(cepol, iri("jhaan:seat"), iri("place:budapest")),
        Triple(cepol, iri("org:holds"), iri("position:x")),
        Triple(cepol, NamedNode(DCTERMS + "source"), iri("section:2")),
        Triple(cepol, iri("jhaan:statedIn"), iri("section:2")),
    ]
    assert for_reading(sorted(in_order, key=lambda triple: hash(str(triple)))) == in_order


def test_a_triple_is_described_in_its_own_order() -> None:
    assertion = NamedNode(ID + "assertion/0")
    names = ["rdf:subject", "rdf:predicate", "rdf:object", "jhaan:evidenceIn"]
    triples = [Triple(assertion, iri(name), iri("agency:cepol")) for name in names]
    assert for_reading(triples[::-1]) == triples


def test_each_named_graph_has_a_title() -> None:
    names = open_snapshot().graph_names
    titles = [graph_title(name) for name in names]
    assert "Other statements" not in titles
    assert len(set(titles)) == len(names)
    unused = [
        pattern
        for place, pattern in enumerate(GRAPHS)
        if place not in {graph_order(name)[0] for name in names}
    ]
    assert unused == []


def test_graphs_stand_from_ontology_to_questions_and_sections_by_number() -> None:
    names = [
        *("ontology", "ontology/reused", "document/r", "register/a"),
        *("report/r/2", "report/r/9.2", "report/r/9.10", "report/r/10"),
        *("curation/r/a", "reconciled/r", "inferred/r-1", "inferred/curation/r-1", "context/a"),
        *("inferred/context", "evidence/r-1", "evidence/context", "queries", "unheard-of"),
    ]
    graphs = [GRAPH + name for name in names]
    assert sorted(set(graphs), key=graph_order) == graphs


def test_numbers_count_by_value() -> None:
    assert sorted(["a10", "a9", "a", "10", "9.10", "9.2", "a09"], key=natural) == [
        *("9.2", "9.10", "10", "a", "a09", "a9", "a10"),
    ]
    assert natural("a9") != natural("a09")
    assert natural("9" * 5000) > natural("9" * 4999)


@pytest.mark.slow
def test_each_thing_of_the_graph_has_a_section_of_its_own_kind() -> None:
    """A new kind of thing belongs into the table."""
    subjects = {
        line.partition(b" ")[0].decode()[1:-1]
        for file in open_snapshot().graphs
        for line in file.read().splitlines()
    }
    titles = {section_of(iri) for iri in subjects}
    assert titles == set(SECTIONS) - {"Other entities"}

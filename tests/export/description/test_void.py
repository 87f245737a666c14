"""What VoID says of the graph, counted again by SPARQL."""

from __future__ import annotations

from functools import cache

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from jhaan_kg import __version__
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import Request, export
from jhaan_kg.export.description.graphs import title_of
from jhaan_kg.export.description.partitions import Partitions

GRAPH = f"https://w3id.org/jhaan/release/{__version__}#graph"
SELECTIONS = {
    "": {},
    "-no-inferred": {"inferred": False},
    "-no-context": {"context": False},
    "-no-inferred-no-context": {"inferred": False, "context": False},
    "-evidence": {"evidence": True},
}
PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX jhaan: <https://w3id.org/jhaan/ontology#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
"""
COUNTS = {
    "the whole": (
        """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
        (COUNT(DISTINCT ?p) AS ?properties) { ?s ?p ?o }""",
        """SELECT ?triples ?subjects ?objects ?properties { $dataset void:triples ?triples ;
        void:distinctSubjects ?subjects ; void:distinctObjects ?objects ; void:properties ?properties }""",
    ),
    "classes and entities": (
        """SELECT ?classes ?entities { { SELECT (COUNT(DISTINCT ?c) AS ?classes) { ?s a ?c } }
        { SELECT (COUNT(DISTINCT ?s) AS ?entities) { ?s ?p ?o
            FILTER(STRSTARTS(STR(?s), "https://w3id.org/jhaan/id/")) } } }""",
        "SELECT ?classes ?entities { $dataset void:classes ?classes ; void:entities ?entities }",
    ),
    "properties": (
        """SELECT ?p (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
        { ?s ?p ?o } GROUP BY ?p""",
        """SELECT ?p ?triples ?subjects ?objects { $dataset void:propertyPartition ?part . ?part void:property ?p ;
        void:triples ?triples ; void:distinctSubjects ?subjects ; void:distinctObjects ?objects }""",
    ),
    "classes": (
        "SELECT ?c (COUNT(DISTINCT ?s) AS ?entities) { ?s a ?c } GROUP BY ?c",
        """SELECT ?c ?entities
        { $dataset void:classPartition ?part . ?part void:class ?c ; void:entities ?entities }""",
    ),
    "properties within classes": (
        """SELECT ?c ?p (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
        { ?s a ?c ; ?p ?o } GROUP BY ?c ?p""",
        """SELECT ?c ?p ?triples ?subjects ?objects
        { $dataset void:classPartition ?part . ?part void:class ?c ; void:propertyPartition ?within .
        ?within void:property ?p ; void:triples ?triples ; void:distinctSubjects ?subjects ;
            void:distinctObjects ?objects }""",
    ),
    "classes of objects": (
        "SELECT ?c ?p ?d (COUNT(*) AS ?triples) { ?s a ?c ; ?p ?o . ?o a ?d } GROUP BY ?c ?p ?d",
        """SELECT ?c ?p ?d ?triples
        { $dataset void:classPartition ?part . ?part void:class ?c ; void:propertyPartition ?within .
        ?within void:property ?p ; void:classPartition ?objects . ?objects void:class ?d ; void:triples ?triples }""",
    ),
    "datatypes of values": (
        """SELECT ?c ?p ?d (COUNT(*) AS ?triples)
        { ?s a ?c ; ?p ?o . FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?d) } GROUP BY ?c ?p ?d""",
        """SELECT ?c ?p ?d ?triples
        { $dataset void:classPartition ?part . ?part void:class ?c ; void:propertyPartition ?within .
        ?within void:property ?p ; void-ext:datatypePartition ?values .
        ?values void-ext:datatype ?d ; void:triples ?triples }""",
    ),
    "links": (
        """SELECT ?p ?table (COUNT(*) AS ?triples) { ?s ?p ?o
        FILTER(isIRI(?o) && STRSTARTS(STR(?s), "https://w3id.org/jhaan/id/"))
        FILTER(REGEX(STR(?o), "^http://(publications.europa.eu/resource/authority/[^/]+/|www.wikidata.org/entity/)"))
        FILTER(!STRSTARTS(STR(?p), "http://www.w3.org/1999/02/22-rdf-syntax-ns#"))
        BIND(REPLACE(STR(?o), "[^/]+$", "") AS ?table) } GROUP BY ?p ?table""",
        """SELECT ?p ?table ?triples { ?links a void:Linkset ; void:subjectsTarget $dataset ; void:linkPredicate ?p ;
        void:triples ?triples ; void:objectsTarget ?target . ?target void:uriSpace ?table }""",
    ),
}
"""For each kind of count: a query on the graph that counts it, and one on the description that reads it."""


@cache
def described(selection: str) -> Store:
    store = Store()
    data = export(open_snapshot(), "void", **SELECTIONS[selection])
    store.load(data, format=RdfFormat.TURTLE)
    return store


@cache
def flat(selection: str) -> Store:
    """The graph as the snapshot's lines give it."""
    chosen = {"inferred": True, "context": True, "evidence": False} | SELECTIONS[selection]
    store = Store()
    for graph in open_snapshot().graphs:
        name = graph.graph.removeprefix("https://w3id.org/jhaan/graph/")
        if (
            (chosen["inferred"] or not name.startswith("inferred/"))
            and (chosen["context"] or not (name.startswith("context/") or name.endswith("/context")))
            and (chosen["evidence"] or not name.startswith("evidence/"))
        ):
            store.bulk_extend(pyoxigraph.Quad(*quad.triple) for quad in pyoxigraph.parse(
                path=graph.path, format=RdfFormat.N_QUADS))  # fmt: skip
    return store


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    solutions = store.query(PREFIXES + query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return sorted(
        tuple(value.value for value in row if isinstance(value, NamedNode | pyoxigraph.Literal))
        for row in solutions
    )


@pytest.mark.slow
@pytest.mark.parametrize("counted", COUNTS)
@pytest.mark.parametrize("selection", SELECTIONS)
def test_counts_are_those_of_the_graph(selection: str, counted: str) -> None:
    of_graph, of_description = COUNTS[counted]
    expected = rows(flat(selection), of_graph)
    assert expected or "no-context" in selection
    assert rows(described(selection), of_description.replace("$dataset", f"<{GRAPH}{selection}>")) == expected


@pytest.mark.slow
def test_a_selection_says_in_its_title_what_it_is() -> None:
    (title,) = rows(
        described("-no-inferred-no-context"), "SELECT ?t { ?d dcterms:title ?t ; void:uriSpace ?s }"
    )[:1]
    assert title == (f"JHAAN knowledge graph {__version__} (no inferred, no context)",)


@pytest.mark.slow
def test_each_named_graph_is_a_subset_with_its_size() -> None:
    sizes = {
        graph.graph: graph.triples for graph in open_snapshot().graphs if "/evidence/" not in graph.graph
    }
    query = """SELECT ?graph ?triples ?title { $dataset void:subset ?graph . ?graph a void:Dataset ;
        void:triples ?triples ; dcterms:title ?title }"""
    found = rows(described(""), query.replace("$dataset", f"<{GRAPH}>"))
    assert {graph: int(triples) for graph, triples, _ in found} == sizes
    (whole,) = rows(described(""), f"SELECT ?triples {{ <{GRAPH}> void:triples ?triples }}")
    assert sum(sizes.values()) == int(whole[0])
    titles = [title for _, _, title in found]
    assert len(set(titles)) == len(titles)
    assert "What the report jhaan-2023 says in section 5.2.2" in titles


def test_all_graphs_of_the_snapshot_have_a_title_and_others_are_refused() -> None:
    assert all(title_of(graph) for graph in open_snapshot().graph_names)
    with pytest.raises(ValueError, match="no graph of a snapshot"):
        title_of("https://w3id.org/jhaan/graph/report/jhaan-2023")


def test_examples_and_vocabularies_are_of_the_graph() -> None:
    examples = rows(described(""), "SELECT ?x { ?d void:exampleResource ?x }")
    assert len(examples) == 3
    triples = Request(open_snapshot(), "turtle").triples()
    assert {iri for (iri,) in examples} <= {str(triple.subject)[1:-1] for triple in triples}
    vocabularies = {iri for (iri,) in rows(described(""), "SELECT ?v { ?d void:vocabulary ?v }")}
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
    found = rows(described(""), query)
    assert (f"{jhaan}Participation", f"{jhaan}participant", f"{jhaan}Agency") in found
    assert (f"{jhaan}Meeting", f"{schema}startDate", "http://www.w3.org/2001/XMLSchema#date") in found


@pytest.mark.slow
def test_rdflib_reads_the_same_triples_and_no_blank_node() -> None:
    data = export(open_snapshot(), "void")
    graph = rdflib.Graph().parse(data=data, format="turtle")
    assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)
    assert len(graph) == len(described(""))
    lines = graph.serialize(format="nt").encode()
    assert set(pyoxigraph.parse(lines, format=RdfFormat.N_TRIPLES)) == set(described(""))


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

"""What VoID says of a graph, and the same counted again by SPARQL."""

from __future__ import annotations

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Store

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export
from readers import Choice, stored

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


SELECTIONS: dict[str, Choice] = {
    "": (True, True, False),
    "-no-inferred": (False, True, False),
    "-no-context": (True, False, False),
    "-no-inferred-no-context": (False, False, False),
    "-evidence": (True, True, True),
}
"""What a description may be of, by the end of its name."""


def described(snapshot: Snapshot, selection: str) -> Store:
    """Return the description of a selection."""
    inferred, context, evidence = SELECTIONS[selection]
    store = Store()
    data = export(snapshot, "void", inferred=inferred, context=context, evidence=evidence)
    store.load(data, format=RdfFormat.TURTLE)
    return store


def flat(snapshot: Snapshot, selection: str) -> Store:
    """Return what is described, as the files of the snapshot have it."""
    store = Store()
    store.bulk_extend(stored(snapshot, "ntriples", SELECTIONS[selection]))
    return store


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    """Return the values of the rows of an answer, sorted."""
    solutions = store.query(PREFIXES + query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return sorted(
        tuple(value.value for value in row if isinstance(value, NamedNode | pyoxigraph.Literal))
        for row in solutions
    )


def assert_counted(description: Store, graph: Store, version: str, selection: str, counted: str) -> None:
    """Make sure that a kind of count is that of the graph."""
    of_graph, of_description = COUNTS[counted]
    dataset = f"<https://w3id.org/jhaan/release/{version}#graph{selection}>"
    assert rows(description, of_description.replace("$dataset", dataset)) == rows(graph, of_graph), counted

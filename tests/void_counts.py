"""The counts in the VoID description of a graph, and the same counts computed without a store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export
from jhaan_kg.namespaces import RDF_TYPE
from readers import Choice, stored

PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX jhaan: <https://w3id.org/jhaan/ontology#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
"""
COUNTS = {
    "the whole": """SELECT ?triples ?subjects ?objects ?properties { $dataset void:triples ?triples ;
        void:distinctSubjects ?subjects ; void:distinctObjects ?objects ; void:properties ?properties }""",
    "classes and entities": "SELECT ?classes ?entities { $dataset void:classes ?classes ; void:entities ?entities }",
    "properties within classes": """SELECT ?c ?p ?triples ?subjects ?objects
        { $dataset void:classPartition ?part . ?part void:class ?c ; void:propertyPartition ?within .
        ?within void:property ?p ; void:triples ?triples ; void:distinctSubjects ?subjects ;
            void:distinctObjects ?objects }""",
    "classes of objects": """SELECT ?c ?p ?d ?triples
        { $dataset void:classPartition ?part . ?part void:class ?c ; void:propertyPartition ?within .
        ?within void:property ?p ; void:classPartition ?objects . ?objects void:class ?d ; void:triples ?triples }""",
    "datatypes of values": """SELECT ?c ?p ?d ?triples
        { $dataset void:classPartition ?part . ?part void:class ?c ; void:propertyPartition ?within .
        ?within void:property ?p ; void-ext:datatypePartition ?values .
        ?values void-ext:datatype ?d ; void:triples ?triples }""",
}
"""The queries that read the counts of a description, by name."""

ID = "https://w3id.org/jhaan/id/"

Rows = list[tuple[str, ...]]


SELECTIONS: dict[str, Choice] = {
    "": (True, True, False),
    "-no-inferred": (False, True, False),
    "-no-context": (True, False, False),
    "-no-inferred-no-context": (False, False, False),
    "-evidence": (True, True, True),
}
"""The selections of the graph that descriptions cover, by the suffix of their names."""


def described(snapshot: Snapshot, selection: str) -> Store:
    """Return the description of a selection."""
    inferred, context, evidence = SELECTIONS[selection]
    store = Store()
    data = export(snapshot, "description", inferred=inferred, context=context, evidence=evidence)
    store.load(data, format=RdfFormat.TURTLE)
    return store


def expected(snapshot: Snapshot, selection: str) -> dict[str, Rows]:
    """Return the expected rows of each query in COUNTS, computed from the files of the snapshot."""
    triples = [quad.triple for quad in stored(snapshot, "ntriples", SELECTIONS[selection])]
    return count(triples)


def count(triples: Iterable[Triple]) -> dict[str, Rows]:
    """Return the expected rows of each query in COUNTS for some triples."""
    classes: dict[object, list[str]] = defaultdict(list)
    groups: dict[str, dict[tuple[str, ...], list[Triple]]] = defaultdict(lambda: defaultdict(list))
    everything = list(triples)
    for s, p, o in everything:
        if p == RDF_TYPE:
            classes[s].append(o.value)
            groups["classes"][o.value,].append(Triple(s, p, o))
    for triple in everything:
        s, p, o = triple
        groups["properties"][p.value,].append(triple)
        for kind in classes[s]:
            groups["properties within classes"][kind, p.value].append(triple)
            for other in classes[o] if not isinstance(o, Literal) else ():
                groups["classes of objects"][kind, p.value, other].append(triple)
            if isinstance(o, Literal):
                groups["datatypes of values"][kind, p.value, o.datatype.value].append(triple)

    def sizes(found: list[Triple]) -> tuple[str, ...]:
        return tuple(map(str, (len(found), len({one[0] for one in found}), len({one[2] for one in found}))))

    whole = sizes(everything)
    entities = {s for s, _, _ in everything if str(s).startswith(f"<{ID}")}
    rows = {
        name: sorted(
            (*key, *sizes(found)[: 3 if name.startswith("properties") else 1]) for key, found in own.items()
        )
        for name, own in groups.items()
    }
    return {name: rows.get(name, []) for name in COUNTS} | {
        "the whole": [(*whole, str(len(groups["properties"])))],
        "classes and entities": [(str(len(groups["classes"])), str(len(entities)))],
    }


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    """Return the values of the rows of an answer, sorted."""
    solutions = store.query(PREFIXES + query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return sorted(
        tuple(value.value for value in row if isinstance(value, NamedNode | pyoxigraph.Literal))
        for row in solutions
    )


def assert_counted(description: Store, counts: dict[str, Rows], version: str, selection: str) -> None:
    """Assert that the counts of a description are as expected."""
    dataset = f"<https://w3id.org/jhaan/release/{version}#graph{selection}>"
    for name, query in COUNTS.items():
        assert rows(description, query.replace("$dataset", dataset)) == counts[name], name

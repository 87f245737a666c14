"""The graph for those who query it: VoID, https://www.w3.org/TR/void/.

Partitions within a class have the form that editors complete queries from: the classes of the objects as
`void:classPartition`, their datatypes as `void-ext:datatypePartition`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Store, Triple

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.export.description.statements import (
    CONTRIBUTORS,
    DATASET,
    about,
    iri,
    number,
    part,
    read_authored_triples,
    text,
)
from jhaan_kg.export.request import ReleaseMetadata, Request
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import CONTESTED_PARTS, ID, PREFIXES, RDF
from jhaan_kg.results.graphs import render_graph
from jhaan_kg.results.reading import graph_title

_AUTHORED: Final = NamedNode(DATASET + "graph")
_COPIED: Final = ("dcterms:description", "dcterms:license", "dcterms:publisher", "dcterms:subject")
_EXAMPLES: Final = ("agency:europol", "event2023:wg-ict-and-cybersecurity", "report:jhaan-2023")
_FORMATS: Final = ("JSON-LD", "N-Quads", "N-Triples", "RDF_XML", "TriG", "Turtle")
_AUTHORITY_TABLE: Final = re.compile(r"http://publications\.europa\.eu/resource/authority/([^/]+)/")
_AUTHORITY_FILES: Final = {
    "http://www.wikidata.org/entity/": "Wikidata",
    "http://eurovoc.europa.eu/": "EuroVoc",
}

_COUNTS: Final = "(COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)"
_WHOLE: Final = f"SELECT {_COUNTS} {{ ?s ?p ?o }}"
_PROPERTIES: Final = f"SELECT ?p {_COUNTS} {{ ?s ?p ?o }} GROUP BY ?p"
_CLASSES: Final = "SELECT ?class (COUNT(*) AS ?entities) { ?s a ?class } GROUP BY ?class"
_IN_CLASS: Final = f"SELECT ?class ?p {_COUNTS} {{ ?s a ?class ; ?p ?o }} GROUP BY ?class ?p"
_OBJECTS: Final = """SELECT ?class ?p ?kind (COUNT(*) AS ?triples)
    { ?s a ?class ; ?p ?o . ?o a ?kind } GROUP BY ?class ?p ?kind"""
_VALUES: Final = """SELECT ?class ?p ?datatype (COUNT(*) AS ?triples)
    { ?s a ?class ; ?p ?o FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?datatype) } GROUP BY ?class ?p ?datatype"""


def write(request: Request) -> bytes:
    """Describe what goes out, in Turtle; the counts are those of its flat graph."""
    return render_graph(description(request), "ttl")


def identity(request: Request, release: ReleaseMetadata) -> tuple[NamedNode, Iterator[Triple]]:
    """Name the graph as it goes out, the whole by a short IRI and a selection by the options that make it.

    Returns:
        Its IRI, and what VoID and PROV-O both say of it.
    """
    chosen = [
        words
        for words, differs in (
            ("no inferred", not request.inferred),
            ("no context", not request.context),
            ("evidence", request.evidence),
        )
        if differs
    ]
    title = f"JHAAN knowledge graph {release.version}" + (f" ({', '.join(chosen)})" if chosen else "")
    dataset = release.node("-".join(["graph", *chosen]).replace(" ", "-"))
    return dataset, about(
        dataset,
        ("dcterms:title", text(title)),
        ("dcterms:issued", release.day),
        ("dcat:version", Literal(release.version)),
        ("dcat:isVersionOf", _AUTHORED),
    )


def description(request: Request) -> Iterator[Triple]:
    """Yield the triples of the description; see `write`."""
    quads = request.quads()
    triples = {quad.triple for quad in quads}
    release = ReleaseMetadata.of(triples)
    dataset, said = identity(request, release)
    yield from said
    for triple in read_authored_triples():
        if triple.subject == _AUTHORED and triple.predicate in map(iri, _COPIED):
            yield Triple(dataset, triple.predicate, triple.object)
        elif triple.subject == CONTRIBUTORS:
            yield triple
    yield from describe_partitions(dataset, Graph.of(triples).store)
    yield from _describe_linksets(dataset, triples)
    for graph, size in Counter(map(graph_name, quads)).items():
        named = NamedNode(graph)
        yield from about(dataset, ("void:subset", named))
        yield from about(
            named,
            ("rdf:type", iri("void:Dataset")),
            ("dcterms:title", text(graph_title(graph))),
            ("void:triples", number(size)),
        )


def describe_partitions(dataset: NamedNode, store: Store) -> Iterator[Triple]:
    """Describe the whole, and its parts by class and property."""
    properties, classes = list(_select(store, _PROPERTIES)), list(_select(store, _CLASSES))
    subjects = {quad.subject for quad in store}
    spaces = sorted(PREFIXES.values(), key=len, reverse=True)
    terms = [row[0].value for row in (*properties, *classes)]
    vocabularies = {next((space for space in spaces if term.startswith(space)), "") for term in terms}
    (whole,) = _select(store, _WHOLE)
    yield from about(
        dataset,
        ("rdf:type", iri("void:Dataset")),
        ("void:uriSpace", Literal(ID)),
        ("void:exampleResource", [node for node in map(iri, _EXAMPLES) if node in subjects]),
        ("void:feature", [NamedNode("http://www.w3.org/ns/formats/" + name) for name in _FORMATS]),
        ("void:vocabulary", [NamedNode(space) for space in vocabularies if space]),
        ("void:entities", number(sum(_is_own(subject) for subject in subjects))),
        ("void:classes", number(len(classes))),
        ("void:properties", number(len(properties))),
    )
    yield from _counts(dataset, *whole)
    for term, *counts in properties:
        node = part(dataset, "property", term)
        yield from about(dataset, ("void:propertyPartition", node))
        yield from about(node, ("void:property", term))
        yield from _counts(node, *counts)
    for kind, entities in classes:
        node = part(dataset, "class", kind)
        yield from about(dataset, ("void:classPartition", node))
        yield from about(node, ("void:class", kind), ("void:entities", entities))
    for kind, term, *counts in _select(store, _IN_CLASS):
        node = part(dataset, "class", kind)
        within = part(node, "property", term)
        yield from about(node, ("void:propertyPartition", within))
        yield from about(within, ("void:property", term))
        yield from _counts(within, *counts)
    for query, name, vocabulary in ((_OBJECTS, "class", "void"), (_VALUES, "datatype", "void-ext")):
        for kind, term, of, size in _select(store, query):
            within = part(part(dataset, "class", kind), "property", term)
            node = part(within, name, of)
            yield from about(within, (f"{vocabulary}:{name}Partition", node))
            yield from about(node, (f"{vocabulary}:{name}", of), ("void:triples", size))


def _describe_linksets(dataset: NamedNode, triples: set[Triple]) -> Iterator[Triple]:
    """Describe the links of our nodes to authority files of others, by property and file.

    What a node of evidence (`rdf:object`) or a contested statement says of a link is no link itself.
    """
    found: defaultdict[tuple[NamedNode, str, str, str], list[Triple]] = defaultdict(list)
    for triple in triples:
        subject, predicate, value = triple
        if isinstance(value, NamedNode) and _is_own(subject) and predicate not in CONTESTED_PARTS:
            file = find_authority_file(value.value)
            if file and not predicate.value.startswith(RDF):
                found[predicate, *file].append(triple)
    for (predicate, space, name, title), links in found.items():
        linkset, target = part(dataset, "links", predicate, name), NamedNode(space.rstrip("/"))
        yield from about(dataset, ("void:subset", linkset))
        yield from about(
            linkset,
            ("rdf:type", iri("void:Linkset")),
            ("dcterms:title", text(f"Links to {title}")),
            ("void:subjectsTarget", dataset),
            ("void:objectsTarget", target),
            ("void:linkPredicate", predicate),
        )
        subjects, objects = ({link[place] for link in links} for place in (0, 2))
        yield from _counts(linkset, *map(number, (len(links), len(subjects), len(objects))))
        yield from about(
            target,
            ("rdf:type", iri("void:Dataset")),
            ("dcterms:title", text(title)),
            ("void:uriSpace", Literal(space)),
        )


def find_authority_file(entry: str) -> tuple[str, str, str] | None:
    """Return the namespace, name and title of the authority file of an entry; None for other IRIs.

    >>> find_authority_file("http://publications.europa.eu/resource/authority/country/ESP")[1:]
    ('country', 'EU authority table country')
    >>> find_authority_file("http://www.wikidata.org/entity/Q207203")
    ('http://www.wikidata.org/entity/', 'wikidata', 'Wikidata')
    """
    if match := _AUTHORITY_TABLE.match(entry):
        return match[0], match[1], f"EU authority table {match[1]}"
    for space, title in _AUTHORITY_FILES.items():
        if entry.startswith(space):
            return space, title.lower(), title
    return None


def _select(store: Store, query: str) -> Iterator[Any]:
    solutions: Any = store.query(query)
    return map(tuple, solutions)


def _counts(node: NamedNode, triples: Literal, subjects: Literal, objects: Literal) -> Iterator[Triple]:
    return about(
        node,
        ("void:triples", triples),
        ("void:distinctSubjects", subjects),
        ("void:distinctObjects", objects),
    )


def _is_own(node: object) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(ID)

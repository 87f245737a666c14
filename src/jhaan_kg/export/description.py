"""Statistics of the graph (VoID), and the statements that all descriptions share.

For VoID see https://www.w3.org/TR/void/.

VoID partitions have the form that query editors use for completion. Each property of a class has partitions by the
class of the object (`void:classPartition`) and by its datatype (`void-ext:datatypePartition`).

The descriptions of the datasets in `dataset.ttl` are hand-written. All other statements are derived from the graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.export.request import SAFE, ReleaseMetadata, Request
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import (
    BASE,
    ID,
    PREFIXES,
    XSD,
    compact,
    expand,
)
from jhaan_kg.results.reading import graph_title

Value: TypeAlias = NamedNode | Literal

CATALOGUE: Final = NamedNode(BASE + "catalogue")
CONTRIBUTORS: Final = NamedNode(BASE + "contributors")
DATASET: Final = BASE + "dataset/"
"""The namespace of datasets.

Their IRIs are the same in all releases, so that catalogues can update them.
"""

AUTHORED: Final = Path(__file__).with_name("dataset.ttl")

SHA_256: Final = NamedNode("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")
"""The SPDX term for SHA-256.

It has https, as the shapes of DCAT-AP 3.0.1 require. SPDX uses http.
"""


def iri(curie: str) -> NamedNode:
    """Return the node of a CURIE.

    >>> iri("dcat:Dataset").value
    'http://www.w3.org/ns/dcat#Dataset'
    """
    return NamedNode(expand(curie))


def text(words: str) -> Literal:
    """Return an English literal."""
    return Literal(words, language="en")


def number(value: int) -> Literal:
    """Return a count as `xsd:integer`, as in VoID (https://www.w3.org/TR/void/#statistics)."""
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def about(subject: NamedNode, *said: tuple[str, Value | Iterable[Value] | None]) -> Iterator[Triple]:
    """Yield statements about a node.

    Args:
        subject: the node.
        *said: pairs of a property as a CURIE, and its value or values; None means no value.

    >>> for triple in about(iri("agency:europol"), ("rdf:type", iri("foaf:Agent")), ("foaf:page", None)):
    ...     print(triple)
    <https://w3id.org/jhaan/id/agency/europol> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \
<http://xmlns.com/foaf/0.1/Agent>
    """
    for curie, values in said:
        if values is not None:
            for value in (values,) if isinstance(values, NamedNode | Literal) else values:
                yield Triple(subject, iri(curie), value)


def checksum(subject: NamedNode, node: NamedNode, digest: str) -> Iterator[Triple]:
    """Yield the statements about the checksum of a file.

    Args:
        subject: the file.
        node: the node for the checksum.
        digest: the SHA-256 checksum in hexadecimal.
    """
    yield from about(subject, ("spdx:checksum", node))
    yield from about(
        node,
        ("rdf:type", iri("spdx:Checksum")),
        ("spdx:algorithm", SHA_256),
        ("spdx:checksumValue", Literal(digest, datatype=NamedNode(XSD + "hexBinary"))),
    )


def part(whole: NamedNode, *path: str | NamedNode) -> NamedNode:
    """Return the IRI of a part of a resource.

    It is the IRI of the resource, followed by a path of words and terms.

    >>> from jhaan_kg.namespaces import jhaan
    >>> part(NamedNode("https://w3id.org/jhaan/release/0.2.0#graph"), "class", jhaan("Agency")).value
    'https://w3id.org/jhaan/release/0.2.0#graph/class/jhaan:Agency'
    """
    steps = [step if isinstance(step, str) else compact(step.value).strip("<>") for step in path]
    return NamedNode("/".join([whole.value, *(quote(step, safe=SAFE) for step in steps)]))


@cache
def read_authored_triples() -> frozenset[Triple]:
    """Return the hand-written descriptions of datasets and of the authority terms that they use.

    They are read once, because worker processes cannot open files later.
    """
    return frozenset(quad.triple for quad in parse(path=AUTHORED, format=RdfFormat.TURTLE))


_AUTHORED: Final = NamedNode(DATASET + "graph")
_COPIED: Final = ("dcterms:description", "dcterms:license", "dcterms:publisher", "dcterms:subject")
_EXAMPLES: Final = ("agency:europol", "event2023:wg-ict-and-cybersecurity", "report:jhaan-2023")
_FORMATS: Final = ("JSON-LD", "N-Quads", "N-Triples", "RDF_XML", "TriG", "Turtle")
_COUNTS: Final = "(COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)"
_WHOLE: Final = f"SELECT {_COUNTS} {{ ?s ?p ?o }}"
_PROPERTIES: Final = f"SELECT ?p {_COUNTS} {{ ?s ?p ?o }} GROUP BY ?p"
_CLASSES: Final = "SELECT ?class (COUNT(*) AS ?entities) { ?s a ?class } GROUP BY ?class"
_IN_CLASS: Final = f"SELECT ?class ?p {_COUNTS} {{ ?s a ?class ; ?p ?o }} GROUP BY ?class ?p"
_OBJECTS: Final = """SELECT ?class ?p ?kind (COUNT(*) AS ?triples)
    { ?s a ?class ; ?p ?o . ?o a ?kind } GROUP BY ?class ?p ?kind"""
_VALUES: Final = """SELECT ?class ?p ?datatype (COUNT(*) AS ?triples)
    { ?s a ?class ; ?p ?o FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?datatype) } GROUP BY ?class ?p ?datatype"""


def identity(request: Request, release: ReleaseMetadata) -> tuple[NamedNode, Iterator[Triple]]:
    """Return the IRI of the exported graph, and the statements about it.

    The IRI contains the options of the export that differ from the default.
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


def describe_graph(request: Request) -> Iterator[Triple]:
    """Yield the VoID description of the graph, with the counts of the flat graph."""
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
    """Yield the statistics of the dataset, and of its partitions by class and property."""
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

"""Descriptions of the server and of the graph: SPARQL 1.1 Service Description, and VoID.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/#discovery
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode, Triple

from jhaan_kg.build.snapshot import GraphFile
from jhaan_kg.export.description import about, iri, number

_FORMATS: Final = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD"),
)
_FORMAT_SPACE: Final = "http://www.w3.org/ns/formats/"


def service_description(endpoint: str, graphs: Sequence[GraphFile]) -> Iterator[Triple]:
    """Yield a description of the endpoint and its named graphs."""
    node = NamedNode(endpoint)
    dataset, default = NamedNode(f"{endpoint}#dataset"), NamedNode(f"{endpoint}#default-graph")
    named = {file.graph: NamedNode(f"{endpoint}#{file.graph}") for file in graphs}
    yield from about(
        node,
        ("rdf:type", iri("sd:Service")),
        ("sd:endpoint", node),
        ("sd:supportedLanguage", iri("sd:SPARQL11Query")),
        ("sd:feature", iri("sd:UnionDefaultGraph")),
        ("sd:resultFormat", [NamedNode(_FORMAT_SPACE + form) for form in _FORMATS]),
        ("sd:defaultDataset", dataset),
    )
    yield from about(
        dataset,
        ("rdf:type", iri("sd:Dataset")),
        ("sd:defaultGraph", default),
        ("sd:namedGraph", named.values()),
    )
    yield from about(
        default, ("rdf:type", iri("sd:Graph")), ("void:triples", number(sum(file.triples for file in graphs)))
    )
    for graph, described in named.items():
        yield from about(described, ("rdf:type", iri("sd:NamedGraph")), ("sd:name", NamedNode(graph)))


def void_description(described: Iterable[Triple], endpoint: str) -> Iterator[Triple]:
    """Yield a VoID description of the graph with the address of the endpoint."""
    version = iri("dcat:isVersionOf")
    for triple in described:
        yield triple
        if triple.predicate == version:
            yield Triple(triple.subject, iri("void:sparqlEndpoint"), NamedNode(endpoint))

"""What the server says of itself and of the graph: SPARQL 1.1 Service Description, and VoID.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/#discovery
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from jhaan_kg.build.snapshot import GraphFile, Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export.description.statements import about, iri, number
from jhaan_kg.export.description.void import description
from jhaan_kg.export.request import Request

_NICENESS: Final = 19
_FORMATS: Final = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD"),
)
_FORMAT_SPACE: Final = "http://www.w3.org/ns/formats/"


def service(endpoint: str, graphs: Sequence[GraphFile]) -> Iterator[Triple]:
    """Describe the endpoint; nothing is said that it doesn't have.

    Args:
        endpoint: its address.
        graphs: the named graphs.
    """
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


def void(described: bytes, endpoint: str) -> Iterator[Triple]:
    """Give the VoID description of the graph, with the address where it is asked.

    Args:
        described: what this module prints when it is run.
        endpoint: the address of the endpoint.
    """
    version = iri("dcat:isVersionOf")
    for triple in (quad.triple for quad in parse(described, format=RdfFormat.N_TRIPLES)):
        yield triple
        if triple.predicate == version:
            yield Triple(triple.subject, iri("void:sparqlEndpoint"), NamedNode(endpoint))


if __name__ == "__main__":  # it takes seconds of processor time, which nobody who asks should wait for
    os.nice(_NICENESS)
    try:
        described = list(description(Request(Snapshot.open(Path(sys.argv[1])), "void", evidence=True)))
    except (JhaanError, OSError) as error:
        sys.exit(f"jhaan: {error}")
    serialize(described, sys.stdout.buffer, format=RdfFormat.N_TRIPLES)

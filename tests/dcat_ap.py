"""Validation of a release's metadata for catalogues by the official shapes of DCAT-AP 3.0.1."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pyshacl
import rdflib
from pyoxigraph import RdfFormat, Triple
from rdflib.namespace import SH

from jhaan_kg.export.dcat import ReleasedFile
from jhaan_kg.export.description import AUTHORED as AUTHORED_FILE

AUTHORITY = "http://publications.europa.eu/resource/authority/"
IANA = "http://www.iana.org/assignments/media-types/"
GRAPH = rdflib.URIRef("https://w3id.org/jhaan/dataset/graph")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
AUTHORED = AUTHORED_FILE
"""The hand-written part of the metadata."""

FILES = [
    ReleasedFile(
        "rdf/jhaan.ttl", "text/turtle", 1_234_567, "0a" * 32, "The flat graph in Turtle", "For reading."
    ),
    ReleasedFile("rdf/jhaan.nq.gz", "application/n-quads", 345, "1b" * 32, "The dataset in N-Quads"),
    ReleasedFile(
        "jhaan.jsonld", "application/ld+json", 9, "2c" * 32, "JSON-LD", conforms_to=("http://example.org/c",)
    ),
    ReleasedFile("tables.zip", "text/csv", 0, "3d" * 32, "Tables"),
    ReleasedFile("network.gexf", "application/gexf+xml", 8, "4e" * 32, "Network"),
    ReleasedFile("events.jsonl", "application/x-ndjson", 7, "5f" * 32, "Events, one on a line"),
    ReleasedFile("ontology/jhaan.ttl", "text/turtle", 6, "6a" * 32, "The ontology", dataset="ontology"),
    ReleasedFile("README.md", "text/markdown", 5, "7b" * 32, "What the release holds", page=True),
]
SHAPES = ("dcat-ap-3.0.1-shacl", "dcat-ap-3.0.1-shapes", "dcat-ap-3.0.1-mdr-vocabularies.shape")


def results(graph: rdflib.Graph, folder: Path) -> set[tuple[str, str, str]]:
    """Return severity, node and path of each validation result, without nested details."""
    found = set()
    for name in SHAPES:
        shapes = rdflib.Graph().parse(folder / f"{name}.ttl")
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
        assert isinstance(report, rdflib.Graph)
        for result in report.objects(None, SH.result):
            severity = report.value(result, SH.resultSeverity)
            place = report.value(result, SH.focusNode), report.value(result, SH.resultPath)
            found.add((str(severity).partition("#")[2], *map(str, place)))
    return found


def authority(code: str) -> rdflib.URIRef:
    """Return the IRI of a term of an authority table of the EU."""
    return rdflib.URIRef(AUTHORITY + code)


def triples(data: bytes, form: RdfFormat = RdfFormat.TURTLE) -> set[Triple]:
    """Return the triples of a file."""
    return {quad.triple for quad in pyoxigraph.parse(data, format=form)}

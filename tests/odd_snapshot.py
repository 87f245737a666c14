"""A small snapshot with values that tables find hard."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.snapshot import Snapshot, write_snapshot
from jhaan_kg.namespaces import GRAPH, RDFS, SKOS, XSD, expand

ODD = "https://w3id.org/jhaan/id/event/2023/odd"
FORMULAS = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "-2+3",
    "\t=1+1",
    " =1+1",
    "\uff1d1+1",
    "'=1+1",
    "'s Gravenhage",
)
UNICODE = (
    "Če\u0301sky\u0301 señor č ñ",
    "e\u0301 n\u0303 combined",
    "🇪🇺 emoji 👩‍🚀",
    "שלום RTL مرحبا",
    'quote " comma, semicolon;',
    "two\nlines",
)


def iri(curie: str) -> NamedNode:
    """Give the IRI that a CURIE stands for."""
    return NamedNode(expand(curie))


def english(text: str) -> Literal:
    """Give a text in English."""
    return Literal(text, language="en")


def typed(text: str, datatype: str) -> Literal:
    """Give a literal of a datatype of XSD."""
    return Literal(text, datatype=NamedNode(XSD + datatype))


def _term(curie: str, kind: str, **more: str) -> Iterable[Triple]:
    term = iri(curie)
    yield Triple(term, iri("rdf:type"), iri(f"owl:{kind}"))
    yield Triple(term, NamedNode(RDFS + "label"), english(curie.partition(":")[2]))
    yield Triple(term, NamedNode(SKOS + "definition"), english("What the name says."))
    for name, value in more.items():
        yield Triple(term, NamedNode(RDFS + name), iri(value))


ONTOLOGY = (
    *_term("jhaan:Event", "Class"),
    *_term("jhaan:Meeting", "Class", subClassOf="jhaan:Event"),
    *_term("jhaan:Remark", "Class"),
    *_term("jhaan:summary", "DatatypeProperty"),
    *_term("jhaan:value", "DatatypeProperty", range="xsd:integer"),
    *_term("jhaan:startYear", "DatatypeProperty", range="xsd:integer"),
    *_term("jhaan:endYear", "DatatypeProperty", range="xsd:integer"),
    *_term("jhaan:timeWording", "DatatypeProperty", range="xsd:decimal"),
    *_term("jhaan:precedes", "ObjectProperty", range="jhaan:Event"),
    *_term("jhaan:called", "DatatypeProperty"),
    *_term("schema:startDate", "DatatypeProperty"),
    *_term("schema:endDate", "DatatypeProperty"),
)


def odd_snapshot(folder: Path, triples: Iterable[Triple]) -> Snapshot:
    """Write a snapshot of triples about things, beside a small ontology."""
    graphs = {
        NamedNode(GRAPH + "ontology"): ONTOLOGY,
        NamedNode(GRAPH + "report/odd-2023/1"): list(triples),
    }
    write_snapshot(folder, graphs, {"format": 1, "queries": []}, {})
    return Snapshot.open(folder)


def events(labels: Iterable[str]) -> list[Triple]:
    """Give an event for each label."""
    found = []
    for number, label in enumerate(labels):
        event = NamedNode(f"{ODD}-{number:03}")
        found += [
            Triple(event, iri("rdf:type"), iri("jhaan:Event")),
            Triple(event, iri("rdfs:label"), english(label)),
            Triple(event, iri("schema:startDate"), typed("2023-02-01", "date")),
            Triple(event, iri("jhaan:startYear"), typed("2023", "integer")),
        ]
    return found

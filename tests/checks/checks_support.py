"""A small ontology that keeps all rules, and Turtle as the checks take it."""

from __future__ import annotations

from jhaan_kg.build.read import Statement
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.turtle.syntax import parse_source

HEADER = """
<https://w3id.org/jhaan/ontology> a owl:Ontology ;
    owl:versionIRI <https://w3id.org/jhaan/ontology/1.2.3> ; owl:versionInfo "1.2.3" ;
    dcterms:title "Small ontology"@en ; dcterms:description "For tests."@en ; dcterms:creator "Us" ;
    dcterms:issued "2026-01-01"^^xsd:date ; dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    vann:preferredNamespacePrefix "jhaan" ; vann:preferredNamespaceUri "https://w3id.org/jhaan/ontology#" .
"""


def term(name: str, types: str, label: str, definition: str, more: str = "") -> str:
    """Return the Turtle of a term that keeps all rules."""
    return (
        f'jhaan:{name} a {types} ; rdfs:label "{label}"@en ; skos:definition "{definition}"@en ; '
        f"rdfs:isDefinedBy <https://w3id.org/jhaan/ontology> {more} .\n"
    )


ONTOLOGY = HEADER + "".join(
    (
        term("Event", "owl:Class", "event", "Something that takes place.", "; rdfs:subClassOf schema:Event"),
        term("Meeting", "owl:Class", "meeting", "A talk of several.", "; rdfs:subClassOf jhaan:Event"),
        term("Place", "owl:Class", "place", "A part of the world."),
        term("Role", "owl:Class", "role", "What one does."),
        term("Chair", "owl:NamedIndividual, jhaan:Role", "chair", "Leads the talk."),
        term("inEvent", "owl:ObjectProperty", "in event", "Relates to an event.", "; rdfs:range jhaan:Event"),
        term("role", "owl:ObjectProperty", "role", "Relates to what one does.", "; rdfs:range jhaan:Role"),
        term("within", "owl:ObjectProperty, owl:TransitiveProperty", "within", "Relates to a larger place."),
        term("near", "owl:ObjectProperty", "near", "Relates to a place not far."),
        term("count", "owl:DatatypeProperty", "count", "Gives a number.", "; rdfs:range xsd:integer"),
        term("day", "owl:DatatypeProperty", "day", "Gives the date."),
        term("note", "owl:AnnotationProperty", "note", "Says anything else."),
        term("notStated", "owl:ObjectProperty", "not stated", "Relates to what a passage leaves out."),
        term("labelTemplate", "owl:AnnotationProperty", "template", "Gives the pattern of a label."),
    )
)

REUSED = """
schema:Event a owl:Class ; rdfs:label "Event"@en ; rdfs:isDefinedBy <https://schema.org> .
<https://schema.org> dcterms:title "Schema.org"@en ; owl:versionInfo "1" .
""" + "".join(
    f'{name} a owl:AnnotationProperty ; rdfs:label "{name}"@en .\n'
    for name in (
        "dcterms:title",
        "dcterms:description",
        "dcterms:creator",
        "dcterms:issued",
        "dcterms:license",
        "skos:definition",
        "vann:preferredNamespacePrefix",
        "vann:preferredNamespaceUri",
    )
)

DATA = """
<https://w3id.org/jhaan/id/event/a> a jhaan:Meeting ; jhaan:day "2023-01-02"^^xsd:date ; jhaan:notStated jhaan:count .
<https://w3id.org/jhaan/id/part/b> jhaan:inEvent <https://w3id.org/jhaan/id/event/a> ; jhaan:role jhaan:Chair ;
    jhaan:count 3 ; jhaan:note "n" .
<https://w3id.org/jhaan/id/place/c> a jhaan:Place ; jhaan:within <https://w3id.org/jhaan/id/place/d> ;
    jhaan:near <https://w3id.org/jhaan/id/place/d> .
<https://w3id.org/jhaan/id/place/d> a jhaan:Place ; rdfs:label "D"@en ; jhaan:labelTemplate "{jhaan:count}" .
"""


def stated(text: str, path: str = "data/register/x.ttl") -> list[Statement]:
    """Return the triples of a Turtle text in which the project's prefixes hold; lines count from its first line."""
    tree = parse_source(text, trig=False, name=path, presumed=PREFIXES)
    return [Statement(item.triple, path, item.line) for item in tree.triples()]


def ontology(*more: str) -> list[Statement]:
    """Return the small ontology, with more triples."""
    return stated(ONTOLOGY + "\n".join(more), "ontology/jhaan.ttl")


def reused(*more: str) -> list[Statement]:
    """Return the terms that the small ontology reuses, with more triples."""
    return stated(REUSED + "\n".join(more), "ontology/reused-terms.ttl")

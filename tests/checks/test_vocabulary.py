"""The built-in names, against the vocabularies of the W3C."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest

from jhaan_kg.checks.vocabulary import TermKind, built_in_terms
from jhaan_kg.namespaces import OWL, RDF, RDFS, SH, XSD

# What the vocabulary files type otherwise than it is to be understood here, or leave out.
OTHERWISE = {
    OWL + "real": TermKind.DATATYPE,  # in the Structural Specification only
    OWL + "rational": TermKind.DATATYPE,
    RDFS + "Literal": TermKind.DATATYPE,  # a class and, in OWL 2, a datatype
    SH + "this": TermKind.INDIVIDUAL,
    RDF + "nil": TermKind.INDIVIDUAL,
}


def kind_of(types: set[str]) -> TermKind:
    names = {iri.rpartition("#")[2] for iri in types}
    if "Datatype" in names:
        return TermKind.DATATYPE
    if "Class" in names:
        return TermKind.CLASS
    return TermKind.PROPERTY if any(name.endswith("Property") for name in names) else TermKind.INDIVIDUAL


@pytest.mark.parametrize(
    ("file", "namespace"), [("rdf.ttl", RDF), ("rdfs.ttl", RDFS), ("owl.ttl", OWL), ("shacl.ttl", SH)]
)
def test_the_names_are_those_of_the_vocabulary(file: str, namespace: str, vocab_dir: Path) -> None:
    types: dict[str, set[str]] = {}
    for quad in pyoxigraph.parse(path=vocab_dir / file, format=pyoxigraph.RdfFormat.TURTLE):
        subject = quad.subject
        if isinstance(subject, pyoxigraph.NamedNode) and quad.predicate.value == RDF + "type":
            types.setdefault(subject.value, set()).add(quad.object.value)
    expected = {
        iri: OTHERWISE.get(iri, kind_of(found))
        for iri, found in types.items()
        # SHACL's parameters, such as sh:ClassConstraintComponent-class, are for its own description.
        if iri.startswith(namespace) and iri != namespace and SH + "Parameter" not in found
    }
    expected |= {iri: kind for iri, kind in OTHERWISE.items() if iri.startswith(namespace)}
    assert {iri: kind for iri, kind in built_in_terms().items() if iri.startswith(namespace)} == expected


def test_datatypes_of_xml_schema_are_those_that_rdf_may_use() -> None:
    # RDF 1.1 Concepts, section 5.1: 4 core types, 3 IEEE and time zones 2+4, ... counted in its table.
    names = {iri.removeprefix(XSD) for iri in built_in_terms() if iri.startswith(XSD)}
    assert len(names) == 39
    assert {"date", "gYear", "dateTimeStamp", "anyURI"} <= names
    assert not names & {"QName", "ENTITY", "ID", "IDREF", "NOTATION", "minLength"}

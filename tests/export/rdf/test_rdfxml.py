"""RDF/XML: what it can say comes back, what it can't say is refused."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import export
from jhaan_kg.export.rdf import rdfxml
from jhaan_kg.namespaces import PREFIXES, RDF, RDF_TYPE

S, P = NamedNode("https://example.org/s"), NamedNode("https://example.org/p")


def test_a_character_that_xml_has_not_is_refused() -> None:
    for character in ("\x00", "\x0b", "\x1f", "\ufffe", "\uffff"):
        triple = Triple(S, NamedNode(PREFIXES["rdfs"] + "label"), Literal(f"a{character}"))
        message = (
            f"RDF/XML cannot contain the character U+{ord(character):04X} "
            "(rdfs:label of <https://example.org/s>). Choose turtle."
        )
        with pytest.raises(JhaanError, match=f"^{re.escape(message)}$"):
            rdfxml([triple])


def test_a_predicate_or_class_that_is_no_name_is_refused() -> None:
    for name in ("https://example.org/", "https://example.org/1", "https://example.org/é", RDF + "li"):
        message = rf"^RDF/XML cannot contain <{name}> \(at <https://example.org/s>\)\. Choose turtle\.$"
        with pytest.raises(JhaanError, match=message):
            rdfxml([Triple(S, NamedNode(name), S)])
        with pytest.raises(JhaanError, match=message):
            rdfxml([Triple(S, RDF_TYPE, NamedNode(name))])
        assert rdfxml([Triple(S, P, NamedNode(name))])


def test_there_is_one_element_for_each_subject(small_for_xml: Snapshot) -> None:
    data = export(small_for_xml, "rdfxml")
    about = re.findall(rb'^\t<[\w:]+ rdf:about="([^"]*)"', data, re.MULTILINE)
    subjects = {quad.subject for quad in parse(export(small_for_xml, "ntriples"), RdfFormat.N_TRIPLES)}
    assert len(about) == len(set(about)) == len(subjects)


def test_only_prefixes_in_use_are_declared() -> None:
    data = rdfxml([Triple(S, RDF_TYPE, NamedNode(PREFIXES["org"] + "Post"))]).decode()
    declared = set(re.findall(r"xmlns:(\w+)=", data))
    assert "org" in declared
    assert "skos" not in declared

"""RDF/XML: what it can say comes back, what it can't say is refused."""

from __future__ import annotations

import re

import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import export
from jhaan_kg.export.rdf import rdfxml
from jhaan_kg.namespaces import PREFIXES, RDF, RDF_TYPE
from jhaan_kg.rdflib_terms import from_rdflib
from readers import lexical_forms_kept

S, P = NamedNode("https://example.org/s"), NamedNode("https://example.org/p")

XML_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\ufffe\uffff", exclude_categories=["Cc", "Cs"])
    | st.sampled_from("\t\n\r<&>\"']\x7f\x85")
)
NAMES = st.text(st.sampled_from("abZ09._-~:/?'()*+,;=@!$&é日\U00010000"), max_size=6)
IRIS = st.builds(
    lambda namespace, name: NamedNode(namespace + name),
    st.sampled_from(["https://example.org/", "urn:x:", RDF, *PREFIXES.values()]),
    NAMES,
)
TRIPLES = st.sets(
    st.builds(
        Triple,
        IRIS,
        IRIS | st.sampled_from([P, RDF_TYPE]),
        IRIS
        | XML_TEXTS.map(Literal)
        | st.builds(lambda text, iri: Literal(text, datatype=iri), XML_TEXTS, IRIS),
    ),
    max_size=5,
)


@given(TRIPLES)
@example({Triple(S, P, Literal("a\rb\r\nc"))})
def test_what_is_written_is_read_again(triples: set[Triple]) -> None:
    try:
        data = rdfxml(triples)
    except JhaanError as error:
        assert "RDF/XML cannot contain" in str(error)  # noqa: PT017 - any text that the strategy gives can be written
        return
    assert {quad.triple for quad in parse(data, RdfFormat.RDF_XML)} == triples
    with lexical_forms_kept():
        graph = rdflib.Graph().parse(data=data, format="xml")
    assert {tuple(map(from_rdflib, triple)) for triple in graph} == {tuple(triple) for triple in triples}


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

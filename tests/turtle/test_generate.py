"""Turtle and TriG for triples that nobody has authored: in the one style, and read again term by term."""

from __future__ import annotations

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import PREFIXES, RDF, RDF_TYPE, XSD
from jhaan_kg.rdflib_terms import from_rdflib, quiet_rdflib
from jhaan_kg.turtle.format import is_formatted, write_blocks
from jhaan_kg.turtle.generate import Terms, add_heading, graph_block, quote, statements

S, P = NamedNode("https://example.org/s"), NamedNode("https://example.org/p")

TEXTS = st.text(st.characters(codec="utf-8"))
IRIS = st.builds(
    lambda namespace, name: NamedNode(namespace + name),
    st.sampled_from(["https://example.org/", "urn:x:", *PREFIXES.values()]),
    st.text(st.sampled_from("abcXYZ019._-~:/?#%20'()*+,;=@!$&é日\U00010000"), max_size=8).map(
        lambda name: name.replace("%", "%41").replace("#", "", name.count("#"))
    ),
)
LITERALS = st.one_of(
    TEXTS.map(Literal),
    st.builds(
        lambda text, tag: Literal(text, language=tag), TEXTS, st.sampled_from(["en", "en-GB", "zh-Hant-TW"])
    ),
    st.builds(
        lambda text, name: Literal(text, datatype=NamedNode(XSD + name)),
        st.one_of(
            st.sampled_from(["7", "-7", "007", "+1", "-0", "true", "1", "1.50", "1e0", " 7", "7\n"]), TEXTS
        ),
        st.sampled_from(["integer", "boolean", "decimal", "double", "date"]),
    ),
    st.builds(lambda text, iri: Literal(text, datatype=iri), TEXTS, IRIS),
)
PREDICATES = IRIS | st.just(RDF_TYPE)
TRIPLES = st.sets(st.builds(Triple, IRIS, PREDICATES, IRIS | LITERALS), max_size=12)


def in_order(triples: set[Triple]) -> list[Triple]:
    return sorted(triples, key=str)


@given(TRIPLES)
def test_what_is_written_is_in_style_and_read_again(triples: set[Triple]) -> None:
    text = write_blocks(statements(in_order(triples), Terms()), ["A head."])
    assert {quad.triple for quad in parse(text, RdfFormat.TURTLE)} == triples
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        with quiet_rdflib():
            read = {
                tuple(map(from_rdflib, triple)) for triple in rdflib.Graph().parse(data=text, format="turtle")
            }
    finally:
        rdflib.NORMALIZE_LITERALS = before
    assert read == {tuple(triple) for triple in triples}
    assert is_formatted(text, trig=False, name="x.ttl")


@given(st.dictionaries(IRIS, TRIPLES.filter(bool), max_size=3))
def test_named_graphs_are_read_again(graphs: dict[NamedNode, set[Triple]]) -> None:
    terms = Terms()
    blocks = [
        graph_block(g, statements(in_order(own), terms), f"Graph {i}", terms)
        for i, (g, own) in enumerate(graphs.items())
    ]
    text = write_blocks(blocks, ["A head."])
    assert set(parse(text, RdfFormat.TRIG)) == {
        Quad(*triple, g) for g, own in graphs.items() for triple in own
    }
    assert is_formatted(text, trig=True, name="x.trig")


def test_a_whole_file() -> None:
    label = NamedNode(PREFIXES["rdfs"] + "label")
    cepol, agency = NamedNode(PREFIXES["agency"] + "cepol"), NamedNode(PREFIXES["jhaan"] + "Agency")
    number = NamedNode(PREFIXES["jhaan"] + "number")
    triples = [
        Triple(cepol, RDF_TYPE, agency),
        Triple(cepol, label, Literal("CEPOL", language="en")),
        Triple(cepol, number, Literal("7", datatype=NamedNode(XSD + "integer"))),
        Triple(cepol, number, Literal("07", datatype=NamedNode(XSD + "integer"))),
        Triple(S, P, Literal("one\ntwo")),
    ]
    first, second = statements(triples, Terms())
    assert write_blocks([add_heading(first, "Agencies"), second], ["What this is."]) == (
        "# What this is.\n"
        "\n"
        "@prefix agency: <https://w3id.org/jhaan/id/agency/> .\n"
        "@prefix jhaan:  <https://w3id.org/jhaan/ontology#> .\n"
        "@prefix rdfs:   <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix xsd:    <http://www.w3.org/2001/XMLSchema#> .\n"
        "\n"
        "# Agencies\n"
        "\n"
        "agency:cepol\n"
        "    a            jhaan:Agency ;\n"
        '    rdfs:label   "CEPOL"@en ;\n'
        '    jhaan:number 7, "07"^^xsd:integer .\n'
        "\n"
        "<https://example.org/s>\n"
        '    <https://example.org/p> """one\n'
        'two""" .\n'
    )


def test_nothing_gives_an_empty_file() -> None:
    assert write_blocks([]) == ""


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", '""'),
        ("\n", r'"\n"'),
        ("a\n", r'"a\n"'),
        ("a\nb", '"""a\nb"""'),
        ('a\n"b"', '"""a\n"b\\""""'),
        ('a\n"""\n', '"""a\n\\"\\""\n"""'),
        ("\u202e\ufeff\uffff\U0010ffff\x00", r'"\u202E\uFEFF\uFFFF\U0010FFFF\u0000"'),
        ("é日\U0001f600'", '"é日\U0001f600\'"'),
    ],
)
def test_strings(text: str, written: str) -> None:
    assert quote(text) == written


def test_a_blank_node_keeps_its_label() -> None:
    triple = Triple(BlankNode("c14n0"), P, BlankNode("c14n1"))
    assert write_blocks(statements([triple], Terms())) == "_:c14n0\n    <https://example.org/p> _:c14n1 .\n"


@pytest.mark.parametrize(
    "term",
    [Triple(S, P, S), Literal("x", language="he", direction=BaseDirection.RTL)],
    ids=["triple", "direction"],
)
def test_what_turtle_has_no_form_for_is_refused(term: Triple | Literal) -> None:
    with pytest.raises(JhaanError, match=r"Turtle 1\.1 cannot contain .*\. Choose ntriples\."):
        statements([Triple(S, NamedNode(RDF + "value"), term)], Terms())

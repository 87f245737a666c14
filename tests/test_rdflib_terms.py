"""Terms on their way to rdflib and back."""

from __future__ import annotations

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.namespaces import XSD
from jhaan_kg.rdflib_terms import from_rdflib, quiet_rdflib, to_rdflib

texts = st.text(st.characters(exclude_categories=["Cs"]))
datatypes = st.sampled_from(["integer", "decimal", "boolean", "date", "gYear", "double", "string"])


@given(texts, datatypes)
def test_a_literal_keeps_its_lexical_form(text: str, datatype: str) -> None:
    literal = Literal(text, datatype=NamedNode(XSD + datatype))
    with quiet_rdflib():
        assert from_rdflib(to_rdflib(literal)) == literal


def test_iris_come_back_and_blank_nodes_keep_their_label() -> None:
    node = NamedNode("http://example.org/a")
    assert from_rdflib(to_rdflib(node)) == node
    assert to_rdflib(BlankNode("b")) == rdflib.BNode("b")
    assert from_rdflib(rdflib.BNode("b")) is None
    assert from_rdflib(None) is None


def test_a_triple_is_no_term_of_rdf_1_1() -> None:
    node = NamedNode("http://example.org/a")
    with pytest.raises(TypeError, match="no triple terms"):
        to_rdflib(Triple(node, node, node))

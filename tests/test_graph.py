"""The graph in memory: what it finds, and in which order."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from jhaan_kg.errors import JhaanError
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import RDFS, RDFS_LABEL

DATA = """
@prefix : <https://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Kitten rdfs:subClassOf :Cat . :Cat rdfs:subClassOf :Animal . :Animal rdfs:subClassOf :Cat .
:tom a :Kitten ; rdfs:label "Tom" ; :likes :milk, "fish", 7, [] . :milk :likedBy :tom . :ann a :Kitten .
:lists :good ( :a "b" ) ; :empty () ; :broken _:l . _:l rdf:first 1 .
:lists :loop _:m . _:m rdf:first 1 ; rdf:rest _:m .
"""


def n(name: str) -> NamedNode:
    return NamedNode("https://example.org/" + name)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph.of(quad.triple for quad in parse(DATA, RdfFormat.TURTLE))


def test_values_by_kind(graph: Graph) -> None:
    assert len(graph.values(n("tom"), n("likes"))) == 4
    assert graph.nodes(n("tom"), n("likes")) == [n("milk")]
    assert graph.texts(n("tom"), n("likes")) == ["7", "fish", "https://example.org/milk"]
    assert graph.label(n("tom")) == "Tom" == graph.text(n("tom"), RDFS_LABEL)


def test_a_circle_of_classes_ends(graph: Graph) -> None:
    subclass = NamedNode(RDFS + "subClassOf")
    assert graph.nodes(n("Kitten"), subclass) == [n("Cat")]
    assert graph.superclasses(n("Kitten")) == {n("Kitten"), n("Cat"), n("Animal")}
    assert graph.is_a(n("tom"), n("Dog"), n("Animal"))


def test_lists(graph: Graph) -> None:
    [good], [empty] = graph.values(n("lists"), n("good")), graph.values(n("lists"), n("empty"))
    assert graph.items(good) == [n("a"), Literal("b")]
    assert graph.items(empty) == []


@pytest.mark.parametrize("name", ["broken", "loop"])
def test_a_broken_list_is_an_error(graph: Graph, name: str) -> None:
    [head] = graph.values(n("lists"), n(name))
    with pytest.raises(JhaanError, match="RDF list"):
        graph.items(head)


def test_values_of_all_named_graphs_count_once() -> None:
    store = Store()
    store.extend(Quad(n("a"), n("p"), n("b"), n(name)) for name in ("g1", "g2"))
    assert Graph(store).values(n("a"), n("p")) == [n("b")]
    assert Graph(store).subjects(n("p"), n("b")) == [n("a")]

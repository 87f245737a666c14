"""GraphML is read again by networkx, and follows its schema."""

from __future__ import annotations

import datetime
import io
import re
from functools import cache
from xml.etree import ElementTree

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export.networks.counting import RULES
from jhaan_kg.export.networks.graphml import document
from jhaan_kg.export.networks.network import Edge, Network, Node, network
from jhaan_kg.export.plain_text import plain_text
from jhaan_kg.export.released import Release
from jhaan_kg.export.request import Request

NS = "{http://graphml.graphdrawing.org/xmlns}"
DAY = datetime.date(2023, 12, 5)
NAME_TOKEN = re.compile(r"[-.:\w]+")
"""Of the characters that XML allows in one; all ids that the schema of GraphML knows are such tokens."""


@cache
def made(rule: str) -> Network:
    return network(Request(open_snapshot(), "graphml", evidence=True, counting=rule))


@pytest.mark.parametrize(
    "rule", [pytest.param(rule, marks=[] if rule == "empact" else pytest.mark.slow) for rule in RULES]
)
def test_networkx_reads_the_same_network(rule: str) -> None:
    whole = made(rule)
    read = networkx.read_graphml(io.BytesIO(document(whole)))
    assert type(read) is networkx.Graph  # without direction, and no pair twice
    assert {name: value for name, value in read.graph.items() if name in whole.values} == whole.values
    assert dict(read.nodes(data=True)) == {
        node.id: {"label": node.label, **node.values} for node in whole.nodes
    }
    assert {frozenset(pair): values for *pair, values in read.edges(data=True)} == {
        frozenset((edge.source, edge.target)): {
            "id": edge.id,
            "label": edge.label,
            "weight": edge.weight,
            **edge.values,
        }
        for edge in whole.edges
    }


def test_the_file_follows_its_schema() -> None:
    """What graphml-structure.xsd and graphml-attributes.xsd demand of the elements that stand in it."""
    root = ElementTree.fromstring(document(made("empact")))  # noqa: S314 - our own file
    assert [child.tag for child in root] == [
        f"{NS}desc",
        *[f"{NS}key"] * len(root.findall(f"{NS}key")),
        f"{NS}graph",
    ]
    keys = {key.get("id"): key for key in root.findall(f"{NS}key")}
    assert len(keys) == len(root.findall(f"{NS}key"))
    assert {key.get("attr.type") for key in keys.values()} == {"string", "int", "boolean"}
    (graph,) = root.findall(f"{NS}graph")
    assert graph.get("edgedefault") == "undirected"
    ids = [
        element.get("id", "")
        for element in root.iter()
        if element.tag.removeprefix(NS) in ("key", "graph", "node", "edge")
    ]
    assert all(NAME_TOKEN.fullmatch(one) for one in ids)
    assert len(set(ids)) == len(ids)
    for thing in graph.iter():
        domain = thing.tag.removeprefix(NS)
        for data in thing.findall(f"{NS}data"):
            assert keys[data.get("key")].get("for") == domain


@given(st.text(min_size=1), st.text(min_size=1), st.integers(1, 10**6))
def test_any_text_comes_back(label: str, value: str, weight: int) -> None:
    label, value = plain_text(label), plain_text(value)
    nodes = (Node("a", label, {"iri": value}), Node("b", "b", {"iri": "x"}))
    edges = (Edge("a--b", "a", "b", label, weight, {"things": value, "contested": True}),)
    whole = {"rule": "x", "counts": value, "absence": value}
    read = networkx.read_graphml(io.BytesIO(document(Network(whole, nodes, edges, Release("1", DAY, ())))))
    assert read.nodes["a"] == {"label": label, "iri": value}
    assert read.edges["a", "b"] == {
        "id": "a--b",
        "label": label,
        "weight": weight,
        "things": value,
        "contested": True,
    }
    assert read.graph["counts"] == value

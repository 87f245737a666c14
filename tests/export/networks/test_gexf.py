"""GEXF is read again by networkx, and follows its schema."""

from __future__ import annotations

import datetime
import io
from functools import cache
from xml.etree import ElementTree

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export.networks.counting import RULES
from jhaan_kg.export.networks.gexf import document
from jhaan_kg.export.networks.network import Edge, Network, Node, network
from jhaan_kg.export.plain_text import plain_text
from jhaan_kg.export.released import Release
from jhaan_kg.export.request import Request

NS = "{http://www.gexf.net/1.2draft}"
DAY = datetime.date(2023, 12, 5)


@cache
def made(rule: str) -> Network:
    return network(Request(open_snapshot(), "gexf", evidence=True, counting=rule))


@pytest.mark.parametrize(
    "rule", [pytest.param(rule, marks=[] if rule == "empact" else pytest.mark.slow) for rule in RULES]
)
def test_networkx_reads_the_same_network(rule: str) -> None:
    whole = made(rule)
    read = networkx.read_gexf(io.BytesIO(document(whole)))
    assert type(read) is networkx.Graph  # without direction, and no pair twice
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
    """What gexf.xsd 1.2 demands of the elements that stand in it."""
    root = ElementTree.fromstring(document(made("empact")))  # noqa: S314 - our own file
    assert (root.tag, root.get("version")) == (f"{NS}gexf", "1.2")
    meta, graph = root
    whole = made("empact")
    assert meta.get("lastmodifieddate") == whole.values["issued"]  # not the day of the clock
    assert [child.tag for child in meta] == [f"{NS}creator", f"{NS}description"]
    description = meta.findtext(f"{NS}description") or ""
    assert description.splitlines() == [f"{name}: {value}" for name, value in whole.values.items()]
    assert [child.tag.removeprefix(NS) for child in graph] == ["attributes", "attributes", "nodes", "edges"]
    for domain in ("node", "edge"):
        (declared,) = (child for child in graph if child.get("class") == domain)
        ids = {attribute.get("id") for attribute in declared}
        assert {attribute.get("type") for attribute in declared} <= {"string", "integer", "boolean"}
        assert {value.get("for") for thing in graph.iter(f"{NS}{domain}") for value in thing[0]} == ids
        things = graph.findall(f"{NS}{domain}s/{NS}{domain}")
        assert graph.find(f"{NS}{domain}s").get("count") == str(len(things))  # type: ignore[union-attr]
        assert len({thing.get("id") for thing in things}) == len(things)


@given(st.text(min_size=1), st.text(min_size=1), st.integers(1, 10**6))
def test_any_text_comes_back(label: str, value: str, weight: int) -> None:
    label, value = plain_text(label), plain_text(value)
    nodes = (Node("a", label, {"iri": value}), Node("b", "b", {"iri": "x"}))
    edges = (Edge("a--b", "a", "b", label, weight, {"things": value, "contested": True}),)
    file = document(Network({"rule": "x"}, nodes, edges, Release("1", DAY, ())))
    read = networkx.read_gexf(io.BytesIO(file))
    assert read.nodes["a"] == {"label": label, "iri": value}
    assert read.edges["a", "b"] == {
        "id": "a--b",
        "label": label,
        "weight": weight,
        "things": value,
        "contested": True,
    }

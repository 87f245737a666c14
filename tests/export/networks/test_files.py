"""GraphML and GEXF are read again by networkx, and follow their schemas."""

from __future__ import annotations

import datetime
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export.formats import plain_text
from jhaan_kg.export.networks import Network, build_network, document
from jhaan_kg.export.request import ReleaseMetadata, Request
from read_networks import FORMS, assert_read_again, read_again

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
GEXF = "{http://www.gexf.net/1.2draft}"
DAY = datetime.date(2023, 12, 5)
NAME_TOKEN = re.compile(r"[-.:\w]+")
"""Of the characters that XML allows in one; all ids that the schema of GraphML knows are such tokens."""


@pytest.fixture(scope="module")
def meetings(stored_world: Snapshot) -> Network:
    return build_network(Request(stored_world, "graphml", evidence=True, counting="meetings-all-agencies"))


@pytest.mark.parametrize("form", FORMS)
def test_networkx_reads_the_same_network(form: str, meetings: Network) -> None:
    assert_read_again(form, meetings)


def test_graphml_follows_its_schema(meetings: Network) -> None:
    """What graphml-structure.xsd and graphml-attributes.xsd demand of the elements that stand in it."""
    root = ElementTree.fromstring(document(meetings, "graphml"))  # noqa: S314 - our own file
    found = root.findall(f"{GRAPHML}key")
    keys = {key.get("id"): key for key in found}
    assert len(keys) == len(found)
    assert [child.tag.removeprefix(GRAPHML) for child in root] == ["desc", *["key"] * len(keys), "graph"]
    assert {key.get("attr.type") for key in keys.values()} == {"string", "int", "boolean"}
    (graph,) = root.findall(f"{GRAPHML}graph")
    assert graph.get("edgedefault") == "undirected"
    ids = [
        element.get("id", "")
        for element in root.iter()
        if element.tag.removeprefix(GRAPHML) in ("key", "graph", "node", "edge")
    ]
    assert all(NAME_TOKEN.fullmatch(one) for one in ids)
    assert len(set(ids)) == len(ids)
    for thing in graph.iter():
        domain = thing.tag.removeprefix(GRAPHML)
        for data in thing.findall(f"{GRAPHML}data"):
            assert keys[data.get("key")].get("for") == domain


def test_gexf_follows_its_schema(meetings: Network) -> None:
    """What gexf.xsd 1.2 demands of the elements that stand in it."""
    root = ElementTree.fromstring(document(meetings, "gexf"))  # noqa: S314 - our own file
    assert (root.tag, root.get("version")) == (f"{GEXF}gexf", "1.2")
    meta, graph = root
    assert meta.get("lastmodifieddate") == meetings.values["issued"]  # not the day of the clock
    assert [child.tag for child in meta] == [f"{GEXF}creator", f"{GEXF}description"]
    description = meta.findtext(f"{GEXF}description") or ""
    assert description.splitlines() == [f"{name}: {value}" for name, value in meetings.values.items()]
    assert [child.tag.removeprefix(GEXF) for child in graph] == ["attributes", "attributes", "nodes", "edges"]
    for domain in ("node", "edge"):
        (declared,) = (child for child in graph if child.get("class") == domain)
        ids = {attribute.get("id") for attribute in declared}
        assert {attribute.get("type") for attribute in declared} <= {"string", "integer", "boolean"}
        assert {value.get("for") for thing in graph.iter(f"{GEXF}{domain}") for value in thing[0]} == ids
        things = graph.findall(f"{GEXF}{domain}s/{GEXF}{domain}")
        assert graph.find(f"{GEXF}{domain}s").get("count") == str(len(things))  # type: ignore[union-attr]
        assert len({thing.get("id") for thing in things}) == len(things)


@pytest.mark.parametrize("form", FORMS)
@given(st.text(min_size=1), st.text(min_size=1), st.integers(1, 10**6))
def test_any_text_comes_back(form: str, label: str, value: str, weight: int) -> None:
    label, value = plain_text(label), plain_text(value)
    nodes = {"a": {"label": label, "iri": value}, "b": {"label": "b", "iri": "x"}}
    edges = {("a", "b"): {"label": label, "weight": weight, "things": value, "contested": True}}
    whole = {"rule": "x", "counts": value, "absence": value}
    read = read_again(form, Network(whole, nodes, edges, ReleaseMetadata("1", DAY, ())))
    assert read.nodes["a"] == nodes["a"]
    assert read.edges["a", "b"] == {"id": "a--b", **edges["a", "b"]}
    assert form == "gexf" or read.graph["counts"] == value

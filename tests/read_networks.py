"""The files of networks, read again by networkx."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Final

import networkx

from jhaan_kg.export.networks import gexf, graphml
from jhaan_kg.export.networks.network import Network

FORMS: Final[Mapping[str, tuple[Callable[[Network], bytes], Callable[[io.BytesIO], networkx.Graph]]]] = {
    "graphml": (graphml.document, networkx.read_graphml),
    "gexf": (gexf.document, networkx.read_gexf),
}
"""What writes a format, and what reads it."""


def read_again(form: str, network: Network) -> networkx.Graph:
    """Write a network and read it again."""
    write, read = FORMS[form]
    return read(io.BytesIO(write(network)))


def assert_read_again(form: str, network: Network) -> None:
    """Make sure that networkx reads the nodes and edges that there are, with all their values."""
    read = read_again(form, network)
    assert type(read) is networkx.Graph  # without direction, and no pair twice
    assert dict(read.nodes(data=True)) == {
        node.id: {"label": node.label, **node.values} for node in network.nodes
    }
    assert {frozenset(pair): values for *pair, values in read.edges(data=True)} == {
        frozenset((edge.source, edge.target)): {
            "id": edge.id,
            "label": edge.label,
            "weight": edge.weight,
            **edge.values,
        }
        for edge in network.edges
    }
    if form == "graphml":
        assert network.values.items() <= read.graph.items()


def weights(network: Network) -> dict[frozenset[str], int]:
    """Return the weight of each pair, by the labels of its nodes."""
    labels = {node.id: node.label for node in network.nodes}
    found = {frozenset((labels[one.source], labels[one.target])): one.weight for one in network.edges}
    assert len(found) == len(network.edges)  # no pair twice
    assert all(one.source < one.target for one in network.edges)  # one direction, the same always
    return found

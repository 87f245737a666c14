"""Files of networks, read by networkx."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Final

import networkx

from jhaan_kg.export.networks import Network, document

FORMS: Final[Mapping[str, Callable[[io.BytesIO], networkx.Graph]]] = {
    "graphml": networkx.read_graphml,
    "gexf": networkx.read_gexf,
}
"""The function that reads each format."""


def read_again(form: str, network: Network) -> networkx.Graph:
    """Write a network, and return it as networkx reads it."""
    return FORMS[form](io.BytesIO(document(network, form)))


def assert_read_again(form: str, network: Network) -> None:
    """Assert that networkx reads all nodes and edges of a network, with all their values."""
    read = read_again(form, network)
    assert type(read) is networkx.Graph  # undirected, without parallel edges
    assert dict(read.nodes(data=True)) == network.nodes
    for *pair, values in read.edges(data=True):
        values.pop("id", None)  # which GEXF needs
        assert values == network.edges[min(pair), max(pair)]
    assert len(read.edges) == len(network.edges)
    if form == "graphml":
        assert network.values.items() <= read.graph.items()


def weights(network: Network) -> dict[frozenset[str], int]:
    """Return the weight of each pair, by the labels of its nodes."""
    assert all(source < target for source, target in network.edges)  # in a fixed order
    return {
        frozenset(str(network.nodes[one]["label"]) for one in pair): int(values["weight"])
        for pair, values in network.edges.items()
    }

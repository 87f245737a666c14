"""The network of the agencies in GraphML (http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd).

The file is written here, and not by networkx: it has no place for descriptions of values, and another version of it
might write other bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from jhaan_kg.export.networks.network import DESCRIPTIONS, Network, Values, network
from jhaan_kg.export.networks.xml_file import lexical, xml_file
from jhaan_kg.export.request import Request

_NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_SCHEMA: Final = "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_TYPES: Final = {str: "string", int: "int", bool: "boolean"}


def write(request: Request) -> bytes:
    """Write the network that the request's counting rule gives.

    Returns:
        The file's bytes, in UTF-8.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
        JhaanError: the request leaves out what follows from what is stated.
    """
    return document(network(request))


def document(made: Network) -> bytes:
    """Write a network.

    Returns:
        The file's bytes, in UTF-8.
    """
    of_nodes: list[Values] = [{"label": node.label, **node.values} for node in made.nodes]
    of_edges: list[Values] = [
        {"label": edge.label, "weight": edge.weight, **edge.values} for edge in made.edges
    ]
    root = Element(
        "graphml",
        {"xmlns": _NAMESPACE, "xmlns:xsi": _XSI, "xsi:schemaLocation": f"{_NAMESPACE} {_SCHEMA}"},
    )
    SubElement(root, "desc").text = f"{made.values['counts']} {made.values['absence']}"
    keys = {
        domain: _keys(root, domain, values)
        for domain, values in (("graph", [made.values]), ("node", of_nodes), ("edge", of_edges))
    }
    graph = SubElement(root, "graph", {"id": lexical(made.values["rule"]), "edgedefault": "undirected"})
    _data(graph, made.values, keys["graph"])
    for node, values in zip(made.nodes, of_nodes, strict=True):
        _data(SubElement(graph, "node", {"id": node.id}), values, keys["node"])
    for edge, values in zip(made.edges, of_edges, strict=True):
        ends = {"id": edge.id, "source": edge.source, "target": edge.target}
        _data(SubElement(graph, "edge", ends), values, keys["edge"])
    return xml_file(root)


def _keys(root: Element, domain: str, things: list[Values]) -> Mapping[str, str]:
    """Declare the values that things of a kind have, and give the id of each."""
    kinds = {name: _TYPES[type(value)] for values in things for name, value in values.items()}
    for name, kind in kinds.items():
        key = SubElement(
            root,
            "key",
            {"id": f"{domain}-{name}", "for": domain, "attr.name": name, "attr.type": kind},
        )
        if name in DESCRIPTIONS:
            SubElement(key, "desc").text = DESCRIPTIONS[name]
    return {name: f"{domain}-{name}" for name in kinds}


def _data(element: Element, values: Values, keys: Mapping[str, str]) -> None:
    for name, value in values.items():
        SubElement(element, "data", {"key": keys[name]}).text = lexical(value)

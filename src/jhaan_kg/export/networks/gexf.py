"""The network of the agencies in GEXF 1.2 (http://gexf.net/schema.html), the newest version that networkx reads.

The file is written here, and not by networkx: it writes the day of the clock and its own version into it, and has no
place for what is said of the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from jhaan_kg.export.networks.network import Network, Values, network
from jhaan_kg.export.networks.xml_file import lexical, xml_file
from jhaan_kg.export.request import Request

_NAMESPACE: Final = "http://www.gexf.net/1.2draft"
_TYPES: Final = {str: "string", bool: "boolean"}


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
    root = Element("gexf", {"xmlns": _NAMESPACE, "version": "1.2"})
    # The day is that of the release: the schema asks when the file was changed, and no clock may say so.
    meta = SubElement(root, "meta", {"lastmodifieddate": made.release.issued.isoformat()})
    SubElement(meta, "creator").text = f"jhaan-kg {made.release.version}"
    SubElement(meta, "description").text = "\n".join(
        f"{name}: {value}" for name, value in made.values.items()
    )
    graph = SubElement(root, "graph", {"defaultedgetype": "undirected", "mode": "static"})
    keys = {
        domain: _attributes(graph, domain, values)
        for domain, values in (
            ("node", [node.values for node in made.nodes]),
            ("edge", [edge.values for edge in made.edges]),
        )
    }
    nodes = SubElement(graph, "nodes", {"count": str(len(made.nodes))})
    for node in made.nodes:
        _values(SubElement(nodes, "node", {"id": node.id, "label": node.label}), node.values, keys["node"])
    edges = SubElement(graph, "edges", {"count": str(len(made.edges))})
    for edge in made.edges:
        ends = {"id": edge.id, "source": edge.source, "target": edge.target}
        own = SubElement(edges, "edge", {**ends, "label": edge.label, "weight": str(edge.weight)})
        _values(own, edge.values, keys["edge"])
    return xml_file(root)


def _attributes(graph: Element, domain: str, things: list[Values]) -> Mapping[str, str]:
    """Declare the values that things of a kind have, and give the id of each."""
    kinds = {name: _TYPES[type(value)] for values in things for name, value in values.items()}
    declared = SubElement(graph, "attributes", {"class": domain})
    for name, kind in kinds.items():
        SubElement(declared, "attribute", {"id": f"{domain}-{name}", "title": name, "type": kind})
    return {name: f"{domain}-{name}" for name in kinds}


def _values(element: Element, values: Values, keys: Mapping[str, str]) -> None:
    held = SubElement(element, "attvalues")
    for name, value in values.items():
        SubElement(held, "attvalue", {"for": keys[name], "value": lexical(value)})

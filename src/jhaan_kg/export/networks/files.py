"""The network of the agencies in GraphML (http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd) and in GEXF.

GEXF (http://gexf.net/schema.html) has version 1.2, the newest that networkx reads. docs/decisions/networks.md says why
networkx does not write the files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from jhaan_kg.export.networks.network import DESCRIPTIONS, Network, Values, build_network
from jhaan_kg.export.request import Request

_GRAPHML: Final = "http://graphml.graphdrawing.org/xmlns"
_GRAPHML_SCHEMA: Final = {
    "xmlns": _GRAPHML,
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": f"{_GRAPHML} {_GRAPHML}/1.0/graphml.xsd",
}
_TYPES: Final = {str: "string", int: "int", bool: "boolean"}


def write(request: Request) -> bytes:
    """Write the network that the request's counting rule gives, in UTF-8.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
        JhaanError: the request leaves out what follows from what is stated.
    """
    return document(build_network(request), request.form)


def document(network: Network, form: str) -> bytes:
    """Write a network, in UTF-8, as graphml or gexf; the same bytes for the same network."""
    root = _graphml(network) if form == "graphml" else _gexf(network)
    indent(root)
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _graphml(network: Network) -> Element:
    root = Element("graphml", _GRAPHML_SCHEMA)
    SubElement(root, "desc").text = f"{network.values['counts']} {network.values['absence']}"
    nodes, edges = network.nodes.values(), network.edges.values()
    domains: dict[str, Collection[Values]] = {"graph": [network.values], "node": nodes, "edge": edges}
    for domain, things in domains.items():
        for name, type_ in _declarations(things):
            names = {"id": f"{domain}-{name}", "for": domain, "attr.name": name, "attr.type": type_}
            key = SubElement(root, "key", names)
            if name in DESCRIPTIONS:
                SubElement(key, "desc").text = DESCRIPTIONS[name]

    def add_data(element: Element, domain: str, values: Values) -> None:
        for name, value in values.items():
            SubElement(element, "data", {"key": f"{domain}-{name}"}).text = _lexical(value)

    graph = SubElement(root, "graph", {"id": _lexical(network.values["rule"]), "edgedefault": "undirected"})
    add_data(graph, "graph", network.values)
    for node, values in network.nodes.items():
        add_data(SubElement(graph, "node", {"id": node}), "node", values)
    for (source, target), values in network.edges.items():
        ends = {"id": f"{source}--{target}", "source": source, "target": target}
        add_data(SubElement(graph, "edge", ends), "edge", values)
    return root


def _gexf(network: Network) -> Element:
    root = Element("gexf", {"xmlns": "http://www.gexf.net/1.2draft", "version": "1.2"})
    # The day is that of the release: the schema asks when the file was changed, and no clock may say so.
    meta = SubElement(root, "meta", {"lastmodifieddate": network.release.issued.isoformat()})
    SubElement(meta, "creator").text = f"jhaan-kg {network.release.version}"
    description = [f"{name}: {value}" for name, value in network.values.items()]
    SubElement(meta, "description").text = "\n".join(description)
    graph = SubElement(root, "graph", {"defaultedgetype": "undirected", "mode": "static"})
    of_elements = ("label", "weight")
    for domain, things in (("node", network.nodes.values()), ("edge", network.edges.values())):
        declared = SubElement(graph, "attributes", {"class": domain})
        for name, type_ in _declarations(things):
            if name not in of_elements:
                SubElement(declared, "attribute", {"id": f"{domain}-{name}", "title": name, "type": type_})

    def add(parent: Element, domain: str, names: dict[str, str], values: Values) -> None:
        own = {name: _lexical(values[name]) for name in of_elements if name in values}
        held = SubElement(SubElement(parent, domain, names | own), "attvalues")
        for name, value in values.items():
            if name not in of_elements:
                SubElement(held, "attvalue", {"for": f"{domain}-{name}", "value": _lexical(value)})

    nodes = SubElement(graph, "nodes", {"count": str(len(network.nodes))})
    for node, values in network.nodes.items():
        add(nodes, "node", {"id": node}, values)
    edges = SubElement(graph, "edges", {"count": str(len(network.edges))})
    for (source, target), values in network.edges.items():
        add(edges, "edge", {"id": f"{source}--{target}", "source": source, "target": target}, values)
    return root


def _declarations(things: Collection[Values]) -> Iterator[tuple[str, str]]:
    """Yield the names and types of the values that things have."""
    types = {name: _TYPES[type(value)] for values in things for name, value in values.items()}
    yield from types.items()


def _lexical(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

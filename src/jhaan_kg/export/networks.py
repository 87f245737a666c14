"""Export of the network of agencies, which is the answer to a stored question as a graph.

The weight of an edge is the number in the answer, according to a counting rule. Edges also list the counted activities
and the passages that state them.

The formats are GraphML (http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd) and GEXF 1.2
(http://gexf.net/schema.html), the newest version that networkx reads. For the reason not to write with networkx, see
docs/decisions/networks.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.cache import store_for
from jhaan_kg.export.formats import plain_text
from jhaan_kg.export.request import QUESTION, RULES, ReleaseMetadata, Request
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import BASE, compact, jhaan
from jhaan_kg.query.catalogue import Catalogue, StoredQuery, load_catalogue
from jhaan_kg.query.cite import cite
from jhaan_kg.query.engine import Engine, StoreEngine, Term, answer, bind
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.query.sparql_text import code, prologue, selects, text_of
from jhaan_kg.results.cells import describe_contradictions, sources

_NOT_ABSENT: Final = (
    "A missing edge means that the report records no joint activity of this type, not that there was none: the report "
    "describes highlights, and for most meetings it has no complete list of participants."
)

Values = Mapping[str, str | int | bool]
"""Values by name; there are no empty values."""

Pair = tuple[str, str]
"""The CURIEs of two agencies in alphabetical order.

CURIEs are valid ids in GraphML (XML name tokens).
"""


class Network(NamedTuple):
    """A network with undirected edges.

    Attributes:
        values: the values of the whole network: rule, counts, question, questionIri, howToRead, command, absence,
            version, issued, and source (the IRIs of the reports, separated by spaces).
        nodes: the values of all agencies by CURIE, including agencies without edges: label, and the values in
            `DESCRIPTIONS`.
        edges: the values of the connected pairs: label (the weight in words), weight (the number of joint activities),
            and the values in `DESCRIPTIONS`.
        release: the release of the graph.
    """

    values: Values
    nodes: Mapping[str, Values]
    edges: Mapping[Pair, Values]
    release: ReleaseMetadata


DESCRIPTIONS: Final[Mapping[str, str]] = {
    "iri": "IRI of the agency",
    "names": "names of the agency in the report, separated by |",
    "seat": "place of its seat",
    "seatIri": "IRI of that place",
    "country": "country of its seat, if known",
    "countryIri": "IRI of that country",
    "things": "IRIs of the activities counted, separated by spaces",
    "thingLabels": "their labels in the same order, separated by |",
    "passages": "IRIs of the sources of the number, separated by spaces",
    "locators": "places of these sources in words, in the same order, separated by |",
    "contested": "whether the report contradicts a value behind the number",
    "contradictions": "values that other passages state, separated by |",
}
"""Descriptions of the values of nodes and edges, by name."""


def build_network(request: Request) -> Network:
    """Return the network of a request; see `network_of`."""
    request.refuse_without_inferred()
    catalogue = load_catalogue(request.snapshot.catalogue_path)
    return network_of(
        request, catalogue, StoreEngine(store_for(request.snapshot, evidence=True, context=request.context))
    )


def network_of(request: Request, catalogue: Catalogue, engine: Engine) -> Network:
    """Return the network of a request, using loaded questions and a loaded store.

    Args:
        request: the request, which must include inferred statements.
        catalogue: the stored questions.
        engine: the engine for the graph with its evidence.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
    """
    # The evidence is only needed for citations, which the engine supplies.
    quads = request._replace(evidence=False).quads()
    rule, release, graph = RULES[request.counting], ReleaseMetadata.of(quads), Graph.of(quads)
    stored = catalogue.get(QUESTION)
    values = {
        "rule": request.counting,
        "counts": rule.words,
        "question": stored.summary,
        "questionIri": f"{BASE}query/{stored.name}",
        "howToRead": " ".join(stored.description.split()),
        "command": rule.command,
        "absence": _NOT_ABSENT,
        "version": release.version,
        "issued": release.issued.isoformat(),
        "source": " ".join(release.reports),
    }
    edges = dict(sorted(_find_edges(request, stored, graph, engine)))
    return Network(_plain(values), dict(_find_nodes(graph)), edges, release)


def _find_nodes(graph: Graph) -> Iterator[tuple[str, Values]]:
    countries = set(graph.instances(jhaan("Country")))
    for agency in graph.instances(jhaan("Agency")):
        seats = graph.nodes(agency, jhaan("seat"))[:1]
        places = [*seats, *(place for seat in seats for place in graph.nodes(seat, jhaan("within")))]
        values = {
            "label": graph.label(agency),
            "iri": agency.value,
            "names": " | ".join(sorted(graph.texts(agency, jhaan("called")))),
        }
        for name, place in (("seat", seats), ("country", [place for place in places if place in countries])):
            if place:
                values |= {name: graph.label(place[0]), f"{name}Iri": place[0].value}
        yield compact(agency.value), _plain(values)


def _find_edges(
    request: Request, stored: StoredQuery, graph: Graph, engine: Engine
) -> Iterator[tuple[Pair, Values]]:
    rule = RULES[request.counting]
    parameters = resolve_parameters(engine, stored, {"type": [rule.type]})
    result = answer(engine, stored, parameters)
    counted = _find_counted(engine, bind(stored.text, parameters))
    for row, cited in zip(result.rows, cite(engine, stored, parameters, result), strict=True):
        columns = dict(zip(result.variables, map(_text, row), strict=True))
        source, target, weight = (columns[name] for name in ("agency", "partner", "jointActivities"))
        if source > target:  # the answer contains each pair in both directions
            continue
        things = counted[source, target]
        where = sources(cited) if request.evidence else []
        elsewhere = describe_contradictions(cited)
        values: Values = {
            "label": f"{weight} {rule.one if weight == '1' else rule.many}",
            "weight": int(weight),
            "things": " ".join(things),
            "thingLabels": " | ".join(graph.label(NamedNode(thing)) for thing in things),
            "passages": " ".join(iri for _, iri in where),
            "locators": " | ".join(words for words, _ in where),
            "contested": bool(elsewhere),
            "contradictions": " | ".join(elsewhere),
        }
        yield (compact(source), compact(target)), _plain(values)


def _find_counted(engine: Engine, text: str) -> Mapping[Pair, list[str]]:
    """Return the counted activities of each pair, from the pattern of the question."""
    pattern = text_of(text, selects(code(text))[0].pattern)
    rows = engine.select(
        f"{prologue(text)}SELECT DISTINCT ?agency ?partner ?activity WHERE {pattern} ORDER BY ?activity"
    ).rows
    counted: dict[Pair, list[str]] = {}
    for agency, partner, activity in rows:
        if activity is not None:
            counted.setdefault((_text(agency), _text(partner)), []).append(_text(activity))
    return counted


def _plain(values: Values) -> Values:
    return {
        name: plain_text(value) if isinstance(value, str) else value
        for name, value in values.items()
        if value != ""
    }


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""


_GRAPHML: Final = "http://graphml.graphdrawing.org/xmlns"
_GRAPHML_SCHEMA: Final = {
    "xmlns": _GRAPHML,
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": f"{_GRAPHML} {_GRAPHML}/1.0/graphml.xsd",
}
_TYPES: Final = {str: "string", int: "int", bool: "boolean"}


def write(request: Request) -> bytes:
    """Return the network for the request's counting rule in UTF-8.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
        JhaanError: the request excludes inferred statements.
    """
    return document(build_network(request), request.form)


def document(network: Network, form: str) -> bytes:
    """Return a network as GraphML or GEXF in UTF-8.

    The same network results in the same bytes.
    """
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
    # The schema requires a modification date. The issue date of the release keeps the bytes independent of the clock.
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
    """Yield the names and types of the values in `things`."""
    types = {name: _TYPES[type(value)] for values in things for name, value in values.items()}
    yield from types.items()


def _lexical(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

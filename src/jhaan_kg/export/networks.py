"""Export of the network of agencies, which is the answer to a stored question as a graph.

The weight of an edge is the number in the answer, according to a counting rule. Edges also list the counted activities
and the passages that state them.

The formats are GraphML and GEXF 1.2, the newest version that networkx writes and reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from xml.etree.ElementTree import SubElement

import networkx
from networkx.readwrite.gexf import GEXFWriter
from networkx.readwrite.graphml import GraphMLWriter
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
        nodes: the values of all agencies by CURIE, including agencies without edges: label, iri, names (separated by
            |), and label and IRI of seat and country, if known.
        edges: the values of the connected pairs: label (the weight in words), weight (the number of joint activities),
            IRIs and labels of the activities counted (things, thingLabels), IRIs and locators of their sources, and
            whether the report contradicts a value behind the number (contested, contradictions).
        release: the release of the graph.
    """

    values: Values
    nodes: Mapping[str, Values]
    edges: Mapping[Pair, Values]
    release: ReleaseMetadata


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


def write(request: Request) -> bytes:
    """Return the network for the request's counting rule in UTF-8.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
        JhaanError: the request excludes inferred statements.
    """
    return document(build_network(request), request.form)


def document(network: Network, form: str) -> bytes:
    """Return a network as GraphML or GEXF in UTF-8.

    The same network results in the same bytes, with the same version of networkx.
    """
    graph = networkx.Graph(**network.values)
    graph.add_nodes_from(network.nodes.items())
    graph.add_edges_from((*pair, values) for pair, values in network.edges.items())
    if form == "graphml":
        writer = GraphMLWriter(graph)
    else:
        writer = GEXFWriter(graph)
        meta = writer.xml.find("meta")
        # networkx states the day of the clock. The day of the release keeps the bytes independent of it.
        meta.set("lastmodifieddate", network.release.issued.isoformat())
        meta.find("creator").text = f"jhaan-kg {network.release.version}"
        description = "\n".join(f"{name}: {value}" for name, value in network.values.items())
        SubElement(meta, "description").text = description
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{writer}'.encode()

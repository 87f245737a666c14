"""The network of the agencies under a counting rule: the answer of a stored question, made a graph.

The weight of an edge is the number that the question gives. What was counted comes from the question's own pattern, and
the passages from its citations, so that each edge can be traced to the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.cache import store_for
from jhaan_kg.derived.facts import Facts
from jhaan_kg.export.encoding import plain_text
from jhaan_kg.export.networks.counting import RULES
from jhaan_kg.export.request import Release, Request
from jhaan_kg.namespaces import BASE, RDFS_LABEL, compact, jhaan
from jhaan_kg.query.answer import answer, bind
from jhaan_kg.query.catalogue import StoredQuery, load_catalogue
from jhaan_kg.query.cite import cite
from jhaan_kg.query.engine import Engine, StoreEngine, Term
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.query.sparql_text import code, prologue, selects, text_of
from jhaan_kg.results.cells import contradictions, sources

_NOT_ABSENT: Final = (
    "An edge that is missing means that the report records nothing of this kind, not that there was nothing: it tells "
    "of highlights, and for most meetings it gives no complete list."
)

Values = Mapping[str, str | int | bool]
"""Named values; none is empty."""


class Node(NamedTuple):
    """An agency.

    Attributes:
        id: its CURIE, which is a name token of XML, as GraphML demands.
        label: what it is called in tables.
        values: iri, names (all that the report calls it), seat and country, and their IRIs.
    """

    id: str
    label: str
    values: Values


class Edge(NamedTuple):
    """A pair of agencies that something joins.

    Attributes:
        id: made of the ids of both.
        source: the id of the one that comes first by the alphabet of the ids.
        target: the id of the other; the edge has no direction.
        label: the weight in words.
        weight: how many different things join them.
        values: things (their IRIs), thingLabels, passages (the IRIs of what the number rests on), locators,
            contested (whether the report contradicts a value behind it), contradictions (what it says elsewhere).
    """

    id: str
    source: str
    target: str
    label: str
    weight: int
    values: Values


class Network(NamedTuple):
    """A network.

    Attributes:
        values: what is said of the whole: rule, counts, question, questionIri, howToRead, command, absence, version,
            issued, source (the IRIs of the reports, parted by spaces).
        nodes: all agencies, also those without an edge, by id.
        edges: by the ids of source and target.
        release: which release it was made of.
    """

    values: Values
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    release: Release


DESCRIPTIONS: Final[Mapping[str, str]] = {
    "iri": "IRI of the agency",
    "names": "all that the report calls the agency, parted by |",
    "seat": "where it has its seat",
    "seatIri": "IRI of that place",
    "country": "the country of its seat, where the graph knows it",
    "countryIri": "IRI of that country",
    "things": "IRIs of the things counted, parted by spaces",
    "thingLabels": "their labels in the same order, parted by |",
    "passages": "IRIs of the passages, and of what else the number rests on, parted by spaces",
    "locators": "where these are, in words and in the same order, parted by |",
    "contested": "whether the report contradicts a value behind the number",
    "contradictions": "what it says elsewhere, parted by |",
}
"""What the values of nodes and edges are."""


def network(request: Request) -> Network:
    """Work out the network that a request names.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
        JhaanError: the request leaves out what follows from what is stated.
    """
    request.refuse_without_inferred()
    quads = request._replace(evidence=False).quads()  # citations come from the store
    rule, release, facts = RULES[request.counting], Release.of(quads), Facts(quads)
    stored = load_catalogue(request.snapshot.catalogue_path).get(rule.question)
    engine = StoreEngine(store_for(request.snapshot, evidence=True, context=request.context))
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
    edges = sorted(_edges(request, stored, facts, engine), key=lambda edge: (edge.source, edge.target))
    return Network(_plain(values), tuple(_nodes(facts)), tuple(edges), release)


def _nodes(facts: Facts) -> Iterator[Node]:
    labels, names, seats = (
        facts.values(property_) for property_ in (RDFS_LABEL, jhaan("called"), jhaan("seat"))
    )
    within, countries = facts.values(jhaan("within")), set(facts.instances("Country"))
    for iri in facts.instances("Agency"):
        seat = seats.get(iri, [""])[0]
        country = next((place for place in (seat, *within.get(seat, ())) if place in countries), "")
        yield Node(
            compact(iri),
            plain_text(labels[iri][0]),
            _plain(
                {
                    "iri": iri,
                    "names": " | ".join(names.get(iri, ())),
                    "seat": labels.get(seat, [""])[0],
                    "seatIri": seat,
                    "country": labels.get(country, [""])[0],
                    "countryIri": country,
                }
            ),
        )


def _edges(request: Request, stored: StoredQuery, facts: Facts, engine: Engine) -> Iterator[Edge]:
    rule, labels = RULES[request.counting], facts.values(RDFS_LABEL)
    values = resolve_parameters(engine, stored, {name: [text] for name, text in rule.parameters.items()})
    found = answer(engine, stored, values)
    counted = _counted(engine, bind(stored.text, values))
    for row, cited in zip(found.rows, cite(engine, stored, values, found), strict=True):
        columns = dict(zip(found.variables, row, strict=True))
        source, target, weight = (_text(columns[name]) for name in ("agency", "partner", "jointActivities"))
        if source > target:  # each pair is in both directions
            continue
        things = counted[source, target]
        where = sources(cited) if request.evidence else []
        elsewhere = contradictions(cited)
        yield Edge(
            f"{compact(source)}--{compact(target)}",
            compact(source),
            compact(target),
            f"{weight} {rule.one if weight == '1' else rule.many}",
            int(weight),
            _plain(
                {
                    "things": " ".join(things),
                    "thingLabels": " | ".join(labels[thing][0] for thing in things),
                    "passages": " ".join(iri for _, iri in where),
                    "locators": " | ".join(words for words, _ in where),
                    "contested": bool(elsewhere),
                    "contradictions": " | ".join(elsewhere),
                }
            ),
        )


def _counted(engine: Engine, text: str) -> Mapping[tuple[str, str], list[str]]:
    """Give what the pattern of a question finds for each pair, which its answer only counts."""
    pattern = text_of(text, selects(code(text))[0].pattern)
    rows = engine.select(
        f"{prologue(text)}SELECT DISTINCT ?agency ?partner ?activity WHERE {pattern} ORDER BY ?activity"
    ).rows
    found: dict[tuple[str, str], list[str]] = {}
    for agency, partner, activity in rows:
        if activity is not None:
            found.setdefault((_text(agency), _text(partner)), []).append(_text(activity))
    return found


def _plain(values: Values) -> Values:
    return {
        name: plain_text(value) if isinstance(value, str) else value
        for name, value in values.items()
        if value != ""
    }


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""

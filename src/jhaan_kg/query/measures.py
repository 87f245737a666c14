"""Network measures, computed by networkx from a list of links.

The SPARQL of a question on a network returns one link per row. The header of the question names a measure of this
module, which computes the answer from these rows. Each link has the columns `agency` and `partner` with labels, and
`activity` for the joint activity. The list contains each link in both directions. The optional column `report` has a
report that lists `agency` as a member. Agencies that neither links nor reports connect are of different networks, which
are measured separately.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import XSD
from jhaan_kg.near import suggest

if TYPE_CHECKING:
    import networkx

    from jhaan_kg.query.engine import Answer, Row, Term

    _Network: TypeAlias = networkx.Graph[Any]
    _Rows: TypeAlias = Iterator[tuple[Row, Iterable[int]]]
    _Work: TypeAlias = Callable[["_Links"], _Rows]

_Links: TypeAlias = list[dict[str, Any]]
"""The rows of a list of links; each row maps column names to terms."""

_DIGITS: Final = 3
_FLAGS: Final = ("ofTrio", "byPresidency")


class Measured(NamedTuple):
    """The result of a measure.

    Attributes:
        answer: the rows of the answer.
        rests_on: for each row, the indices of the links from which it is computed. A rank or a cluster depends on all
            compared links, and a step of a path on the links of the whole path.
    """

    answer: Answer
    rests_on: tuple[tuple[int, ...], ...]


def measure(name: str, links: Answer) -> Measured:
    """Compute a network measure.

    Args:
        name: the name of the measure, one of MEASURES.
        links: the rows of the question's SPARQL.

    Raises:
        JhaanError: the measure does not exist, or the links lack a required column.

    >>> from jhaan_kg.query.engine import Answer
    >>> cepol, fra = NamedNode("http://x/cepol"), NamedNode("http://x/fra")
    >>> names = ("rule", "agency", "agencyLabel", "partner", "partnerLabel", "activity", "activityLabel")
    >>> row = (Literal("direct"), cepol, Literal("CEPOL"), fra, Literal("FRA"), NamedNode("http://x/1"), Literal("1"))
    >>> measured = measure("centrality", Answer(names, (row,)))
    >>> measured.answer.variables
    ('rule', 'rank', 'agency', 'agencyLabel', 'partners', 'activities', 'betweenness')
    >>> [term.value for term in measured.answer.rows[0]]
    ['direct', '1', 'http://x/cepol', 'CEPOL', '1', '1', '0.0']
    """
    if name not in MEASURES:
        raise JhaanError(f'Unknown measure "{name}".{suggest(name, MEASURES)}')
    needed, columns, work = MEASURES[name]
    lacking = [column for column in needed if column not in links.variables]
    if lacking:
        raise JhaanError(f"The measure {name} needs the columns {', '.join(lacking)}.")
    measured = list(work([dict(zip(links.variables, row, strict=True)) for row in links.rows]))
    answer = links._replace(variables=columns, rows=tuple(row for row, _ in measured))
    return Measured(answer, tuple(tuple(indices) for _, indices in measured))


def _parts(links: _Links) -> list[list[int]]:
    """Return the indices of the links of each network of agencies, the largest network first."""
    import networkx

    agencies: _Network = networkx.Graph()
    for row in links:
        agency, report = row["agency"].value, row.get("report")
        agencies.add_edge(agency, report.value if report else "")
        for column in ("partner", "event"):
            if row.get(column) is not None:
                agencies.add_edge(agency, row[column].value)
    found = sorted(networkx.connected_components(agencies), key=lambda members: (-len(members), min(members)))
    part_of = {agency: part for part, members in enumerate(found) for agency in members}
    parts: list[list[int]] = [[] for _ in found]
    for index, row in enumerate(links):
        parts[part_of[row["agency"].value]].append(index)
    return parts


def _networks(
    links: _Links, *columns: str, parts: Iterable[Iterable[int]] | None = None
) -> Iterator[tuple[Row, list[int], _Network]]:
    """Yield the networks for each combination of values in some columns.

    Each network comes with these values and the indices of its links.

    Args:
        links: the links.
        columns: the columns.
        parts: the indices of the links of each network; by default, agencies of different networks are separated.
    """
    groups: dict[tuple[Row, int], list[int]] = defaultdict(list)
    for part, indices in enumerate(_parts(links) if parts is None else parts):
        for index in indices:
            groups[tuple(links[index][column] for column in columns), part].append(index)
    for key, part in sorted(groups, key=lambda group: (str(group[0]), group[1])):
        yield key, groups[key, part], _network(links, groups[key, part])


def _network(links: _Links, indices: Iterable[int]) -> _Network:
    """Return a network with agencies as nodes, and pairs with joint activities as edges.

    The nodes are in alphabetical order.

    The attribute `label` of a node is the label of the agency. The attributes of an edge are `rows` (the indices of
    links by activity) and `weight` (the number of activities).
    """
    import networkx

    network: _Network = networkx.Graph()
    labels = {
        links[index][side]: links[index][f"{side}Label"]
        for index in indices
        for side in ("agency", "partner")
    }
    for node, label in sorted(labels.items(), key=lambda item: (item[1].value.casefold(), str(item[0]))):
        network.add_node(node, label=label)
    for index in indices:
        row = links[index]
        one, other = sorted((row["agency"], row["partner"]), key=str)
        if not network.has_edge(one, other):
            network.add_edge(one, other, rows=defaultdict(list))
        edge = network.edges[one, other]
        edge["rows"][row["activity"]].append(index)
        edge["weight"] = len(edge["rows"])
    return network


def _activities(network: _Network, agency: Term, others: Iterable[Term] | None = None) -> int:
    """Count the distinct activities of an agency with `others`, or with any agency."""
    edges = network.adj.get(agency, {})
    chosen = edges if others is None else edges.keys() & set(others)
    return len({activity for other in chosen for activity in edges[other]["rows"]})


def _centrality(links: _Links) -> _Rows:
    import networkx

    for (rule,), indices, network in _networks(links, "rule"):
        betweenness = networkx.betweenness_centrality(network)
        activities = {agency: _activities(network, agency) for agency in network}
        ranks = _ranks(activities)
        for agency in sorted(activities, key=ranks.__getitem__):
            counts = network.degree[agency], activities[agency], betweenness[agency]
            yield _row(rule, ranks[agency], agency, network.nodes[agency]["label"], *counts), indices


def _communities(links: _Links) -> _Rows:
    from networkx.algorithms import community

    numbers: dict[Term | None, Iterator[int]] = defaultdict(lambda: count(1))
    for (rule,), indices, network in _networks(links, "rule"):
        order = list(network)
        clusters = [
            sorted(members, key=order.index)
            for members in community.greedy_modularity_communities(network, weight="weight")
        ]
        clusters.sort(key=lambda members: (-len(members), network.nodes[members[0]]["label"].value))
        modularity = float(community.modularity(network, clusters, weight="weight"))
        for members in clusters:
            number = next(numbers[rule])
            for agency in members:
                inside = _activities(network, agency, members)
                outside = _activities(network, agency, set(network) - set(members))
                label = network.nodes[agency]["label"]
                yield _row(rule, number, agency, label, inside, outside, modularity), indices


def _periphery(links: _Links) -> _Rows:
    for part in _parts(links):
        yield from _periphery_of(links, part)


def _periphery_of(links: _Links, part: list[int]) -> _Rows:
    of_rule = {_text(rule): network for (rule,), _, network in _networks(links, "rule", parts=[part])}
    networks = [of_rule.get(rule) or _network(links, ()) for rule in _RULES]
    labels = {agency: label for network in networks for agency, label in network.nodes(data="label")}
    counts = [{agency: _activities(network, agency) for agency in labels} for network in networks]
    ranks = [_ranks({agency: -count for agency, count in of.items()}) for of in counts]
    mean = {agency: sum(of[agency] for of in ranks) / len(ranks) for agency in labels}
    for agency in sorted(labels, key=lambda agency: (mean[agency], labels[agency].value.casefold())):
        numbers = [
            number
            for network, of in zip(networks, counts, strict=True)
            for number in (network.degree[agency] if agency in network else 0, of[agency])
        ]
        yield _row(agency, labels[agency], mean[agency], *numbers), part


def _shortest_path(links: _Links) -> _Rows:
    import networkx

    columns = ("start", "end", "rule")
    for (start, end, rule), indices, network in _networks(links, *columns, parts=[range(len(links))]):
        first, label = links[indices[0]], network.nodes(data="label")
        ends = (start, first["startLabel"], end, first["endLabel"], rule)
        if not (start in network and end in network and networkx.has_path(network, start, end)):
            yield (*ends, *[None] * 5, Literal("no connection", language="en")), indices
            continue
        path = min(
            networkx.all_shortest_paths(network, start, end),
            key=lambda nodes: [label[node].value.casefold() for node in nodes],
        )
        steps = [
            [index for rows in network.edges[pair]["rows"].values() for index in rows]
            for pair in pairwise(path)
        ]
        for step, ((one, other), rows) in enumerate(zip(pairwise(path), steps, strict=True), 1):
            names = sorted({_text(links[index]["activityLabel"]) for index in rows})
            connection = Literal("; ".join(names), language="en")
            row = _row(*ends, step, one, label[one], other, label[other], connection)
            yield row, [index for own in steps for index in own]


def _ranking(links: _Links) -> _Rows:
    for part in _parts(links):
        yield from _ranking_of(links, part)


def _ranking_of(links: _Links, part: list[int]) -> _Rows:
    events: dict[Term, set[Term]] = defaultdict(set)
    labels: dict[Term, Term | None] = {}
    flags: dict[Term, set[str]] = defaultdict(set)
    for row in (links[index] for index in part):
        agency, event = row["agency"], row["event"]
        if agency is not None and event is not None:
            labels[agency] = row["agencyLabel"]
            events[agency].add(event)
            flags[event].update(name for name in _FLAGS if _text(row[name]) == "yes")
    counts = [
        {agency: sum(flags[event].isdisjoint(without) for event in of) for agency, of in events.items()}
        for without in ((), ("ofTrio",), ("byPresidency",), _FLAGS)
    ]
    ranks = [_ranks(count) for count in counts]
    for agency in sorted(events, key=lambda agency: (ranks[0][agency], _text(labels[agency]).casefold())):
        numbers = [of[agency] for both in zip(counts, ranks, strict=True) for of in both]
        widest = max(abs(rank[agency] - ranks[0][agency]) for rank in ranks)
        yield _row(agency, labels[agency], *numbers, widest), part


def _ranks(numbers: Mapping[Term, int]) -> dict[Term, int]:
    """Return ranks by number, highest first; equal numbers share a rank.

    >>> list(_ranks({"a": 3, "b": 5, "c": 3, "d": 1}).values())
    [2, 1, 2, 4]
    """
    return {one: 1 + sum(other > number for other in numbers.values()) for one, number in numbers.items()}


def _row(*values: Term | float | None) -> Row:
    """Return values as terms.

    Numbers become integers, or decimals rounded to `_DIGITS` places.
    """
    return tuple(map(_term, values))


def _term(value: Term | float | None) -> Term | None:
    if isinstance(value, int):
        return Literal(str(value), datatype=NamedNode(XSD + "integer"))
    if isinstance(value, float):
        return Literal(str(round(value, _DIGITS) + 0.0), datatype=NamedNode(XSD + "decimal"))
    return value


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else ""


_RULES: Final = ("direct", "meeting")
_LINKS: Final = ("rule", "agency", "agencyLabel", "partner", "partnerLabel", "activity", "activityLabel")
_ENDS: Final = ("start", "startLabel", "end", "endLabel")
_OF_CENTRALITY: Final = ("rule", "rank", "agency", "agencyLabel", "partners", "activities", "betweenness")
_OF_COMMUNITIES: Final = (
    *("rule", "cluster", "agency", "agencyLabel"),
    *("activitiesInside", "activitiesOutside", "modularity"),
)
_OF_PERIPHERY: Final = (
    *("agency", "agencyLabel", "meanRank"),
    *(f"{rule}{what}" for rule in _RULES for what in ("Partners", "Activities")),
)
_OF_PATHS: Final = (
    *_ENDS,
    *("rule", "step", "agency", "agencyLabel", "partner", "partnerLabel", "connection"),
)
_OF_RANKING: Final = (
    *("agency", "agencyLabel", "events", "rank", "eventsWithoutTrio", "rankWithoutTrio"),
    *(
        "eventsWithoutPresidency",
        "rankWithoutPresidency",
        "eventsWithoutBoth",
        "rankWithoutBoth",
        "rankChange",
    ),
)

MEASURES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...], _Work]]] = {
    "centrality": (_LINKS, _OF_CENTRALITY, _centrality),
    "communities": (_LINKS, _OF_COMMUNITIES, _communities),
    "periphery": (_LINKS, _OF_PERIPHERY, _periphery),
    "shortest-path": ((*_ENDS, *_LINKS), _OF_PATHS, _shortest_path),
    "ranking": (("agency", "agencyLabel", "event", *_FLAGS), _OF_RANKING, _ranking),
}
"""The measures by name.

Each has the required columns of the links, the columns of the answer, and the function.
"""

"""Measures of networks: what a list of links says of the agencies that it joins.

The SPARQL of such a question gives the links, one a row, so that it is of use in any tool. Its header names a
measure of this module, which makes the rows of the answer of them, through networkx. A list of links has the columns
`agency` and `partner` with their labels, and `activity`, what joins the two; each link is in both directions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import XSD
from jhaan_kg.query.run import Answer, Row, Term

if TYPE_CHECKING:
    import networkx

_DIGITS: Final = 3
_FLAGS: Final = ("ofTrio", "byChair")


class Measured(NamedTuple):
    """What a measure makes of a list of links.

    Attributes:
        answer: the rows for people.
        rests_on: for each row the rows of the list of links from which it is worked out, by their index: a rank or
            a set rests on all links that were compared, a step on those of its whole way.
    """

    answer: Answer
    rests_on: tuple[tuple[int, ...], ...]


def measure(name: str, links: Answer) -> Measured:
    """Work out a measure.

    Args:
        name: of the measure, one of MEASURES.
        links: what the SPARQL of the question gives.

    Raises:
        JhaanError: there is no such measure, or the links lack a column that it needs.

    >>> cepol, fra = NamedNode("http://x/cepol"), NamedNode("http://x/fra")
    >>> names = ("rule", "agency", "agencyLabel", "partner", "partnerLabel", "activity", "activityLabel")
    >>> row = (Literal("direct"), cepol, Literal("CEPOL"), fra, Literal("FRA"), NamedNode("http://x/1"), Literal("1"))
    >>> found = measure("centrality", Answer(names, (row,)))
    >>> found.answer.variables
    ('rule', 'rank', 'agency', 'agencyLabel', 'partners', 'activities', 'betweenness')
    >>> [term.value for term in found.answer.rows[0]]
    ['direct', '1', 'http://x/cepol', 'CEPOL', '1', '1', '0.0']
    """
    if name not in MEASURES:
        raise JhaanError(f"There is no measure {name!r}. Measures are: {', '.join(MEASURES)}.")
    columns, work = MEASURES[name]
    table = _Table(links)
    lacking = [column for column in _NEEDED[name] if column not in links.variables]
    if lacking:
        raise JhaanError(
            f"The measure {name} needs the columns {', '.join(lacking)}, which the SPARQL does not give."
        )
    found = list(work(table))
    return Measured(
        Answer(columns, tuple(row for row, _ in found)), tuple(tuple(index) for _, index in found)
    )


class _Table:
    """A list of links with its rows by name."""

    def __init__(self, links: Answer) -> None:
        self.rows = [dict(zip(links.variables, row, strict=True)) for row in links.rows]

    def by(self, *columns: str) -> Iterator[tuple[tuple[Term | None, ...], _Network]]:
        """Give the links apart by the values of some columns, in the order of these."""
        groups: dict[tuple[Term | None, ...], list[int]] = defaultdict(list)
        for index, row in enumerate(self.rows):
            groups[tuple(row[column] for column in columns)].append(index)
        for key in sorted(groups, key=str):
            yield key, _Network(self.rows, groups[key])


class _Network:
    """The agencies that some links join."""

    def __init__(self, rows: Sequence[Mapping[str, Term | None]], indices: Iterable[int]) -> None:
        self.rows, self.indices = rows, tuple(indices)

    @cached_property
    def labels(self) -> dict[Term, Literal]:
        """The agencies with their labels, by the alphabet."""
        found: dict[Term, Literal] = {}
        for index in self.indices:
            for name in ("agency", "partner"):
                node, label = self.rows[index][name], self.rows[index][f"{name}Label"]
                if node is not None and isinstance(label, Literal):
                    found[node] = label
        return dict(sorted(found.items(), key=lambda item: (item[1].value.casefold(), str(item[0]))))

    @cached_property
    def between(self) -> dict[frozenset[Term | None], dict[Term | None, list[int]]]:
        """The activities that join each two agencies, with the rows that state it."""
        found: dict[frozenset[Term | None], dict[Term | None, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for index in self.indices:
            row = self.rows[index]
            found[frozenset((row["agency"], row["partner"]))][row["activity"]].append(index)
        return found

    @cached_property
    def graph(self) -> networkx.Graph[Any]:
        """The agencies as nodes, the pairs with joint activities as edges, weighted by the number of these."""
        import networkx

        made: networkx.Graph[Any] = networkx.Graph()
        made.add_nodes_from(self.labels)
        for pair, shared in self.between.items():
            one, other = sorted(pair, key=str)
            made.add_edge(one, other, weight=len(shared))
        return made

    def activities(self, agency: Term, others: Iterable[Term] | None = None) -> int:
        """Count the different activities that join an agency with any other, or with some."""
        chosen = set(self.labels if others is None else others)
        return len(
            {
                activity
                for pair, shared in self.between.items()
                if agency in pair and not chosen.isdisjoint(pair - {agency})
                for activity in shared
            }
        )

    def partners(self, agency: Term) -> int:
        """Count the agencies that any activity joins with an agency."""
        return sum(agency in pair for pair in self.between)


def _centrality(table: _Table) -> Iterator[tuple[Row, Iterable[int]]]:
    import networkx

    for (rule,), network in table.by("rule"):
        betweenness = networkx.betweenness_centrality(network.graph)
        activities = {agency: network.activities(agency) for agency in network.labels}
        ranks = _ranks(activities)
        for agency in sorted(activities, key=lambda one: ranks[one]):
            row = (rule, _integer(ranks[agency]), agency, network.labels[agency])
            counts = (_integer(network.partners(agency)), _integer(activities[agency]))
            yield (*row, *counts, _decimal(betweenness[agency])), network.indices


def _communities(table: _Table) -> Iterator[tuple[Row, Iterable[int]]]:
    from networkx.algorithms import community

    for (rule,), network in table.by("rule"):
        clusters = [
            sorted(one, key=list(network.labels).index)
            for one in community.greedy_modularity_communities(network.graph, weight="weight")
        ]
        clusters.sort(key=lambda one: (-len(one), network.labels[one[0]].value))
        modularity = _decimal(community.modularity(network.graph, clusters, weight="weight"))
        for number, members in enumerate(clusters, 1):
            for agency in members:
                inside = network.activities(agency, members)
                outside = network.activities(agency, network.labels.keys() - set(members))
                row = (rule, _integer(number), agency, network.labels[agency])
                yield (*row, _integer(inside), _integer(outside), modularity), network.indices


def _periphery(table: _Table) -> Iterator[tuple[Row, Iterable[int]]]:
    found = {rule.value: network for (rule,), network in table.by("rule") if isinstance(rule, Literal)}
    networks = [found.get(rule) or _Network(table.rows, ()) for rule in _RULES]
    labels = {agency: label for network in networks for agency, label in network.labels.items()}
    counts = [{agency: network.activities(agency, labels) for agency in labels} for network in networks]
    ranks = [_ranks({agency: -count for agency, count in of.items()}) for of in counts]
    mean = {agency: sum(of[agency] for of in ranks) / len(ranks) for agency in labels}
    for agency in sorted(labels, key=lambda one: (mean[one], labels[one].value.casefold())):
        numbers = [
            _integer(number)
            for network, of in zip(networks, counts, strict=True)
            for number in (network.partners(agency), of[agency])
        ]
        yield (agency, labels[agency], _decimal(mean[agency]), *numbers), range(len(table.rows))


def _shortest_path(table: _Table) -> Iterator[tuple[Row, Iterable[int]]]:
    import networkx

    for (start, end, rule), network in table.by("start", "end", "rule"):
        first = table.rows[network.indices[0]]
        ends = (start, first["startLabel"], end, first["endLabel"], rule)
        if not (
            start in network.graph and end in network.graph and networkx.has_path(network.graph, start, end)
        ):
            none = Literal("no connection", language="en")
            yield (*ends, None, None, None, None, None, none), network.indices
            continue
        way = min(
            networkx.all_shortest_paths(network.graph, start, end),
            key=lambda nodes: [network.labels[node].value.casefold() for node in nodes],
        )
        steps = [
            [index for found in network.between[frozenset(pair)].values() for index in found]
            for pair in pairwise(way)
        ]
        for step, ((one, other), rows) in enumerate(zip(pairwise(way), steps, strict=True), 1):
            names = sorted({_text(table.rows[index]["activityLabel"]) for index in rows})
            row = (_integer(step), one, network.labels[one], other, network.labels[other])
            connection = Literal("; ".join(names), language="en")
            yield (*ends, *row, connection), [index for own in steps for index in own]


def _ranking(table: _Table) -> Iterator[tuple[Row, Iterable[int]]]:
    events: dict[Term, dict[Term, list[int]]] = defaultdict(lambda: defaultdict(list))
    labels: dict[Term, Term | None] = {}
    flags: dict[Term, set[str]] = defaultdict(set)
    for index, row in enumerate(table.rows):
        agency, event = row["agency"], row["event"]
        if agency is not None and event is not None:
            labels[agency] = row["agencyLabel"]
            events[agency][event].append(index)
            flags[event].update(name for name in _FLAGS if _text(row[name]) == "yes")
    left_out = ((), ("ofTrio",), ("byChair",), _FLAGS)
    counts = [
        {agency: sum(flags[event].isdisjoint(without) for event in of) for agency, of in events.items()}
        for without in left_out
    ]
    ranks = [_ranks(count) for count in counts]
    for agency in sorted(events, key=lambda one: (ranks[0][one], _text(labels[one]).casefold())):
        numbers = [
            _integer(of[agency]) for count, rank in zip(counts, ranks, strict=True) for of in (count, rank)
        ]
        widest = max(abs(rank[agency] - ranks[0][agency]) for rank in ranks)
        yield (agency, labels[agency], *numbers, _integer(widest)), range(len(table.rows))


def _ranks(numbers: Mapping[Term, int]) -> dict[Term, int]:
    """Rank by number, the highest first; equal numbers share a rank.

    >>> list(_ranks({"a": 3, "b": 5, "c": 3, "d": 1}).values())
    [2, 1, 2, 4]
    """
    return {one: 1 + sum(other > number for other in numbers.values()) for one, number in numbers.items()}


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))


def _decimal(number: float) -> Literal:
    return Literal(str(round(number, _DIGITS) + 0.0), datatype=NamedNode(XSD + "decimal"))


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else ""


_RULES: Final = ("direct", "meeting")
_LINKS: Final = ("rule", "agency", "agencyLabel", "partner", "partnerLabel", "activity", "activityLabel")
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "centrality": _LINKS,
    "communities": _LINKS,
    "periphery": _LINKS,
    "shortest-path": ("start", "startLabel", "end", "endLabel", *_LINKS),
    "ranking": ("agency", "agencyLabel", "event", *_FLAGS),
}
"""The columns that the SPARQL must give."""

Work = Callable[[_Table], Iterator[tuple[Row, Iterable[int]]]]

MEASURES: Final[Mapping[str, tuple[tuple[str, ...], Work]]] = {
    "centrality": (
        ("rule", "rank", "agency", "agencyLabel", "partners", "activities", "betweenness"),
        _centrality,
    ),
    "communities": (
        (
            *("rule", "cluster", "agency", "agencyLabel"),
            *("activitiesInside", "activitiesOutside", "modularity"),
        ),
        _communities,
    ),
    "periphery": (
        (
            "agency",
            "agencyLabel",
            "meanRank",
            *(f"{rule}{what}" for rule in _RULES for what in ("Partners", "Activities")),
        ),
        _periphery,
    ),
    "shortest-path": (
        (
            *("start", "startLabel", "end", "endLabel", "rule", "step"),
            *("agency", "agencyLabel", "partner", "partnerLabel", "connection"),
        ),
        _shortest_path,
    ),
    "ranking": (
        (
            *("agency", "agencyLabel", "events", "rank", "eventsWithoutTrio", "rankWithoutTrio"),
            *("eventsWithoutChair", "rankWithoutChair", "eventsWithoutBoth", "rankWithoutBoth", "moved"),
        ),
        _ranking,
    ),
}
"""For each measure the columns of its answer, and how it is worked out."""

"""What a store has of ours: its graphs with their counts, and whether their triples are those of the release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.errors import ServiceError
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.load.content import Content, Slice
from jhaan_kg.stores.load.session import Session
from jhaan_kg.stores.normal import digest, normal_line

MOST_ROWS: Final = 50_000
"""How many rows are asked for at once where a store has no limit of its own: some 20 MB of results."""

MARGIN: Final = 0.8
"""How much of a store's own limit a slice may take, since an answer as long as the limit may have been cut."""

MOST_SAMPLES: Final = 3
"""How many triples are shown as samples of a difference."""

_OURS: Final = f"""SELECT ?graph (COUNT(*) AS ?triples)
WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?graph), "{GRAPH}")) }}
GROUP BY ?graph"""


class Difference(NamedTuple):
    """How what a store holds differs from what it is to hold.

    Attributes:
        graph: the IRI of the graph; None for the default graph.
        expected: how many triples it is to hold.
        found: how many it holds.
        missing: some of those that it is to hold and doesn't, as lines of N-Triples.
        extra: some of those that it holds and isn't to.
    """

    graph: str | None
    expected: int
    found: int
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Give the difference in words."""
        lines = [f"the release has {self.expected:,} triples there, the store {self.found:,}"]
        lines += [f"  missing in the store: {line}" for line in self.missing]
        lines += [f"  only in the store:    {line}" for line in self.extra]
        return "\n".join(lines)


class Look:
    """Asks a store; nothing is changed by it, and no graph of others is asked for."""

    def __init__(self, session: Session, most_rows: int | None = None) -> None:
        """Ask a store.

        Args:
            session: with the store.
            most_rows: how many rows it gives at most.
        """
        self._session: Final = session
        self._rows: Final = MOST_ROWS if most_rows is None else int(most_rows * MARGIN)

    def graphs(self) -> dict[str, int]:
        """Give the graphs of ours that the store has, with their counts.

        Raises:
            ServiceError: the store can't be asked.
        """
        found = {}
        for graph, count in self._session.select(_OURS).rows:
            if isinstance(graph, NamedNode) and (triples := _number(count)):
                found[graph.value] = triples
        return found

    def count(self, graph: str | None) -> int:
        """Count the triples of a graph of ours, or of the default graph; errors as for `graphs`."""
        ((count,),) = self._session.select(
            f"SELECT (COUNT(*) AS ?triples) WHERE {{ {_pattern(graph)} }}"
        ).rows
        return _number(count)

    def is_found_without_graph(self, content: Content) -> bool:
        """Tell whether a query that names no graph finds what a graph holds; errors as for `graphs`."""
        _, line = next(content.lines())
        return self._session.ask(f"ASK {{ {line} }}")

    def difference(self, content: Content) -> Difference | None:
        """Compare what a graph holds with what it is to hold, slice by slice, up to the first difference.

        Slices leave out what has a blank node for its subject, so counts have to be compared as well.

        Raises:
            ServiceError: the store can't be asked.
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        for part in content.slices(self._rows):
            found = list(self._lines(content.graph, part))
            if digest(found) != part.expected:
                return self._explained(content, part, found)
        return None

    def has_more_than(self, content: Content) -> Difference | None:
        """Tell what a graph holds that it isn't to hold; what it lacks is no matter. Errors as for `difference`."""
        for part in content.slices(self._rows):
            found = set(self._lines(content.graph, part))
            if extra := found.difference(line for subject, line in content.lines() if part.has(subject)):
                return Difference(content.graph, content.triples, self.count(None), extra=_samples(extra))
        return None

    def _lines(self, graph: str | None, part: Slice) -> Iterator[str]:
        """Give the normal lines of a slice."""
        bounds = [
            f'STR(?s) {sign} "{edge}"'
            for sign, edge in ((">=", part.low), ("<", part.high))
            if edge is not None
        ]
        limits = f" FILTER({' && '.join(bounds)})" if bounds else ""
        limit = max(self._rows, part.expected.triples + 1)
        for subject, predicate, value in self._session.select(
            f"SELECT ?s ?p ?o WHERE {{ {_pattern(graph)}{limits} }} LIMIT {limit}"
        ).rows:
            if (
                not isinstance(subject, NamedNode | BlankNode)
                or not isinstance(predicate, NamedNode)
                or value is None
            ):
                raise ServiceError(f"The store {self._session.url}: what it gives as a triple is none.")
            yield normal_line(Triple(subject, predicate, value))

    def _explained(self, content: Content, part: Slice, found: list[str]) -> Difference:
        """Say how a slice differs."""
        expected = {line for subject, line in content.lines() if part.has(subject)}
        there = set(found)
        missing, extra = _samples(expected - there), _samples(there - expected)
        return Difference(content.graph, content.triples, self.count(content.graph), missing, extra)


def _pattern(graph: str | None) -> str:
    return f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"


def _samples(lines: set[str]) -> tuple[str, ...]:
    return tuple(sorted(lines)[:MOST_SAMPLES])


def _number(term: object) -> int:
    return int(term.value) if isinstance(term, Literal) else 0

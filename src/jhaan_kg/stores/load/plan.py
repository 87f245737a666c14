"""What has to be done so that a store holds a release: which graphs to write, to leave and to remove."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from jhaan_kg.export import Request
from jhaan_kg.stores.load.content import Content
from jhaan_kg.stores.load.look import Look


class What(Enum):
    """What is done with a graph."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "as it was"
    GONE = "removed"


class Step(NamedTuple):
    """What is done with a graph.

    Attributes:
        graph: its IRI; None for the default graph.
        what: is done.
        content: what it is to hold; None if it is to be removed.
        present: how many triples the store has there.
    """

    graph: str | None
    what: What
    content: Content | None
    present: int

    @property
    def written(self) -> Content | None:
        """What is written; None where nothing is."""
        return self.content if self.what in (What.NEW, What.CHANGED) else None


class Plan(NamedTuple):
    """All that has to be done.

    Attributes:
        steps: one for each graph of the release or of ours in the store, sorted by graph.
    """

    steps: tuple[Step, ...]

    @property
    def writes(self) -> list[Content]:
        """What is to be written."""
        return [step.written for step in self.steps if step.written]

    @property
    def changes(self) -> list[str]:
        """The graphs that are emptied before something is written."""
        return [step.graph for step in self.steps if step.graph and step.what in (What.CHANGED, What.GONE)]

    @property
    def contents(self) -> list[Content]:
        """What the store is to hold afterwards."""
        return [step.content for step in self.steps if step.content]

    def came_to_nothing(self, found: Mapping[str | None, int]) -> bool:
        """Tell whether nothing of it was done, though all of it was sent.

        Args:
            found: how many triples the store has afterwards in each graph that is not as it is to be.
        """
        return all(step.what is What.SAME or found.get(step.graph) == step.present for step in self.steps)

    def count(self, what: What) -> int:
        """Count the graphs with which something is done."""
        return sum(step.what is what for step in self.steps)


def contents_of(request: Request) -> list[Content]:
    """Give what the named graphs are to hold."""
    return [Content(file.graph, (file,)) for file in request.files()]


def make_plan(
    contents: Iterable[Content],
    present: Mapping[str, int],
    look: Look,
    tell: Callable[[str], None] = lambda _: None,
) -> Plan:
    """Compare a release with what a store has of ours.

    A graph is as it was if the store has as many triples in it, and gives back the same ones. So a load that was
    interrupted goes on where it stopped, and a second load has nothing to do.

    Args:
        contents: what the graphs are to hold.
        present: the graphs of ours that the store has, with their counts.
        look: asks the store.
        tell: takes what is being compared.

    Raises:
        ServiceError: the store can't be asked.
        DamagedSnapshotError: a file of the snapshot is not as it was written.
    """
    steps: dict[str, Step] = {}
    for content in contents:
        graph = content.graph or ""
        count = present.get(graph, 0)
        what = What.CHANGED if count else What.NEW
        if count == content.triples:
            tell(graph)
            if look.difference(content) is None:
                what = What.SAME
        steps[graph] = Step(graph, what, content, count)
    for graph, count in present.items():
        if graph not in steps:
            steps[graph] = Step(graph, What.GONE, None, count)
    return Plan(tuple(steps[graph] for graph in sorted(steps)))

"""What is to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.namespaces import GRAPH

if TYPE_CHECKING:
    from pyoxigraph import Quad, Triple

    from jhaan_kg.build.snapshot import Snapshot

INFERRED: Final = GRAPH + "inferred/"


class Request(NamedTuple):
    """What of a snapshot is to be written, and how.

    Attributes:
        snapshot: the whole.
        form: the name of the format.
        inferred: whether what follows from what is stated goes out.
        context: whether facts from outside the reports go out.
        evidence: whether the evidence goes out.
        by_reference: whether JSON-LD names its context and does not bring it along.
        frame: the name of the frame of framed JSON-LD, and of its schema.
    """

    snapshot: Snapshot
    form: str
    inferred: bool = True
    context: bool = True
    evidence: bool = False
    by_reference: bool = False
    frame: str | None = None

    def quads(self) -> list[Quad]:
        """Give the quads, sorted by graph, then by line.

        Raises:
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        return [
            quad
            for quad in self.snapshot.quads(evidence=self.evidence, context=self.context)
            if self.inferred or not graph_name(quad).startswith(INFERRED)
        ]

    def triples(self) -> set[Triple]:
        """Give the flat graph: the union of the named graphs.

        Raises:
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        return {quad.triple for quad in self.quads()}

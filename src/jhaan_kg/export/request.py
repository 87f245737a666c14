"""What is to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.networks.counting import DEFAULT
from jhaan_kg.namespaces import GRAPH

if TYPE_CHECKING:
    from pyoxigraph import Quad, Triple

    from jhaan_kg.build.snapshot import GraphFile, Snapshot

INFERRED: Final = GRAPH + "inferred/"


class Request(NamedTuple):
    """What of a snapshot is to be written, and how.

    Attributes:
        snapshot: the whole.
        form: the name of the format.
        inferred: whether what follows from what is stated goes out.
        context: whether facts from outside the reports go out.
        evidence: whether the evidence goes out.
        counting: the name of the rule by which a network counts.
        by_reference: whether JSON-LD names its context and does not bring it along.
        frame: the name of the frame of framed JSON-LD, and of its schema.
    """

    snapshot: Snapshot
    form: str
    inferred: bool = True
    context: bool = True
    evidence: bool = False
    counting: str = DEFAULT
    by_reference: bool = False
    frame: str | None = None

    def files(self) -> list[GraphFile]:
        """Give the files of the named graphs that go out, sorted by graph."""
        return [
            file
            for file in self.snapshot.files(evidence=self.evidence, context=self.context)
            if self.inferred or not file.graph.startswith(INFERRED)
        ]

    def quads(self) -> list[Quad]:
        """Give the quads, sorted by graph, then by line.

        Raises:
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        from pyoxigraph import RdfFormat, parse

        return [quad for file in self.files() for quad in parse(file.read(), format=RdfFormat.N_QUADS)]

    def triples(self) -> set[Triple]:
        """Give the flat graph: the union of the named graphs.

        Raises:
            DamagedSnapshotError: a file of the snapshot is not as it was written.
        """
        return {quad.triple for quad in self.quads()}

    def refuse_without_inferred(self) -> None:
        """Refuse to leave out what follows from what is stated, for a format that has nothing to say without it.

        Raises:
            JhaanError: it is to be left out.
        """
        if not self.inferred:
            raise JhaanError(
                f"{self.form} is made of labels and links that follow from what is stated. Leave out --no-inferred."
            )

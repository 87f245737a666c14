"""What is read of a release, whichever version of the model it has."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.snapshot import Snapshot, graph_files, write_snapshot
from jhaan_kg.diff.release import read_release
from jhaan_kg.namespaces import GRAPH, ID, RDF_TYPE, expand, jhaan

NOW = ("jhaan:contestedSubject", "jhaan:contestedProperty", "jhaan:contestedValue")
IN_VERSION_0_1 = ("rdf:subject", "rdf:predicate", "rdf:object")


@pytest.mark.parametrize("parts", [NOW, IN_VERSION_0_1], ids=["now", "0.1"])
def test_the_sides_of_a_contradiction_are_read(parts: tuple[str, str, str], tmp_path: Path) -> None:
    event, day = NamedNode(f"{ID}event/2021/moot"), NamedNode(expand("schema:startDate"))
    decision = NamedNode(f"{ID}decision/r-2021/one")
    triples = []
    for rank, value in (("PreferredRank", "4 May"), ("OtherRank", "5 May")):
        node = NamedNode(f"{ID}statement/r-2021/{rank}")
        triples += [
            Triple(node, RDF_TYPE, jhaan("ContestedStatement")),
            Triple(node, jhaan("rank"), jhaan(rank)),
            Triple(node, jhaan("decidedBy"), decision),
            *(
                Triple(node, NamedNode(expand(part)), term)
                for part, term in zip(parts, (event, day, Literal(value)), strict=True)
            ),
        ]
    graphs = graph_files({NamedNode(f"{GRAPH}reconciled/r-2021"): triples})
    write_snapshot(tmp_path, graphs, {"format": 1, "queries": []}, {})
    [(about, sides)] = read_release(Snapshot.open(tmp_path)).contradictions.items()
    assert (about.subject, about.property) == (event, day)
    assert (sides.used, sides.others) == ((Literal("4 May"),), (Literal("5 May"),))

"""Fuseki with reasoning, compared on a small graph."""

from __future__ import annotations

from pathlib import Path

import requests
from comparing import compared
from pyoxigraph import NamedNode, Quad

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import GRAPH, RDFS, jhaan
from servers import fuseki


def test_fuseki_with_reasoning_on_and_off(snapshot: Snapshot, quads: list[Quad], tmp_path: Path) -> None:
    flat = [quad.triple for quad in quads if not str(quad.graph_name).startswith(f"<{GRAPH}evidence/")]
    file = tmp_path / "flat.nt"
    file.write_text("".join(f"{triple} .\n" for triple in flat), encoding="utf-8")
    with fuseki(tmp_path, inferring=file) as server:
        on = compared(snapshot, server.query)
    with fuseki(tmp_path) as server:
        headers = {"Content-Type": "application/n-triples"}
        requests.put(
            f"{server.url}/data?default", file.read_bytes(), headers=headers, timeout=60
        ).raise_for_status()
        off = compared(snapshot, server.query)
    assert not [one for both in (on, off) for one in both.questions if one.differs]
    agency = jhaan("Agency")
    assert (agency, NamedNode(RDFS + "subClassOf"), agency) in {
        (one.subject, one.predicate, one.object) for one in on.holdings.inferred
    }
    assert off.holdings.inferred == ()
    assert off.holdings.found == len(flat)

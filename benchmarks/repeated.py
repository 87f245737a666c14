"""The graph several times over, as a snapshot of so many quads."""

from __future__ import annotations

import json
from itertools import count, islice
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.snapshot import Snapshot, graph_files, write_snapshot
from jhaan_kg.namespaces import BASE, GRAPH


def repeated(snapshot: Snapshot, folder: Path, quads: int) -> Snapshot:
    """Write a snapshot of just so many quads, which are those of another one, time and again under other IRIs.

    Args:
        snapshot: what is repeated.
        folder: a folder that is not there.
        quads: how many quads there are to be; the last graph may be cut.
    """
    graphs: dict[NamedNode, list[Triple]] = {}
    left = quads
    for copy in count(1):
        for file in snapshot.graphs:
            data = _renamed(file.read(), copy)
            found = [quad.triple for quad in islice(parse(data, format=RdfFormat.N_QUADS), left)]
            left -= len(found)
            if found:
                graphs[NamedNode(file.graph.replace(GRAPH, f"{GRAPH}copy-{copy}/"))] = found
        if not left:
            break
    folder.mkdir(parents=True)
    write_snapshot(
        folder, graph_files(graphs), json.loads(snapshot.catalogue_path.read_bytes()), snapshot.inputs
    )
    return Snapshot.open(folder)


def _renamed(data: bytes, copy: int) -> bytes:
    """Put a number into all IRIs of the project; those of graphs stay under the IRI of graphs."""
    base, own = BASE.encode(), f"{BASE}copy-{copy}/".encode()
    return data.replace(base, own).replace(own + b"graph/", f"{GRAPH}copy-{copy}/".encode())

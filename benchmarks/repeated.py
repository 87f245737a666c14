"""The graph repeated several times, as a snapshot with a given number of quads."""

from __future__ import annotations

import json
from itertools import count, islice
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.snapshot import Snapshot, graph_files, write_snapshot
from jhaan_kg.namespaces import BASE, GRAPH


def repeated(snapshot: Snapshot, folder: Path, quads: int) -> Snapshot:
    """Write a snapshot that repeats another one under other IRIs, up to an exact number of quads.

    Args:
        snapshot: the snapshot to repeat.
        folder: a folder that does not exist yet.
        quads: the number of quads; the last graph may be truncated.
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
    """Add a number to all IRIs of the project, so that those of graphs keep their common prefix."""
    base, own = BASE.encode(), f"{BASE}copy-{copy}/".encode()
    return data.replace(base, own).replace(own + b"graph/", f"{GRAPH}copy-{copy}/".encode())

"""The source files of the ontology, the shapes and the questions.

The snapshot contains only their triples without blank nodes. The source files are in the checkout, or next to the
snapshot in the wheel.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, RdfFormat, Triple, parse

from jhaan_kg.build.cache import BUNDLED
from jhaan_kg.build.files import find_root
from jhaan_kg.build.graphs import QUERIES_GRAPH
from jhaan_kg.digests import file_digest
from jhaan_kg.errors import JhaanError
from jhaan_kg.graph import Graph
from jhaan_kg.results.graphs import render_graph

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.export.request import Request


def read_authored(snapshot: Snapshot, folder: str) -> dict[str, bytes]:
    """Read the source files in a folder from which a snapshot was built.

    Args:
        snapshot: the snapshot, with the checksums of the files.
        folder: `ontology`, `shapes` or `queries`.

    Returns:
        The content of each file by its path in the sources, sorted.

    Raises:
        JhaanError: a file is missing, or has changed since the snapshot was built.
    """
    root = source_root(snapshot, folder)
    authored = {}
    for name in sorted(name for name in snapshot.inputs if name.startswith(f"{folder}/")):
        try:
            data = (root / name).read_bytes()
        except OSError as error:
            raise JhaanError(f"Cannot open {root / name}: {error.strerror}.") from None
        if file_digest(data) != snapshot.inputs[name]:
            raise JhaanError(f"The file {root / name} was changed after the build. Run the command again.")
        authored[name] = data
    return authored


def source_root(snapshot: Snapshot, folder: str) -> Path:
    """Return the root folder of the sources from which a snapshot was built.

    Raises:
        JhaanError: the sources are not available.
    """
    root = snapshot.root or (BUNDLED.parent if BUNDLED.is_dir() else find_root())
    if root is None:
        raise JhaanError(
            f"The snapshot {snapshot.path} does not contain the {folder}. "
            "Run the command in a checkout or with an installed wheel."
        )
    return root


def read_turtle(*files: bytes) -> Graph:
    """Read Turtle files as a graph; blank nodes are relabelled in the order of the files."""
    names: dict[BlankNode, BlankNode] = {}

    def rename(term: Any) -> Any:
        return names.setdefault(term, BlankNode(f"b{len(names):06}")) if isinstance(term, BlankNode) else term

    return Graph.of(
        Triple(rename(quad.subject), quad.predicate, rename(quad.object))
        for file in files
        for quad in parse(file, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    )


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Yield the source files of the stored questions, and their description.

    The description is in RDF, for SPARQL editors.
    """
    for path, data in read_authored(request.snapshot, "queries").items():
        yield path.removeprefix("queries/"), data
    graph = next((file for file in request.snapshot.graphs if file.graph == QUERIES_GRAPH.value), None)
    if graph:
        triples = {quad.triple for quad in parse(graph.read(), format=RdfFormat.N_QUADS)}
        yield "catalogue.ttl", render_graph(triples, "ttl")

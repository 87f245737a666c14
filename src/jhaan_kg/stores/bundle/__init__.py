"""Bundles: folders from which the tools of a store load the graph, without the network.

`kinds` has a module for each kind of store with all that is known of it, `recipe` says what such a module gives,
`guide` writes the page for the reader, `check.sh` is the check for after the load.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.bundle.guide import guide
from jhaan_kg.stores.bundle.kinds import RECIPES
from jhaan_kg.stores.bundle.recipe import COUNTS, DATASET, FLAT, FLAT_GRAPH, Contents, File, filled

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot

__all__ = ["RECIPES", "bundle"]

_CHECK: Final = Path(__file__).with_name("check.sh")
_ONTOLOGY: Final = GRAPH + "ontology"


def bundle(snapshot: Snapshot, kind: str) -> Iterator[tuple[str, bytes]]:
    """Write a bundle.

    Args:
        snapshot: what is written: all of it, with evidence, inferred triples and context.
        kind: the name of a recipe.

    Yields:
        The path of each file within the folder and its bytes; they depend on the arguments only.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
        JhaanError: the ontology's header says no version or no day.
    """
    from jhaan_kg.export import export
    from jhaan_kg.export.compression import compressed

    recipe = RECIPES[kind]
    yield DATASET, export(snapshot, "nquads", gzip=True)
    flat = export(snapshot, "ntriples")
    yield FLAT, compressed(flat)
    contents = _contents(snapshot, flat)
    rows = (f"{graph}\t{count}\n" for graph, count in contents.counts)
    yield COUNTS, ("graph\ttriples\n" + "".join(rows)).encode()

    own = recipe.markers(flat) if recipe.markers else {}
    values = {
        "VERSION": contents.version,
        "ISSUED": contents.issued,
        "SNAPSHOT": contents.snapshot,
        "GRAPHS": str(len(contents.counts)),
        "TOTAL": str(contents.total),
        "FLAT": str(contents.flat),
        "NAMESPACE": GRAPH,
        "FLAT_GRAPH": FLAT_GRAPH,
        "ENDPOINT": recipe.endpoint,
        "FLAT_PATTERN": recipe.flat_pattern,
        **own,
    }
    check = File("", _CHECK.read_text(encoding="utf-8").replace("@FLAT_PATTERN@", recipe.flat_pattern))
    files = {"check.sh": check, **recipe.files, "README.md": File("", guide(recipe))}
    graphs = [graph for graph, _ in contents.counts]
    for path, file in files.items():
        yield path, filled(file.text, values, graphs).encode()


def _contents(snapshot: Snapshot, flat: bytes) -> Contents:
    """Say what of a snapshot a bundle holds."""
    from pyoxigraph import RdfFormat, parse

    from jhaan_kg.export.released import Release

    files = snapshot.files(evidence=True, context=True)
    ontology = (quad for file in files if file.graph == _ONTOLOGY for quad in parse(file.read(), format=RdfFormat.N_QUADS))
    release = Release.of(ontology)
    counts = tuple((file.graph, file.triples) for file in files)
    return Contents(release.version, release.issued.isoformat(), snapshot.key, counts, flat.count(b"\n"))

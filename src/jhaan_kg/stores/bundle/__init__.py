"""Bundles: folders from which the tools of a store load the graph, without the network.

`kinds` has a module for each kind of store with all that is known of it, `recipe` says what such a module gives,
`guide` writes the page for the reader, `check.sh` is the check for after the load.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.bundle.guide import guide
from jhaan_kg.stores.bundle.kinds import RECIPES
from jhaan_kg.stores.bundle.recipe import CHECK, COUNTS, DATASET, FLAT, FLAT_GRAPH, Contents, Recipe, filled

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot

__all__ = ["RECIPES", "bundle"]

PAGE: Final = "README.md"
"""The page for the reader."""

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
    from jhaan_kg.export.encoding import compress

    recipe = RECIPES[kind]
    yield DATASET, export(snapshot, "nquads", gzip=True)
    flat = export(snapshot, "ntriples")
    yield FLAT, compress(flat)
    contents = _contents(snapshot, flat)
    rows = (f"{graph}\t{count}\n" for graph, count in contents.counts)
    yield COUNTS, ("graph\ttriples\n" + "".join(rows)).encode()

    values = _values(recipe, contents, recipe.markers(flat) if recipe.markers else {})
    check = Path(__file__).with_name(CHECK).read_text(encoding="utf-8")
    texts = {CHECK: check, **{path: file.text for path, file in recipe.files.items()}, PAGE: guide(recipe)}
    graphs = [graph for graph, _ in contents.counts]
    for path, text in texts.items():
        yield path, filled(text, values, graphs).encode()


def _values(recipe: Recipe, contents: Contents, own: Mapping[str, str]) -> Mapping[str, str]:
    """Say what the markers of a bundle stand for."""
    return {
        "VERSION": contents.version,
        "ISSUED": contents.issued,
        "SNAPSHOT": contents.snapshot,
        "GRAPHS": str(len(contents.counts)),
        "TOTAL": str(contents.total),
        "TOTAL_SHOWN": f"{contents.total:,}",
        "FLAT": str(contents.flat),
        "FLAT_SHOWN": f"{contents.flat:,}",
        "NAMESPACE": GRAPH,
        "FLAT_GRAPH": FLAT_GRAPH,
        "ENDPOINT": recipe.endpoint,
        "FLAT_PATTERN": recipe.flat_pattern,
        **own,
    }


def _contents(snapshot: Snapshot, flat: bytes) -> Contents:
    """Say what of a snapshot a bundle holds."""
    from pyoxigraph import RdfFormat, parse

    from jhaan_kg.export.request import Release

    files = snapshot.files(evidence=True, context=True)
    (ontology,) = (file for file in files if file.graph == _ONTOLOGY)
    release = Release.of(parse(ontology.read(), format=RdfFormat.N_QUADS))
    counts = tuple((file.graph, file.triples) for file in files)
    return Contents(release.version, release.issued.isoformat(), snapshot.key, counts, flat.count(b"\n"))

"""The source files of the ontology and the shapes.

The snapshot contains only their triples without blank nodes. The source files are in the checkout, or next to the
snapshot in the wheel.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import RdfFormat, parse

from jhaan_kg.build.cache import BUNDLED
from jhaan_kg.build.files import find_root
from jhaan_kg.digests import file_digest
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import BASE
from jhaan_kg.results.graphs import render_graph

_CATALOGUE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
{}</catalog>
"""
"""The template of the XML catalogue, by which Protégé and ROBOT find imported modules."""

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


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Yield the source files of the ontology, a catalogue of its modules for editors, and all shapes in one file.

    The core of the ontology, `jhaan.ttl`, is named `ontology.ttl`, as in its IRI.
    """
    modules = {
        path.removeprefix("ontology/").replace("jhaan.ttl", "ontology.ttl"): data
        for path, data in read_authored(request.snapshot, "ontology").items()
    }
    yield from modules.items()
    names = sorted(name.removesuffix(".ttl") for name in modules if name.endswith(".ttl"))
    base = f"{BASE}ontology"
    entries = (
        f'  <uri name="{base if name == "ontology" else f"{base}/{name}"}" uri="{name}.ttl"/>\n'
        for name in names
    )
    yield "catalog-v001.xml", _CATALOGUE.format("".join(entries)).encode()
    shapes = read_authored(request.snapshot, "shapes").values()
    triples = {quad.triple for file in shapes for quad in parse(file, format=RdfFormat.TURTLE)}
    yield "shapes.ttl", render_graph(triples, "ttl")

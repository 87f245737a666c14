"""The graph as files, with the bytes that `jhaan export` writes."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export.formats import FORMATS
from jhaan_kg.export.request import Request

FILES: Final[Mapping[str, str]] = {
    f"jhaan{FORMATS[form].suffix}": form
    for form in ("xlsx", "ics", "turtle", "ntriples", "jsonld", "rdfxml", "nquads", "trig")
}
"""The names of the files, and their formats."""


def basis(name: str, release: str) -> bytes:
    """Give what the ETag of a file is made of, which is known before the file is made.

    Args:
        name: of the file.
        release: the digest of the snapshot.
    """
    return f"{release} {name}".encode()


def download(name: str, snapshot: Snapshot) -> bytes:
    """Make one of FILES.

    Args:
        name: of the file.
        snapshot: what `held` gave.
    """
    form = FILES[name]
    writer = import_module(f"jhaan_kg.export.{FORMATS[form].module}")
    written: bytes = writer.write(Request(snapshot, form, evidence=FORMATS[form].evidence))
    return written

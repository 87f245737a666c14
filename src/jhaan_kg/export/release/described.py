"""The files of a release as a catalogue describes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final

from jhaan_kg.export.description.dcat import ReleasedFile
from jhaan_kg.export.formats import FORMATS
from jhaan_kg.export.release.parts import Part
from jhaan_kg.namespaces import BASE
from jhaan_kg.results.jsonld import CONTEXT_IRI

_BY_SUFFIX: Final = {form.suffix: form.media_type for form in FORMATS.values() if form.suffix} | {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/csvm+json",
    ".svg": "image/svg+xml",
}
"""The media types of the files in folders."""


def described(part: Part, files: Iterable[tuple[str, bytes]]) -> Iterator[ReleasedFile]:
    """Describe the files of a part, one by one.

    The documents of single things are left out: there are thousands, and other files hold the same.

    Args:
        part: the part.
        files: path and bytes of each.

    Yields:
        What a catalogue says of each file.
    """
    if part.form == "jsonld-things":
        return
    form = FORMATS[part.form]
    title, _, use = form.what.partition(": ")
    for path, data in files:
        media_type = _BY_SUFFIX[PurePosixPath(path).suffix] if part.is_folder else form.media_type
        name = path.removeprefix(part.path) if part.is_folder else part.chosen
        yield ReleasedFile(
            path,
            media_type,
            len(data),
            sha256(data).hexdigest(),
            _capital(title) + (f" ({name})" if name else ""),
            _capital(use) + "." if use else "",
            part.dataset,
            tuple(_standards(part, media_type)),
            media_type == "text/html",
        )


def page_of(path: str, data: bytes) -> ReleasedFile:
    """Describe the page for the reader of a release."""
    digest = sha256(data).hexdigest()
    return ReleasedFile(path, "text/markdown", len(data), digest, "What the release holds", page=True)


def _standards(part: Part, media_type: str) -> Iterator[str]:
    if media_type == "application/ld+json":
        yield CONTEXT_IRI
    if part.form == "jsonld-framed":
        yield f"{BASE}schema/v2/{part.choices['frame']}.json"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
